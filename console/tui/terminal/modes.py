"""What the console changes about a terminal, and how that is undone when the screen itself cannot do it."""

import contextlib
import os
import select
import signal
import sys
import termios
from collections.abc import Iterator
from typing import Any

from console.tui.terminal.line import Line
from console.tui.terminal.title import GIVE_BACK, has_title

MOUSE_ON = "\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h"
MOUSE_OFF = "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"

ENTER = (
    "\x1b[?1049h"  # the alternate screen
    "\x1b[?25l\x1b[?1004h\x1b[?2004h\x1b[?7l"  # no cursor, focus, bracketed paste, no wrapping
)
"""What a terminal is told again after a shell has had it for a while; and the mouse, where we listen to it."""

LEAVE = (
    "\x18\x1b[0m"  # whatever was cut off in the middle ends here
    "\x1b[?2026l\x1b[?2048l\x1b[?2004l\x1b[?7h"
    f"{MOUSE_OFF}"
    "\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
)
"""All that Textual says on its way out, in one piece."""


class Modes:
    """The modes of the terminal as they were before the console."""

    def __init__(self) -> None:
        self._descriptor = sys.__stdin__.fileno() if sys.__stdin__ else 0
        self._attributes: list[Any] | None = None
        with contextlib.suppress(termios.error):
            self._attributes = termios.tcgetattr(self._descriptor)

    def restore(self) -> None:
        """Give the terminal back as it was, without waiting for it. From any thread, on any terminal, dead ones too."""
        with never_stopped():
            if self._attributes is not None:
                with contextlib.suppress(termios.error):
                    termios.tcsetattr(self._descriptor, termios.TCSANOW, self._attributes)
            say_goodbye(Line())


def say_goodbye(line: Line) -> None:
    """Leave the modes of the console. A terminal that does not read loses what it has not read, and finds this."""
    descriptor = line.fileno()
    with never_stopped(), contextlib.suppress(OSError, termios.error):
        if not select.select([], [descriptor], [], 0)[1]:
            termios.tcflush(descriptor, termios.TCOFLUSH)
        if select.select([], [descriptor], [], 0)[1]:
            os.write(descriptor, (LEAVE + (GIVE_BACK if has_title() else "")).encode())


@contextlib.contextmanager
def never_stopped() -> Iterator[None]:
    """Touch the terminal even from the background, where doing so stops a process for good."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
