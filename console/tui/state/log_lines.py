"""The lines of the log that are kept, and the part of them that is looked at.."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from console.logs import LogLine

LINES_KEPT = 5_000


@dataclass(frozen=True)
class Row:
    """A line on the screen: a record's first line with its time and level, or one of the lines below it."""

    at: datetime
    level: str
    logger: str
    text: str
    is_first: bool


class LogLines:
    """The newest lines, numbered from the beginning of the console, so that a place stays what it is when old ones go.

    `top` is the number of the line at the upper edge while the log is paused, and None while it follows.
    """

    def __init__(self, kept: int = LINES_KEPT) -> None:
        self._rows: deque[Row] = deque(maxlen=kept)
        self._told: frozenset[LogLine] = frozenset()
        self.end = 0
        self.top: int | None = None
        self.paused_at = 0

    @property
    def first(self) -> int:
        """The number of the oldest line that is kept."""
        return self.end - len(self._rows)

    @property
    def is_following(self) -> bool:
        """Whether the newest line is always seen."""
        return self.top is None

    @property
    def news(self) -> int:
        """Lines that came since the log was paused."""
        return 0 if self.top is None else self.end - self.paused_at

    def append(self, lines: Sequence[LogLine]) -> None:
        """New records, oldest first. Those that the last `merge` brought are skipped."""
        for line in lines:
            if line in self._told:
                continue
            self._told = frozenset()
            for position, text in enumerate(line.message.split("\n")):
                self._rows.append(Row(line.at, line.level, line.logger, text, position == 0))
                self.end += 1
        if self.top is not None:
            self.top = max(self.top, self.first)

    def merge(self, tail: Sequence[LogLine], newest: LogLine | None) -> None:
        """Take over the engine's newest records, from the one after `newest` on, or all where it is not among them."""
        known = max((at for at, line in enumerate(tail) if line == newest), default=-1)
        self._told = frozenset()
        self.append(tail[known + 1 :])
        # Their events are on the way too: what is told twice is shown once.
        self._told = frozenset(tail)

    def visible(self, rows: int) -> list[Row]:
        """The lines to show in so many rows."""
        start = self.start(rows) - self.first
        return [self._rows[at] for at in range(start, min(start + rows, len(self._rows)))]

    def start(self, rows: int) -> int:
        """The number of the first line to show."""
        latest = max(self.end - rows, self.first)
        return latest if self.top is None else max(min(self.top, latest), self.first)

    def scroll(self, by: int, rows: int) -> None:
        """Go down by so many lines, or up where negative. Going up pauses; reaching the end follows again."""
        if len(self._rows) <= rows:
            return
        if self.top is None:
            self.paused_at = self.end
        target = max(self.start(rows) + by, self.first)
        self.top = None if by > 0 and target >= self.end - rows else target

    def follow(self) -> None:
        """Go to the end and stay there."""
        self.top = None
