"""A piece of the log that one moves in: its rows, the chosen one, what is seen, and the matches of a search."""

from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice

from console.operations.logbook import pattern_of
from console.tui.state.log_filter import LogFilter
from console.tui.state.log_rows import Row


class LogScroll:
    """Rows, numbered so that a place stays what it is when others come and go at either end.

    `cursor` is the row that keys act on; None while that is the newest one, whichever comes: the log follows.
    """

    def __init__(self, wanted: LogFilter | None = None) -> None:
        self.filter = wanted or LogFilter()
        self.height: Callable[[Row], int] = lambda _: 1
        """How many lines of the screen a row takes."""
        self.first = 0
        """The number of the oldest row."""
        self.cursor: int | None = None
        self.news = 0
        """Rows that came since the log was paused."""
        self._rows: deque[Row] = deque()
        self._matches: deque[int] = deque()
        self._top = 0

    @property
    def end(self) -> int:
        """The number behind the newest row."""
        return self.first + len(self._rows)

    @property
    def is_following(self) -> bool:
        """Whether the newest row is always seen."""
        return self.cursor is None

    @property
    def can_follow(self) -> bool:
        """Whether the last row is the newest of all, and the log goes on after it."""
        return True

    @property
    def here(self) -> int:
        """The row that keys act on."""
        return self.end - 1 if self.cursor is None else self.cursor

    @property
    def chosen(self) -> Row | None:
        """The same, where there is one."""
        return self._rows[self.here - self.first] if self.first <= self.here < self.end else None

    # -- rows that come and go ---------------------------------------------------------------------------------------

    def _extend(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if self._has_match(row):
                self._matches.append(self.end)
            self._rows.append(row)

    def _extend_left(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self.first -= 1
            self._rows.appendleft(row)
            if self._has_match(row):
                self._matches.appendleft(self.first)

    def _drop_oldest(self, kept: int) -> None:
        while len(self._rows) > kept:
            self._rows.popleft()
            self.first += 1
        while self._matches and self._matches[0] < self.first:
            self._matches.popleft()
        if self.cursor is not None:
            self.cursor, self._top = max(self.cursor, self.first), max(self._top, self.first)

    def _drop_newest(self, kept: int) -> None:
        while len(self._rows) > kept:
            self._rows.pop()
        while self._matches and self._matches[-1] >= self.end:
            self._matches.pop()

    def _clear(self) -> None:
        """Hold nothing. Numbers are not given twice."""
        self.first = self.end
        self._rows.clear()
        self._matches.clear()

    # -- what is seen ------------------------------------------------------------------------------------------------

    def visible(self, lines: int) -> list[tuple[int, Row]]:
        """The rows to show in so many lines, with their numbers; the edge may cut the last one off."""
        seen: list[tuple[int, Row]] = []
        start = self.start(lines)
        for number, row in enumerate(islice(self._rows, start - self.first, None), start):
            if lines <= 0:
                break
            seen.append((number, row))
            lines -= self.height(row)
        return seen

    def start(self, lines: int) -> int:
        """The number of the first row to show."""
        latest = self._start_of_end(self.end - 1, lines)
        return latest if self.cursor is None else max(min(self._top, latest), self.first)

    def _start_of_end(self, last: int, lines: int) -> int:
        """The first row to show so that this one is the last in so many lines."""
        number = min(last + 1, self.end)
        while number > self.first:
            lines -= self.height(self._rows[number - 1 - self.first])
            if lines < 0:
                break
            number -= 1
        return max(min(number, last), self.first)

    # -- moving ------------------------------------------------------------------------------------------------------

    def move(self, by: int, lines: int) -> None:
        """Choose the row so many further down, or up where negative. Up pauses; at the newest row it follows again."""
        if not self._rows or (self.is_following and by >= 0):
            return
        target = self.here + by
        if by > 0 and target >= self.end - 1 and self.can_follow:
            self.follow()
        else:
            self.go_to(target, lines)

    def scroll(self, by: int, lines: int) -> None:
        """Move what is seen by so many rows; the chosen row stays in sight."""
        latest = self._start_of_end(self.end - 1, lines)
        if latest <= self.first and self.is_following:
            return
        self._pause(lines)
        target = self.start(lines) + by
        if by > 0 and self.can_follow and target >= latest:
            self.follow()
            return
        self._top = max(min(target, latest), self.first)
        seen = len(self.visible(lines))
        self.cursor = max(min(self.here + by, self._top + seen - 1), self._top)

    def go_to(self, number: int, lines: int) -> None:
        """Choose this row, and bring it into sight."""
        self._pause(lines)
        self.cursor = max(min(number, self.end - 1), self.first)
        self._top = min(max(self.start(lines), self._start_of_end(self.cursor, lines)), self.cursor)

    def keep_in_sight(self, lines: int) -> None:
        """The chosen row stays in sight when there is less room, or other rows are as high."""
        if self.cursor is not None:
            self.go_to(self.cursor, lines)

    def go_around(self, number: int, lines: int) -> None:
        """Choose this row; where it is out of sight, bring it into the middle."""
        seen = {each for each, _ in self.visible(lines)}
        self.go_to(number, lines)
        if number not in seen:
            self._top = self._start_of_end(number, lines // 2 + 1)

    def _pause(self, lines: int) -> None:
        if self.cursor is None:
            self._top = self.start(lines)
            self.cursor, self.news = max(self.end - 1, self.first), 0

    def follow(self) -> None:
        """Go to the newest row and stay there."""
        self.cursor, self.news = None, 0

    # -- searching ---------------------------------------------------------------------------------------------------

    def _has_match(self, row: Row) -> bool:
        pattern = pattern_of(self.filter.words)
        return pattern is not None and row.line is not None and pattern.search(row.text) is not None

    def _find_all(self) -> None:
        """Search what is held for the words of the filter."""
        held = enumerate(self._rows, self.first)
        self._matches = deque(number for number, row in held if self._has_match(row))

    def next_match(self, start: int) -> int | None:
        """The first match from this row on."""
        return next((number for number in self._matches if number >= start), None)

    def previous_match(self, start: int) -> int | None:
        """The last match up to this row."""
        return next((number for number in reversed(self._matches) if number <= start), None)

    @property
    def match_count(self) -> int:
        """How many rows have the words."""
        return len(self._matches)

    @property
    def match_here(self) -> int | None:
        """Which of them is chosen, counted from 1."""
        here = self.here
        return next((at for at, number in enumerate(self._matches, 1) if number == here), None)
