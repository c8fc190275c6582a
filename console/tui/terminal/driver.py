"""The terminal of a console that must outlive it: a terminal can stall, vanish, or send nonsense."""

import asyncio
import contextlib
import io
import logging
import os
import select
import signal
import termios
import threading
from codecs import getincrementaldecoder
from collections.abc import Callable
from typing import Any, Protocol, TextIO, cast, runtime_checkable

from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message

from console.tui.terminal.backlog import Backlog
from console.tui.terminal.line import Line
from console.tui.terminal.modes import ENTER, MOUSE_OFF, MOUSE_ON, never_stopped, say_goodbye
from console.tui.terminal.sgr import shorten
from console.tui.terminal.title import GIVE_BACK, KEEP, has_title, title_sequence

_WRITES_WAITING = 20
"""Writes that may wait for a terminal that does not read. Textual's own queue holds 30 and then stops its loop."""

_WIDEST, _HIGHEST = 1_000, 500
"""Cells that are drawn at most, whatever the terminal says of its size."""

_READ_BYTES = 512
"""Few, so that a flood is noticed in the midst of it."""

_ESCAPE = b"\x1b"
_SECONDS_BETWEEN_SIZES = 0.05
_SECONDS_BETWEEN_LOOKS = 0.1
_LAST_WORDS_SECONDS = 0.5

_logger = logging.getLogger(__name__)


@runtime_checkable
class Survivor(Protocol):
    """An app that wants to know when its terminal has gone."""

    def terminal_gone(self) -> None:
        """There is nobody left to show anything to. Called on the thread that reads the keyboard."""


class TerminalDriver(LinuxDriver):
    """Never waits for the terminal, survives its end, and sends no more than it must.

    While the terminal does not read, nothing is drawn; as soon as it reads again, all is drawn anew. When it has gone,
    the app is told, and ends.
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
        self._line = Line()
        self._outlet = _Outlet(cast(TextIO, self._line), self._draw_anew, self._stop_drawing)
        self._file = cast(io.TextIOWrapper, self._outlet)
        self._held = contextlib.ExitStack()
        self._backlog = Backlog(app)
        self._raw: list[Any] | None = None
        self._is_unsaid = False
        self._measuring: asyncio.TimerHandle | None = None
        self._title: str | None = None

    # -- the screen --------------------------------------------------------------------------------------------------

    def write(self, data: str) -> None:
        """Queue it, unless nobody reads."""
        if self._outlet.accepts():
            super().write(shorten(data))

    def set_title(self, words: str) -> None:
        """Make this the terminal's title, where it has one; the one before comes back at the end."""
        if has_title():
            sequence = title_sequence(words)
            self.write(sequence if self._title is not None else KEEP + sequence)
            self._title = sequence

    def use_mouse(self, *, listens: bool) -> None:
        """Listen to the mouse, or leave it to the terminal, which selects text with it."""
        if listens:
            self._mouse = True
            self._enable_mouse_support()
        else:
            self.write(MOUSE_OFF)
            self._mouse = False

    def _enable_mouse_pixels(self) -> None:
        """Never: a place in pixels would be taken for one in cells, because we do not believe in their size either."""

    def _get_terminal_size(self) -> tuple[int, int]:
        columns, rows = super()._get_terminal_size()
        return min(columns, _WIDEST), min(rows, _HIGHEST)

    def _size_changed(self, *_: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nothing is drawn any more
            self._loop.call_soon_threadsafe(self._measure_soon)

    def _measure_soon(self) -> None:
        if self._measuring is None:
            self._measuring = self._loop.call_later(_SECONDS_BETWEEN_SIZES, self._measure)

    def _measure(self) -> None:
        self._measuring = None
        size = Size(*self._get_terminal_size())
        self._app.post_message(events.Resize(size, size))
        self._app.refresh()  # a terminal that was small for a moment has lost what did not fit, whatever it is now

    def _stop_drawing(self) -> None:
        self._loop.call_soon_threadsafe(self._hold)

    def _draw_anew(self) -> None:
        self._loop.call_soon_threadsafe(self._release)

    def _hold(self) -> None:
        """Let the screen change without drawing it: nobody would see it."""
        self._held.close()
        if self._outlet.is_stalled:
            self._held.enter_context(self._app.batch_update())

    def _release(self) -> None:
        self._held.close()
        if self._title is not None:  # it may be among what was dropped
            self.write(self._title)
        self._app.refresh()

    # -- the keyboard ------------------------------------------------------------------------------------------------

    def run_input_thread(self) -> None:
        """Read keys until the app or the terminal ends.

        Raises:
            OSError, EOFError: the terminal has gone.
        """
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        while not self.exit_event.is_set():
            if self._outlet.is_gone:
                raise EOFError("the terminal takes nothing any more")
            if select.select([self.fileno], [], [], _SECONDS_BETWEEN_LOOKS)[0]:
                data = os.read(self.fileno, _READ_BYTES)
                if not data:
                    raise EOFError("the terminal sends nothing any more")
                if self._is_flooded(data):
                    continue
                for event in parser.feed(decode(data)):
                    if isinstance(event, events.Resize):  # the system knows the size, and does not make one up
                        parser.mouse_pixels = False
                    else:
                        self.process_message(event)
            for event in parser.tick():
                self.process_message(event)

    def _is_flooded(self, data: bytes) -> bool:
        """Whether these are more keys than anybody means. A sequence must stay whole: it waits until there is room."""
        if _ESCAPE not in data:
            return self._backlog.is_full()
        while self._backlog.is_full() and not self.exit_event.wait(_SECONDS_BETWEEN_LOOKS):
            pass
        return False

    def _run_input_thread(self) -> None:
        while not self.exit_event.is_set():
            try:
                self.run_input_thread()
            except (OSError, EOFError) as error:
                _logger.warning("the terminal has gone: %s", error)
                self._tell_the_end()
                return
            except Exception:
                _logger.exception("what the terminal sent cannot be understood; it is passed over")
                self.exit_event.wait(_SECONDS_BETWEEN_LOOKS)  # whatever it is that fails, it shall not fill the log

    def _tell_the_end(self) -> None:
        if isinstance(self._app, Survivor):
            self._app.terminal_gone()
        else:
            self._loop.call_soon_threadsafe(self._app.exit)

    def send_message(self, message: Message) -> None:
        """Pass it to the app."""
        self._backlog.add()
        self._loop.call_soon_threadsafe(self._deliver, message)

    def _deliver(self, message: Message) -> None:
        self._backlog.delivered()
        self._app.post_message(message)

    # -- coming and going --------------------------------------------------------------------------------------------

    def start_application_mode(self) -> None:
        """Take the terminal."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        signal.signal(signal.SIGWINCH, self._size_changed)
        with contextlib.suppress(termios.error):
            self._raw = termios.tcgetattr(self.fileno)

    def stop_application_mode(self) -> None:
        """Give the terminal back, from the background as well."""
        self._raw = None
        dropped = self._outlet.dropped
        with never_stopped():
            if self._title is not None:
                self.write(GIVE_BACK)
                self._title = None
            super().stop_application_mode()
        self._is_unsaid = self._outlet.dropped > dropped

    def close(self) -> None:
        """See the last words off; a terminal that does not take them in time finds them when it reads again."""
        writer = self._writer_thread
        if writer is None:
            return
        threading.Thread(target=writer.stop, name="terminal-end", daemon=True).start()
        writer.join(_LAST_WORDS_SECONDS)
        if writer.is_alive() or self._is_unsaid:
            self._line.cut()
            writer.join(_LAST_WORDS_SECONDS)
            say_goodbye(self._line)

    def _sigtstp_application(self, *_: object) -> None:
        """Go on: a console that sleeps syncs nothing."""

    def _sigcont_application(self, *_: object) -> None:
        # A pty that hangs up sends this too. Nothing is done here, in the middle of whatever the main thread was at.
        with contextlib.suppress(RuntimeError):  # the loop is closed: there is nothing to take again
            self._loop.call_soon_threadsafe(self._reclaim)

    def _reclaim(self) -> None:
        """Take the terminal again, after a shell has had it."""
        try:
            if self._raw is None or os.tcgetpgrp(self.fileno) != os.getpgrp():
                return
            termios.tcsetattr(self.fileno, termios.TCSANOW, self._raw)
        except (OSError, termios.error):  # it has gone
            return
        self.write(ENTER + MOUSE_ON if self._mouse else ENTER)
        if self._title is not None:
            self.write(self._title)
        self._app.refresh()


class _Outlet(io.TextIOBase):
    """Where Textual's writing thread writes to: counts what waits, and takes the end of the terminal calmly."""

    def __init__(
        self, file: TextIO, on_recovered: Callable[[], None], on_stalled: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__()
        self._to = file
        self._on_recovered = on_recovered
        self._on_stalled = on_stalled
        self._waiting = 0
        self._lock = threading.Lock()
        self.dropped = 0
        self.is_stalled = False
        """Whether something had to be dropped, and the terminal has not taken all of the rest yet."""
        self.is_gone = False

    def accepts(self) -> bool:
        """Whether one more write may be queued; it is counted then."""
        with self._lock:
            if self.is_gone:
                return False
            if self._waiting < _WRITES_WAITING:
                self._waiting += 1
                return True
            self.dropped += 1
            stalls = not self.is_stalled
            self.is_stalled = True
        if stalls:
            self._on_stalled()
        return False

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
            recovered = self.is_stalled and not self._waiting and not self.is_gone
            self.is_stalled = self.is_stalled and not recovered
        if recovered:
            self._on_recovered()
        return len(text)

    def flush(self) -> None:
        """Everything has been written already."""

    def fileno(self) -> int:
        """The terminal's."""
        return self._to.fileno()
