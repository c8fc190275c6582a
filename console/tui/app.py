"""The app: a theme, the main screen, and the keys that work everywhere."""

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import ClassVar

from rich.text import Text
from textual import events, on
from textual.app import App
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.filter import LineFilter

from console.clock import Clock, SystemClock
from console.tui import glyphs as glyph_sets
from console.tui.drawing.look import Look
from console.tui.drawing.words import LocalZone
from console.tui.glyphs import Glyphs
from console.tui.link import Connect
from console.tui.rules import Rules
from console.tui.screens.main import MainScreen
from console.tui.terminal.ascii import AsciiFilter
from console.tui.theme import SIXTEEN, Palette, palette_for
from console.tui.wish import ExitWish

HANGUP_CODE = 128 + signal.SIGHUP if sys.platform != "win32" else 1
FAILURE = "g2a-console: the screen failed; the log says where."

_logger = logging.getLogger(__name__)


def terminal_driver() -> type[Driver] | None:
    """Our driver where there is a Unix terminal, Textual's own elsewhere."""
    if sys.platform == "win32":
        return None
    from console.tui.terminal.driver import TerminalDriver  # noqa: PLC0415 - termios is Unix's alone

    return TerminalDriver


class ConsoleApp(App[ExitWish], inherit_bindings=False):
    """The console on a terminal. `run()` returns what its operator wants next.

    `connect` brings the engine and is awaited after the first paint; `zone` is the operator's own, by default the
    machine's. Glyphs and palette are chosen for the terminal unless they are given. The engine belongs to the caller,
    before and after. No wish means that it did not come to one; `return_code` says why, None that the screen failed.
    `on_hangup` is told when the terminal has gone, on any thread.
    """

    TITLE = "g2a-console"
    CSS_PATH: ClassVar = ["app.tcss", "screens/main.tcss"]  # a screen's own would have all rules parsed again
    DEFAULT_MODE = "main"
    ENABLE_COMMAND_PALETTE = False  # the main screen opens it, with our actions alone
    ALLOW_SELECT = False  # selecting is the terminal's: what it copies reaches the operator's own machine
    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority, so that no dialog, field or palette swallows the way out.
        Binding("ctrl+q,ctrl+c", "leave", "quit", priority=True, id="leave_anywhere", tooltip="Leave"),
    ]

    def __init__(
        self,
        connect: Connect,
        *,
        clock: Clock | None = None,
        zone: tzinfo | None = None,
        glyphs: Glyphs | None = None,
        palette: Palette | None = None,
        on_hangup: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(driver_class=terminal_driver())
        self._on_hangup = on_hangup
        self._end_code: int | None = None
        self._screen_loop: asyncio.AbstractEventLoop | None = None
        look = Look(glyphs or glyph_sets.detect(), palette or palette_for(self.console.color_system), LocalZone(zone))
        self.main = MainScreen(connect, clock or SystemClock(), look)
        self.add_mode(self.DEFAULT_MODE, lambda: self.main)
        self.register_theme(look.palette.theme())
        self.theme = look.palette.name
        self.stylesheet = Rules(variables=self.get_css_variables())
        self.set_class(look.palette is SIXTEEN, "-sixteen")
        self._extra_filters = [AsciiFilter()] if look.glyphs.is_ascii else []

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters, and ours for a terminal that has only ASCII."""
        return [*super().get_line_filters(), *self._extra_filters]

    def action_leave(self) -> None:
        """Leave, as the main screen does it."""
        self.main.action_leave()

    def end(self, code: int) -> None:
        """Leave with this exit code and without a question. From any thread, even before the first picture."""
        self._end_code = code
        if self._screen_loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: it has ended already
                self._screen_loop.call_soon_threadsafe(self._obey)

    def terminal_gone(self) -> None:
        """Leave: there is nobody left to show anything to."""
        self._on_hangup()
        self.end(HANGUP_CODE)

    @on(events.Mount)
    def _can_be_left(self) -> None:
        # Not before: Textual takes it ill to be left while it puts the first screen together.
        self._screen_loop = asyncio.get_running_loop()
        self._obey()

    @on(events.Load)
    def _obey(self) -> None:
        if self._end_code is not None:
            self.exit(return_code=self._end_code)

    def _fatal_error(self) -> None:
        # Textual would print the traceback with all local variables: secrets, over the operator's shell.
        _logger.critical("the screen failed", exc_info=sys.exc_info())
        if not self._exit_renderables:  # what fails in its wake is in the log alone
            self.panic(Text(FAILURE))
        self._close_messages_no_wait()
