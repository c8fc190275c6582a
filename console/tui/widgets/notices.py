"""All notices that are kept, the newest first."""

from collections.abc import Sequence

from console.clock import Clock
from console.tui.drawing import notice
from console.tui.drawing.line import BLANK, Line, Span
from console.tui.drawing.look import Look
from console.tui.drawing.words import number
from console.tui.state.notices import Notices
from console.tui.theme import Role
from console.tui.widgets.moving import MovingFrame


class NoticesFrame(MovingFrame):
    """Each notice in full; it scrolls by lines."""

    def __init__(self, notices: Notices, look: Look, clock: Clock) -> None:
        super().__init__(look, "Notices", id="notices")
        self._notices, self._clock = notices, clock
        self._top = 0
        self._told: Sequence[Line] = ()

    def content(self, cells: int, rows: int) -> Sequence[Line]:
        """The part that is scrolled to."""
        history = self._notices.history
        if not history:
            return notice.nothing(self.look, cells)
        self._told = notice.listed(history, self.look, self._clock.now(), cells)
        self._top = max(min(self._top, len(self._told) - rows), 0)
        return self._told[self._top : self._top + rows]

    def remark(self) -> Line:
        """How many there are."""
        count = len(self._notices.history)
        return (Span(f"{number(count)}, newest first", Role.MUTED),) if count > 1 else BLANK

    def footnote(self) -> Line:
        """Which lines are seen, where they are not all."""
        total = len(self._told)
        if total <= self.inner_rows:
            return BLANK
        last = min(self._top + self.inner_rows, total)
        return (Span(f"lines {number(self._top + 1)} to {number(last)} of {number(total)}", Role.MUTED),)

    @property
    def can_move(self) -> bool:
        """Whether up and down do something."""
        return len(self._told) > self.inner_rows

    def move(self, by: int) -> None:
        """Go down by so many lines, or up where negative."""
        self._top = max(min(self._top + by, len(self._told) - self.inner_rows), 0)
        self.redraw()

    def move_to_end(self, *, first: bool) -> None:
        """Go to the newest, or to the oldest."""
        self.move(-len(self._told) if first else len(self._told))
