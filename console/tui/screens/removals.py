"""The screen on which a removal is reviewed that a run was blocked from, and approved."""

from typing import ClassVar

from msgspec.structs import asdict
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message

from console.operations.protocol import Removals
from console.run import RunReport
from console.tui.actions import bindings, removals
from console.tui.dialogs.approve import ApproveDialog
from console.tui.link import Unanswered, ask
from console.tui.screens.overlay import Context, OverlayScreen
from console.tui.state.page_cache import PAGE
from console.tui.state.situation import Access
from console.tui.widgets.moving import MovingFrame
from console.tui.widgets.removals import RemovalFrame


class RemovalsSituation(Access, frozen=True, kw_only=True):
    """What decides which keys work here: nothing is approved before it could be seen."""

    is_loaded: bool
    has_problem: bool
    can_move: bool


class RemovalsScreen(OverlayScreen[str]):
    """Shows what the run would have removed; returns the reason for which that was approved, or None."""

    ACTIONS = removals.ACTIONS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTIONS)]

    class PageFetched(Message):
        """The engine told a page of the list."""

        def __init__(self, page: int, told: Removals) -> None:
            super().__init__()
            self.page = page
            self.told = told

    class PageRefused(Message):
        """The engine did not tell; `reason` says why."""

        def __init__(self, reason: str) -> None:
            super().__init__()
            self.reason = reason

    def __init__(self, context: Context, report: RunReport) -> None:
        super().__init__(context)
        self._report = report
        self.frame = RemovalFrame(report, context.look)

    def content(self) -> ComposeResult:
        """The list."""
        yield self.frame

    @property
    def moved(self) -> MovingFrame:
        """The list."""
        return self.frame

    @property
    def situation(self) -> RemovalsSituation:
        """What decides which keys work."""
        is_loaded = self.frame.list.total is not None
        return RemovalsSituation(
            **asdict(self.model.access),
            is_loaded=is_loaded,
            has_problem=self.frame.problem is not None,
            can_move=self.frame.can_move,
        )

    # -- asking ----------------------------------------------------------------------------------------------------

    @on(RemovalFrame.Wanted)
    def _fetch(self, message: RemovalFrame.Wanted) -> None:
        message.stop()
        self._ask_for(message.page)

    @work(group="removals", exit_on_error=False)
    async def _ask_for(self, page: int) -> None:
        try:
            told = await ask(self.operations.removals(self._report.run_id, PAGE, page * PAGE))
        except Unanswered as answer:
            self.post_message(self.PageRefused(str(answer)))
        else:
            self.post_message(self.PageFetched(page, told))

    @on(PageFetched)
    def _show(self, message: PageFetched) -> None:
        self.frame.take(message.page, message.told)
        self.footer().redraw()

    @on(PageRefused)
    def _say(self, message: PageRefused) -> None:
        self.frame.fail(message.reason)
        self.footer().redraw()

    # -- actions ---------------------------------------------------------------------------------------------------

    def action_ask_again(self) -> None:
        """Ask again for what did not come."""
        self.frame.ask_again()
        self.footer().redraw()

    def action_approve(self) -> None:
        """Ask for the reason, and whether it is really meant."""

        def answered(reason: str | None) -> None:
            if reason is not None:
                self.dismiss(reason)

        self.app.push_screen(ApproveDialog(self._report.run_id, self.frame.list.due, self.look), answered)
