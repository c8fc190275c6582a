"""The screen on a real pseudo-terminal: what no pilot sees."""

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import pyte
import pytest


class Terminal:
    """A pseudo-terminal with a scripted console on it."""

    def __init__(
        self,
        state: str,
        size: tuple[int, int] = (80, 24),
        *more: str,
        ignores_hangup: bool = False,
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            if ignores_hangup:
                signal.signal(signal.SIGHUP, signal.SIG_IGN)
            usual = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
            environment = {**os.environ, **usual, **environment}
            os.execve(sys.executable, [sys.executable, "-m", "tests.tui.play", state, *more], environment)  # noqa: S606
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self.status: int | None = None
        self.sent = b""
        """All that was written to it."""

    @property
    def text(self) -> str:
        """What it shows."""
        return "\n".join(self.screen.display)

    def read(self) -> None:
        """Take what has been written, if anything has."""
        if select.select([self.master], [], [], 0.05)[0]:
            with contextlib.suppress(OSError):
                data = os.read(self.master, 65_536)
                self.sent += data
                self._stream.feed(data)

    def until(self, condition: Callable[[], object], what: str, seconds: float = 20) -> None:
        """Read until something shows or happens."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"never came: {what}\n{self.text}"
            self.read()

    def has_ended(self) -> bool:
        """Whether the program is gone; `status` is its exit code then."""
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.status = os.waitstatus_to_exitcode(status) if pid else None
        return self.status is not None


@pytest.fixture
def terminal() -> Iterator[Callable[..., Terminal]]:
    """Opens terminals, and ends what is left on them."""
    terminals: list[Terminal] = []

    def open_terminal(*arguments: Any, **options: Any) -> Terminal:
        terminals.append(Terminal(*arguments, **options))
        return terminals[-1]

    yield open_terminal
    for each in terminals:
        if not each.has_ended():
            os.kill(each.pid, signal.SIGKILL)
            os.waitpid(each.pid, 0)
        with contextlib.suppress(OSError):
            os.close(each.master)


def is_whole(text: str) -> bool:
    """Whether every line between the bars begins and ends with a frame."""
    return all(line[0] in "╭│╰" and line[-1] in "╮│╯" for line in text.splitlines()[2:-1])


def test_bytes_that_are_no_text_do_nothing(terminal: Callable[..., Terminal]) -> None:
    console = terminal("idle")
    console.until(lambda: "healthy" in console.text, "the start")
    os.write(console.master, b"\xff\xfe\xc3\x28\x80 \xf0\x28 \x1b[999;999;999;999z")
    os.write(console.master, b"?")
    console.until(lambda: "Keys that work" in console.text, "the help: keys are still read")
    os.write(console.master, b"\x1b")
    console.until(lambda: "Keys that work" not in console.text, "the end of the help")
    os.write(console.master, b"q")
    console.until(console.has_ended, "the end")
    assert console.status == 0


def test_a_terminal_that_does_not_read_stops_nothing_and_is_right_again_when_it_does(
    terminal: Callable[..., Terminal],
) -> None:
    console = terminal("idle", (200, 60))
    console.until(lambda: "healthy" in console.text, "the start")
    for _ in range(61):  # each draws the whole screen, more in all than the line and Textual's queue hold
        os.write(console.master, b"z")
        time.sleep(0.05)
    os.write(console.master, b"\t")
    time.sleep(1)
    console.until(lambda: "╭▸ Log (UTC)" in console.text, "the last key that was typed meanwhile")
    console.until(lambda: is_whole(console.text), "a picture without holes")
    assert "Jobs" not in console.text, "an odd number of z is a zoom"


def test_a_terminal_that_has_gone_ends_the_console_even_when_the_hangup_is_ignored(
    terminal: Callable[..., Terminal],
) -> None:
    console = terminal("idle", ignores_hangup=True)
    console.until(lambda: "healthy" in console.text, "the start")
    os.close(console.master)
    deadline = time.monotonic() + 10
    while not console.has_ended():
        assert time.monotonic() < deadline, "it lives on without anybody to see it"
        time.sleep(0.05)


def test_the_terminal_is_left_as_it_was(terminal: Callable[..., Terminal]) -> None:
    console = terminal("idle")
    console.until(lambda: "healthy" in console.text, "the start")
    os.write(console.master, b"q")
    console.until(console.has_ended, "the end")
    ours = {mode << 5 for mode in (1000, 1003, 1006, 2004, 1049)}
    console.until(lambda: not ours & console.screen.mode, "a terminal without our modes")
    console.until(lambda: not console.screen.cursor.hidden, "the cursor")


def test_an_error_in_the_screen_is_one_line_without_local_variables() -> None:
    script = """
import logging, sys
logging.getLogger().addHandler(logging.NullHandler())
from tests.tui.conftest import console_app
from tests.tui.scenes import idle

async def press(pilot):
    await pilot.press("q")

def broken(secret="hunter2"):
    password = "hunter2"
    raise RuntimeError("hunter2")

app = console_app(idle().connect)
app.main.action_leave = broken
app.run(headless=True, auto_pilot=press)
sys.exit(app.return_code)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "g2a-console: the screen failed; the log says where." in done.stderr
    assert "hunter2" not in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
