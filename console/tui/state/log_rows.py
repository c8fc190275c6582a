"""The rows of the log: what a record becomes on the screen, and where it came from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from console.logs import LogLine
from console.operations.logbook import Entry, Place

_LONGEST_ROW = 4_000
"""Characters that a row keeps of its line: the dialog of the record shows all of it."""

_MOST_ROWS = 400
"""Rows of one record."""


@dataclass(frozen=True)
class Row:
    """A line on the screen: a record's first line with its time and level, or one of the lines below it.

    `line` is the record, and None for a note of the screen's own. Those that came from the files know their place
    there, and where the next record begins. `is_match` is False for what only stands around a match.
    """

    line: LogLine | None
    text: str
    is_first: bool
    is_match: bool = True
    place: Place | None = None
    end: Place | None = None

    @property
    def at(self) -> datetime | None:
        """When it was logged."""
        return self.line.at if self.line else None


GAP = Row(None, "", is_first=True, is_match=False)
"""Stands for records that are left out between two matches."""


def rows_of(line: LogLine, entry: Entry | None = None, *, is_match: bool = True) -> Iterator[Row]:
    """The rows of a record."""
    place, end = (entry.place, entry.end) if entry else (None, None)
    texts = line.message.split("\n", _MOST_ROWS)
    if len(texts) > _MOST_ROWS:
        texts[-1] = f"({texts[-1].count(chr(10)) + 1:,} more lines: open the record)"
    for position, text in enumerate(texts):
        yield Row(line, _clipped(text), position == 0, is_match, place, end)


def rows_of_entry(entry: Entry) -> Iterator[Row]:
    """The rows of a record of the files, with the gap before it."""
    if entry.is_after_gap:
        yield GAP
    yield from rows_of(entry.line, entry, is_match=entry.is_match)


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST_ROW else f"{text[: _LONGEST_ROW - 1]}…"
