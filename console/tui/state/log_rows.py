"""The rows of the log: what a record becomes on the screen, and where it came from."""

from collections.abc import Iterator

import msgspec

from console.logs import LogLine
from console.operations.logbook import Entry, Place

_LONGEST_ROW = 4_000
"""Characters that a row keeps of its line: the record, when it is opened, shows all of it."""

_MOST_ROWS = 400
"""Rows of one record."""


class Row(msgspec.Struct, frozen=True):
    """A line on the screen: a record's first line with its time and level, or one of the lines below it.

    `line` is the record, and None where some are left out. What came from the files knows its `place` there.
    """

    line: LogLine | None
    text: str
    is_first: bool
    place: Place | None = None


GAP = Row(None, "", is_first=True)
"""Stands for records that are left out between two matches."""


def rows_of(line: LogLine, place: Place | None = None) -> Iterator[Row]:
    """The rows of a record."""
    texts = line.message.split("\n", _MOST_ROWS)
    if len(texts) > _MOST_ROWS:
        texts[-1] = f"({texts[-1].count(chr(10)) + 1:,} more lines: open the record)"
    for position, text in enumerate(texts):
        yield Row(line, _clipped(text), position == 0, place)


def rows_of_entry(entry: Entry) -> Iterator[Row]:
    """The rows of a record of the files, with the gap before it."""
    if entry.is_after_gap:
        yield GAP
    yield from rows_of(entry.line, entry.place)


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST_ROW else f"{text[: _LONGEST_ROW - 1]}…"
