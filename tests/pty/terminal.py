"""The real program in a real terminal, driven with keys and read from the screen."""

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Self

import pyte

_READ_AT_ONCE = 65_536


class Terminal:
    """A pseudo-terminal with the program `python -m console WORDS` on it, and what its screen shows."""

    def __init__(self, words: list[str], environment: Mapping[str, str], columns: int = 80, lines: int = 24) -> None:
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self.bytes_read = 0
        self._status: int | None = None
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            _become(words, environment, columns, lines)
        _set_size(self._master, columns, lines)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self.wait(10)
        os.close(self._master)

    @property
    def text(self) -> str:
        """What the screen shows."""
        return "\n".join(self.screen.display)

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._master, keys.encode())

    def pump(self, seconds: float) -> bool:
        """Read what the program writes next into the screen; False where nothing came in that time."""
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self._master, _READ_AT_ONCE)
        except OSError:  # the program is gone
            data = b""
        self.bytes_read += len(data)
        self._stream.feed(data)
        return bool(data)

    def until_raw(self, wanted: bytes, seconds: float = 30) -> None:
        """Read until the bytes themselves hold this, without drawing them: for measuring time."""
        deadline = time.monotonic() + seconds
        kept = b""
        while wanted not in kept:
            assert time.monotonic() < deadline, f"never wrote {wanted!r}"
            if select.select([self._master], [], [], 1)[0]:
                kept = kept[-len(wanted) :] + os.read(self._master, _READ_AT_ONCE)

    def until(self, wanted: str, seconds: float = 30) -> None:
        """Read until the screen shows the text."""
        self._until(wanted, seconds, is_there=True)

    def until_gone(self, unwanted: str, seconds: float = 30) -> None:
        """Read until the screen does not show the text any more."""
        self._until(unwanted, seconds, is_there=False)

    def _until(self, wanted: str, seconds: float, *, is_there: bool) -> None:
        deadline = time.monotonic() + seconds
        while (wanted in self.text) is not is_there:
            left = deadline - time.monotonic()
            assert left > 0, f"never showed {wanted!r}:\n{self.text}"
            if not self.pump(min(left, 1)) and self._ended():
                raise AssertionError(f"ended with {self._status} before it showed {wanted!r}:\n{self.text}")

    def resize(self, columns: int, lines: int) -> None:
        """Change the size of the terminal."""
        self.screen.resize(lines, columns)
        _set_size(self._master, columns, lines)

    def wait(self, seconds: float) -> int:
        """The program's exit code (as a shell tells it), once it ends; reads its last words meanwhile."""
        deadline = time.monotonic() + seconds
        while not self._ended():
            assert time.monotonic() < deadline, f"still runs:\n{self.text}"
            self.pump(0.05)
        assert self._status is not None
        return self._status

    def _ended(self) -> bool:
        if self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                code = os.waitstatus_to_exitcode(status)
                self._status = code if code >= 0 else 128 - code
        return self._status is not None


def _become(words: list[str], environment: Mapping[str, str], columns: int, lines: int) -> None:
    """In the child: wait for nothing, and become the program."""
    try:
        _set_size(0, columns, lines)
        os.execve(sys.executable, [sys.executable, "-m", "console", *words], {**os.environ, **environment})  # noqa: S606
    finally:
        os._exit(127)


def _set_size(descriptor: int, columns: int, lines: int) -> None:
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
