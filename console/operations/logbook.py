"""What can be asked about the log: reading it back through its rotated files, searching it, and saving a part of it.

Nothing here loads more of the files than is shown. All of it may be awaited from any loop, and ends when the task that
awaits it is cancelled.
"""

import enum
import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Protocol

import msgspec

from console.logs import LogLine

_MILLISECOND = 1_000


class Level(enum.IntEnum):
    """How much a record matters."""

    DEBUG = 10
    INFO = 20
    WARNING = 30
    ERROR = 40
    CRITICAL = 50


class FileKey(msgspec.Struct, frozen=True):
    """Which file it is, whatever its name has become. The system gives numbers of deleted files to new ones; the
    beginning of a log file has a time in it, and is its own.
    """

    device: int
    inode: int
    head: bytes


class Place(msgspec.Struct, frozen=True):
    """Where a record begins: in which file, and how many bytes into it. A rotation changes nothing of this."""

    file: FileKey
    offset: int


class LogQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which records: of at least this level, within these times (both included), and with these words, if any.

    With words, `context` records before and after each match come along. Words in small letters match in any case.
    """

    level: Level = Level.DEBUG
    words: str = ""
    context: int = 0
    since: datetime | None = None
    until: datetime | None = None

    def takes(self, line: LogLine) -> bool:
        """Whether its level and its time are wanted."""
        return self.takes_level(line.level) and not self.is_before(line.at) and not self.is_after(line.at)

    def takes_level(self, level: str) -> bool:
        """Whether records of this level are wanted. One that nobody knows matters as much as an INFO."""
        return level_of(level) >= self.level

    def is_before(self, at: datetime) -> bool:
        """Whether it is too early. The file has milliseconds, and nothing finer."""
        return self.since is not None and at < whole_milliseconds(self.since)

    def is_after(self, at: datetime) -> bool:
        """Whether it is too late."""
        return self.until is not None and whole_milliseconds(at) > self.until

    def matches(self, line: LogLine) -> bool:
        """Whether the words are in it."""
        pattern = pattern_of(self.words)
        return pattern is None or pattern.search(line.message) is not None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A record of the files, where it begins, and where the next one does.

    `is_match`: it has the words; the others are context. `is_after_gap`: records before it are left out.
    """

    line: LogLine
    place: Place
    end: Place
    is_match: bool = True
    is_after_gap: bool = False


class LogPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some records, oldest first, found between two places; the next page goes on from `reached`.

    `is_end`: there are no more in this direction.
    `is_begun_with_gap` and `is_ended_with_gap`: records are left out between the first that was found and where reading
    began, and between the last and where it ended.
    """

    entries: tuple[Entry, ...] = ()
    begun: Place | None = None
    reached: Place | None = None
    is_end: bool = False
    is_begun_with_gap: bool = False
    is_ended_with_gap: bool = False


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """What was saved, and where; where it is not whole, it is the newest part."""

    path: str
    records: int
    is_whole: bool


Told = Callable[[float], None]
"""Is called now and then with the share of the files that has been read, from 0 to 1."""


class LogBook(Protocol):
    """The log as its files hold it. Every method raises Refused where they cannot be read."""

    async def earlier(
        self, query: LogQuery, before: Place | None, count: int, owed: int = 0, told: Told | None = None
    ) -> LogPage:
        """So many records before this place, or at the end of all. `owed`: how many are context of a later one."""
        ...

    async def later(
        self, query: LogQuery, onward: Place | None, count: int, owed: int = 0, told: Told | None = None
    ) -> LogPage:
        """So many records from this place on, or from the beginning of all."""
        ...

    async def save(self, query: LogQuery, told: Told | None = None) -> Saved:
        """Write what is wanted into a file of its own in the home, readable by its owner alone."""
        ...


def level_of(name: str) -> Level:
    """The level of this name."""
    return Level.__members__.get(name, Level.INFO)


def whole_milliseconds(at: datetime) -> datetime:
    """The time as the file has it."""
    return at.replace(microsecond=at.microsecond // _MILLISECOND * _MILLISECOND)


@cache
def pattern_of(words: str) -> re.Pattern[str] | None:
    """What finds these words in a text; None for no words. ASCII words find ASCII letters alone, as in the bytes."""
    if not words:
        return None
    flags = re.ASCII if words.isascii() else re.UNICODE
    return re.compile(re.escape(words), flags if words != words.lower() else flags | re.IGNORECASE)
