"""The screen that shows the log as far back as its files go, or what was logged between two moments."""

from datetime import datetime
from typing import ClassVar

from msgspec.structs import asdict
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message

from console.operations.logbook import Place
from console.tui.actions import bindings
from console.tui.actions.log import ACTIONS
from console.tui.link import Unanswered, ask
from console.tui.screens.log_keys import LogKeys
from console.tui.screens.log_reading import SEARCHING, LogReading
from console.tui.screens.overlay import Context
from console.tui.state.log_filter import LogFilter, view_of
from console.tui.state.model import Part
from console.tui.state.situation import Access, LogState
from console.tui.widgets.log_file import FileLog
from console.tui.widgets.moving import MovingFrame
from console.tui.widgets.search_input import SearchInput

_LOOKS_PER_SECOND = 2
"""How often it is read what was written meanwhile: in a flood every look draws the whole screen anew."""


class LogSituation(Access, frozen=True, kw_only=True):
    """What decides which keys work here."""

    log: LogState
    has_problem: bool
    can_follow: bool


class LogScreen(LogReading, LogKeys):
    """The files from the newest record back, or from one moment to another; Esc stops what takes long."""

    ACTIONS = ACTIONS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTIONS)]
    AUTO_FOCUS = "FileLog"

    class Searched(Message):
        """The files were searched in one direction; `place` is where the match is, None where there is none."""

        def __init__(self, wanted: LogFilter, place: Place | None, *, back: bool) -> None:
            super().__init__()
            self.wanted, self.place, self.back = wanted, place, back

    def __init__(
        self,
        context: Context,
        since: datetime | None = None,
        until: datetime | None = None,
        title: str = "Whole log",
        *,
        words: str = "",
    ) -> None:
        super().__init__(context)
        wanted = LogFilter(view_of(context.preferences.current), words, since=since, until=until)
        self.log_pane: FileLog = FileLog(context.look, context.preferences, wanted, f"{title} (UTC)")
        self._has_grown = False
        self._turns_round = False
        """Whether a search that finds nothing above goes on below."""

    def content(self) -> ComposeResult:
        """The log, and the field for words."""
        yield self.log_pane
        yield SearchInput(id="log-words", placeholder="words to find in the log")

    @property
    def engine(self) -> Context:
        """The engine."""
        return self.context

    @property
    def moved(self) -> MovingFrame:
        """The log."""
        return self.log_pane

    @property
    def situation(self) -> LogSituation:
        """What decides which keys work."""
        pane = self.log_pane
        can_follow = pane.window.is_open_ended and not pane.lines.is_following
        return LogSituation(
            **asdict(self.model.access),
            log=self.log_state(),
            has_problem=pane.problem is not None,
            can_follow=can_follow,
        )

    @on(events.Mount)
    def _start(self) -> None:
        self.set_interval(1 / _LOOKS_PER_SECOND, self._look)
        self.log_pane.begin()

    def engine_told(self, parts: Part) -> None:
        """The log goes on."""
        super().engine_told(parts)
        self._has_grown |= bool(parts & Part.LOG)

    def _look(self) -> None:
        if self._has_grown:
            self._has_grown = False
            self.log_pane.grew()

    # -- searching ---------------------------------------------------------------------------------------------------

    def go_to_nearest(self) -> None:
        """Go to the last match up to the chosen row, wherever it is; where there is none, to the first below."""
        if not self.log_pane.go_to_match(back=True, here=True):
            self._turns_round = True
            self._search(back=True)

    def seek(self, *, back: bool) -> None:
        """Go to the next match in this direction, wherever it is."""
        self._turns_round = False
        if not self.log_pane.go_to_match(back=back):
            self._search(back=back)

    def _search(self, *, back: bool) -> None:
        window, wanted = self.log_pane.window, self.log_pane.wanted
        if window.is_oldest if back else window.is_newest:
            self.post_message(self.Searched(wanted, None, back=back))
        else:
            self.begin(SEARCHING)
            self._search_files(wanted, window.before if back else window.after, back=back)

    @work(group=SEARCHING, exclusive=True, exit_on_error=False)
    async def _search_files(self, wanted: LogFilter, place: Place | None, *, back: bool) -> None:
        book = self.operations.logbook
        search = book.earlier if back else book.later
        try:
            told = self.told(SEARCHING, back=back)
            page = await ask(search(wanted.matches, place, 1, told=told), seconds=None)  # Esc ends it
        except Unanswered as answer:
            self.post_message(self.LogRefused(str(answer)))
        else:
            found = page.entries[0].place if page.entries else None
            self.post_message(self.Searched(wanted, found, back=back))

    @on(Searched)
    def _go_to_found(self, message: Searched) -> None:
        self.end(SEARCHING)
        pane = self.log_pane
        if message.wanted != pane.wanted:
            return
        if message.place is not None:
            pane.go_to_place(message.place)
        elif self._turns_round and message.back:
            if not pane.go_to_match(back=False):
                self._search(back=False)
        else:
            pane.tell("found nowhere" if self._turns_round else "none above" if message.back else "none below")

    # -- actions -----------------------------------------------------------------------------------------------------

    def action_back(self) -> None:
        """Stop what goes on, let go of the words, or go back."""
        if self.log_pane.busy is not None:
            self.stop()
        elif not self.has_let_go():
            self.dismiss(None)

    def action_ask_again(self) -> None:
        """Read again what could not be read."""
        self.log_pane.ask_again()

    def action_follow(self) -> None:
        """Go to the newest record and stay there."""
        self.log_pane.follow()

    def action_right(self) -> None:
        """Go right."""
        self.log_pane.move_sideways(1)

    def action_left(self) -> None:
        """Go left."""
        self.log_pane.move_sideways(-1)
