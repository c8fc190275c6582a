"""Standard input, output and error, where whoever started us has closed one of them."""

import os
import sys
from typing import IO


def open_closed_streams() -> None:
    """Put the null device in the place of each that is closed.

    Python has None for it then, and the kernel would give its number to the next file that is opened: to the database,
    say, with a library's cry for help written into it.
    """
    for descriptor, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: this one
        if getattr(sys, name) is None:
            setattr(sys, name, nowhere(mode))


def let_go_of_broken_streams() -> None:
    """Drop what can be written nowhere: Python would try it at the very end, and exit with 120 over it."""
    for name in ("stdout", "stderr"):
        try:
            getattr(sys, name).flush()
        except OSError:
            setattr(sys, name, nowhere())


def nowhere(mode: str = "w") -> IO[str]:
    """A stream that swallows what it is given, and has nothing to read."""
    return open(os.devnull, mode, encoding="utf-8")  # noqa: PTH123 - it stays open until the end
