"""The log's file: private, rotated, and alive whatever becomes of the disk or the file."""

import contextlib
import errno
import logging
import os
import stat
import time
from pathlib import Path

FORMAT = "%(asctime)s - %(name)s - %(levelname)s - %(message)s"


class LogFile(logging.Handler):
    """Appends each record whole or not at all, and says afterwards how many could not be written.

    Python's own handlers keep what they could not write and write it in pieces later, and go on writing into a file
    that was moved away.
    """

    def __init__(self, path: Path, max_bytes: int, backups: int) -> None:
        """Open the file.

        Raises:
            OSError: it cannot be written.
        """
        super().__init__()
        formatter = logging.Formatter(FORMAT)
        formatter.converter = time.gmtime
        self.setFormatter(formatter)
        self._path = path
        self._max_bytes = max_bytes
        self._backups = backups
        self._lost = 0
        self._why = ""
        self._descriptor: int | None = _open(path)

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record, or count it as lost."""
        try:
            self._append(self._lines(record))
        except OSError as error:
            self._lost += 1
            self._why = error.strerror or type(error).__name__
            self._let_go()
        else:
            self._lost = 0

    def close(self) -> None:
        """Close the file."""
        self._let_go()
        super().close()

    def _lines(self, record: logging.LogRecord) -> bytes:
        text = self.format(record) + "\n"
        if self._lost:
            said = f"Records lost before this one: {self._lost:,}; the log could not be written ({self._why})"
            told = {"name": __name__.partition(".")[0], "levelno": logging.WARNING, "levelname": "WARNING", "msg": said}
            text = self.format(logging.makeLogRecord(told)) + "\n" + text
        return text.encode("utf-8", "replace")

    def _append(self, data: bytes) -> None:
        descriptor = self._current()
        size = os.fstat(descriptor).st_size
        if size and size + len(data) > self._max_bytes:
            self._rotate()
            descriptor = self._current()
            size = os.fstat(descriptor).st_size
        written = os.write(descriptor, data)
        if written < len(data):  # the disk became full in the middle: no half lines
            os.ftruncate(descriptor, size)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _current(self) -> int:
        """The file that has the log's name now: it may have been moved away or deleted, with its folder even."""
        if self._descriptor is not None:
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(self._path.stat(), os.fstat(self._descriptor)):
                    return self._descriptor
            self._let_go()
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._descriptor = _open(self._path)
        return self._descriptor

    def _rotate(self) -> None:
        """Move each file on by one number; where that cannot be done, a file that is too large is better than none."""
        with contextlib.suppress(OSError):
            for number in range(self._backups - 1, 0, -1):
                with contextlib.suppress(FileNotFoundError):
                    self._numbered(number).replace(self._numbered(number + 1))
            self._path.replace(self._numbered(1))

    def _numbered(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")

    def _let_go(self) -> None:
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                os.close(self._descriptor)
            self._descriptor = None


def _open(path: Path) -> int:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        with contextlib.suppress(OSError):  # somebody else's file
            os.fchmod(descriptor, 0o600)
    return descriptor
