"""The line to the terminal, written to so that nothing ever has to wait for the terminal for good."""

import errno
import io
import os
import select
import sys
import threading

_BYTES_AT_ONCE = 65_536
_BYTES_THAT_FIT = 512
"""Of a descriptor that can only be written to by waiting: few enough to fit whenever there is room at all."""

_SECONDS_BETWEEN_LOOKS = 0.1
_SECONDS_UNTIL_ROOM = 0.02


class Line(io.TextIOBase):
    """The line to the terminal on standard output. A write lasts until the terminal has taken it, or until `cut`.

    It is opened anew, because only a descriptor of our own may be told not to wait: the one that we were given is
    shared with the shell.
    """

    def __init__(self) -> None:
        super().__init__()
        given = sys.__stdout__.fileno() if sys.__stdout__ else 1
        own = _opened_anew(given)
        self._descriptor = given if own is None else own
        self._at_once = _BYTES_THAT_FIT if own is None else _BYTES_AT_ONCE
        self._is_cut = threading.Event()

    def write(self, text: str, /) -> int:
        """Send it all.

        Raises:
            OSError: the terminal has gone, or the line has been cut.
        """
        rest = memoryview(text.encode("utf-8", "replace"))
        while rest:
            if self._is_cut.is_set():
                raise OSError(errno.EPIPE, "the line to the terminal has been cut")
            rest = rest[self._send(rest) :]
        return len(text)

    def _send(self, data: memoryview) -> int:
        """Send what there is room for; returns how much that was."""
        if not select.select([], [self._descriptor], [], _SECONDS_BETWEEN_LOOKS)[1]:
            return 0
        try:
            return os.write(self._descriptor, data[: self._at_once])
        except BlockingIOError:  # room, but not enough for the next character
            self._is_cut.wait(_SECONDS_UNTIL_ROOM)
            return 0

    def flush(self) -> None:
        """Everything has been written already."""

    def fileno(self) -> int:
        """The descriptor that is written to."""
        return self._descriptor

    def cut(self) -> None:
        """End a write that waits, and every later one."""
        self._is_cut.set()


def _opened_anew(descriptor: int) -> int | None:
    """A descriptor of our own that never waits; None where there is none to be had."""
    for name in (_name(descriptor), "/dev/tty"):  # by its name it may be somebody else's, after `su` for instance
        if name:
            try:
                return os.open(name, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
            except OSError:
                continue
    return None


def _name(descriptor: int) -> str | None:
    try:
        return os.ttyname(descriptor)
    except OSError:
        return None
