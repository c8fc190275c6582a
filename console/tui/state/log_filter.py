"""What the log pane shows of the log."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from console.logs import LogLine
from console.operations.log_context import Context
from console.operations.logbook import Level, LogQuery
from console.tui.state.log_rows import GAP, Row, rows_of

CONTEXT = 2
"""Records that are shown before and after a match."""


@dataclass(frozen=True)
class LogFilter:
    """Records of at least this level, of these times; the `words` are marked, and with `only` the rest is hidden."""

    level: Level = Level.DEBUG
    words: str = ""
    only: bool = False
    since: datetime | None = None
    until: datetime | None = None

    @property
    def hides(self) -> bool:
        """Whether the operator has something hidden."""
        return self.level > Level.DEBUG or self.is_narrowed

    @property
    def is_narrowed(self) -> bool:
        """Whether only matches are shown."""
        return self.only and bool(self.words)

    @property
    def query(self) -> LogQuery:
        """The same, as it is asked of the log book."""
        words, context = (self.words, CONTEXT) if self.is_narrowed else ("", 0)
        return LogQuery(level=self.level, words=words, context=context, since=self.since, until=self.until)


class Strainer:
    """Makes rows of the records that a filter lets pass, as they come."""

    def __init__(self, wanted: LogFilter, owed: int = 0) -> None:
        self._query = wanted.query
        self._context = Context[LogLine](self._query.context, owed) if wanted.is_narrowed else None

    def rows(self, line: LogLine) -> Iterator[Row]:
        """The rows that are shown because of one more record."""
        if not self._query.takes(line):
            return
        if self._context is None:
            yield from rows_of(line)
            return
        for kept in self._context.push(line, is_match=self._query.matches(line)):
            if kept.is_after_gap:
                yield GAP
            yield from rows_of(kept.record, is_match=kept.is_match)
