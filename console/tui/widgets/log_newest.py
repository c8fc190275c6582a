"""The newest lines of the log, on the main screen."""

from collections.abc import Sequence

from msgspec.structs import replace

from console.logs import LogLine
from console.operations.logbook import LogQuery
from console.preferences import PreferenceKeeper
from console.tui.drawing.look import Look
from console.tui.state.log_filter import LogFilter, view_of
from console.tui.state.log_lines import LINES_KEPT, LogLines
from console.tui.widgets.log import LogPane


class NewestLog(LogPane):
    """The newest lines, as the engine tells them."""

    def __init__(self, look: Look, preferences: PreferenceKeeper, kept: int = LINES_KEPT) -> None:
        self.newest = LogLines(kept, LogFilter(view_of(preferences.current)))
        super().__init__(look, preferences, self.newest)
        self._last: LogLine | None = None

    def append(self, lines: Sequence[LogLine]) -> None:
        """New records, oldest first."""
        if lines:
            self.newest.append(lines)
            self._last = lines[-1]
            self.redraw()

    def merge(self, tail: Sequence[LogLine]) -> None:
        """The engine's newest records, of which some may be here already."""
        self.is_ready = True
        self.newest.merge(tail, self._last)
        self._last = tail[-1] if tail else self._last
        self.redraw()

    @property
    def saved(self) -> LogQuery:
        """What is saved: the records that are shown, and no older ones."""
        oldest = self.newest.oldest
        return replace(self.wanted.query, since=oldest.at if oldest else None)

    def show(self, wanted: LogFilter) -> None:
        """Show these records, at the same place."""
        self.newest.show(wanted, self.inner_rows)
