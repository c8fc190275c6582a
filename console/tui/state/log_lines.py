"""The newest lines of the log, as they are written."""

from collections import deque
from collections.abc import Sequence

from console.logs import RECORDS_KEPT, LogLine
from console.tui.state.log_filter import LogFilter, Strainer
from console.tui.state.log_scroll import LogScroll

LINES_KEPT = 5_000

_KEPT_PAUSED = 2
"""How many times more lines are held while the operator reads: what is read does not go away."""


class LogLines(LogScroll):
    """Holds the newest lines. While it is paused it keeps those it has, and takes more as long as there is room."""

    def __init__(self, kept: int = LINES_KEPT, wanted: LogFilter | None = None) -> None:
        super().__init__(wanted)
        self._kept = kept
        self._newest: deque[LogLine] = deque(maxlen=RECORDS_KEPT)
        """The newest records, shown or not."""
        self._told: frozenset[LogLine] = frozenset()
        self._strainer = Strainer(self.filter)
        self._is_full = False
        """Whether lines came, while it was paused, for which there was no room."""

    @property
    def oldest(self) -> LogLine | None:
        """The oldest record that can be shown."""
        return self._newest[0] if self._newest else None

    # -- what is written ---------------------------------------------------------------------------------------------

    def append(self, lines: Sequence[LogLine]) -> None:
        """New records, oldest first. Those that the last `merge` brought are skipped."""
        new = self._unknown(lines)
        self._newest.extend(new)
        rows = [row for line in new for row in self._strainer.rows(line)]
        if self.is_following:
            self._extend(rows)
            self._drop_oldest(self._kept)
            return
        self.news += len(rows)
        self._is_full |= len(self._rows) + len(rows) > _KEPT_PAUSED * self._kept
        if not self._is_full:
            self._extend(rows)

    def merge(self, tail: Sequence[LogLine], newest: LogLine | None) -> None:
        """Take over the engine's newest records, from the one after `newest` on, or all where it is not among them."""
        known = max((at for at, line in enumerate(tail) if line == newest), default=-1)
        self._told = frozenset()
        self.append(tail[known + 1 :])
        # Their events are on the way too: what is told twice is shown once.
        self._told = frozenset(tail)

    def _unknown(self, lines: Sequence[LogLine]) -> Sequence[LogLine]:
        """Those that were not told before; as soon as one is new, all are."""
        if not self._told:
            return lines
        for at, line in enumerate(lines):
            if line not in self._told:
                self._told = frozenset()
                return lines[at:]
        return ()

    # -- what is shown -----------------------------------------------------------------------------------------------

    def follow(self) -> None:
        """Go to the newest line and stay there."""
        super().follow()
        if self._is_full:
            self._hold_newest()
        self._drop_oldest(self._kept)

    def show(self, wanted: LogFilter, lines: int) -> None:
        """Show other records; the chosen one, or the next that is shown, stays chosen."""
        before, chosen = self.filter, self.chosen
        self.filter = wanted
        if wanted.query == before.query:
            if wanted.words != before.words:
                self._find_all()
            return
        self._hold_newest()
        if not self.is_following:
            self._choose(chosen.line if chosen else None, lines)

    def _choose(self, line: LogLine | None, lines: int) -> None:
        later = (
            number
            for number, row in enumerate(self._rows, self.first)
            if line is not None and row.line is not None and row.line.at >= line.at
        )
        self.cursor = self._top = self.first
        self.go_to(next(later, self.end - 1), lines)

    def _hold_newest(self) -> None:
        self._clear()
        self._strainer, self._is_full = Strainer(self.filter), False
        self._extend([row for line in self._newest for row in self._strainer.rows(line)])
        self._drop_oldest(self._kept)
