"""What several screens ask of the engine about a run: its dialog, then the question; a refusal is told in words."""

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from textual import on, work
from textual.message import Message

from console.run import RunReport
from console.tui.dialogs.questions import Question, retry_question
from console.tui.drawing.outcome import products
from console.tui.link import Unanswered, ask
from console.tui.screens.action_screen import ActionScreen

if TYPE_CHECKING:
    from console.tui.screens.overlay import Context


class Requests(ActionScreen[None]):
    """The part of a screen that goes on with a run, or approves what one was blocked from."""

    class CommandRefused(Message):
        """The engine did not do what was asked; `reason` says why."""

        def __init__(self, reason: str) -> None:
            super().__init__()
            self.reason = reason

    class RetryBegun(Message):
        """The engine goes on with a run, as run `run_id`."""

        def __init__(self, run_id: int) -> None:
            super().__init__()
            self.run_id = run_id

    class RemovalApproved(Message):
        """The engine removed so many products."""

        def __init__(self, removed: int) -> None:
            super().__init__()
            self.removed = removed

    @property
    def engine(self) -> "Context | None":
        """The engine, and what is known of it; None until there is one."""
        raise NotImplementedError

    def confirm(self, question: Question, answered: Callable[[bool | None], None]) -> None:
        """Ask before something happens; only a yes is True."""
        from console.tui.dialogs.confirm import Confirm  # noqa: PLC0415 - see LATER

        self.app.push_screen(Confirm(question), answered)

    def ask_to_retry(self, report: RunReport) -> None:
        """Go on with a run, once it is confirmed."""

        def answered(yes: bool | None) -> None:
            if yes and self.engine is not None:
                self._retry(self.engine.operations.retry(report.run_id))

        if self.engine is not None and self.engine.model.snapshot is not None:
            self.confirm(retry_question(report, self.engine.model.snapshot.schedule), answered)

    def review_removal(self, report: RunReport) -> None:
        """Look at what a run was blocked from removing, and approve it or not."""
        from console.tui.screens.removals import RemovalsScreen  # noqa: PLC0415 - see LATER

        engine = self.engine
        if engine is None:
            return

        def answered(reason: str | None) -> None:
            if reason is not None:
                self._approve(engine.operations.approve(report.run_id, reason))

        self.app.push_screen(RemovalsScreen(engine, report), answered)

    @work(group="command", exit_on_error=False)
    async def _carry_out(self, command: Coroutine[Any, Any, object]) -> None:
        try:
            await ask(command, seconds=None)
        except Unanswered as answer:
            self.post_message(self.CommandRefused(str(answer)))

    @work(group="command", exit_on_error=False)
    async def _retry(self, retrying: Coroutine[Any, Any, int]) -> None:
        try:
            self.post_message(self.RetryBegun(await ask(retrying, seconds=None)))
        except Unanswered as answer:
            self.post_message(self.CommandRefused(str(answer)))

    @work(group="command", exit_on_error=False)
    async def _approve(self, approving: Coroutine[Any, Any, int]) -> None:
        try:
            self.post_message(self.RemovalApproved(await ask(approving, seconds=None)))
        except Unanswered as answer:
            self.post_message(self.CommandRefused(str(answer)))

    @on(RemovalApproved)
    def _tell_removed(self, message: RemovalApproved) -> None:
        were = "was" if message.removed == 1 else "were"
        self.notify(f"{products(message.removed)} {were} removed from the catalogue.", markup=False)

    @on(CommandRefused)
    def _tell(self, message: CommandRefused) -> None:
        self.tell_failure(message.reason)
