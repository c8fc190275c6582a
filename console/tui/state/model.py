"""The console's picture of the engine: a snapshot, and the reducer that keeps it current."""

import enum
from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from console.logs import LogLine
from console.operations.events import (
    CatalogueChanged,
    EngineFailed,
    Event,
    LogWritten,
    ReadOnlyChanged,
    RunEvent,
    RunFinished,
    RunProgress,
    RunStarted,
    ScheduleChanged,
)
from console.operations.protocol import ReadOnly, Schedule, ScheduleUndo, Snapshot
from console.operations.standing import Standing
from console.run import Past, RunCounts, RunReport, RunStatus
from console.tui.state.going_on import can_go_on
from console.tui.state.pace import Pace
from console.tui.state.situation import Access


class Part(enum.Flag):
    """What an event changes on the screen."""

    NOTHING = 0
    HEALTH = enum.auto()
    SCHEDULE = enum.auto()
    SYNC = enum.auto()
    LOG = enum.auto()
    CLOCK = enum.auto()
    ALL = HEALTH | SCHEDULE | SYNC | LOG | CLOCK


class Model:
    """What the console knows. `snapshot` is None until the engine has answered."""

    def __init__(self) -> None:
        self.snapshot: Snapshot | None = None
        self.run: RunProgress | None = None
        self.failure: str | None = None
        self.pace = Pace()

    def load(self, snapshot: Snapshot) -> None:
        """Take over a snapshot: at the start, and after events were lost."""
        same_run = self.run is not None and snapshot.run is not None and self.run.run_id == snapshot.run.run_id
        self.snapshot = snapshot
        self.run = snapshot.run.snapshot() if snapshot.run else None
        if not same_run:
            self.pace = Pace()

    def apply(self, events: Iterable[Event]) -> tuple[Part, list[LogLine]]:
        """Bring the picture up to date; returns what changed and the new log lines."""
        changed, lines = Part.NOTHING, []
        for event in events:
            if isinstance(event, LogWritten):
                lines.append(event.line)
                changed |= Part.LOG
            else:
                changed |= self._apply(event)
        return changed, lines

    def _apply(self, event: RunEvent | ScheduleChanged | CatalogueChanged | ReadOnlyChanged | EngineFailed) -> Part:
        match event:
            case ScheduleChanged():
                self._update(schedule=event.schedule, next_runs=event.next_runs, jobs=event.jobs, undo=event.undo)
                return Part.SCHEDULE | Part.HEALTH
            case CatalogueChanged():
                self._update(
                    active_products=event.active_products,
                    last_run=event.last_run,
                    last_sweep=event.last_sweep,
                    blocked=event.blocked,
                    past=event.past,
                )
                return Part.SYNC | Part.HEALTH
            case ReadOnlyChanged():
                self._update(read_only=event.read_only)
                return Part.HEALTH
            case EngineFailed():
                self.failure = event.message
            case RunStarted():
                self._begin(event)
            case RunFinished():
                self._finish(event)
            case _:
                self._advance(event)
                return Part.SYNC
        return Part.ALL

    def _begin(self, event: RunStarted) -> None:
        # An event may be told twice; only a run newer than the one shown takes its place.
        if self.run is None or event.run_id > self.run.run_id:
            self.run = RunProgress.begin(event)
            self.pace = Pace()

    def _advance(self, event: RunEvent) -> None:
        if self.run is None:
            return
        self.run.apply(event)

    def _finish(self, event: RunFinished) -> None:
        if self.run is None:
            return
        self.run.apply(event)
        if event.run_id == self.run.run_id:
            self._update(last_run=event.report)

    def _update(self, **fields: object) -> None:
        if self.snapshot is not None:
            self.snapshot = replace(self.snapshot, **fields)

    def settle(self, monotonic: float) -> None:
        """Note how far the active run is, for its pace."""
        if self.run is not None and self.run.status.is_active:
            self.pace.note(monotonic, settled(self.run.counts) - self.run.pages.before)

    @property
    def active_run(self) -> RunProgress | None:
        """The run that holds the engine, if one does."""
        return self.run if self.run is not None and self.run.status.is_active and self.failure is None else None

    @property
    def last_report(self) -> RunReport | None:
        """The latest finished run that is known."""
        own = self.run.report if self.run else None
        told = self.snapshot.last_run if self.snapshot else None
        # Of two reports of one run the engine's counts: it changes when a removal is approved.
        return max((report for report in (told, own) if report), key=lambda report: report.run_id, default=None)

    @property
    def unfinished(self) -> RunReport | None:
        """The last run that fetched more than single pages, where it can be gone on with now."""
        report = self._standing.last_sweep
        return report if report is not None and self.active_run is None and can_go_on(report) else None

    @property
    def blocked(self) -> RunReport | None:
        """The run that waits for somebody to look at what it would have removed."""
        return self._standing.blocked if self.active_run is None else None

    @property
    def _standing(self) -> Standing:
        """As the engine told it, and what the last run has changed since."""
        told = self.snapshot
        standing = Standing(last_sweep=told.last_sweep, blocked=told.blocked) if told else Standing()
        return standing.after(self.last_report) if self.last_report else standing

    @property
    def paused(self) -> Schedule | None:
        """The schedule, while it is paused."""
        schedule = self.snapshot.schedule if self.snapshot else None
        return schedule if schedule is not None and not schedule.enabled else None

    @property
    def undo(self) -> ScheduleUndo | None:
        """The last change of the schedule, as long as it can be undone."""
        return self.snapshot.undo if self.snapshot else None

    @property
    def next_run_at(self) -> datetime | None:
        """When the daily sync runs next."""
        return self.snapshot.next_runs[0] if self.snapshot and self.snapshot.next_runs else None

    @property
    def read_only(self) -> ReadOnly | None:
        """Who runs the engine, where it is another process and this console only watches."""
        return self.snapshot.read_only if self.snapshot else None

    @property
    def news(self) -> tuple[RunReport | None, int | None]:
        """What differs once a run has begun or ended: the last that ended, and the id of the active one."""
        active = self.active_run
        return self.last_report, active.run_id if active is not None else None

    @property
    def past(self) -> Past:
        """What the runs before tell."""
        return self.snapshot.past if self.snapshot else Past()

    @property
    def access(self) -> Access:
        """How this console stands with the engine."""
        return Access(
            connected=self.snapshot is not None,
            engine_failed=self.failure is not None,
            read_only=self.read_only is not None,
        )

    @property
    def is_cancelling(self) -> bool:
        """Whether the active run has been asked to stop."""
        return self.active_run is not None and self.active_run.status is RunStatus.CANCELLING


def settled(counts: RunCounts) -> int:
    """Pages that will not be asked for again in this run."""
    return counts.pages_done + counts.pages_failed
