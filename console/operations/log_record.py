"""How a record of the log looks in its file: it begins with such a line, and all lines up to the next belong to it."""

import re
from datetime import UTC, datetime
from functools import lru_cache

from console.logs import LogLine
from console.text import clean

LINE_LIMIT = 4_000
"""Characters of a line that are shown."""

HEAD_BYTES = 300
"""The beginning of a record is no longer than this, up to its message."""

_HEAD = rb"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),(\d{3}) - ([^\n]{1,200}?) - (DEBUG|INFO|WARNING|ERROR|CRITICAL) - "
_FIRST = re.compile(_HEAD)
_LATER = re.compile(rb"\n" + _HEAD)


def parse(line: bytes) -> LogLine | None:
    """The record that begins with this line; None where none does."""
    found = _FIRST.match(line)
    at = _time(found) if found else None
    if found is None or at is None:
        return None
    message = line[found.end() :].decode("utf-8", "replace")
    return LogLine(at, clean(found[3].decode("utf-8", "replace")), found[4].decode(), clean(message, LINE_LIMIT))


def parse_record(data: bytes) -> LogLine | None:
    """The record that these bytes hold, with all of its lines."""
    first, *others = data.removesuffix(b"\n").split(b"\n")
    record = parse(first)
    if record is None or not others:
        return record
    lines = [clean(line.decode("utf-8", "replace"), LINE_LIMIT) for line in others]
    return LogLine(record.at, record.logger, record.level, "\n".join([record.message, *lines]))


def heads(data: bytes, start: int, end: int) -> list[tuple[int, bytes, datetime]]:
    """Where records begin between two places of the data, each with its level and time.

    A record at `start` counts only where a line begins there: the byte before it is looked at.
    """
    found: list[tuple[int, bytes, datetime]] = []
    if start == 0 and (first := _FIRST.match(data)) and (at := _time(first)):
        found.append((0, first[4], at))
    for each in _LATER.finditer(data, max(start - 1, 0)):
        place = each.start() + 1
        if place >= end:
            break
        if at := _time(each):
            found.append((place, each[4], at))
    return found


def _time(head: re.Match[bytes]) -> datetime | None:
    second = _second(head[1])
    return second and second.replace(microsecond=int(head[2]) * 1000)


@lru_cache(1_000)
def _second(text: bytes) -> datetime | None:
    try:
        return datetime.fromisoformat(text.decode()).replace(tzinfo=UTC)
    except ValueError:
        return None
