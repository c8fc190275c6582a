"""An engine for the tests of the screen: it answers from a script, remembers what it was asked, and runs nothing."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from console.logs import LogLine
from console.operations.credentials import Credentials, Trial
from console.operations.events import CatalogueChanged, Event, RunProgress, ScheduleChanged
from console.operations.history import History
from console.operations.logbook import LogBook
from console.operations.products import Products
from console.operations.protocol import Feed, Job, Operations, Refused, Removals, Schedule, ScheduleUndo, Snapshot
from console.run import Past, Removal, RunReport, RunStatus
from tests.tui.fake_history import FakeHistory
from tests.tui.fake_logbook import FakeLogBook
from tests.tui.fake_products import FakeProducts

NOW = datetime(2026, 11, 23, 14, 3, 22, tzinfo=UTC)
"""When every test takes place, unless it moves the clock."""

PAST = Past(
    durations=(81.2, 79.6, 80.4, 77.4),
    last_success_at=datetime(2026, 11, 23, 2, 1, 17, tzinfo=UTC),
    last_change_at=datetime(2026, 11, 23, 2, 1, 17, tzinfo=UTC),
)
"""What four nights have told."""


class FakeFeed:
    """A feed that tells what the test tells it."""

    def __init__(self) -> None:
        self.waiting: list[Event] = []
        self.lost = False
        self.is_closed = False

    def drain(self) -> tuple[Sequence[Event], bool]:
        """What is waiting, once."""
        events, self.waiting = self.waiting, []
        lost, self.lost = self.lost, False
        return events, lost

    def close(self) -> None:
        """Remember that nobody listens any more."""
        self.is_closed = True


@dataclass
class FakeOperations:
    """Answers with `told`, `log` and `removed`; `refusal` makes every command and look at removals a refusal."""

    told: Snapshot
    log: list[LogLine] = field(default_factory=list)
    refusal: str | None = None
    asked: list[str] = field(default_factory=list)
    feeds: list[FakeFeed] = field(default_factory=list)
    removed: tuple[Removal, ...] = ()
    snapshots_until_error: int = 1_000
    trial: Trial = field(default_factory=lambda: Trial(accepted=True, words="api.g2a.com accepts the credentials."))
    tried: list[Credentials] = field(default_factory=list)
    kept: list[Credentials] = field(default_factory=list)
    products: Products = field(default_factory=FakeProducts)
    history: History = field(default_factory=FakeHistory)
    logbook: LogBook = field(default_factory=FakeLogBook)

    async def snapshot(self) -> Snapshot:
        """What the test says."""
        self.asked.append("snapshot")
        self.snapshots_until_error -= 1
        if self.snapshots_until_error < 0:
            raise OSError("the socket is gone")
        return self.told

    async def log_tail(self, limit: int) -> tuple[LogLine, ...]:
        """The end of the log."""
        return tuple(self.log[-limit:])

    def subscribe(self) -> Feed:
        """A feed that the test can write to."""
        self.feeds.append(FakeFeed())
        return self.feeds[-1]

    async def sync_now(self) -> int:
        """Remember it."""
        return self._command("sync_now")

    async def sync_page(self, page: int) -> int:
        """Remember it."""
        return self._command(f"sync_page {page}")

    async def sync_pages(self, first: int, last: int) -> int:
        """Remember it."""
        return self._command(f"sync_pages {first} {last}")

    async def retry(self, run_id: int) -> int:
        """Remember it."""
        return self._command(f"retry {run_id}")

    async def removals(self, run_id: int, limit: int, offset: int = 0) -> Removals:
        """Some of `removed`."""
        self._command(f"removals {run_id} {limit} {offset}")
        due = sum(each.is_due for each in self.removed)
        return Removals(total=len(self.removed), due=due, products=self.removed[offset : offset + limit])

    async def approve(self, run_id: int, reason: str) -> int:
        """Remember it, and tell that the run is not blocked any more."""
        self._command(f"approve {run_id} {reason}")
        due = sum(each.is_due for each in self.removed)
        last = self.told.last_run
        if last is not None:
            note = f"alice approved the removal of {due:,} products: {reason}"
            self.told = replace(self.told, last_run=replace(last, status=RunStatus.SUCCEEDED, error=note))
        active = self.told.active_products - due
        self.tell(CatalogueChanged(active_products=active, last_run=self.told.last_run, past=self.told.past))
        self._reschedule(self.told.schedule, self.told.next_runs)
        return due

    async def cancel(self) -> int:
        """Remember it."""
        return self._command("cancel")

    async def set_daily_time(self, hour: int, minute: int) -> Schedule:
        """Remember it, and refuse what is no time of day."""
        self._refuse_no_time(hour, minute)
        self._command(f"set_daily_time {hour:02}:{minute:02}")
        return self._edit(hour=hour, minute=minute, updated_by="alice", updated_at=NOW)

    async def pause_schedule(self, reason: str) -> Schedule:
        """Remember it; refuse it without a reason, and where it is paused already."""
        before = self.told.schedule
        if not reason.strip():
            raise Refused("Say why: the schedule is paused with a reason, which everybody sees.")
        if not before.enabled:
            words = f"paused by {before.paused_by}: {before.pause_reason}"
            raise Refused(f"The schedule is {words}. Resume it first to pause it anew.")
        self._command(f"pause_schedule {reason}")
        return self._edit(enabled=False, pause_reason=reason, paused_by="alice")

    async def resume_schedule(self) -> Schedule:
        """Remember it; refuse it where it is not paused."""
        before = self.told.schedule
        if before.enabled:
            raise Refused(f"The schedule is not paused: the daily sync runs at {before.time} UTC.")
        self._command("resume_schedule")
        return self._edit(enabled=True, pause_reason=None, paused_by=None)

    async def reset_schedule(self) -> Schedule:
        """Remember it, and go back to two in the morning."""
        self._command("reset_schedule")
        return self._edit(hour=2, minute=0, updated_by=None, updated_at=None)

    async def try_credentials(self, credentials: Credentials) -> Trial:
        """As the test says."""
        self._command("try credentials")
        self.tried.append(credentials)
        return self.trial

    async def keep_credentials(self, credentials: Credentials) -> None:
        """Remember them."""
        self._command("keep credentials")
        self.kept.append(credentials)

    async def undo_schedule(self, expected: int) -> Schedule:
        """Remember it, and go back; refuse it where that was not the last change."""
        undo = self.told.undo
        if undo is None or undo.event_id != expected:
            raise Refused("Nothing was undone: bob has changed the schedule meanwhile.")
        self._command(f"undo_schedule {expected}")
        before, after = self.told.schedule, undo.restored
        self._reschedule(after, self._runs_at(after.hour, after.minute) if after.enabled else ())
        return self._offer(replace(undo, event_id=expected + 1, action="undo", actor="alice", at=NOW, restored=before))

    def _offer(self, undo: ScheduleUndo) -> Schedule:
        """This can be undone from now on."""
        self.told = replace(self.told, undo=undo)
        self.tell(ScheduleChanged(self.told.schedule, self.told.next_runs, self.told.jobs, undo))
        return self.told.schedule

    async def preview(self, hour: int, minute: int) -> tuple[datetime, ...]:
        """The next three runs at that time."""
        self._refuse_no_time(hour, minute)
        return self._runs_at(hour, minute)

    def _edit(self, **changes: object) -> Schedule:
        """Go by a changed schedule from now on, and tell everybody."""
        after: Schedule = replace(self.told.schedule, **changes)
        self._reschedule(after, self._runs_at(after.hour, after.minute) if after.enabled else ())
        return after

    def _reschedule(self, schedule: Schedule, runs: tuple[datetime, ...]) -> None:
        jobs = (job(self.told.last_run, runs[0] if runs else None, schedule),)
        self.told = replace(self.told, schedule=schedule, next_runs=runs, jobs=jobs)
        self.tell(ScheduleChanged(schedule, runs, jobs, self.told.undo))

    @staticmethod
    def _runs_at(hour: int, minute: int) -> tuple[datetime, ...]:
        first = NOW.replace(hour=hour, minute=minute, second=0)
        first += timedelta(days=0 if first > NOW else 1)
        return tuple(first + timedelta(days=days) for days in range(3))

    def _command(self, name: str) -> int:
        if self.refusal is not None:
            raise Refused(self.refusal)
        self.asked.append(name)
        return 43

    @staticmethod
    def _refuse_no_time(hour: int, minute: int) -> None:
        if hour > 23 or minute > 59:
            raise Refused(f"{hour:02}:{minute:02} is no time of day: it goes from 00:00 to 23:59.")

    # -- for the test ----------------------------------------------------------------------------------------------

    def tell(self, *events: Event, lost: bool = False) -> None:
        """Events on the way to the screen."""
        for feed in self.feeds:
            feed.waiting.extend(events)
            feed.lost = feed.lost or lost

    async def connect(self) -> Operations:
        """What the app awaits."""
        await asyncio.sleep(0)
        return self


def job(last_run: RunReport | None, next_run_at: datetime | None, daily: Schedule | None = None) -> Job:
    """The daily job, by default at two in the morning."""
    return Job(
        job_id="daily_product_sync",
        name="Daily product sync",
        trigger=f"daily {(daily or schedule()).time} UTC",
        next_run_at=next_run_at,
        last_run=last_run,
    )


def schedule(*, enabled: bool = True, reason: str | None = None) -> Schedule:
    """The daily sync at two in the morning."""
    return Schedule(
        hour=2,
        minute=0,
        enabled=enabled,
        pause_reason=reason,
        paused_by=None if enabled else "bob",
        updated_by=None,
        updated_at=None,
        settings_time="02:00",
    )


def next_runs() -> tuple[datetime, ...]:
    """The next three runs."""
    return tuple(datetime(2026, 11, day, 2, tzinfo=UTC) for day in (24, 25, 26))


def snapshot(
    *,
    run: RunProgress | None = None,
    last_run: RunReport | None = None,
    notice: str | None = None,
    paused: str | None = None,
    active_products: int = 15_416,
    last_sweep: RunReport | None = None,
    blocked: RunReport | None = None,
) -> Snapshot:
    """The engine at one moment."""
    runs = () if paused else next_runs()
    return Snapshot(
        home="/srv/shop",
        api_host="api.g2a.com",
        database="/srv/shop/catalog.db",
        schedule=schedule(enabled=paused is None, reason=paused),
        next_runs=runs,
        jobs=(job(last_run, runs[0] if runs else None),),
        run=run,
        last_run=last_run,
        active_products=active_products,
        notice=notice,
        last_sweep=last_sweep,
        blocked=blocked,
        past=PAST if active_products else Past(),
    )
