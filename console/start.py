"""The first thing of ours that Python runs: from here on Ctrl+C ends the program quietly.

Python takes a fifth of a second to import the rest, and answers a Ctrl+C meanwhile with a traceback. So this module
imports nothing that takes time.
"""

import os
import signal
from types import FrameType

from console.garbage import hold_off

_CODE = 128 + signal.SIGINT


def main() -> None:
    """Run the command and end the process with its exit code."""
    end_at_once()
    hold_off()
    from console.cli import main as command  # noqa: PLC0415 - see above

    command()


def end_at_once() -> None:
    """Let Ctrl+C end the process here and now, unless it is to be ignored: nothing has begun, or all is over."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end)


def end_in_order() -> None:
    """Let Ctrl+C raise KeyboardInterrupt again, as a command that has begun expects it."""
    if signal.getsignal(signal.SIGINT) is _end:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _end(_number: int, _frame: FrameType | None) -> None:
    os._exit(_CODE)
