"""The dialog that approves a removal."""

from console.tui.dialogs.reason import ReasonDialog
from console.tui.drawing.look import Look
from console.tui.drawing.outcome import products


class ApproveDialog(ReasonDialog):
    """Says how many products would go, and asks why."""

    TITLE_WORDS = "Approve the removal"
    HINT = "It is kept, with your name."
    DEMAND = "Say why: type a reason first. It is kept, with your name."

    def __init__(self, run_id: int, due: int, look: Look) -> None:
        super().__init__(look)
        self._run_id, self._due = run_id, due

    @property
    def question(self) -> str:
        """What will happen."""
        if not self._due:
            return f"Nothing is left to remove: every product was seen since. Approving closes run {self._run_id}."
        return (
            f"Remove {products(self._due)} from the shop's catalogue? They are marked as discontinued, until a sync "
            "finds them again."
        )

    @property
    def yes(self) -> str:
        """The answer that lets it happen."""
        return f"Remove {products(self._due)}" if self._due else "Close the run"
