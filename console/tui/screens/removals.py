"""The screen on which a removal is reviewed that a run was blocked from, and approved."""

from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.screen import ModalScreen

from console.operations.protocol import Operations, Removals
from console.run import RunReport
from console.tui.actions import ACTIONS, Action, Group, bindings
from console.tui.dialogs.approve import ApproveDialog
from console.tui.dialogs.help import HelpDialog
from console.tui.drawing.look import Look
from console.tui.link import Unanswered, ask
from console.tui.state.removal_list import PAGE
from console.tui.widgets.bars import Footer
from console.tui.widgets.removals import RemovalFrame

_MOVES = {
    "down": ("Move by a product", 2),
    "up": ("Move by a product", 3),
    "page_down": ("Move by what fits on the screen", 4),
    "page_up": ("Move by what fits on the screen", None),
    "first": ("Go to either end of the list", 5),
    "last": ("Go to either end of the list", 6),
}
"""The actions of the main screen that move here too, with their help and their places in the footer."""

KEYS: tuple[Action, ...] = (
    Action(
        id="approve",
        keys="enter",
        shown="Enter",
        label="approve",
        help="Approve the removal; asks for a reason",
        group=Group.SYNC,
        footer=1,
    ),
    *(
        replace(action, help=_MOVES[action.id][0], footer=_MOVES[action.id][1])
        for action in ACTIONS
        if action.id in _MOVES
    ),
    Action(
        id="help",
        keys="question_mark,f1",
        shown="? F1",
        label="help",
        help="Show the keys that work here",
        group=Group.CONSOLE,
        footer=8,
    ),
    Action(
        id="back",
        keys="escape,q",
        shown="Esc q",
        label="back",
        help="Go back and change nothing",
        group=Group.CONSOLE,
        footer=9,
    ),
)


class RemovalsScreen(ModalScreen[str]):
    """Shows what the run would have removed; returns the reason for which that was approved, or None."""

    CSS_PATH = "removals.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(KEYS)]

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

    def __init__(self, operations: Operations, report: RunReport, look: Look) -> None:
        super().__init__()
        self._operations, self._report, self._look = operations, report, look
        self.frame = RemovalFrame(report, look)
        self._footer = Footer(look, self._enabled)

    def compose(self) -> ComposeResult:
        """The list, and the keys."""
        yield self.frame
        yield self._footer

    # -- asking ----------------------------------------------------------------------------------------------------

    @on(RemovalFrame.Wanted)
    def _fetch(self, message: RemovalFrame.Wanted) -> None:
        message.stop()
        self._ask_for(message.page)

    @work(group="removals", exit_on_error=False)
    async def _ask_for(self, page: int) -> None:
        try:
            told = await ask(self._operations.removals(self._report.run_id, PAGE, page * PAGE))
        except Unanswered as answer:
            self.post_message(self.PageRefused(str(answer)))
        else:
            self.post_message(self.PageFetched(page, told))

    @on(PageFetched)
    def _show(self, message: PageFetched) -> None:
        self.frame.take(message.page, message.told)
        self._footer.redraw()

    @on(PageRefused)
    def _say(self, message: PageRefused) -> None:
        self.frame.fail(message.reason)

    # -- actions ---------------------------------------------------------------------------------------------------

    def _enabled(self) -> list[Action]:
        """What works here and now: nothing is approved before it could be seen."""
        is_loaded = self.frame.list.total is not None
        return [action for action in KEYS if action.id != "approve" or is_loaded]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key works here and now."""
        if action == "approve":
            return self.frame.list.total is not None
        return super().check_action(action, parameters)

    @on(Footer.Clicked)
    async def _press(self, message: Footer.Clicked) -> None:
        message.stop()
        await self.run_action(message.action_id)

    def action_approve(self) -> None:
        """Ask for the reason, and whether it is really meant."""

        def answered(reason: str | None) -> None:
            if reason is not None:
                self.dismiss(reason)

        self.app.push_screen(ApproveDialog(self._report.run_id, self.frame.list.due, self._look), answered)

    def action_help(self) -> None:
        """Show the keys that work here."""
        self.app.push_screen(HelpDialog(self._enabled()))

    def action_back(self) -> None:
        """Go back and change nothing."""
        self.dismiss(None)

    def action_down(self) -> None:
        """Go down by a product."""
        self.frame.move(1)

    def action_up(self) -> None:
        """Go up by a product."""
        self.frame.move(-1)

    def action_page_down(self) -> None:
        """Go down by what fits."""
        self.frame.move(self.frame.page)

    def action_page_up(self) -> None:
        """Go up by what fits."""
        self.frame.move(-self.frame.page)

    def action_first(self) -> None:
        """Go to the first product."""
        self.frame.move_to_end(first=True)

    def action_last(self) -> None:
        """Go to the last product."""
        self.frame.move_to_end(first=False)
