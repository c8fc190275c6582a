"""The runner lock: of all processes that share a home, one runs the engine."""

import contextlib
import fcntl
import os
import socket
import time
from datetime import datetime
from pathlib import Path

import msgspec

from console.text import clean

_READ_AT_MOST = 4096
_TRIES = 20
_PAUSE_SECONDS = 0.005


class LockHolder(msgspec.Struct, frozen=True):
    """Who holds the lock, as it says itself."""

    pid: int
    host: str
    since: datetime

    def __str__(self) -> str:
        return f"process {self.pid} on {clean(self.host, 80)}, since {self.since:%Y-%m-%d %H:%M} UTC"


class LockHeld(Exception):
    """Another process runs the engine. The message names it and says what to do."""


class LockUnusable(Exception):
    """The lock's file cannot be made or locked. The message names it and says why."""


class RunnerLock:
    """An flock on a file of the home. The kernel lets go of it when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def take(self, now: datetime) -> None:
        """Take the lock.

        Raises:
            LockHeld: another process has it.
            LockUnusable: the file cannot be made or locked.
        """
        descriptor: int | None = None
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            holder = self._try_for(descriptor)
        except OSError as error:
            if descriptor is not None:
                os.close(descriptor)
            raise LockUnusable(f"The file {clean(str(self._path))} cannot be used: {error.strerror}.") from None
        if holder is not None:
            os.close(descriptor)
            raise LockHeld(f"Another g2a-console runs here already: {holder}. Use that one, or end it first.")
        with contextlib.suppress(OSError):  # on a full disk nobody is told who holds it
            os.ftruncate(descriptor, 0)
            os.write(descriptor, msgspec.json.encode(LockHolder(os.getpid(), socket.gethostname(), now)))
        self._descriptor = descriptor

    def _try_for(self, descriptor: int) -> LockHolder | str | None:
        """Try to take it; returns who has it, or None where it is ours now.

        Whoever only looks (`read_holder`) has it for a moment without a name: that is no reason to give up.
        """
        for _ in range(_TRIES):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if holder := read_holder(self._path):
                    return holder
                time.sleep(_PAUSE_SECONDS)
            else:
                return None
        return "it does not say who it is"

    def release(self) -> None:
        """Let go of it; the file stays, empty."""
        if self._descriptor is not None:
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
                return msgspec.json.decode(file.read(_READ_AT_MOST), type=LockHolder)
    except (OSError, msgspec.MsgspecError):
        pass
    return None
