"""The runner lock: of all processes that share a home, one runs the engine.

What the file says never changes while the lock is held, so that whoever reads it always reads it whole; the file's own
time is the holder's last heartbeat, which needs no room on the disk.
"""

import contextlib
import fcntl
import getpass
import os
import socket
import threading
import time
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from console.text import clean

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from console.scheduling.database_lock import DatabaseLock

_READ_AT_MOST = 4096
_TRIES = 100
_PAUSE_SECONDS = 0.005
_MINUTE, _HOUR = 60, 3_600


class LockHolder(msgspec.Struct, frozen=True):
    """Who holds the lock, as it says itself; `heartbeat_at` is when it was last known to work."""

    pid: int
    host: str
    since: datetime
    user: str = ""
    heartbeat_at: datetime | None = None

    def __str__(self) -> str:
        of = f" of {clean(self.user, 40)}" if self.user else ""
        return f"process {self.pid}{of} on {clean(self.host, 80)}, since {self.since:%Y-%m-%d %H:%M} UTC"

    def words(self, now: datetime) -> str:
        """All that is known of it: `process 4711 of alice on web1, since …, last heartbeat 3 s ago`."""
        seconds = self.silent_seconds(now)
        return str(self) if seconds is None else f"{self}, last heartbeat {_roughly(seconds)} ago"

    def silent_seconds(self, now: datetime) -> int | None:
        """How long ago its last heartbeat was; None where there is none."""
        if self.heartbeat_at is None:
            return None
        return max(int((now - self.heartbeat_at).total_seconds()), 0)

    def is_gone(self) -> bool:
        """Whether it is a process of this machine that is there no more: it has left its name behind."""
        if self.host != socket.gethostname():
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except (OSError, OverflowError):  # another user's, or no process id at all
            return False
        return False


class LockHeld(Exception):
    """Another process runs the engine. The message names it and says what to do."""


class LockUnusable(Exception):
    """The lock's file cannot be made or locked. The message names it and says why."""


class RunnerLock:
    """An flock on a file of the home. The kernel lets go of it when the process ends, however it ends.

    Where the database is that of a server, which engines of other hosts may use, its lock is taken as well.
    """

    def __init__(self, path: Path, database: "DatabaseLock | None" = None) -> None:
        self._path = path
        self.database = database
        self._descriptor: int | None = None
        self.was_left_behind = False
        """Whether nobody else can be at work: the holder before this one died with it, or it is that of all hosts."""
        self._letting_go = threading.Lock()

    def take(self, now: datetime) -> None:
        """Take the lock.

        Raises:
            LockHeld: another process has it.
            LockUnusable: the file cannot be made or locked.
        """
        try:
            self._take(now)
        except BaseException:
            if self.database:
                self.database.release()
            raise

    def _take(self, now: datetime) -> None:
        for _ in range(_TRIES):
            if self.try_take(now):
                return
            # Whoever only looks has it for a moment without a name, and who has just taken it has not said it yet.
            if (holder := self.holder(now)) and not holder.is_gone():
                break
            time.sleep(_PAUSE_SECONDS)
        named = holder.words(now) if holder else "it does not say who it is"
        raise LockHeld(f"Another g2a-console runs here already: {named}. Use that one, or end it first.")

    def try_take(self, now: datetime) -> bool:
        """Take the lock if nobody has it, without waiting; returns whether it is ours now.

        Raises:
            LockUnusable: the file cannot be made or locked, or the server of the database cannot be reached.
        """
        # looked at first: a console that watches another host's engine is not to hold its home's lock now and then
        if self.database and self.database.is_held():
            return False
        if not self._try_take_file(now):
            return False
        try:
            if self.database is None:
                return True
            if self.database.try_take(now):
                self.was_left_behind = True
                return True
        except BaseException:
            self._release_file()
            raise
        self._release_file()
        return False

    @property
    def lost(self) -> str | None:
        """That another process has the lock now, though this one did not let go of it; None as long as it is ours."""
        return str(self.database.lost) if self.database and self.database.lost else None

    def holder(self, now: datetime) -> LockHolder | None:
        """Who holds the lock now; None where nobody does or it cannot be told."""
        return read_holder(self._path) or (self.database.holder(now) if self.database else None)

    def _try_take_file(self, now: datetime) -> bool:
        descriptor: int | None = None
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if descriptor is not None:
                os.close(descriptor)
            if isinstance(error, BlockingIOError):
                return False
            raise LockUnusable(f"The file {clean(str(self._path))} cannot be used: {error.strerror}.") from None
        self.was_left_behind = os.fstat(descriptor).st_size > 0
        with contextlib.suppress(OSError):  # on a full disk nobody is told who holds it
            os.ftruncate(descriptor, 0)
            os.write(descriptor, msgspec.json.encode(LockHolder(os.getpid(), socket.gethostname(), now, own_user())))
        self._descriptor = descriptor
        self._beat_file(now)
        return True

    def guard(self, writer: "Connection") -> None:
        """Look whether the lock is still ours, at the beginning of a transaction that writes.

        Raises:
            StoreError: it is not, or this cannot be told.
        """
        if self.database:  # that of a file cannot be lost
            self.database.guard(writer)

    def beat(self, now: datetime) -> None:
        """Say that the holder still works. May be called from any thread; a disk that refuses changes nothing."""
        self._beat_file(now)
        if self.database:
            self.database.beat()

    def _beat_file(self, now: datetime) -> None:
        with self._letting_go, contextlib.suppress(OSError):
            if self._descriptor is not None:
                nanoseconds = int(now.timestamp() * 1_000_000) * 1_000
                os.utime(self._descriptor, ns=(nanoseconds, nanoseconds))

    def release(self, *, leaving_behind: bool = False) -> None:
        """Let go of it; the file stays, empty, unless the next holder is to know that something was left to it."""
        if self.database:
            self.database.release()
        self._release_file(leaving_behind=leaving_behind)

    def _release_file(self, *, leaving_behind: bool = False) -> None:
        with self._letting_go:
            if self._descriptor is not None:
                if not leaving_behind:
                    with contextlib.suppress(OSError):
                        os.ftruncate(self._descriptor, 0)
                os.close(self._descriptor)
                self._descriptor = None


def read_holder(path: Path) -> LockHolder | None:
    """Who holds the lock now; None where nobody does or it cannot be told."""
    try:
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return _read(file)
    except (OSError, msgspec.MsgspecError):
        pass
    return None


def _read(file: BufferedReader) -> LockHolder:
    told = msgspec.json.decode(file.read(_READ_AT_MOST), type=LockHolder)
    beat = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
    return msgspec.structs.replace(told, heartbeat_at=beat)


def own_user() -> str:
    """The name of the user whose process this is."""
    try:
        return clean(getpass.getuser(), 64)
    except (KeyError, OSError):  # a user id without a name
        return str(os.getuid())


def _roughly(seconds: int) -> str:
    if seconds < _MINUTE:
        return f"{seconds} s"
    return f"{seconds // _MINUTE} m" if seconds < _HOUR else f"{seconds // _HOUR} h"
