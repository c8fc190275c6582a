"""The log's file: private, rotated, and alive whatever becomes of the disk or the file."""

import contextlib
import errno
import fcntl
import logging
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

FORMAT = "%(asctime)s - %(name)s - %(levelname)s - %(message)s"

_TRIES = 1_000
_PAUSE_SECONDS = 0.001


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
        while not self._has_appended(data):
            pass

    def _has_appended(self, data: bytes) -> bool:
        """Whether the record is written; else the file was full, and has been rotated."""
        with self._held() as descriptor:
            size = os.fstat(descriptor).st_size
            if size and size + len(data) > self._max_bytes and self._rotate():
                return False
            written = os.write(descriptor, data)
            if written < len(data):  # the disk became full in the middle: no half lines
                os.ftruncate(descriptor, size)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return True

    @contextlib.contextmanager
    def _held(self) -> Iterator[int]:
        """The log's file, which no other process of ours writes or renames meanwhile."""
        descriptor = self._current()
        _hold(descriptor)
        while not self._is_named(descriptor):  # another process has just rotated it
            self._let_go()
            descriptor = self._current()
            _hold(descriptor)
        try:
            yield descriptor
        finally:
            with contextlib.suppress(OSError):
                fcntl.flock(descriptor, fcntl.LOCK_UN)

    def _current(self) -> int:
        """The file that has the log's name now: it may have been moved away or deleted, with its folder even."""
        if self._descriptor is not None:
            if self._is_named(self._descriptor):
                return self._descriptor
            self._let_go()
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._descriptor = _open(self._path)
        return self._descriptor

    def _is_named(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(self._path.stat(), os.fstat(descriptor))
        except FileNotFoundError:
            return False

    def _rotate(self) -> bool:
        """Move each file on by one number; where that cannot be done, a file that is too large is better than none."""
        try:
            for number in range(self._backups - 1, 0, -1):
                with contextlib.suppress(FileNotFoundError):
                    self._numbered(number).replace(self._numbered(number + 1))
            self._path.replace(self._numbered(1))
        except OSError:
            return False
        return True

    def _numbered(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")

    def _let_go(self) -> None:
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                os.close(self._descriptor)
            self._descriptor = None


def _hold(descriptor: int) -> None:
    """Keep other processes from the file; one that was stopped in the middle keeps us from it no longer than this."""
    for _ in range(_TRIES):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PAUSE_SECONDS)
        except OSError:  # a file system without locks
            return
        else:
            return


def _open(path: Path) -> int:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        with contextlib.suppress(OSError):  # somebody else's file
            os.fchmod(descriptor, 0o600)
    return descriptor
