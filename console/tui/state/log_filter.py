"""What a log on the screen shows, and how."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from console.logs import LogLine
from console.operations.log_context import Context
from console.operations.logbook import Level, LogQuery
from console.preferences import Preferences
from console.tui.state.log_rows import GAP, Row, rows_of


class LogView(msgspec.Struct, frozen=True):
    """How every log is shown: records of at least this level; long lines folded; so many records around a match."""

    level: Level = Level.DEBUG
    wrap: bool = False
    context: int = 2


def view_of(preferences: Preferences) -> LogView:
    """The view that the operator likes."""
    return LogView(level=Level[preferences.log_level], wrap=preferences.log_wrap)


class LogFilter(msgspec.Struct, frozen=True):
    """Records of these times; the `words` are marked, and with `only` what has none of them is hidden."""

    view: LogView = msgspec.field(default_factory=LogView)
    words: str = ""
    only: bool = False
    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether only matches are shown, and what is around them."""
        return self.only and bool(self.words)

    @property
    def query(self) -> LogQuery:
        """The same, as it is asked of the log book."""
        words, context = (self.words, self.view.context) if self.is_narrowed else ("", 0)
        return LogQuery(level=self.view.level, words=words, context=context, since=self.since, until=self.until)

    @property
    def matches(self) -> LogQuery:
        """The records with the words, and no others."""
        return LogQuery(level=self.view.level, words=self.words, since=self.since, until=self.until)


class Strainer:
    """Makes rows of the records that a filter lets pass, as they come."""

    def __init__(self, wanted: LogFilter) -> None:
        self._query = wanted.query
        self._context = Context[LogLine](self._query.context)

    def rows(self, line: LogLine) -> Iterator[Row]:
        """The rows that are shown because of one more record."""
        if not self._query.takes(line):
            return
        for kept in self._context.push(line, is_match=self._query.matches(line)):
            if kept.is_after_gap:
                yield GAP
            yield from rows_of(kept.record)
