"""The terminal of a console that must outlive it: a terminal can stall, vanish, or send nonsense."""

import io
import logging
import os
import select
import sys
import threading
from codecs import getincrementaldecoder
from collections.abc import Callable
from typing import Any, TextIO, cast

from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from console.tui.terminal.sgr import shorten

_WRITES_WAITING = 20
"""Writes that may wait for a terminal that does not read. Textual's own queue holds 30 and then stops its loop."""

_READ_BYTES = 4096
_SECONDS_BETWEEN_LOOKS = 0.1

_logger = logging.getLogger(__name__)


class TerminalDriver(LinuxDriver):
    """Never waits for the terminal, survives its end, and sends no more than it must.

    While the terminal does not read, what is drawn is dropped; as soon as it reads again, all is drawn anew. When it
    has gone, the app ends without a wish.
    """

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._outlet = _Outlet(cast(TextIO, sys.__stderr__), self._draw_anew)
        self._file = cast(io.TextIOWrapper, self._outlet)

    def write(self, data: str) -> None:
        """Queue it, unless nobody reads."""
        if self._outlet.accepts():
            super().write(shorten(data))

    def run_input_thread(self) -> None:
        """Read keys until the app or the terminal ends."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        while not self.exit_event.is_set():
            if select.select([self.fileno], [], [], _SECONDS_BETWEEN_LOOKS)[0]:
                data = os.read(self.fileno, _READ_BYTES)
                if not data:
                    raise EOFError("the terminal sends nothing any more")
                for event in parser.feed(decode(data)):
                    self.process_message(event)
            for event in parser.tick():
                self.process_message(event)

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except (OSError, EOFError, ValueError) as error:
            _logger.warning("the terminal has gone: %s", error)
            self._outlet.is_gone = True
            self._loop.call_soon_threadsafe(self._app.exit)
        except Exception:
            _logger.exception("the keyboard cannot be read any more")
            self._loop.call_soon_threadsafe(self._app.exit)

    def _sigcont_application(self, *_: object) -> None:
        # A pty that hangs up sends this too; there is nothing to start again on a terminal that has gone.
        if os.isatty(self.fileno):
            super()._sigcont_application()

    def _draw_anew(self) -> None:
        self._loop.call_soon_threadsafe(self._app.refresh)


class _Outlet(io.TextIOBase):
    """Where Textual's writing thread writes to: counts what waits, and takes the end of the terminal calmly."""

    def __init__(self, file: TextIO, on_recovered: Callable[[], None]) -> None:
        super().__init__()
        self._to = file
        self._on_recovered = on_recovered
        self._waiting = 0
        self._lock = threading.Lock()
        self._has_dropped = False
        self.is_gone = False

    def accepts(self) -> bool:
        """Whether one more write may be queued; it is counted then."""
        with self._lock:
            if self.is_gone:
                return False
            if self._waiting >= _WRITES_WAITING:
                self._has_dropped = True
                return False
            self._waiting += 1
            return True

    def write(self, text: str, /) -> int:
        """Write it, as long as there is a terminal."""
        if not self.is_gone:
            try:
                self._to.write(text)
                self._to.flush()
            except (OSError, ValueError):
                self.is_gone = True
        with self._lock:
            self._waiting -= 1
            recovered = self._has_dropped and not self._waiting and not self.is_gone
            self._has_dropped = self._has_dropped and not recovered
        if recovered:
            self._on_recovered()
        return len(text)

    def flush(self) -> None:
        """Everything has been written already."""

    def fileno(self) -> int:
        """The terminal's."""
        return self._to.fileno()
