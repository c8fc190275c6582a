"""A walk over the records of all files of the log, block by block, so that it can be left after any of them."""

from collections.abc import Generator
from datetime import datetime
from typing import NamedTuple

from console.logs import LogLine
from console.operations.log_blocks import RECORD_BYTES, Raw, Sieve, backward, first_from, forward
from console.operations.log_context import Context, Kept
from console.operations.log_files import LogFiles, OpenFile
from console.operations.log_record import parse_record
from console.operations.logbook import Entry, Level, LogQuery, Place, whole_milliseconds

_NARROW = 64 * 1024
"""Bytes that are read through rather than cut in half once more."""


class Found(NamedTuple):
    """A record that is wanted."""

    entry: Entry
    data: bytes


class Step(NamedTuple):
    """What a block brought, and how far that is: the file, and the place in it.

    `onward` is where to go on later; `is_gap`: records are left out between what was found last and there.
    """

    found: list[Found]
    file: OpenFile
    reached: int
    onward: Place
    is_gap: bool


def walk(
    files: LogFiles, query: LogQuery, start: OpenFile, offset: int, owed: int, *, is_back: bool
) -> Generator[Step, None, None]:
    """The records that are wanted, from a place of a file on, in the order of the walk, across all files."""
    context = Context[Raw](query.context, owed)
    may_hold = _sieve(query)
    for file in files.from_here(start, backward=is_back):
        begin = offset if file is start else (file.size if is_back else 0)
        for records, reached in (backward if is_back else forward)(
            file, begin, may_hold, keeps_edges=query.context > 0
        ):
            taken, is_past = _taken(records, query, is_back=is_back)
            kept = [each for raw in taken for each in context.push(raw, is_match=_is_match(raw, query, may_hold))]
            onward = _onward(context, file, reached, is_back=is_back)
            yield Step([_found(each) for each in kept], file, reached, onward, context.has_skipped)
            if is_past:
                return


def _onward(context: Context[Raw], file: OpenFile, reached: int, *, is_back: bool) -> Place:
    """Behind what was read, but for records that are context of a match to come."""
    pending = context.pending
    if pending is None:
        return file.place(reached)
    return Place(pending.file, pending.end if is_back else pending.start)


def _taken(records: list[Raw], query: LogQuery, *, is_back: bool) -> tuple[list[Raw], bool]:
    taken: list[Raw] = []
    for raw in records:
        if query.is_before(raw.at) if is_back else query.is_after(raw.at):
            return taken, True
        outside = query.is_after(raw.at) if is_back else query.is_before(raw.at)
        if not outside and query.takes_level(raw.level.decode()):
            taken.append(raw)
    return taken, False


def _is_match(raw: Raw, query: LogQuery, may_hold: Sieve) -> bool:
    if not query.words:
        return True
    if not may_hold(raw.data):
        return False
    line = parse_record(raw.data)
    return line is not None and query.matches(line)


def _sieve(query: LogQuery) -> Sieve:
    """Whether something that is wanted may be in a block or near it: quick, and wrong only by letting too much pass."""
    # What is shown of a text differs from the bytes in its spaces alone, as long as it is ASCII.
    part = max(query.words.lower().split(" "), key=len).encode() if query.words.isascii() else b""
    levels = [f" - {level.name} - ".encode() for level in Level if level >= query.level]
    any_level = query.level <= Level.INFO

    def may_hold(data: bytes) -> bool:
        return (any_level or any(level in data for level in levels)) and (not part or part in data.lower())

    return may_hold


def _found(kept: Kept[Raw]) -> Found:
    raw = kept.record
    line = parse_record(raw.data)
    assert line is not None, "a record begins with a head"  # noqa: S101 - for the type checker
    if raw.end - raw.start >= RECORD_BYTES:
        line = LogLine(line.at, line.logger, line.level, f"{line.message}\n(this record is longer: see the file)")
    entry = Entry(
        line=line,
        place=Place(raw.file, raw.start),
        end=Place(raw.file, raw.end),
        is_match=kept.is_match,
        is_after_gap=kept.is_after_gap,
    )
    return Found(entry, raw.data)


def place_of_time(files: LogFiles, time: datetime) -> Place | None:
    """The first record that is not older than this, or the end of the newest file; None where there is no log."""
    time = whole_milliseconds(time)
    file = _file_of_time(files, time)
    if file is None:
        return None
    with file:
        return file.place(_offset_of_time(file, time))


def _file_of_time(files: LogFiles, time: datetime) -> OpenFile | None:
    """The newest file that begins before this time, or else the oldest."""
    newest = files.end(newest=True)
    if newest is None:
        return None
    oldest = newest
    for file in files.from_here(newest, backward=True):
        oldest = file
        first = first_from(file, 0, file.size)
        if first is not None and first.at < time:
            break
    return files.open(oldest.place(0))


def _offset_of_time(file: OpenFile, time: datetime) -> int:
    low, high = 0, file.size
    while high - low > _NARROW:
        middle = (low + high) // 2
        record = first_from(file, middle, high)
        if record is None:
            high = middle
        elif record.at < time:
            low = record.start
        else:
            high = middle
    for records, _ in forward(file, low, lambda _: True):
        for raw in records:
            if raw.at >= time:
                return raw.start
    return file.size
