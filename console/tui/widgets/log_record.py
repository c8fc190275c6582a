"""The frame of one record of the log."""

from collections.abc import Sequence

from console.logs import LogLine
from console.tui.drawing import log_record
from console.tui.drawing.line import Line
from console.tui.drawing.look import Look
from console.tui.widgets.scrolling import ScrollingFrame


class RecordFrame(ScrollingFrame):
    """A record in full."""

    def __init__(self, record: LogLine, look: Look) -> None:
        super().__init__(look, "Log record", id="record")
        self._record = record
        self._wrapped: list[Line] = []
        self._cells = 0

    def content(self, cells: int, rows: int) -> Sequence[Line]:
        """All its lines; a record may be long, and is wrapped once for a width."""
        del rows
        if cells != self._cells:
            self._wrapped, self._cells = log_record.draw(self._record, self.look, cells), cells
        return self._wrapped
