"""How the console ends when nobody at the keyboard asks it to: a signal, or a terminal that has gone.

The kernel's note of a signal goes down a pipe to a thread of its own, so that it is heard even while the main thread
is stuck. That thread asks everybody to end, and ends the process itself when that takes too long.
"""

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Self

_ENDS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)
_NEVER_MIND = 0
"""Down the pipe: there is nothing to wait for any more. No signal has this number."""

_DEADLINE_SECONDS = 9.0
_LAST_RESORT_SECONDS = 0.5

_logger = logging.getLogger("console")


class Leaving:
    """Within it a signal that asks us to end is answered so, on every thread's behalf. For the main thread.

    `last_resort` is what must be done even then when nothing else works any more; each gets half a second. A signal
    that is ignored already stays so: that is what nohup does.
    """

    def __init__(self, *last_resort: Callable[[], object]) -> None:
        self._last_resort = last_resort
        self._asked: list[Callable[[int], None]] = []
        self._lock = threading.Lock()
        self._code: int | None = None
        self._receiver, self._sender = socket.socketpair()
        self._sender.setblocking(False)
        self._before: dict[signal.Signals, Callable[[int, FrameType | None], object] | int | None] = {}
        self._wakeup_before = -1
        self._thread = threading.Thread(target=self._watch, name="leaving", daemon=True)

    @property
    def code(self) -> int | None:
        """The exit code that we were asked to end with; None where nobody did."""
        return self._code

    def __enter__(self) -> Self:
        self._wakeup_before = signal.set_wakeup_fd(self._sender.fileno(), warn_on_full_buffer=False)
        for number in _ENDS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, _is_heard)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._code is not None:
            for number in self._before:  # our handlers go before Python has ended, and one more signal would kill it
                signal.signal(number, signal.SIG_IGN)
            return  # the thread stays until the process has ended, so that it does end
        signal.set_wakeup_fd(self._wakeup_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._sender.send(bytes([_NEVER_MIND]))
        self._thread.join()
        self._receiver.close()
        self._sender.close()

    def hang_up(self) -> None:
        """End as if a hang-up had come as a signal. From any thread."""
        try:
            self._sender.send(bytes([signal.SIGHUP]))
        except OSError:  # so many signals that there is no room, or it is over
            return

    def tell(self, asked: Callable[[int], None]) -> None:
        """Say who is asked to end, and with which exit code, when it comes to that. It must not wait for anything."""
        with self._lock:
            self._asked.append(asked)
            code = self._code
        if code is not None:
            asked(code)

    def _watch(self) -> None:
        number = self._first()
        if number is None:
            return
        deadline = time.monotonic() + _DEADLINE_SECONDS
        try:
            self._ask(number)
        except Exception:
            _logger.exception("Not everybody could be asked to end")
        time.sleep(max(deadline - time.monotonic(), 0))
        self._end()

    def _first(self) -> signal.Signals | None:
        """The first signal that asks us to end; None where none came."""
        while True:
            for number in self._receiver.recv(64):
                if number == _NEVER_MIND:
                    return None
                if number in _ENDS:
                    return signal.Signals(number)

    def _ask(self, number: signal.Signals) -> None:
        _logger.warning("%s: the console ends, and an active run at the next page boundary", number.name)
        with self._lock:
            self._code = 128 + number
            asked = tuple(self._asked)
        for each in asked:
            each(128 + number)

    def _end(self) -> None:
        _logger.error("The console did not end within %s seconds, and is ended now", _DEADLINE_SECONDS)
        for each in self._last_resort:
            thread = threading.Thread(target=_try, args=(each,), daemon=True)
            thread.start()
            thread.join(_LAST_RESORT_SECONDS)
        os._exit(self._code or 1)


def _is_heard(number: int, frame: FrameType | None) -> None:
    """Nothing: the thread hears of it. But without a handler the process would end here and now."""


def _try(what: Callable[[], object]) -> None:
    try:
        what()
    except Exception:
        _logger.exception("The last resort failed")
