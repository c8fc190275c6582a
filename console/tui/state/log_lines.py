"""The lines of the log that are held, and the part of them that is looked at.

What is held is a piece of the log: as it is written, or, where the operator has gone back further, of its files.
"""

import enum
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from console.logs import RECORDS_KEPT, LogLine
from console.operations.logbook import LogPage, Place, key_of, pattern_of
from console.tui.state.log_filter import CONTEXT, LogFilter, Strainer
from console.tui.state.log_rows import GAP, Row, rows_of_entry

LINES_KEPT = 5_000

PAGE = 400
"""Records that are read from the files at once."""

_SHOWN_AT_ONCE = 500
"""Records of one moment that are shown of a flood: nobody could read more."""

_NEAR = 50
"""Lines from an end of what is held at which more is read."""


class Way(enum.Enum):
    """Where more of the log is read: before what is held, after it, or somewhere else."""

    OLDER = enum.auto()
    NEWER = enum.auto()
    ELSEWHERE = enum.auto()


@dataclass(frozen=True)
class Want:
    """A piece of the log that is needed from its files.

    `place` is where it ends or begins; None for the beginning of the log, or, going back, for where `beside` is, the
    record that it ends before. `owed` of its records stand around a match that is held already.
    """

    way: Way
    wanted: LogFilter
    place: Place | None = None
    beside: LogLine | None = None
    owed: int = 0


class LogLines:
    """The lines, numbered so that a place stays what it is when others come and go, and a cursor among them."""

    def __init__(self, kept: int = LINES_KEPT, wanted: LogFilter | None = None) -> None:
        self._kept = kept
        self._rows: deque[Row] = deque()
        self._newest: deque[LogLine] = deque(maxlen=RECORDS_KEPT)
        """The newest records of all, whatever is held."""
        self._told: frozenset[object] = frozenset()
        self._asked: Want | None = None
        self.filter = wanted or LogFilter()
        self._strainer = Strainer(self.filter)
        self.height: Callable[[Row], int] = lambda _: 1
        """How many rows of the screen a line takes."""
        self.first = 0
        """The number of the oldest line that is held."""
        self.cursor: int | None = None
        """The line that keys act on; None while it is the newest, and the log follows."""
        self._top = 0
        self.news = 0
        """Lines that came since the log was paused."""
        self.is_live = True
        """Whether what is held goes on with what is written."""
        self.is_oldest = False
        """Whether nothing is before it in the files."""

    # -- what is held ------------------------------------------------------------------------------------------------

    @property
    def end(self) -> int:
        """The number behind the newest line that is held."""
        return self.first + len(self._rows)

    @property
    def is_following(self) -> bool:
        """Whether the newest line is always seen."""
        return self.cursor is None

    @property
    def here(self) -> int:
        """The line that keys act on."""
        return self.end - 1 if self.cursor is None else self.cursor

    @property
    def chosen(self) -> Row | None:
        """The same, where there is one."""
        return self.row(self.here)

    def row(self, number: int) -> Row | None:
        """The line of this number, where it is held."""
        return self._rows[number - self.first] if self.first <= number < self.end else None

    # -- what is written ---------------------------------------------------------------------------------------------

    def append(self, lines: Sequence[LogLine]) -> None:
        """New records, oldest first. Those that were shown already are skipped."""
        lines = self._unknown(lines)
        self._newest.extend(lines)
        skipped = max(len(lines) - _SHOWN_AT_ONCE, 0)
        rows = [row for line in lines[skipped:] for row in self._strainer.rows(line)] if self.is_live else []
        if skipped and self.is_live and not self.filter.hides:
            told = f"{skipped:,} records came too fast to be shown here; the file has them"
            rows.insert(0, Row(None, told, is_first=True))
        if self.is_following:
            self._rows.extend(rows)
            self._drop_oldest(self._kept)
            return
        self.news += sum(line.message.count("\n") + 1 for line in lines if self._is_news(line))
        self.is_live &= len(self._rows) + len(rows) <= self._kept
        if self.is_live:
            self._rows.extend(rows)

    def merge(self, tail: Sequence[LogLine], newest: LogLine | None) -> None:
        """Take over the engine's newest records, from the one after `newest` on, or all where it is not among them."""
        known = max((at for at, line in enumerate(tail) if line == newest), default=-1)
        self._told = frozenset()
        for start in range(known + 1, len(tail), _SHOWN_AT_ONCE):
            self.append(tail[start : start + _SHOWN_AT_ONCE])
        # Their events are on the way too: what is told twice is shown once.
        self._told = frozenset(map(key_of, tail))

    def _unknown(self, lines: Sequence[LogLine]) -> Sequence[LogLine]:
        """Those that were not told before; as soon as one is new, all are."""
        if not self._told:
            return lines
        for at, line in enumerate(lines):
            if key_of(line) not in self._told:
                self._told = frozenset()
                return lines[at:]
        return ()

    def _is_news(self, line: LogLine) -> bool:
        query = self.filter.query
        return query.takes(line) and query.matches(line)

    # -- what is seen ------------------------------------------------------------------------------------------------

    def visible(self, rows: int) -> list[Row]:
        """The lines to show in so many rows; the last may be cut off by the edge."""
        seen: list[Row] = []
        for row in islice(self._rows, self.start(rows) - self.first, None):
            if rows <= 0:
                break
            seen.append(row)
            rows -= self.height(row)
        return seen

    def start(self, rows: int) -> int:
        """The number of the first line to show."""
        latest = self._start_of_end(self.end - 1, rows)
        return latest if self.cursor is None else max(min(self._top, latest), self.first)

    def _start_of_end(self, last: int, rows: int) -> int:
        """The first line to show so that this one is the last in so many rows."""
        number = last + 1
        while number > self.first:
            rows -= self.height(self._rows[number - 1 - self.first])
            if rows < 0:
                break
            number -= 1
        return max(min(number, last), self.first)

    # -- moving ------------------------------------------------------------------------------------------------------

    def move(self, by: int, rows: int) -> None:
        """Choose the line so many further down, or up where negative. Up pauses; the newest line follows again."""
        if not self._rows or (self.is_following and by >= 0):
            return
        target = self.here + by
        if by > 0 and target >= self.end - 1 and self.is_live:
            self.follow()
        else:
            self.go_to(target, rows)

    def scroll(self, by: int, rows: int) -> None:
        """Move what is seen by so many lines; the chosen line stays in sight."""
        latest = self._start_of_end(self.end - 1, rows)
        if latest <= self.first and self.is_oldest | self.is_following:
            return
        self._pause(rows)
        target = self.start(rows) + by
        if by > 0 and target >= latest and self.is_live:
            self.follow()
            return
        self._top = max(min(target, latest), self.first)
        seen = len(self.visible(rows))
        self.cursor = max(min(self.here + by, self._top + seen - 1), self._top)

    def go_to(self, number: int, rows: int) -> None:
        """Choose this line, and bring it into sight."""
        self._pause(rows)
        self.cursor = max(min(number, self.end - 1), self.first)
        top = self.start(rows)
        self._top = min(max(top, self._start_of_end(self.cursor, rows)), self.cursor)

    def _pause(self, rows: int) -> None:
        if self.cursor is None:
            self._top = self.start(rows)
            self.cursor, self.news = max(self.end - 1, self.first), 0

    def follow(self) -> None:
        """Go to the end and stay there."""
        self.cursor, self.news = None, 0
        if not self.is_live:
            self._hold_newest()
        self._drop_oldest(self._kept)

    # -- filtering and searching -------------------------------------------------------------------------------------

    def show(self, wanted: LogFilter, rows: int) -> Want | None:
        """Show other records, at the same place; what has to be read for that, if anything."""
        before, chosen = self.filter, self.chosen
        self.filter, self._asked = wanted, None
        if wanted.query == before.query:
            return None
        if self.is_following:
            self._hold_newest()
            return None
        oldest = self._newest[0] if self._newest else None
        line = chosen.line if chosen else None
        if line is None or (oldest is not None and line.at >= oldest.at):
            self._hold_newest()
            later = (number for number, row in enumerate(self._rows, self.first) if _is_from(row, line))
            self.go_to(next(later, self.end - 1), rows)
            return None
        place = chosen.place if chosen else None
        return self.ask(Want(Way.ELSEWHERE, wanted, place=place, beside=line))

    def _hold_newest(self) -> None:
        """Hold the newest records, and nothing else."""
        end = self.end
        self._strainer = Strainer(self.filter)
        self._rows = deque(row for line in self._newest for row in self._strainer.rows(line))
        self.first, self.is_live, self.is_oldest = end, True, False
        self._drop_oldest(self._kept)

    def find(self, words: str, start: int, *, back: bool) -> int | None:
        """The nearest line with these words, from this one on."""
        pattern = pattern_of(words)
        if pattern is None:
            return None
        numbers = (
            range(min(start, self.end - 1), self.first - 1, -1) if back else range(max(start, self.first), self.end)
        )
        for number in numbers:
            row = self._rows[number - self.first]
            if row.line is not None and pattern.search(row.text):
                return number
        return None

    # -- reading the files -------------------------------------------------------------------------------------------

    def ask(self, want: Want) -> Want:
        """This is read now; an answer to anything else comes too late."""
        self._asked = want
        return want

    def need(self, rows: int, *, eager: bool = False) -> Want | None:
        """What has to be read because of where the operator is. Told once; an eager pane fills itself."""
        if self._asked is not None:
            return None
        start = self.start(rows)
        if not self.is_live and start + rows + _NEAR >= self.end and not self._goes_on():
            last = next((row for row in reversed(self._rows) if row.line), None)
            owed = _owed(reversed(self._rows), self.filter)
            place = last.end if last else None
            return self.ask(Want(Way.NEWER, self.filter, place, last.line if last else None, owed))
        if not self.is_oldest and start - _NEAR <= self.first and (eager or not self.is_following):
            top = next((row for row in self._rows if row.line), None)
            owed = _owed(self._rows, self.filter)
            return self.ask(Want(Way.OLDER, self.filter, top.place if top else None, top.line if top else None, owed))
        return None

    def failed(self) -> None:
        """What was asked for did not come; moving asks again."""
        self._asked = None

    def take(self, want: Want, page: LogPage, rows: int, chosen: Place | None = None) -> bool:
        """A piece of the log came; False where it came too late."""
        if want != self._asked:
            return False
        self._asked = None
        read = [row for entry in page.entries for row in rows_of_entry(entry)]
        if want.way is Way.OLDER:
            self._add_older(read, page, rows)
        else:
            if want.way is Way.ELSEWHERE:
                self._begin_with(read)
            else:
                self._rows.extend(read)
            self.is_live = False
            if page.is_end:
                self._join(page)
            if want.way is Way.ELSEWHERE:
                places = (number for number, row in enumerate(self._rows, self.first) if row.place == chosen)
                self.go_to(next(places, self.first) if chosen else self.first, rows)
            self._drop_oldest(max(self._kept, self.end - self.start(rows) + _NEAR))
        return True

    def _begin_with(self, read: list[Row]) -> None:
        end = self.end
        self._rows = deque(read)
        self.first, self.is_oldest = end, False
        self.cursor = self._top = end

    def _add_older(self, read: list[Row], page: LogPage, rows: int) -> None:
        if page.is_before_gap and self._rows:
            read.append(GAP)
        self.is_oldest = page.is_end
        self._rows.extendleft(reversed(read))
        self.first -= len(read)
        last = self.start(rows) + rows + _NEAR
        while len(self._rows) > self._kept and self.end > last:
            self._rows.pop()
            self.is_live = False

    def _goes_on(self) -> bool:
        """Hold what was written after what is held, as far as that is known without the files."""
        last = next((row.line for row in reversed(self._rows) if row.line), None)
        at = self._index(last) if last is not None else None
        if at is None:
            return False
        self._continue(islice(self._newest, at + 1, None))
        return True

    def _join(self, page: LogPage) -> None:
        """The files have no more: go on with what was written meanwhile, each record once."""
        last = page.entries[-1].line if page.entries else next((r.line for r in reversed(self._rows) if r.line), None)
        at = self._index(last) if last is not None else None
        if at is not None:
            self._continue(islice(self._newest, at + 1, None))
        else:
            self._continue([line for line in self._newest if last is None or line.at > last.at])
        self._told |= {key_of(entry.line) for entry in page.entries}

    def _index(self, line: LogLine) -> int | None:
        """Which of the newest records this is."""
        key = key_of(line)
        known = (at for at in range(len(self._newest) - 1, -1, -1) if key_of(self._newest[at]) == key)
        return next(known, None)

    def _continue(self, lines: Iterable[LogLine]) -> None:
        self._strainer = Strainer(self.filter, _owed(reversed(self._rows), self.filter))
        self._rows.extend(row for line in lines for row in self._strainer.rows(line))
        self.is_live = True

    def _drop_oldest(self, kept: int) -> None:
        while len(self._rows) > kept:
            self._rows.popleft()
            self.first += 1
            self.is_oldest = False
        if self.cursor is not None:
            self.cursor, self._top = max(self.cursor, self.first), max(self._top, self.first)


def _is_from(row: Row, line: LogLine | None) -> bool:
    return line is not None and row.line is not None and row.line.at >= line.at


def _owed(rows: Iterable[Row], wanted: LogFilter) -> int:
    """How many records at this end of what is held are still due to its outermost match."""
    if not wanted.is_narrowed:
        return 0
    around, last = 0, None
    for row in rows:
        if row.line is None or row.line is last:
            continue
        if row.is_match:
            return max(CONTEXT - around, 0)
        around, last = around + 1, row.line
    return 0
