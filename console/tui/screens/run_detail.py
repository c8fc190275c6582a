"""Everything about one run, and what can be done about it."""

from datetime import timedelta
from typing import ClassVar

from msgspec.structs import asdict
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from console.history import RunFilter
from console.run import RunReport, RunStatus
from console.tui.actions import bindings, run_detail
from console.tui.screens.log import LogScreen
from console.tui.screens.overlay import Context
from console.tui.screens.requests import Requests
from console.tui.screens.run_questions import RunQuestions
from console.tui.state.model import Part
from console.tui.state.run_detail import RunDetail, Section
from console.tui.state.situation import Access
from console.tui.widgets.moving import MovingFrame
from console.tui.widgets.run_detail import RunFrame

_TOLD_AFTER = timedelta(seconds=2)
"""How long after its end the end of a run may be logged."""


class RunSituation(Access, frozen=True, kw_only=True):
    """What decides which keys work here.

    `unfinished` says that this run can be gone on with, `blocked` that it waits for a removal to be looked at.
    """

    notice: bool
    running: bool
    unfinished: bool
    blocked: bool
    can_open: bool
    can_move: bool
    has_problem: bool
    has_changes: bool
    has_log: bool


class RunDetailScreen(RunQuestions):
    """One run of those that the history shows; its neighbours are two keys away."""

    ACTIONS = run_detail.ACTIONS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTIONS)]

    def __init__(self, context: Context, report: RunReport, wanted: RunFilter) -> None:
        super().__init__(context)
        self.shown = RunDetail(report, context.preferences.current.changes_order)
        self.frame = RunFrame(self.shown, context.look, lambda: self._hints)
        self._wanted = wanted
        self._known = self.model.news

    def content(self) -> ComposeResult:
        """The run."""
        yield self.frame

    @property
    def engine(self) -> Context | None:
        """The engine."""
        return self.context

    @property
    def moved(self) -> MovingFrame:
        """The run."""
        return self.frame

    @property
    def situation(self) -> RunSituation:
        """What decides which keys work."""
        model, shown = self.model, self.shown
        unfinished = model.unfinished
        return RunSituation(
            **asdict(model.access),
            notice=model.snapshot is not None and model.snapshot.notice is not None,
            running=model.active_run is not None,
            unfinished=unfinished is not None and unfinished.run_id == shown.report.run_id,
            blocked=shown.report.status is RunStatus.BLOCKED,
            can_open=shown.chosen is not None and not shown.is_open,
            can_move=self.frame.can_move,
            has_problem=shown.problem is not None,
            has_changes=shown.section is Section.CHANGES and bool(shown.by_kind) and not shown.is_open,
            has_log=shown.report.started_at is not None,
        )

    @property
    def _hints(self) -> list[str]:
        """What can be done about the run."""
        now = self.situation
        retry, review = self.look.key("retry", "run"), self.look.key("removals", "run")
        hints = {
            "retry": f"Press {retry} to fetch what is missing.",
            "removals": f"Press {review} to review what it would have removed, and to approve that.",
        }
        told = [hints[action.id] for action in self.actions if action.id in hints and action.works(now)]
        is_live = self.model.active_run is not None and self.model.active_run.run_id == self.shown.report.run_id
        return [*told, "It is going on: the main screen shows it live."] if is_live else told

    # -- asking ----------------------------------------------------------------------------------------------------

    @on(RunFrame.Wanted)
    def _fetch(self, message: RunFrame.Wanted) -> None:
        message.stop()
        self.ask_for_items(message.question, message.page)

    @on(RunQuestions.ItemsFetched)
    def _show(self, message: RunQuestions.ItemsFetched) -> None:
        answer, shown = message.answer, self.shown
        if answer.question != shown.question:  # it came too late
            return
        shown.by_kind = shown.by_kind if answer.by_kind is None else answer.by_kind
        shown.problem = None
        shown.lists[shown.section].take(answer.page, answer.total, answer.items)
        self.frame.renew()

    @on(RunQuestions.ItemsRefused)
    def _say(self, message: RunQuestions.ItemsRefused) -> None:
        if message.question == self.shown.question:
            self.shown.problem = message.reason
            self.frame.renew()

    # -- keeping current -------------------------------------------------------------------------------------------

    def engine_told(self, parts: Part) -> None:
        """A run began or ended: it may be this one."""
        super().engine_told(parts)
        if self.model.news != self._known:
            self._known = self.model.news
            self.ask_for_run(self.shown.report.run_id)

    @on(RunQuestions.RunFetched)
    def _update(self, message: RunQuestions.RunFetched) -> None:
        if message.report.run_id == self.shown.report.run_id:
            if message.report != self.shown.report:
                self.shown.update(message.report)
            self.frame.renew()

    @on(Requests.RetryBegun)
    def _tell_begun(self, message: Requests.RetryBegun) -> None:
        self.notify(f"Run {message.run_id} fetches what is missing; the main screen shows it.", markup=False)

    # -- actions ---------------------------------------------------------------------------------------------------

    def action_back(self) -> None:
        """Close what is open; otherwise go back."""
        if self.shown.is_open:
            self.shown.close()
            self.frame.renew()
        else:
            self.dismiss(None)

    def action_ask_again(self) -> None:
        """Ask again for what did not come."""
        self.shown.ask_again()
        self.frame.renew()

    def action_retry(self) -> None:
        """Go on with the run, once it is confirmed."""
        self.ask_to_retry(self.shown.report)

    def action_removals(self) -> None:
        """Review what the run was blocked from removing."""
        self.review_removal(self.shown.report)

    def action_run_log(self) -> None:
        """Read what was logged during the run."""
        report = self.shown.report
        if report.started_at is not None:
            title = f"Log of run {report.run_id}"
            until = report.finished_at + _TOLD_AFTER if report.finished_at else None
            self.app.push_screen(LogScreen(self.context, report.started_at, until, title))

    def action_newer(self) -> None:
        """Go to the next run."""
        self.ask_for_neighbour(self.shown.report.run_id, self._wanted, newer=True)

    def action_older(self) -> None:
        """Go to the previous run."""
        self.ask_for_neighbour(self.shown.report.run_id, self._wanted, newer=False)

    @on(RunQuestions.NeighbourFetched)
    def _go_to(self, message: RunQuestions.NeighbourFetched) -> None:
        if message.report is None:
            end = "newest" if message.newer else "oldest"
            self.notify(f"This is the {end} run{' of these' if self._wanted != RunFilter() else ''}.", markup=False)
        elif message.since == self.shown.report.run_id:
            self.shown.show(message.report)
            self.frame.renew()

    def _go(self, section: Section) -> None:
        self.shown.go(section)
        self.frame.renew()

    def action_next_section(self) -> None:
        """Go to the next section."""
        self.shown.go_on(1)
        self.frame.renew()

    def action_previous_section(self) -> None:
        """Go to the previous section."""
        self.shown.go_on(-1)
        self.frame.renew()

    def action_show_summary(self) -> None:
        """Go to the summary."""
        self._go(Section.SUMMARY)

    def action_show_pages(self) -> None:
        """Go to the pages."""
        self._go(Section.PAGES)

    def action_show_errors(self) -> None:
        """Go to the errors."""
        self._go(Section.ERRORS)

    def action_show_rejected(self) -> None:
        """Go to the rejected products."""
        self._go(Section.REJECTED)

    def action_show_changes(self) -> None:
        """Go to the changes."""
        self._go(Section.CHANGES)

    def action_open(self) -> None:
        """See all about the chosen line."""
        self.shown.open()
        self.frame.renew()

    def action_sort(self) -> None:
        """Put the changes into the next order."""
        self.shown.sort()
        self.context.preferences.change(changes_order=self.shown.order)
        self.frame.renew()

    def action_next_kind(self) -> None:
        """Show another kind of changes."""
        self.shown.next_kind()
        self.frame.renew()
