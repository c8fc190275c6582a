"""A window on the log as its files hold it: pages come as the operator moves, and go again at the other end."""

import enum
from collections.abc import Iterable

import msgspec

from console.operations.logbook import LogPage, Place
from console.tui.state.log_filter import LogFilter
from console.tui.state.log_rows import GAP, Row, rows_of_entry
from console.tui.state.log_scroll import LogScroll

PAGE = 400
"""Records that are read at once."""

_KEPT = 5_000
"""Rows that are held."""

_NEAR = 50
"""Rows from an end of what is held at which more is read."""


class Way(enum.Enum):
    """What is read: what is before or after what is held, or instead of it the beginning, the end, or what is at a
    place.
    """

    OLDER = enum.auto()
    NEWER = enum.auto()
    BEGINNING = enum.auto()
    END = enum.auto()
    PLACE = enum.auto()


class Want(msgspec.Struct, frozen=True):
    """A page that is needed. `place` is where it ends or begins; `owed` of its records are context of what is held."""

    way: Way
    wanted: LogFilter
    place: Place | None = None
    owed: int = 0

    @property
    def is_back(self) -> bool:
        """Whether it is read backward."""
        return self.way in (Way.OLDER, Way.END)


class LogWindow(LogScroll):
    """What is held of the files. One page is asked for at a time; what is asked otherwise meanwhile overtakes it."""

    def __init__(self, wanted: LogFilter | None = None) -> None:
        super().__init__(wanted)
        self.is_oldest = False
        """Whether nothing is before what is held."""
        self.is_newest = False
        """Whether nothing is after what is held."""
        self.keeps_up = False
        """Whether the last row was the newest of all, but for what was written just now."""
        self.is_loaded = False
        """Whether a page came."""
        self.asked: Want | None = None
        self._refused: Way | None = None
        self._held = self.filter
        self.before: Place | None = None
        self.after: Place | None = None
        self._has_grown = False
        self._is_gap_after = False
        """Whether records are left out between the last row and where reading goes on."""
        self._centred: int | None = None
        """The row that goes into the middle as soon as there is something above it."""

    @property
    def can_follow(self) -> bool:
        """Whether the last row is the newest of all, and the log goes on after it."""
        return self.is_newest and self.is_open_ended

    @property
    def is_open_ended(self) -> bool:
        """Whether it can go on."""
        return self.filter.until is None

    # -- what is needed ----------------------------------------------------------------------------------------------

    def ask(self, way: Way, place: Place | None = None) -> Want:
        """Read this instead of what is held."""
        return self._ask(Want(way, self.filter, place))

    def need(self, lines: int) -> Want | None:
        """What has to be read because of where the operator is. Told once."""
        if self.asked is not None or not self.is_loaded:
            return None
        if not self._rows and not self.is_oldest:  # nothing is behind the place: what is before it is the end
            return self.ask(Way.END)
        start = self.start(lines)
        is_low = start + lines + _NEAR >= self.end or (self.keeps_up and len(self._rows) < 2 * _KEPT)
        if self._refused is not Way.NEWER and not self.is_newest and (self.is_following or is_low):
            return self._ask(Want(Way.NEWER, self.filter, self.after, _owed(reversed(self._rows), self.filter)))
        if self._refused is not Way.OLDER and not self.is_oldest and start - _NEAR <= self.first:
            return self._ask(Want(Way.OLDER, self.filter, self.before, _owed(self._rows, self.filter)))
        return None

    def _ask(self, want: Want) -> Want:
        self.asked = want
        self._has_grown, self._refused = False, None
        return want

    def grew(self) -> None:
        """Something was written."""
        if self.is_open_ended:
            self.is_newest, self._has_grown = False, True

    def show(self, wanted: LogFilter) -> Want | None:
        """Show other records, at the same place; what has to be read for that, if anything."""
        before, chosen = self.filter, self.chosen
        self.filter = wanted
        if wanted.query == before.query:
            if wanted.words != before.words:
                self._held = wanted
                self._find_all()
            return None
        if self.is_following or chosen is None or chosen.place is None:
            return self.ask(Way.END)
        return self.ask(Way.PLACE, chosen.place)

    # -- what came ---------------------------------------------------------------------------------------------------

    def give_up(self) -> None:
        """What was asked for does not come: what is held stays. It is not asked for again by itself."""
        if self.asked is not None:
            self._refused, self.asked = self.asked.way, None
            self.filter = self._held

    def try_again(self) -> None:
        """What was given up may be asked for again."""
        self._refused = None

    def take(self, want: Want, page: LogPage, lines: int) -> bool:
        """A page came; False where it came too late."""
        if want != self.asked:
            return False
        self.asked, self.is_loaded = None, True
        read = [row for entry in page.entries for row in rows_of_entry(entry)]
        if read and read[0] is GAP:
            del read[0]  # it is known when what is before it has come
        match want.way:
            case Way.OLDER:
                self._add_older(read, page, lines)
            case Way.NEWER:
                self._add_newer(read, page, lines)
            case _:
                self._begin(read, page, want, lines)
        return True

    def _begin(self, read: list[Row], page: LogPage, want: Want, lines: int) -> None:
        """Hold this instead."""
        self._held = self.filter
        self._clear()
        self._extend(read)
        self.before, self.after = _ends(page, self.filter, is_back=want.is_back)
        self._is_gap_after = page.is_ended_with_gap and not want.is_back
        self.is_oldest = want.way is Way.BEGINNING or (want.is_back and page.is_end)
        self.keeps_up = want.is_back or page.is_end
        self.is_newest = self.keeps_up and not self._has_grown
        if want.way is Way.END and self.is_open_ended:
            self.follow()
        else:
            self.cursor = self._top = self.first
            self.news = 0
            self.go_to(self._target(want), lines)
            self._centred = self.cursor if want.way is Way.PLACE else None

    def _target(self, want: Want) -> int:
        """The row to choose: of the record that was asked for, the first with the words, if any."""
        match = self.next_match(self.first)
        if want.way is Way.END:
            return self.end - 1
        is_of_it = match is not None and self._rows[match - self.first].place == want.place
        return match if match is not None and is_of_it else self.first

    def _add_older(self, read: list[Row], page: LogPage, lines: int) -> None:
        if page.is_begun_with_gap and self._rows:
            read.append(GAP)
        self._extend_left(reversed(read))
        self.before, self.is_oldest = page.reached or self.before, page.is_end
        if self.cursor is not None:
            self.cursor = min(self.cursor, self.end - 1)
        if self._centred is not None and self._centred == self.cursor:
            self._top = self._start_of_end(self._centred, lines // 2 + 1)
        self._centred = None
        kept = max(self.start(lines) + lines + _NEAR - self.first, self.here + 1 - self.first, _KEPT)
        cut = next(
            (at for at in range(kept, len(self._rows)) if self._rows[at].is_first and self._rows[at].place), None
        )
        if cut is not None:
            self.after = self._rows[cut].place
            self._is_gap_after = self._rows[cut - 1] is GAP
            self._drop_newest(cut - self._is_gap_after)
            self.is_newest = self.keeps_up = False

    def _add_newer(self, read: list[Row], page: LogPage, lines: int) -> None:
        if read and self._rows and (self._is_gap_after or page.is_begun_with_gap):
            read.insert(0, GAP)
        self._is_gap_after = page.is_ended_with_gap or (self._is_gap_after and not read)
        if not self.is_following:
            self.news += len(read)
        self._extend(read)
        self.after, self.keeps_up = page.reached or self.after, page.is_end
        self.is_newest = page.is_end and not self._has_grown
        kept = _KEPT if self.is_following else max(self.end - self.start(lines) + _NEAR, self.end - self.here, _KEPT)
        last = len(self._rows) - kept
        cut = next((at for at in range(last, 0, -1) if self._rows[at].is_first and self._rows[at].place), None)
        if cut is not None:
            self.before = self._rows[cut].place
            self._drop_oldest(len(self._rows) - cut)
            self.is_oldest = False


def _ends(page: LogPage, wanted: LogFilter, *, is_back: bool) -> tuple[Place | None, Place | None]:
    """Between which places this page holds all there is.

    Of matches alone the end at which reading began is not known to be one: what is around a match may lie beyond it.
    """
    begun = page.begun
    if wanted.is_narrowed and page.entries:
        begun = page.entries[-1].end if is_back else page.entries[0].place
    return (page.reached, begun) if is_back else (begun, page.reached)


def _owed(rows: Iterable[Row], wanted: LogFilter) -> int:
    """How many records at this end of what is held are still due to its outermost match."""
    if not wanted.is_narrowed:
        return 0
    around, last = 0, None
    for row in rows:
        if row.line is None or row.line is last:
            continue
        if wanted.matches.matches(row.line):
            return max(wanted.view.context - around, 0)
        around, last = around + 1, row.line
    return 0
