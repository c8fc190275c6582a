"""The log as its files hold it, as far back as they go."""

from collections.abc import Sequence

from textual.message import Message

from console.operations.logbook import LogPage, Place
from console.preferences import PreferenceKeeper
from console.tui.drawing.line import BLANK, Line, Span
from console.tui.drawing.look import Look
from console.tui.drawing.trouble import trouble
from console.tui.drawing.words import moment, number
from console.tui.state.log_filter import LogFilter
from console.tui.state.log_window import LogWindow, Want, Way
from console.tui.theme import Role
from console.tui.widgets.log import LogPane


class FileLog(LogPane):
    """A window on the files; it asks for the pages that come into sight."""

    IS_DATED = True
    SCREEN = "log"

    class Wanted(Message):
        """A page is needed."""

        def __init__(self, want: Want) -> None:
            super().__init__()
            self.want = want

    def __init__(self, look: Look, preferences: PreferenceKeeper, wanted: LogFilter, title: str) -> None:
        self.window = LogWindow(wanted)
        self.problem: str | None = None
        """Why something could not be read."""
        super().__init__(look, preferences, self.window, title)

    def show(self, wanted: LogFilter) -> None:
        """Show these records, at the same place."""
        self._want(self.window.show(wanted))

    def begin(self) -> None:
        """Show the newest records, or those from a moment on."""
        self.open(Way.END if self.wanted.since is None else Way.BEGINNING)

    def open(self, way: Way) -> None:
        """Show this end of the log."""
        self._want(self.window.ask(way))

    def go_to_place(self, place: Place) -> None:
        """Show what is around this place."""
        self._want(self.window.ask(Way.PLACE, place))

    def take(self, want: Want, page: LogPage) -> None:
        """A page came."""
        self.is_ready, self.problem = True, None
        if self.window.take(want, page, self.inner_rows):
            self.renew()

    def give_up(self) -> None:
        """What was asked for does not come."""
        self.window.give_up()
        self.is_ready = True
        self.renew()

    def fail(self, reason: str) -> None:
        """What was asked for cannot be read."""
        self.problem = reason
        self.give_up()

    def ask_again(self) -> None:
        """Ask for what could not be read."""
        self.problem = None
        self.window.try_again()
        if not self.window.is_loaded:
            self.begin()
        self.renew()

    def grew(self) -> None:
        """Something was written."""
        self.window.grew()
        self._look_around()

    def _look_around(self) -> None:
        """Ask for what will be needed next."""
        self._want(self.window.need(self.inner_rows))

    def _want(self, want: Want | None) -> None:
        if want is not None:
            self.post_message(self.Wanted(want))

    # -- drawing -----------------------------------------------------------------------------------------------------

    def content(self, cells: int, rows: int) -> Sequence[Line]:
        """Why something could not be read, and the visible rows."""
        told = trouble(self.problem, self.look, self.SCREEN, cells, rows) if self.problem is not None else []
        return [*told, *super().content(cells, max(rows - len(told), 0))]

    def nothing(self) -> str:
        """What is said in place of rows."""
        if self.problem is not None:
            return ""
        if not self.is_ready or self.window.asked is not None:
            return f"reading{self.look.glyphs.ellipsis}"
        told = super().nothing()
        return "nothing was logged in this time" if told.startswith("nothing") and self.wanted.since else told

    def remark(self) -> Line:
        """What is going on; of a log that can grow, whether it stands still."""
        return super().remark() if self.busy is not None or self.window.is_open_ended else BLANK

    def news_told(self) -> Line:
        """What has come since the log was paused, as far as that is known."""
        return super().news_told() if self.window.keeps_up else (Span("in the past", Role.MUTED),)

    def matches_told(self, here: int | None, count: int) -> str:
        """How many lines have the words; where the files hold more than was read, of what was read."""
        is_all = self.window.is_oldest and (self.window.is_newest or self.window.keeps_up)
        return super().matches_told(here, count) if is_all else f"{number(count) if count else 'none'} so far"

    def position(self) -> Line:
        """When the chosen record was logged."""
        row, window = self.chosen, self.window
        if row is None or row.line is None:
            return BLANK
        is_first = window.is_oldest and window.here == window.first
        return (Span(f"{moment(row.line.at)}{', the oldest record' if is_first else ''}", Role.MUTED),)

    # -- moving ------------------------------------------------------------------------------------------------------

    def _moved(self) -> None:
        super()._moved()
        self._look_around()

    def move(self, by: int) -> None:
        """Choose another row; what was given up on the way there is asked for again."""
        self.window.try_again()
        super().move(by)

    def move_to_end(self, *, first: bool) -> None:
        """Go to the oldest record, or to the newest."""
        if first and not self.window.is_oldest:
            self.open(Way.BEGINNING)
        else:
            super().move_to_end(first=first)

    def follow(self) -> None:
        """Go to the newest record, and stay there where more can come."""
        if self.window.keeps_up and self.window.is_open_ended:
            super().follow()
        else:
            self.open(Way.END)
