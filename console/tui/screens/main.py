"""The main screen: jobs, the next run, the sync and the log, and the keys to act on them."""

from typing import ClassVar

from msgspec.structs import asdict
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widget import Widget

from console.clock import Clock
from console.logs import LogLine
from console.preferences import PreferenceKeeper
from console.tui.actions import bindings
from console.tui.actions.main import ACTIONS
from console.tui.drawing.look import Look
from console.tui.keys import KeyMap
from console.tui.later import load_later
from console.tui.link import Connect, Everything
from console.tui.screens.commands import Commands
from console.tui.screens.key_file import KeyFile
from console.tui.screens.live import LiveScreen
from console.tui.screens.log_keys import LogKeys
from console.tui.state.model import Part
from console.tui.state.situation import PaneName, Situation
from console.tui.widgets.bars import Footer, Header, ReadOnlyBar, StateLine, UtcClock
from console.tui.widgets.log_newest import NewestLog
from console.tui.widgets.moving import MovingFrame
from console.tui.widgets.pane import Pane
from console.tui.widgets.schedule import JobsPane, NextRunPane
from console.tui.widgets.search_input import SearchInput
from console.tui.widgets.sync import SyncPane

_ROOM_FOR_ONE = (36, 12)
"""Columns and rows below which only the focused pane is shown."""


_WIDTHS = [(0, "-w-tiny"), (40, "-w-narrow"), (64, "-w-normal"), (110, "-w-wide"), (160, "-w-huge")]
_HEIGHTS = [(0, "-h-low"), (18, "-h-short"), (24, "-h-normal"), (32, "-h-tall"), (48, "-h-huge")]
"""The classes that the stylesheet knows, each from this many columns or rows on."""


class MainScreen(Commands, LogKeys, KeyFile, LiveScreen):
    """One screen carries the day; everything else opens on top of it."""

    AUTO_FOCUS = "SyncPane"
    ACTIONS = ACTIONS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTIONS)]
    HORIZONTAL_BREAKPOINTS = _WIDTHS
    VERTICAL_BREAKPOINTS = _HEIGHTS

    # The panes draw their focus themselves; Textual would send the whole screen for every Tab.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def __init__(self, connect: Connect, clock: Clock, look: Look, preferences: PreferenceKeeper) -> None:
        super().__init__(connect, clock)
        self.look = look
        self.preferences = preferences
        self.jobs = JobsPane(self.model, look, clock)
        self.next_run = NextRunPane(self.model, look, clock)
        self.sync = SyncPane(self.model, look, clock)
        self.log_pane: NewestLog = NewestLog(look, preferences)
        self._header = Header(self.model, look, clock, is_alone=lambda: self.has_class("-h-low"))
        self._state = StateLine(self.model, look, clock)
        self._time = UtcClock(look, clock)
        self._read_only = ReadOnlyBar(self.model, look, clock)
        self._footer = Footer(look, lambda: self.enabled_actions, lambda: self.barred_actions)
        self._schedule = Container(self.jobs, self.next_run, id="schedule")
        self._is_refused = False
        self._is_zoomed = preferences.current.zoomed
        self._has_offered_sign_in = False

    def use_keys(self, keys: KeyMap) -> None:
        """Answer to these keys, and name them where a sentence does."""
        super().use_keys(keys)
        self.look.keys = keys

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        self._fit(self.app.size)
        yield Container(self._header, self._time, id="top")
        yield self._state
        yield self._read_only
        yield self._schedule
        yield self.sync
        yield self.log_pane
        yield SearchInput(id="log-words", placeholder="words to find in the log")
        yield self._footer

    def _fit(self, size: Size) -> None:
        """Wear the classes of this size from the start: Textual gives them after a first layout, and does it again."""
        fitting = [
            next(name for least, name in reversed(steps) if length >= least)
            for steps, length in ((_WIDTHS, size.width), (_HEIGHTS, size.height))
        ]
        self.update_classes(dict.fromkeys(fitting, True), update=False)

    # -- where the operator is -------------------------------------------------------------------------------------

    @property
    def panes(self) -> dict[PaneName, Pane]:
        """The panes in the order of Tab."""
        return {pane.NAME: pane for pane in (self.jobs, self.next_run, self.sync, self.log_pane)}

    @property
    def pane(self) -> Pane | None:
        """The focused pane."""
        return self.focused if isinstance(self.focused, Pane) else None

    @property
    def moved(self) -> MovingFrame | None:
        """The focused pane."""
        return self.pane

    @property
    def situation(self) -> Situation:
        """What decides which keys work."""
        pane, model = self.pane, self.model
        return Situation(
            **asdict(model.access),
            refused=self._is_refused,
            notice=model.snapshot is not None and model.snapshot.notice is not None,
            running=model.active_run is not None,
            cancelling=model.is_cancelling,
            paused=model.paused is not None,
            time_is_set=model.snapshot is not None and model.snapshot.schedule.updated_by is not None,
            undoable=model.undo is not None,
            unfinished=model.unfinished is not None,
            blocked=model.blocked is not None,
            pane=pane.NAME if pane else None,
            can_move=pane is not None and pane.can_move,
            can_move_sideways=pane is not None and pane.can_move_sideways,
            has_problems=bool(self.sync.problems),
            zoomed=self._is_zoomed,
            single=self._is_cramped,
            choosing=self.sync.is_choosing,
            log=self.log_state(),
        )

    # -- showing ---------------------------------------------------------------------------------------------------

    def show(self, parts: Part) -> None:
        """Draw again what changed."""
        if parts & Part.CLOCK:
            self._time.redraw()
        if parts & (Part.HEALTH | Part.CLOCK | Part.SYNC):
            self._state.redraw()
        if parts & (Part.HEALTH | Part.CLOCK):
            self._header.redraw()
            self._read_only.redraw()
        if parts & (Part.SCHEDULE | Part.HEALTH):
            self.jobs.redraw()
        if parts & (Part.SCHEDULE | Part.HEALTH | Part.CLOCK):
            self.next_run.redraw()
        if parts & (Part.SYNC | Part.SCHEDULE) or (parts & Part.CLOCK and self.model.active_run is not None):
            self.sync.redraw()
        self._footer.redraw()

    @on(LiveScreen.Connected)
    def _load_the_rest(self) -> None:
        """Load what opens on top of this screen, so that its first key need not wait for it."""
        self.run_worker(load_later, thread=True, group="loading", exit_on_error=False)

    def show_log(self, lines: list[LogLine]) -> None:
        """Add to the log."""
        self.log_pane.append(lines)

    def show_everything(self, told: Everything) -> None:
        """Draw all anew."""
        self.log_pane.merge(told.log)
        if self.has_class("-read-only") and self.model.read_only is None:
            self.notify("The other process is gone: this console runs the engine now.", markup=False)
        self.set_class(self.model.read_only is not None, "-read-only")
        self.show(Part.ALL)
        if self.situation.notice and self.situation.commands and not self._has_offered_sign_in:
            self._has_offered_sign_in = True
            self.action_sign_in()

    def refuse(self, reason: str) -> None:
        """Say in place of the panes that there is no engine."""
        from console.tui.widgets.no_engine import NoEnginePane  # noqa: PLC0415 - hardly ever needed

        self._is_refused = True
        self.model.failure = reason
        self._header.redraw()
        self._state.redraw()
        self.add_class("-refused")
        self.mount(NoEnginePane(self.look, reason), before=self._footer)
        self._footer.redraw()

    @on(events.ScreenResume)
    def _adopt(self) -> None:
        self.log_pane.adopt()

    # -- the room --------------------------------------------------------------------------------------------------

    @property
    def _is_cramped(self) -> bool:
        columns, rows = _ROOM_FOR_ONE
        return self.app.size.width < columns or self.app.size.height < rows

    @on(events.Resize)
    def _arrange(self) -> None:
        """Show all panes, or one alone where it is zoomed or there is no room for more."""
        single = self._is_zoomed or self._is_cramped
        self.set_class(single, "-single")
        if single:
            self._choose(self.pane or self._usual_pane)
        self.call_after_refresh(self._keep_focus)

    @property
    def _usual_pane(self) -> Pane:
        """The pane that had the focus the last time."""
        return self.panes.get(PaneName(self.preferences.current.pane or PaneName.SYNC), self.sync)

    @on(events.Mount)
    def _begin_there(self) -> None:
        self.set_focus(self._usual_pane, scroll_visible=False)

    def _remember_pane(self, pane: Pane) -> None:
        if pane is not self._usual_pane:
            self.preferences.change(pane=pane.NAME.value)

    @on(events.Click)
    def _remember_clicked(self) -> None:
        if self.pane is not None:
            self._remember_pane(self.pane)

    def _choose(self, chosen: Pane) -> None:
        """Give this pane the screen."""
        for pane in self.panes.values():
            pane.set_class(pane is chosen, "-chosen")
        self._schedule.set_class(chosen in (self.jobs, self.next_run), "-chosen")

    def _keep_focus(self) -> None:
        # A pane that went with the room takes the focus along; some pane must have it, or the keys reach none.
        is_lost = self.pane is None or not self.pane.display
        if is_lost and not self._is_refused and not self.is_typing:
            (self._usual_pane if self._usual_pane.display else self.sync).focus()
        self._header.redraw()
        self._footer.redraw()

    # -- actions of the view ---------------------------------------------------------------------------------------

    def action_zoom(self) -> None:
        """Give the focused pane the whole screen, or take it back."""
        self._is_zoomed = not self._is_zoomed
        self.preferences.change(zoomed=self._is_zoomed)
        self._arrange()

    def action_close(self) -> None:
        """Let go of what is searched or chosen first, then of the zoom."""
        if self.has_let_go():
            return
        if self.sync.is_choosing:
            self.sync.choose_nothing()
        elif self._is_zoomed:
            self.action_zoom()

    def action_next_pane(self) -> None:
        """Go to the next pane."""
        self._go(1)

    def action_previous_pane(self) -> None:
        """Go to the previous pane."""
        self._go(-1)

    def _go(self, steps: int) -> None:
        """Focus another pane; a pane that has the screen alone hands it on."""
        single = self.has_class("-single")
        reachable = [pane for pane in self.panes.values() if single or pane.is_shown]
        here = reachable.index(self.pane) if self.pane in reachable else -1
        target = reachable[(here + steps) % len(reachable)]
        if single:
            self._choose(target)
        target.focus()
        self._remember_pane(target)

    def action_follow(self) -> None:
        """Go to the end of the log and stay there."""
        self.log_pane.follow()

    def action_next_problem(self) -> None:
        """Choose the next page in trouble."""
        self.sync.choose_next_problem()

    def action_right(self) -> None:
        """Go right in the pane."""
        if self.pane is not None:
            self.pane.move_sideways(1)

    def action_left(self) -> None:
        """Go left in the pane."""
        if self.pane is not None:
            self.pane.move_sideways(-1)
