"""What a screen with a log does with it: levels, search, matches alone, folding, one record, and saving."""

from typing import TYPE_CHECKING, Any

from textual import on, work
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input

from console.logs import LogLine
from console.operations.logbook import Level, LogQuery, Saved
from console.tui.drawing.words import number, short_path
from console.tui.link import Unanswered, ask
from console.tui.screens.action_screen import ActionScreen
from console.tui.state.log_filter import LogFilter
from console.tui.state.situation import LogState
from console.tui.widgets.log import LogPane
from console.tui.widgets.search_input import SearchInput

if TYPE_CHECKING:
    from console.tui.screens.overlay import Context

_SAVED_SECONDS, _COPIED_SECONDS = 10.0, 3.0


def copy_record(screen: Screen[Any], record: LogLine) -> None:
    """Put the record into the clipboard of the operator's terminal."""
    from console.tui.drawing.log_record import text_of  # noqa: PLC0415 - see LATER

    screen.app.copy_to_clipboard(text_of(record))
    screen.notify(f"Copied the record of {record.at:%H:%M:%S} UTC.", timeout=_COPIED_SECONDS, markup=False)


class LogKeys(ActionScreen[None]):
    """The part of a screen that has a log, and below it the field `#log-words`."""

    class LogSaved(Message):
        """What was shown is in a file."""

        def __init__(self, saved: Saved) -> None:
            super().__init__()
            self.saved = saved

    class LogRefused(Message):
        """It could not be read or saved; `reason` says why."""

        def __init__(self, reason: str) -> None:
            super().__init__()
            self.reason = reason

    log_pane: LogPane
    _wanted_before = LogFilter()
    _is_saving = False

    @property
    def engine(self) -> "Context | None":
        """The engine, once there is one."""
        raise NotImplementedError

    def log_state(self) -> LogState:
        """What the keys of the log depend on."""
        pane = self.log_pane
        return LogState(
            is_here=self.focused is pane,
            is_seen=pane.is_shown,
            typing=self.is_typing,
            has_chosen=pane.chosen is not None and pane.chosen.line is not None,
            has_words=bool(pane.wanted.words),
            following=pane.lines.is_following,
        )

    # -- searching ---------------------------------------------------------------------------------------------------

    @property
    def is_typing(self) -> bool:
        """Whether words are being typed."""
        return self.has_class("-typing")

    @property
    def _words(self) -> SearchInput:
        return self.query_one("#log-words", SearchInput)

    def action_search_log(self) -> None:
        """Begin to type words."""
        self._wanted_before = self.log_pane.wanted
        self._words.value = self._wanted_before.words
        self._words.cursor_position = len(self._words.value)
        self.add_class("-typing")
        self._words.focus()

    @on(Input.Changed, "#log-words")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self.is_typing and event.value != self.log_pane.wanted.words:
            self.log_pane.filter(words=event.value, only=False)

    @on(Input.Submitted, "#log-words")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._search_ended()

    def _search_ended(self) -> None:
        """Go to the nearest match."""
        self._end_typing()
        if self.log_pane.wanted.words:
            self.go_to_nearest()

    def _end_typing(self) -> None:
        self.remove_class("-typing")
        self.log_pane.focus()

    def go_to_nearest(self) -> None:
        """Choose the chosen row or the last match above it; where there is none, the first below."""
        pane = self.log_pane
        if not pane.go_to_match(back=True, here=True):
            pane.go_to_match(back=False)

    def has_let_go(self) -> bool:
        """Let go of the words that are typed, or that were; False where there are none."""
        if self.is_typing:
            self.log_pane.filter(words=self._wanted_before.words, only=self._wanted_before.only)
            self._end_typing()
        elif self.focused is self.log_pane and self.log_pane.wanted.words:
            self.log_pane.filter(words="", only=False)
        else:
            return False
        return True

    def action_next_match(self) -> None:
        """Go to the next match."""
        self.seek(back=False)

    def action_previous_match(self) -> None:
        """Go to the match before."""
        self.seek(back=True)

    def seek(self, *, back: bool) -> None:
        """Go to the next match in this direction."""
        if not self.log_pane.go_to_match(back=back):
            self.log_pane.tell("none above" if back else "none below")

    def action_only_matches(self) -> None:
        """Show matches alone, or all again."""
        self.log_pane.filter(only=not self.log_pane.wanted.only)

    # -- how it is shown ---------------------------------------------------------------------------------------------

    def action_wrap_log(self) -> None:
        """Fold long lines, or cut them off."""
        self.log_pane.toggle_wrap()

    def action_log_debug(self) -> None:
        """Show all levels."""
        self.log_pane.set_level(Level.DEBUG)

    def action_log_info(self) -> None:
        """Show INFO and above."""
        self.log_pane.set_level(Level.INFO)

    def action_log_warning(self) -> None:
        """Show WARNING and above."""
        self.log_pane.set_level(Level.WARNING)

    def action_log_error(self) -> None:
        """Show ERROR and above."""
        self.log_pane.set_level(Level.ERROR)

    def action_log_critical(self) -> None:
        """Show CRITICAL alone."""
        self.log_pane.set_level(Level.CRITICAL)

    # -- the whole log, one record, and saving -------------------------------------------------------------------------

    def action_whole_log(self) -> None:
        """Read the log as far back as its files go, and look for the same words."""
        from console.tui.screens.log import LogScreen  # noqa: PLC0415 - see LATER

        if self.engine is not None:
            self.app.push_screen(LogScreen(self.engine, words=self.log_pane.wanted.words))

    @on(LogPane.Opened)
    def action_open_record(self) -> None:
        """See all of the chosen record."""
        from console.tui.screens.log_record import RecordScreen  # noqa: PLC0415 - see LATER

        row, context = self.log_pane.chosen, self.engine
        if row is not None and row.line is not None and context is not None:
            self.app.push_screen(RecordScreen(context, row.line))

    def action_copy_record(self) -> None:
        """Copy the chosen record."""
        row = self.log_pane.chosen
        if row is not None and row.line is not None:
            copy_record(self, row.line)

    def action_save_log(self) -> None:
        """Save what is shown into a file."""
        if self.engine is not None and not self._is_saving:
            self._is_saving = True
            self._save_log(self.engine, self.log_pane.saved)

    @work(group="log-save", exit_on_error=False)
    async def _save_log(self, context: "Context", query: LogQuery) -> None:
        try:
            self.post_message(self.LogSaved(await ask(context.operations.logbook.save(query), seconds=None)))
        except Unanswered as answer:
            self.post_message(self.LogRefused(str(answer)))
        finally:
            self._is_saving = False

    @on(LogSaved)
    def _tell_saved(self, message: LogSaved) -> None:
        saved = message.saved
        records = f"{number(saved.records)} record{'' if saved.records == 1 else 's'}"
        part = "" if saved.is_whole else ", the newest of what is too much for one file"
        told = f"Saved {records}{part}: {short_path(saved.path)}"
        self.notify(told, timeout=_SAVED_SECONDS, markup=False)

    @on(LogRefused)
    def _tell_refused(self, message: LogRefused) -> None:
        self.tell_refusal(message.reason)
