"""Notices on whatever screen is on top: what is said in passing, by whomever, comes here."""

from typing import Any

from textual.app import App, ScreenStackError
from textual.css.query import NoMatches
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.widgets import Button, Input, OptionList

from console.clock import Clock
from console.text import clean
from console.tui.drawing import notice as drawing
from console.tui.drawing.look import Look
from console.tui.drawing.place import place
from console.tui.screens.action_screen import ActionScreen
from console.tui.state.notices import Notice, Notices, Severity
from console.tui.widgets.notice_box import NoticeBox, size_of

_WORDS_LIMIT = 2_000
_TALL = 32
"""Rows from which a notice may have a line more."""

_NEEDED = (Input, Button, OptionList)
"""What must be seen while it has the focus."""


class NoticeBoard:
    """Shows one notice at a time on the screen on top, where it covers nothing that is needed."""

    def __init__(self, app: App[Any], look: Look, clock: Clock) -> None:
        self._app, self._look, self._clock = app, look, clock
        self.notices = Notices()

    def tell(self, words: str, severity: Severity, seconds: float) -> None:
        """Say this; it is kept as well."""
        self.notices.tell(self._notice(words, severity), seconds, self._clock.monotonic())
        self.show()

    def keep(self, words: str, severity: Severity) -> None:
        """Keep what the screen itself says already."""
        self.notices.keep(self._notice(words, severity))

    def _notice(self, words: str, severity: Severity) -> Notice:
        return Notice(words=clean(words, _WORDS_LIMIT), severity=severity, at=self._clock.now())

    def ticked(self) -> None:
        """Time has passed, and something may have moved below the notice."""
        if self.notices.shown is not None:
            self.notices.tick(self._clock.monotonic())
            self.show()

    def key_pressed(self) -> None:
        """Somebody is there."""
        if self.notices.stays:
            self.notices.key_pressed(self._clock.monotonic())
            self.show()

    def dismiss(self) -> None:
        """It has been read."""
        self.notices.dismiss(self._clock.monotonic())
        self.show()

    def show(self) -> None:
        """Put the notice on the screen on top, and take it from those below."""
        try:
            *below, top = self._app.screen_stack
        except (ScreenStackError, ValueError):  # there is no screen yet, or none any more
            return
        for screen in below:
            box = _box_on(screen)
            if box is not None:
                box.take_away()
        self._show_on(top)

    def _show_on(self, screen: Screen[Any]) -> None:
        lists_them = isinstance(screen, ActionScreen) and screen.LISTS_NOTICES
        shown, box = None if lists_them else self.notices.shown, _box_on(screen)
        if shown is None:
            if box is not None:
                box.take_away()
        elif box is None:
            if screen.is_attached and screen.is_running:
                screen.mount(NoticeBox(self._look))
                screen.call_after_refresh(self.show)
        else:
            self._put(shown, box, screen)

    def _put(self, shown: Notice, box: NoticeBox, screen: Screen[Any]) -> None:
        room = self._app.size
        for rows in range(3 if room.height >= _TALL else 2, 0, -1):
            lines = drawing.box(shown, self._look, room.width - 2, rows)
            for kept in (_wanted(screen), _needed(screen)):
                kept.append(Region(0, room.height - 1, room.width, 1))  # the keys, a dialog's screen's too
                found = place(room, Size(*size_of(lines)), kept) if lines else None
                if found is not None:
                    box.put(found, lines)
                    return
        box.take_away()  # it is kept for whoever looks


def _box_on(screen: Screen[Any]) -> NoticeBox | None:
    try:
        return screen.query_one(NoticeBox)
    except NoMatches:
        return None


def _needed(screen: Screen[Any]) -> list[Region]:
    """What must never be covered: what has the focus, and the choices of a dialog."""
    needed = [widget.region for widget in screen.query("#choices")]
    if isinstance(screen.focused, _NEEDED):
        needed.append(screen.focused.region)
    return [region for region in needed if region]


def _wanted(screen: Screen[Any]) -> list[Region]:
    """What is covered only where there is no room beside it: a dialog as a whole, and every field."""
    return _needed(screen) + [widget.region for widget in screen.query("#box, #top, StateLine, Input") if widget.region]
