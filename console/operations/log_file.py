"""Following the log that another process writes: its end first, then what comes, through every rotation."""

import contextlib
import itertools
import os
from collections import deque
from collections.abc import Iterable
from io import BufferedReader
from pathlib import Path

import msgspec

from console.logs import RECORDS_KEPT, LogLine
from console.operations.log_record import LINE_LIMIT, parse
from console.text import clean

_READ_AT_MOST = 1_000_000
"""Bytes that are read at once; what is further behind is skipped."""


class LogFile:
    """A log file that grows. `read` blocks on the disk: call it from a thread, one call after the other."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BufferedReader | None = None
        self._rest = b""
        self._last: LogLine | None = None
        self._lines: deque[LogLine] = deque(maxlen=RECORDS_KEPT)

    def tail(self, limit: int) -> tuple[LogLine, ...]:
        """The newest of the records that were read, oldest first."""
        lines = tuple(self._lines)
        return lines[max(len(lines) - limit, 0) :]

    def read(self) -> list[LogLine]:
        """The records that came since the last call, each cleaned; at first those at the end of the file."""
        lines: list[bytes] = []
        with contextlib.suppress(OSError):  # there is no log yet, or it cannot be read: there is nothing to tell
            lines += self._new_lines()
            while (newer := self._newer()) is not None:
                lines += self._new_lines()  # what came before it was renamed: nobody writes into it any more
                self.close()
                self._file = newer
                lines += self._new_lines()
        records = self._records(lines)
        self._lines.extend(records)
        return records

    def close(self) -> None:
        """Let go of the file."""
        if self._file:
            self._file.close()
        self._file, self._rest = None, b""

    def _new_lines(self) -> list[bytes]:
        if self._file is None:
            self._file = self._path.open("rb")
        size = os.fstat(self._file.fileno()).st_size
        at = self._file.tell()
        if size < at:  # emptied
            self._file.seek(0)
            self._rest = b""
        elif size - at > _READ_AT_MOST:
            self._file.seek(size - _READ_AT_MOST)
            self._file.readline()  # the rest of a line
            self._rest = b""
        *lines, self._rest = (self._rest + self._file.read(_READ_AT_MOST)).split(b"\n")
        self._rest = self._rest[:_READ_AT_MOST]
        return lines

    def _newer(self) -> BufferedReader | None:
        """The file that was begun after the one that is open; None where there is none yet."""
        while (number := self._number()) != 0:
            newer = self._named(number - 1 if number else 0).open("rb")
            if self._number() == number:
                return newer
            newer.close()  # it was rotated meanwhile
        return None

    def _number(self) -> int | None:
        """The number that the open file has got by rotation, 0 for none; None where it was taken away."""
        assert self._file is not None, "it was just read"  # noqa: S101 - for the type checker
        opened = os.fstat(self._file.fileno())
        for number in itertools.count():
            try:
                if os.path.samestat(opened, self._named(number).stat()):
                    return number
            except FileNotFoundError:
                if number:
                    break
        return None

    def _named(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}") if number else self._path

    def _records(self, lines: Iterable[bytes]) -> list[LogLine]:
        """Records, each with the lines that belong to it; those of one that was told already stand alone."""
        found: list[tuple[LogLine, list[str]]] = []
        for line in lines:
            if (record := parse(line)) is not None:
                found.append((record, [record.message]))
            elif found:
                found[-1][1].append(_shown(line))
            elif self._last is not None:
                found.append((self._last, [_shown(line)]))
        self._last = found[-1][0] if found else self._last
        return [msgspec.structs.replace(record, message="\n".join(messages)) for record, messages in found]


def _shown(line: bytes) -> str:
    return clean(line.decode("utf-8", "replace"), LINE_LIMIT)
