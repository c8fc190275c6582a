"""Reading one file of the log in blocks, forward or backward: no more than a block is ever in memory."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

from console.operations.log_files import OpenFile
from console.operations.log_record import HEAD_BYTES, heads
from console.operations.logbook import FileKey

RECORD_BYTES = 128 * 1024
"""What is read of a record; one that is longer is told to be."""

_SMALLEST, _LARGEST = 64 * 1024, 1024 * 1024
"""Bytes of the first block, which somebody waits for, and of those that a search reads."""


class Raw(NamedTuple):
    """A record as its file holds it. `data` is its beginning, which is nearly always all of it."""

    file: FileKey
    start: int
    end: int
    level: bytes
    at: datetime
    data: bytes


Block = tuple[list[Raw], int]
"""The records that begin in a block, in the order of reading, and where the block ends in that direction."""


Sieve = Callable[[bytes], bool]
"""Whether something that is sought may be in these bytes."""


def forward(file: OpenFile, start: int, may_hold: Sieve, *, keeps_edges: bool = False) -> Iterator[Block]:
    """The blocks from this place on. Of those that cannot hold what is sought, no record is told.

    With `keeps_edges` those at the ends of the file are told: what is sought may be their neighbour in another file.
    """
    block = _SMALLEST
    while start < file.size:
        end = min(start + block, file.size)
        yield _read(file, start, end, may_hold, keeps_edges=keeps_edges), end
        start, block = end, min(block * 2, _LARGEST)


def backward(file: OpenFile, end: int, may_hold: Sieve, *, keeps_edges: bool = False) -> Iterator[Block]:
    """The blocks before this place."""
    block, end = _SMALLEST, min(end, file.size)
    while end > 0:
        start = max(end - block, 0)
        yield _read(file, start, end, may_hold, keeps_edges=keeps_edges)[::-1], start
        end, block = start, min(block * 2, _LARGEST)


def _read(file: OpenFile, start: int, end: int, may_hold: Sieve, *, keeps_edges: bool) -> list[Raw]:
    """The records that begin between these places.

    What lies around them is read too: a record goes on behind its block, and what is sought may be its neighbour.
    """
    base = max(start - RECORD_BYTES, 0)
    limit = min(end + RECORD_BYTES, file.size)
    data = file.read(base, limit - base)
    is_edge = start == 0 or end == file.size
    if not (keeps_edges and is_edge) and not may_hold(data):
        return []
    found = heads(data, start - base, end - base)
    if not found:
        return []
    ends = [place for place, _, _ in found[1:]]
    ends.append(_end(data, found[-1][0]))
    return [
        Raw(file.key, base + place, base + after, level, at, data[place : min(after, place + RECORD_BYTES)])
        for (place, level, at), after in zip(found, ends, strict=True)
    ]


def _end(data: bytes, start: int) -> int:
    """Where the record ends that begins here: before the next, or where no more is read of it."""
    last = min(start + RECORD_BYTES, len(data))
    following = heads(data, start + 1, last)[:1]
    return following[0][0] if following else last


def first_from(file: OpenFile, start: int, end: int) -> Raw | None:
    """The first record that begins between these places."""
    for records, after in forward(file, start, lambda _: True):
        if records or after >= end:
            return records[0] if records and records[0].start < end else None
    return None


assert HEAD_BYTES < RECORD_BYTES  # noqa: S101 - a head is seen whole wherever it begins in a block
