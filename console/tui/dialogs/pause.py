"""The dialog that pauses the schedule."""

from datetime import datetime

from console.tui.dialogs.reason import ReasonDialog
from console.tui.drawing.look import Look
from console.tui.drawing.words import moment


class PauseDialog(ReasonDialog):
    """Says what will not run, and what still can, and asks why. `first` is the first slot that would be skipped."""

    TITLE_WORDS = "Pause the schedule"
    HINT = "Everybody sees it, with your name."
    DEMAND = "Say why first: everybody sees it."
    CAN_BE_UNDONE = True

    def __init__(self, first: datetime | None, look: Look) -> None:
        super().__init__(look)
        self._first = first

    @property
    def question(self) -> str:
        """What will happen."""
        since = f"From {moment(self._first)} on, each" if self._first else "Each"
        return f"{since} slot is recorded as skipped until somebody resumes the schedule. Syncs by hand stay possible."

    @property
    def yes(self) -> str:
        """The answer that lets it happen."""
        return "Pause the schedule"
