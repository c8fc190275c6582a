"""The dialog that changes the time of the daily sync, with the next three runs as they would be."""

from collections.abc import Coroutine, Sequence
from datetime import datetime
from typing import Any

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Input, Static

from console.clock import Clock
from console.operations.protocol import Operations, Schedule
from console.tui.dialogs.confirm import Confirm
from console.tui.dialogs.dialog import Dialog
from console.tui.dialogs.questions import reset_question
from console.tui.drawing.look import Look
from console.tui.drawing.words import duration, moment, short_moment
from console.tui.link import Unanswered, ask
from console.tui.widgets.number_input import NumberInput


class DailyTimeDialog(Dialog[None]):
    """Hour and minute in UTC. Enter saves, Esc leaves the time as it is; what is refused is said in words."""

    TITLE_WORDS = "Time of the daily sync"

    class PreviewFetched(Message):
        """The engine told the next runs at a time."""

        def __init__(self, runs: Sequence[datetime]) -> None:
            super().__init__()
            self.runs = runs

    class TimeRefused(Message):
        """The engine does not take this time; `reason` says why."""

        def __init__(self, reason: str) -> None:
            super().__init__()
            self.reason = reason

    class TimeSaved(Message):
        """The daily sync has a new time."""

        def __init__(self, schedule: Schedule) -> None:
            super().__init__()
            self.schedule = schedule

    def __init__(self, operations: Operations, schedule: Schedule, look: Look, clock: Clock) -> None:
        super().__init__()
        self._operations, self._schedule, self._look, self._clock = operations, schedule, look, clock
        self._runs: Sequence[datetime] = ()
        """The next runs at the time that is typed; none while it is no time."""
        self._said: Content | None = None

    def content(self) -> ComposeResult:
        """The two fields, what they mean, and the answers."""
        with Container(id="time"):
            yield Static(Content("Every day at "))
            yield NumberInput(self._schedule.hour, 23, id="hour", following="#minute")
            yield Static(Content(":"))
            yield NumberInput(self._schedule.minute, 59, id="minute")
            yield Static(Content(" UTC"))
        yield Static(Content.styled("\n".join(self._remarks), "$muted"), id="remarks")
        yield Static(Content.styled(f"asking when it runs{self._look.glyphs.ellipsis}", "$muted"), id="preview")
        with Container(id="choices"):
            yield Button(Content("Leave it"), id="no")
            if self._is_edited:
                yield Button(Content("Reset"), id="reset")
            yield Button(Content("Save"), id="yes")

    @property
    def _is_edited(self) -> bool:
        """Whether there is a way back to the time of the settings."""
        return self._schedule.updated_by is not None

    @property
    def _remarks(self) -> list[str]:
        """What the time was, who set it, and the way back; and what the time means while the schedule is paused."""
        schedule, told = self._schedule, []
        if self._is_edited:
            at = f", {moment(schedule.updated_at)}" if schedule.updated_at and not self.is_narrow else ""
            back = f"{schedule.settings_time} of the settings" if schedule.settings_time else "the settings"
            told.append(f"Now {schedule.time} UTC, set by {schedule.updated_by}{at}. Press r for {back}.")
        else:
            told.append(f"Now {schedule.time} UTC, from the settings.")
        if not schedule.enabled:
            told.append("The schedule stays paused; once resumed, it runs:")
        return told

    def start(self) -> None:
        """Begin with the hour, and show what the present time means."""
        self.query_one("#box").border_subtitle = "Enter saves, Esc leaves it"
        self._hour.focus()
        self.set_interval(1.0, self._go_with_the_time)

    @property
    def _hour(self) -> NumberInput:
        return self.query_one("#hour", NumberInput)

    @property
    def _minute(self) -> NumberInput:
        return self.query_one("#minute", NumberInput)

    # -- asking ----------------------------------------------------------------------------------------------------

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._look_ahead()

    def _look_ahead(self) -> None:
        """Ask when it would run at the time that is typed."""
        hour, minute = self._hour.number, self._minute.number
        if hour is None or minute is None:
            self.workers.cancel_group(self, "preview")
            self._runs = ()
            self._say(Content.styled("Type an hour and a minute.", "$muted"))
            return
        self._preview(hour, minute)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._save_if_complete()

    @on(Button.Pressed)
    def _chosen(self, event: Button.Pressed) -> None:
        event.stop()
        if event.button.id == "yes":
            self._save_if_complete()
        elif event.button.id == "reset":
            self.action_reset()
        else:
            self.dismiss(None)

    @on(events.Key)
    def _typed(self, event: events.Key) -> None:
        """The fields take digits alone, and leave the letter to the dialog."""
        if event.key == "r":
            event.stop()
            self.action_reset()

    def action_reset(self) -> None:
        """Go back to the time of the settings, once it is confirmed."""

        def answered(yes: bool | None) -> None:
            if yes:
                self._change(self._operations.reset_schedule())

        if self._is_edited:
            self.app.push_screen(Confirm(reset_question(self._schedule)), answered)

    def _save_if_complete(self) -> None:
        hour, minute = self._hour.number, self._minute.number
        if hour is not None and minute is not None:
            self._change(self._operations.set_daily_time(hour, minute))

    @work(group="preview", exclusive=True, exit_on_error=False)
    async def _preview(self, hour: int, minute: int) -> None:
        try:
            self.post_message(self.PreviewFetched(await ask(self._operations.preview(hour, minute))))
        except Unanswered as answer:
            self.post_message(self.TimeRefused(str(answer)))

    @work(group="save", exclusive=True, exit_on_error=False)
    async def _change(self, command: Coroutine[Any, Any, Schedule]) -> None:
        try:
            self.post_message(self.TimeSaved(await ask(command, seconds=None)))
        except Unanswered as answer:
            self.post_message(self.TimeRefused(str(answer)))

    # -- answers ---------------------------------------------------------------------------------------------------

    @on(PreviewFetched)
    def _show_runs(self, message: PreviewFetched) -> None:
        self._runs = message.runs
        self._say(self._told_runs())

    def _go_with_the_time(self) -> None:
        """Tell again how long it is until then; when a run's time has come, it is no next run any longer."""
        if self._runs and self._runs[0] <= self._clock.now():
            self._look_ahead()
        elif self._runs:
            self._say(self._told_runs())

    def _told_runs(self) -> Content:
        """A line for each run: in UTC, by the operator's clock with its summer time, and how long until then."""
        zone, now = self._look.zone, self._clock.now()
        locals_ = ["" if zone.is_utc(run) else self._on_the_clock(run) for run in self._runs]
        width = max(map(len, locals_))
        lines = []
        for position, (run, local) in enumerate(zip(self._runs, locals_, strict=True)):
            left = f"in {duration((run - now).total_seconds())}" if not (self.is_narrow and width) else ""
            lines.append(
                Content.assemble(
                    ("next  " if position == 0 else "then  ", "$muted"),
                    (short_moment(run, now) if self.is_narrow else moment(run), _bright(position)),
                    (f"   {local.ljust(width)}" if width else "", "$muted"),
                    (f"   {left}" if left else "", "$accent"),
                )
            )
        return Content("\n").join(lines)

    def _on_the_clock(self, run: datetime) -> str:
        zone = self._look.zone
        return zone.time(run) if self.is_narrow else zone.moment(run)

    @on(TimeRefused)
    def _show_refusal(self, message: TimeRefused) -> None:
        self._runs = ()
        self._say(Content.assemble((f"{self._look.glyphs.bad} ", "bold $error"), (message.reason, "$error")))

    @on(TimeSaved)
    def _close_saved(self, message: TimeSaved) -> None:
        schedule = message.schedule
        source = "" if schedule.updated_by else ", as the settings say"
        once = "" if schedule.enabled else ", once it is resumed"
        undo = self._look.key("undo_schedule")
        told = f"The daily sync now runs at {schedule.time} UTC{source}{once}. Press {undo} to undo."
        self.app.notify(told, markup=False)
        self.dismiss(None)

    def _say(self, words: Content) -> None:
        if words != self._said:  # what stands there already need not go over a slow line again
            self._said = words
            self.query_one("#preview", Static).update(words)


def _bright(position: int) -> str:
    return "$foreground" if position else "$bright"
