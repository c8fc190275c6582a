"""The real program in a real terminal, driven with keys and read from the screen."""

import contextlib
import fcntl
import os
import pty
import re
import resource
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import psutil
import pyte

_READ_AT_ONCE = 65_536
_BYTES_KEPT = 4_096
_SECONDS_PER_FRAME = 0.03
_SECONDS_UNTIL_LOOK = 0.2
"""How long what never ends is read before the screen is looked at."""
_SEQUENCE = re.compile(r"\x1b\[[0-9;?<=>]*[a-zA-Z]")


class Terminal:
    """A pseudo-terminal with the program `python -m MODULE WORDS` on it, and what its screen shows.

    `ignored` are signals that it ignores from the start, as nohup does; with `own_keyboard` its standard input is
    another terminal than the one it is shown on; with `records`, all that it writes is kept in `written`.
    """

    def __init__(
        self,
        words: list[str],
        environment: Mapping[str, str],
        columns: int = 80,
        lines: int = 24,
        *,
        module: str = "console",
        ignored: tuple[signal.Signals, ...] = (),
        own_keyboard: bool = False,
        records: bool = False,
    ) -> None:
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self.bytes_read = 0
        self.written = bytearray()
        self._records = records
        self.last_bytes = b""
        """The newest bytes that the program wrote."""
        self.cpu_seconds = 0.0
        """The processor time that the program has used, once it has ended."""
        self._status: int | None = None
        keyboard = pty.openpty() if own_keyboard else None
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            for number in ignored:
                signal.signal(number, signal.SIG_IGN)
            _set_size(0, columns, lines)
            if keyboard:
                os.dup2(keyboard[1], 0)
            _become([module, *words], environment)
        _set_size(self._master, columns, lines)
        self._keyboard = keyboard[0] if keyboard else self._master
        self._open = {self._master, self._keyboard}
        if keyboard:
            os.close(keyboard[1])
        self.attributes_before = self.attributes

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self.wait(10)
        self.hang_up()

    @property
    def text(self) -> str:
        """What the screen shows."""
        return "\n".join(self.screen.display)

    @property
    def last_words(self) -> str:
        """What the program has said since it left the alternate screen."""
        said = self.last_bytes.rpartition(b"\x1b[?1049l")[2].decode()
        return _SEQUENCE.sub("", said)

    @property
    def attributes(self) -> list[Any]:
        """How the terminal treats what is typed, as `stty -a` tells it."""
        return termios.tcgetattr(self._master)

    @property
    def process(self) -> psutil.Process:
        """The program, while it runs."""
        return psutil.Process(self.pid)

    def cpu_so_far(self) -> float:
        """The processor time that the program has used, while it runs."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def press(self, keys: str) -> None:
        """Type."""
        self.send(keys.encode())

    def send(self, data: bytes) -> None:
        """Type bytes, whatever they are, and read what the program writes meanwhile."""
        rest = memoryview(data)
        while rest:
            _, writable, _ = select.select([], [self._keyboard], [], 0)
            if writable:
                rest = rest[os.write(self._keyboard, rest[:1024]) :]
            else:
                self.pump(0.01)

    def press_blindly(self, keys: str) -> None:
        """Type without reading anything, each key once the one before may have been drawn."""
        for key in keys:
            os.write(self._keyboard, key.encode())
            time.sleep(_SECONDS_PER_FRAME)

    def until_settled(self) -> None:
        """Read until the program has nothing to say for a moment."""
        while self.pump(0.3):
            pass

    def signal(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        os.kill(self.pid, number)

    def taken_by_a_shell(self) -> None:
        """What a shell does when the program sleeps: its own modes, its own picture."""
        self.read_all()
        termios.tcsetattr(self._master, termios.TCSANOW, self.attributes_before)
        self.screen.reset()

    def hang_up(self) -> None:
        """Vanish, as the terminal of an SSH session does that breaks."""
        self.hang_up_keyboard()
        for descriptor in self._open:
            os.close(descriptor)
        self._open = set()

    def hang_up_keyboard(self) -> None:
        """Let the keyboard alone vanish, where the program has one of its own."""
        if self._keyboard != self._master and self._keyboard in self._open:
            os.close(self._keyboard)
            self._open.discard(self._keyboard)

    def pump(self, seconds: float) -> bool:
        """Read what the program writes next into the screen; False where nothing came in that time."""
        if self._master not in self._open:
            time.sleep(seconds)
            return False
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return False
        data = self._read()
        self._stream.feed(data)
        return bool(data)

    def _pump_all(self, seconds: float) -> bool:
        """The same with all that comes along with it: to look at the screen takes longer than to read."""
        is_read = more = self.pump(seconds)
        look_at = time.monotonic() + _SECONDS_UNTIL_LOOK
        while more and time.monotonic() < look_at:
            more = self.pump(0)
        return is_read

    def _read(self) -> bytes:
        try:
            data = os.read(self._master, _READ_AT_ONCE)
        except OSError:  # the program is gone
            data = b""
        self.bytes_read += len(data)
        if self._records:
            self.written += data
        self.last_bytes = (self.last_bytes + data)[-_BYTES_KEPT:]
        return data

    def until_raw(self, wanted: bytes, seconds: float = 30) -> None:
        """Read until the bytes themselves hold this, without drawing them: for measuring time."""
        deadline = time.monotonic() + seconds
        while wanted not in self.last_bytes:
            assert time.monotonic() < deadline, f"never wrote {wanted!r}"
            if select.select([self._master], [], [], 1)[0]:
                self._read()

    def until(self, wanted: str, seconds: float = 30) -> None:
        """Read until the screen shows the text."""
        self._until(wanted, seconds, is_there=True)

    def press_until(self, keys: str, wanted: str, tries: int = 10) -> None:
        """Type, again where nothing comes of it, until the screen shows the text: as a person would after a flood."""
        for _ in range(tries):
            self.press(keys)
            with contextlib.suppress(AssertionError):
                return self.until(wanted, 1)
        raise AssertionError(f"never showed {wanted!r}:\n{self.text}")

    def until_gone(self, unwanted: str, seconds: float = 30) -> None:
        """Read until the screen does not show the text any more."""
        self._until(unwanted, seconds, is_there=False)

    def _until(self, wanted: str, seconds: float, *, is_there: bool) -> None:
        deadline = time.monotonic() + seconds
        while (wanted in self.text) is not is_there:
            left = deadline - time.monotonic()
            assert left > 0, f"never showed {wanted!r}:\n{self.text}"
            if not self._pump_all(min(left, 1)) and self._ended():
                raise AssertionError(f"ended with {self._status} before it showed {wanted!r}:\n{self.text}")

    def resize(self, columns: int, lines: int) -> None:
        """Change the size of the terminal."""
        self.screen.resize(lines, columns)
        _set_size(self._master, columns, lines)

    def wait(self, seconds: float, *, reads: bool = True) -> int:
        """The program's exit code (as a shell tells it), once it ends; reads its last words meanwhile."""
        deadline = time.monotonic() + seconds
        while not self._ended():
            assert time.monotonic() < deadline, f"still runs:\n{self.text}"
            if reads:
                self.pump(0.02)
            else:
                time.sleep(0.02)
        if reads:
            self.read_all()
        assert self._status is not None
        return self._status

    def read_all(self) -> None:
        """Read what is there."""
        while self.pump(0):
            pass

    def _ended(self) -> bool:
        if self._status is None:
            pid, status, usage = os.wait4(self.pid, os.WNOHANG)
            if pid:
                code = os.waitstatus_to_exitcode(status)
                self._status = code if code >= 0 else 128 - code
                self.cpu_seconds = _cpu(usage)
        return self._status is not None


def _cpu(usage: resource.struct_rusage) -> float:
    return usage.ru_utime + usage.ru_stime


def _become(words: list[str], environment: Mapping[str, str]) -> None:
    """In the child: wait for nothing, and become the program."""
    try:
        os.execve(sys.executable, [sys.executable, "-m", *words], {**os.environ, **environment})  # noqa: S606
    finally:
        os._exit(127)


def _set_size(descriptor: int, columns: int, lines: int) -> None:
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
