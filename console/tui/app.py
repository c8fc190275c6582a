"""The app: a theme, the main screen, and the keys that work everywhere."""

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import Any, ClassVar, Protocol, runtime_checkable

from rich.text import Text
from textual import events, on
from textual.app import App
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.filter import LineFilter
from textual.notifications import SeverityLevel
from textual.screen import Screen

from console.clock import Clock, SystemClock
from console.preferences import PreferenceKeeper
from console.tui.attention import Attention
from console.tui.drawing.words import LocalZone
from console.tui.glyphs import Glyphs
from console.tui.link import Connect
from console.tui.looks import Looks
from console.tui.notice_board import NoticeBoard
from console.tui.rules import Rules
from console.tui.screens.action_screen import ActionScreen
from console.tui.screens.live import LiveScreen
from console.tui.screens.look_requests import LookRequests, LookWish
from console.tui.screens.main import MainScreen
from console.tui.state.notices import Severity
from console.tui.theme import Palette
from console.tui.widgets.notice_box import NoticeBox
from console.tui.wish import ExitWish

HANGUP_CODE = 128 + signal.SIGHUP if sys.platform != "win32" else 1
FAILURE = "g2a-console: the screen failed; the log says where."

_SEVERITIES: dict[SeverityLevel, Severity] = {
    "information": Severity.TOLD,
    "warning": Severity.WARNING,
    "error": Severity.ERROR,
}

_logger = logging.getLogger(__name__)


def terminal_driver() -> type[Driver] | None:
    """Our driver where there is a Unix terminal, Textual's own elsewhere."""
    if sys.platform == "win32":
        return None
    from console.tui.terminal.driver import TerminalDriver  # noqa: PLC0415 - termios is Unix's alone

    return TerminalDriver


@runtime_checkable
class MouseSwitch(Protocol):
    """A driver that can give the mouse to the terminal, and take it back."""

    def use_mouse(self, *, listens: bool) -> None:
        """Listen to the mouse, or leave it to the terminal, which selects text with it."""


class ConsoleApp(App[ExitWish], inherit_bindings=False):
    """The console on a terminal. `run()` returns what its operator wants next.

    `connect` brings the engine and is awaited after the first paint; `zone` is the operator's own, by default the
    machine's. Glyphs and palette are chosen for the terminal unless they are given, here or by the `preferences`, of
    which nothing is kept by default. The engine belongs to the caller, before and after. No wish means that it did not
    come to one; `return_code` says why, None that the screen failed. `on_hangup` is told when the terminal has gone, on
    any thread.
    """

    TITLE = "g2a-console"
    CSS_PATH: ClassVar = ["app.tcss", "screens/main.tcss"]  # the other screens have their own
    DEFAULT_MODE = "main"
    ENABLE_COMMAND_PALETTE = False  # the main screen opens it, with our actions alone
    ALLOW_SELECT = False  # selecting is the terminal's: what it copies reaches the operator's own machine
    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority, so that no dialog, field or palette swallows the way out.
        Binding("ctrl+q,ctrl+c", "leave", "quit", priority=True, id="leave_anywhere", tooltip="Leave"),
        # An error is read before anything else closes.
        Binding("escape", "dismiss_notice", "seen", priority=True, id="dismiss_notice", tooltip="Take the notice away"),
    ]

    def __init__(
        self,
        connect: Connect,
        *,
        clock: Clock | None = None,
        zone: tzinfo | None = None,
        glyphs: Glyphs | None = None,
        palette: Palette | None = None,
        preferences: PreferenceKeeper | None = None,
        on_hangup: Callable[[], None] = lambda: None,
    ) -> None:
        self._colours: dict[str, dict[str, str]] = {}
        super().__init__(driver_class=terminal_driver())
        self._on_hangup = on_hangup
        self._end_code: int | None = None
        self._screen_loop: asyncio.AbstractEventLoop | None = None
        self.preferences = preferences or PreferenceKeeper()
        self.looks = Looks(self, self.preferences, LocalZone(zone), glyphs, palette)
        self.main = MainScreen(connect, clock or SystemClock(), self.looks.look, self.preferences)
        self.board = NoticeBoard(self, self.looks.look, self.main.clock)
        self._attention = Attention(
            self, self.main.model, self.main.clock, self.looks.look, self.board, lambda: self.preferences.current.bell
        )
        self.add_mode(self.DEFAULT_MODE, lambda: self.main)
        self.stylesheet = Rules(variables=self.get_css_variables())

    def get_css_variables(self) -> dict[str, str]:
        """The colours of the theme, worked out once: before the first picture Textual asks for them four times."""
        if self.theme not in self._colours:
            self._colours[self.theme] = super().get_css_variables()
        self.theme_variables = self._colours[self.theme]
        return self.theme_variables

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters, and ours for a terminal that lacks colours or signs."""
        return self.looks.filters(super().get_line_filters())

    @on(LookRequests.LookAsked)
    def _change_look(self, message: LookRequests.LookAsked) -> None:
        match message.wish:
            case LookWish.THEME:
                self.looks.choose_theme()
            case LookWish.SIGNS:
                self.looks.switch_signs()
            case LookWish.MOUSE:
                self._use_mouse(listens=self.looks.switch_mouse())
            case LookWish.BELL:
                self.looks.switch_bell()

    def _use_mouse(self, *, listens: bool) -> None:
        driver: object = self._driver
        if isinstance(driver, MouseSwitch):
            driver.use_mouse(listens=listens)

    @property
    def _background_screens(self) -> list[Screen[Any]]:
        # Textual counts the screen below the one on top even where nothing of it is seen, and repaints the one on top
        # as a whole whenever something changes there.
        return [] if self.screen.styles.background.a == 1 else super()._background_screens

    # -- what is said in passing -----------------------------------------------------------------------------------

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,  # noqa: ARG002 - Textual's interface: nothing is ever parsed
    ) -> None:
        """Say something in passing, on whatever screen is on top."""
        words = f"{title}: {message}" if title else message
        self.board.tell(words, _SEVERITIES[severity], self.NOTIFICATION_TIMEOUT if timeout is None else timeout)

    def _refresh_notifications(self) -> None:
        # Textual says here that another screen is on top.
        self.board.show()

    @on(LiveScreen.Ticked)
    def _ticked(self) -> None:
        self.board.ticked()
        self._attention.ticked()

    @on(ActionScreen.NoticesWanted)
    def _open_notices(self) -> None:
        from console.tui.screens.notices import NoticesScreen  # noqa: PLC0415 - see LATER

        self.board.dismiss()  # what is on the list has been seen
        screen = NoticesScreen(self.board.notices, self.main.look, self.main.clock, self.main.model)
        screen.use_keys(self.main.keys)
        self.push_screen(screen)

    @on(NoticeBox.Clicked)
    def action_dismiss_notice(self) -> None:
        """Take away the notice: it has been read."""
        self.board.dismiss()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key works here and now."""
        if action == "dismiss_notice":
            return self.board.notices.stays
        return super().check_action(action, parameters)

    async def on_event(self, event: events.Event) -> None:
        """Whoever presses a key is there, and has seen what is shown."""
        if isinstance(event, events.Key) and not event.is_forwarded and event.key != "escape":
            self.board.key_pressed()
        await super().on_event(event)

    # -- leaving ---------------------------------------------------------------------------------------------------

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
