"""All notices that are kept, the newest first."""

from collections.abc import Sequence

from console.clock import Clock
from console.tui.drawing import notice
from console.tui.drawing.line import BLANK, Line, Span
from console.tui.drawing.look import Look
from console.tui.drawing.words import number
from console.tui.state.notices import Notices
from console.tui.theme import Role
from console.tui.widgets.scrolling import ScrollingFrame


class NoticesFrame(ScrollingFrame):
    """Each notice in full."""

    def __init__(self, notices: Notices, look: Look, clock: Clock) -> None:
        super().__init__(look, "Notices", id="notices")
        self._notices, self._clock = notices, clock

    def content(self, cells: int, rows: int) -> Sequence[Line]:
        """All of them, or what will be here."""
        del rows
        history = self._notices.history
        if not history:
            return notice.nothing(self.look, cells)
        return notice.listed(history, self.look, self._clock.now(), cells)

    def remark(self) -> Line:
        """How many there are."""
        count = len(self._notices.history)
        return (Span(f"{number(count)}, newest first", Role.MUTED),) if count > 1 else BLANK
