"""The frame of one record of the log."""

from collections.abc import Sequence

from console.logs import LogLine
from console.tui.drawing import log_record
from console.tui.drawing.line import BLANK, Line, Span
from console.tui.drawing.look import Look
from console.tui.drawing.words import number
from console.tui.theme import Role
from console.tui.widgets.moving import MovingFrame


class RecordFrame(MovingFrame):
    """A record in full; it scrolls by lines."""

    def __init__(self, record: LogLine, look: Look) -> None:
        super().__init__(look, "Log record", id="record")
        self._record = record
        self._lines: list[Line] = []
        self._cells = 0
        self._top = 0

    def content(self, cells: int, rows: int) -> Sequence[Line]:
        """The part that is scrolled to."""
        if cells != self._cells:
            self._lines, self._cells = log_record.draw(self._record, self.look, cells), cells
        self._top = max(min(self._top, len(self._lines) - rows), 0)
        return self._lines[self._top : self._top + rows]

    def footnote(self) -> Line:
        """Which lines are seen, where they are not all."""
        total = len(self._lines)
        if total <= self.inner_rows:
            return BLANK
        last = min(self._top + self.inner_rows, total)
        return (Span(f"lines {number(self._top + 1)} to {number(last)} of {number(total)}", Role.MUTED),)

    @property
    def can_move(self) -> bool:
        """Whether up and down do something."""
        return len(self._lines) > self.inner_rows

    def move(self, by: int) -> None:
        """Go down by so many lines, or up where negative."""
        self._top = max(min(self._top + by, len(self._lines) - self.inner_rows), 0)
        self.redraw()

    def move_to_end(self, *, first: bool) -> None:
        """Go to the beginning, or to the end."""
        self.move(-len(self._lines) if first else len(self._lines))
