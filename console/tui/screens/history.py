"""The run history: every run there was, filtered as one likes, with a chart of the newest ones."""

from collections.abc import Sequence
from typing import ClassVar

from msgspec.structs import asdict
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message

from console.history import RunFilter, RunPoint
from console.operations.history import RunList
from console.run import RunReport
from console.tui.actions import bindings, history
from console.tui.drawing.history_chart import Measure
from console.tui.link import Unanswered, ask
from console.tui.screens.history_filters import HistoryFilters
from console.tui.screens.overlay import Context
from console.tui.screens.run_detail import RunDetailScreen
from console.tui.state.model import Part
from console.tui.state.page_cache import PAGE
from console.tui.state.remembered import history_filter, runs_shown
from console.tui.state.run_filter import HistoryFilter
from console.tui.state.situation import Access
from console.tui.widgets.history import ChartFrame, RunsFrame
from console.tui.widgets.moving import MovingFrame
from console.tui.widgets.search_input import SearchInput

_CHARTED = 200
"""Runs of the chart: as many as the widest terminal shows."""
_HEIGHTS = [(0, "-h-low"), (16, "-h-short"), (30, "-h-tall"), (44, "-h-huge")]


class HistorySituation(Access, frozen=True, kw_only=True):
    """What decides which keys work here."""

    has_chosen: bool
    has_chart: bool
    is_filtered: bool
    can_move: bool
    has_problem: bool


class HistoryScreen(HistoryFilters):
    """Lists the runs, newest first; Enter opens one."""

    ACTIONS = history.ACTIONS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTIONS)]
    AUTO_FOCUS = ""
    VERTICAL_BREAKPOINTS = _HEIGHTS

    class RunsFetched(Message):
        """The engine told a page of the list that was asked for with this filter."""

        def __init__(self, wanted: HistoryFilter, page: int, told: RunList) -> None:
            super().__init__()
            self.wanted, self.page, self.told = wanted, page, told

    class TrendFetched(Message):
        """The engine told the figures of the newest runs."""

        def __init__(self, wanted: HistoryFilter, points: Sequence[RunPoint]) -> None:
            super().__init__()
            self.wanted, self.points = wanted, points

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.chart = ChartFrame(context.look)
        self.runs = RunsFrame(context.look, context.clock)
        self._known = self.model.news
        kept = context.preferences.current
        self.runs.filter = history_filter(kept.runs)
        self.chart.show(Measure(kept.chart))

    def content(self) -> ComposeResult:
        """The chart, the list, and the field for words."""
        yield self.chart
        yield self.runs
        yield SearchInput(id="words", placeholder="words of a run: a number, a day, a name, an outcome")

    @on(events.Mount)
    def _start(self) -> None:
        self.runs.first_run = self.first_run
        if not self.filter.is_empty:
            key = self.look.key("clear", "history")
            self.notify(f"The filter of the last time is in force: {', '.join(self.filter.told)}. {key} clears it.")
        self._ask_for_trend(self.filter)

    @property
    def wanted(self) -> RunFilter:
        """The same, as the engine is asked for them."""
        return self.filter.wanted(self.context.clock.now())

    @property
    def moved(self) -> MovingFrame:
        """The list."""
        return self.runs

    @property
    def situation(self) -> HistorySituation:
        """What decides which keys work."""
        return HistorySituation(
            **asdict(self.model.access),
            has_chosen=self.runs.list.chosen is not None,
            has_chart=self.chart.is_shown,
            is_filtered=not self.filter.is_empty,
            can_move=self.runs.can_move,
            has_problem=self.runs.problem is not None,
        )

    # -- asking ----------------------------------------------------------------------------------------------------

    @on(RunsFrame.Wanted)
    def _fetch(self, message: RunsFrame.Wanted) -> None:
        message.stop()
        self._ask_for_runs(self.filter, message.page)

    @work(group="history", exit_on_error=False)
    async def _ask_for_runs(self, wanted: HistoryFilter, page: int) -> None:
        condition = wanted.wanted(self.context.clock.now())
        try:
            told = await ask(self.operations.history.runs(condition, PAGE, page * PAGE))
        except Unanswered as answer:
            self.post_message(self.RunsRefused(wanted, str(answer)))
        else:
            self.post_message(self.RunsFetched(wanted, page, told))

    @work(group="trend", exclusive=True, exit_on_error=False)
    async def _ask_for_trend(self, wanted: HistoryFilter) -> None:
        condition = wanted.wanted(self.context.clock.now())
        try:
            points = await ask(self.operations.history.trend(condition, _CHARTED))
        except Unanswered as answer:
            self.post_message(self.RunsRefused(wanted, str(answer)))
        else:
            self.post_message(self.TrendFetched(wanted, points))

    @on(RunsFetched)
    def _show_runs(self, message: RunsFetched) -> None:
        if message.wanted == self.filter:  # another answer came too late
            self.runs.take(message.page, message.told)

    @on(TrendFetched)
    def _show_trend(self, message: TrendFetched) -> None:
        if message.wanted == self.filter:
            self.chart.take(message.points)

    @on(HistoryFilters.RunsRefused)
    def _say(self, message: HistoryFilters.RunsRefused) -> None:
        if message.wanted == self.filter:
            self.runs.fail(message.reason)
            self.chart.fail()
            self.footer().redraw()

    @on(RunsFrame.Moved)
    def _mark(self) -> None:
        chosen = self.runs.list.chosen
        self.chart.choose(chosen.run_id if chosen is not None else None)
        self.footer().redraw()

    # -- keeping current -------------------------------------------------------------------------------------------

    def engine_told(self, parts: Part) -> None:
        """A run began, got on, or ended."""
        super().engine_told(parts)
        if self.model.news != self._known:
            self._known = self.model.news
            self.runs.renew(self._live)
            self._ask_for_trend(self.filter)
        elif parts & Part.SYNC:
            self.runs.follow(self._live)

    @property
    def _live(self) -> RunReport | None:
        """The active run as it is now."""
        run = self.model.active_run
        if run is None:
            return None
        return RunReport(
            run_id=run.run_id,
            kind=run.kind,
            trigger=run.trigger,
            status=run.status,
            requested_by=run.requested_by,
            started_at=run.started_at,
            finished_at=None,
            duration_seconds=None,
            counts=run.counts,
        )

    def look_for(self, wanted: HistoryFilter) -> None:
        """Show the runs of this filter."""
        if wanted == self.filter:
            return
        self.runs.look_for(wanted)
        if runs_shown(wanted) != self.context.preferences.current.runs:
            self.context.preferences.change(runs=runs_shown(wanted))
        self._ask_for_trend(wanted)
        self.footer().redraw()

    # -- actions ---------------------------------------------------------------------------------------------------

    def action_ask_again(self) -> None:
        """Ask again for what did not come."""
        self.runs.ask_again()
        self._ask_for_trend(self.filter)
        self.footer().redraw()

    def action_open(self) -> None:
        """See all about the chosen run."""
        if self.runs.list.chosen is not None:
            self.app.push_screen(RunDetailScreen(self.context, self.runs.list.chosen, self.wanted))

    @on(RunsFrame.Opened)
    def _open_clicked(self) -> None:
        self.action_open()

    def action_next_measure(self) -> None:
        """Chart something else."""
        self.chart.next_measure()
        self.context.preferences.change(chart=self.chart.measure.value)
