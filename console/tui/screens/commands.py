"""What the operator asks of the engine: a dialog each, then the question; a refusal is told in plain words."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message

from console.clock import Clock
from console.operations.protocol import Schedule
from console.preferences import PreferenceKeeper
from console.tui.dialogs.questions import (
    cancel_question,
    leave_question,
    reset_question,
    resume_question,
    sync_question,
    undo_question,
)
from console.tui.drawing.look import Look
from console.tui.link import Link, Unanswered, ask
from console.tui.screens.requests import Requests
from console.tui.state.model import Model
from console.tui.wish import ExitWish

if TYPE_CHECKING:
    from console.tui.screens.overlay import Context


class Commands(Requests):
    """The part of the main screen that acts: on the engine, and on the console as a whole."""

    model: Model
    look: Look
    preferences: PreferenceKeeper
    clock: Clock
    link: Link | None

    class ResumptionPreviewed(Message):
        """The engine told when the paused schedule would run next."""

        def __init__(self, runs: Sequence[datetime]) -> None:
            super().__init__()
            self.runs = runs

    @property
    def context(self) -> "Context | None":
        """What a screen on top of this one is given, once there is an engine."""
        if self.link is None:
            return None
        from console.tui.screens.overlay import Context  # noqa: PLC0415 - see LATER

        return Context(self.link.operations, self.model, self.look, self.preferences, self.keys, self.clock)

    @property
    def engine(self) -> "Context | None":
        """The same, for what is asked about a run."""
        return self.context

    def action_sync_now(self) -> None:
        """Start a full sync, once it is confirmed."""

        def answered(yes: bool | None) -> None:
            if yes and self.link is not None:
                self._carry_out(self.link.operations.sync_now())

        if self.model.snapshot is not None:
            self.confirm(sync_question(self.model.snapshot, self.model.last_report), answered)

    def action_retry(self) -> None:
        """Go on with the last run, once it is confirmed."""
        if self.model.unfinished is not None:
            self.ask_to_retry(self.model.unfinished)

    def action_removals(self) -> None:
        """Review what the last run was blocked from removing."""
        if self.model.blocked is not None:
            self.review_removal(self.model.blocked)

    def action_history(self) -> None:
        """Look back at the runs that there were."""
        from console.tui.screens.history import HistoryScreen  # noqa: PLC0415 - see LATER

        if self.context is not None:
            self.app.push_screen(HistoryScreen(self.context))

    def action_products(self) -> None:
        """Look for products."""
        from console.tui.screens.products import ProductsScreen  # noqa: PLC0415 - see LATER

        if self.context is not None:
            self.app.push_screen(ProductsScreen(self.context))

    def action_cancel(self) -> None:
        """Stop the running sync, once it is confirmed."""

        def answered(yes: bool | None) -> None:
            if yes and self.link is not None:
                self._carry_out(self.link.operations.cancel())

        if self.model.active_run is not None:
            self.confirm(cancel_question(self.model.active_run, self.look), answered)

    def action_edit_time(self) -> None:
        """Change the time of the daily sync."""
        from console.tui.dialogs.daily_time import DailyTimeDialog  # noqa: PLC0415 - see LATER

        if self.link is not None and self.model.snapshot is not None:
            schedule = self.model.snapshot.schedule
            self.app.push_screen(DailyTimeDialog(self.link.operations, schedule, self.look, self.clock))

    def action_pause_schedule(self) -> None:
        """Start nothing by itself from now on, once it is said why."""
        from console.tui.dialogs.pause import PauseDialog  # noqa: PLC0415 - see LATER

        def answered(reason: str | None) -> None:
            if reason is not None and self.link is not None:
                self._carry_out(self.link.operations.pause_schedule(reason))

        self.app.push_screen(PauseDialog(self.model.next_run_at, self.look), answered)

    def action_resume_schedule(self) -> None:
        """Let the schedule go on, once it is confirmed; the question says when it would run next."""
        if self.link is not None and self.model.paused is not None:
            self._preview_resumption(self.model.paused)

    def action_sign_in(self) -> None:
        """Ask for the credentials; with those that were kept, the console is opened anew."""
        from console.tui.dialogs.sign_in import SignedIn, SignInDialog  # noqa: PLC0415 - see LATER

        def answered(how: SignedIn | None) -> None:
            if how is SignedIn.KEPT:
                self.app.exit(ExitWish.ANEW)
            elif how is SignedIn.DEMO:
                self.action_demo()

        if self.link is not None and self.model.snapshot is not None:
            dialog = SignInDialog(self.link.operations, self.look, self.model.snapshot.home)
            self.app.push_screen(dialog, answered)

    def action_reset_time(self) -> None:
        """Go back to the time of the settings, once it is confirmed."""

        def answered(yes: bool | None) -> None:
            if yes and self.link is not None:
                self._carry_out(self.link.operations.reset_schedule())

        if self.model.snapshot is not None:
            self.confirm(reset_question(self.model.snapshot.schedule), answered)

    def action_undo_schedule(self) -> None:
        """Undo the last change of the schedule, once it is confirmed; refused where it is another one by then."""
        undo = self.model.undo
        if undo is None:
            return

        def answered(yes: bool | None) -> None:
            if yes and self.link is not None:
                self._carry_out(self.link.operations.undo_schedule(undo.event_id))

        self.confirm(undo_question(undo, self.clock.now()), answered)

    def action_demo(self) -> None:
        """Leave for the demo."""
        self.app.exit(ExitWish.DEMO)

    def action_leave(self) -> None:
        """Leave; while a run is active, only once that is confirmed."""
        from console.tui.dialogs.confirm import Confirm  # noqa: PLC0415 - see LATER

        def answered(yes: bool | None) -> None:
            if yes:
                self.app.exit(ExitWish.QUIT)

        if self.model.active_run is None or self.model.read_only:
            self.app.exit(ExitWish.QUIT)  # leaving ends nothing that another process does
        elif not isinstance(self.app.screen, Confirm) or not self.app.screen.question.leaves:
            self.confirm(leave_question(self.model.active_run, self.look), answered)

    def why_barred(self) -> str:
        """Who runs the engine instead."""
        told = self.model.read_only
        return told.refusal(self.clock.now()) if told else ""

    @work(group="command", exit_on_error=False)
    async def _preview_resumption(self, schedule: Schedule) -> None:
        if self.link is None:
            return
        try:
            runs = await ask(self.link.operations.preview(schedule.hour, schedule.minute))
            self.post_message(self.ResumptionPreviewed(runs))
        except Unanswered as answer:
            self.post_message(self.CommandRefused(str(answer)))

    @on(ResumptionPreviewed)
    def _ask_to_resume(self, message: ResumptionPreviewed) -> None:
        def answered(yes: bool | None) -> None:
            if yes and self.link is not None:
                self._carry_out(self.link.operations.resume_schedule())

        # While the engine was asked, the operator may have gone elsewhere, or a colleague may have resumed it.
        if self.is_current and self.model.paused is not None:
            question = resume_question(self.model.paused, message.runs, self.look.zone)
            self.confirm(question, answered)
