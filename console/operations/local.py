"""Operations on an engine in this process, on the engine's own loop."""

import contextlib
from collections.abc import Callable, Coroutine, Iterator
from datetime import datetime
from typing import Any

from console.logs import LogLine
from console.operations.approval import NotApproved, approve, read_removals
from console.operations.credentials import Credentials, Trial
from console.operations.engine import Engine
from console.operations.feed import BoundedFeed, Feeds
from console.operations.history_reader import HistoryReader
from console.operations.location import database_location
from console.operations.log_source import LogSource
from console.operations.logbook_reader import LogBookReader
from console.operations.products_reader import ProductsReader
from console.operations.protocol import (
    Event,
    Job,
    LogWritten,
    Refused,
    Removals,
    Schedule,
    ScheduleChanged,
    Snapshot,
)
from console.operations.sight import read_standing
from console.operations.signing_in import keep_credentials, try_credentials
from console.operations.standing import Standing
from console.operations.telling import told_catalogue, told_jobs, told_schedule, told_undo
from console.run import Past, RunReport
from console.scheduling.daily import DAILY_JOB_ID, DailySchedule, NoSuchTime
from console.scheduling.edits import EditRefused
from console.scheduling.runner import NoRunActive, NotStarted
from console.settings import SettingsError
from console.store.catalogue import count_active
from console.store.errors import StoreError
from console.store.past import read_past
from console.store.runs import last_finished_run
from console.sync.events import RunEvent, RunFinished, RunStarted
from console.sync.progress import RunProgress
from console.text import clean_path


class LocalOperations:
    """The engine's side of the interface: keeps how the run stands, and tells every face what happens.

    Faces that are there already come with their `feeds`, and with the `log` as they know it.
    """

    def __init__(self, engine: Engine, actor: str, feeds: Feeds | None = None, log: LogSource | None = None) -> None:
        self._engine = engine
        self._actor = actor
        self.feeds = feeds or Feeds()
        self._log = log or engine.log
        self._progress: RunProgress | None = None
        self._active_products = 0
        self._standing = Standing()
        self._past = Past()
        self._last_daily_run: RunReport | None = None
        self.history = HistoryReader(lambda: engine.database)
        self.products = ProductsReader(lambda: engine.database)
        self.logbook = LogBookReader(engine.home.log_file, engine.clock)
        engine.listen(self._run_event, self._schedule_changed, self._recorded)
        self._end_log: Callable[[], None] = self._log.listen(lambda line: self.feeds.put(LogWritten(line)))

    async def start(self) -> None:
        """Read where things stand, and start the scheduler."""
        await self._read_catalogue()
        await self._engine.scheduler.start()

    def close(self) -> None:
        """Tell nobody anything any more."""
        self._end_log()

    def tell(self, event: Event) -> None:
        """Tell every face."""
        self.feeds.put(event)

    async def snapshot(self) -> Snapshot:
        """Everything a face shows, now."""
        settings, home = self._engine.settings, self._engine.home
        return Snapshot(
            home=clean_path(home.root),
            api_host=settings.api_host,
            database=database_location(settings, home).shown,
            schedule=self._told(self._engine.scheduler.daily),
            next_runs=self._engine.scheduler.next_run_times(),
            jobs=self._jobs(),
            run=self._progress.snapshot() if self._progress else None,
            last_run=self._standing.last_run,
            last_sweep=self._standing.last_sweep,
            blocked=self._standing.blocked,
            past=self._past,
            active_products=self._active_products,
            notice=settings.missing_credentials(home.env_file),
            undo=told_undo(self._engine.scheduler.undo, settings),
        )

    async def log_tail(self, limit: int) -> tuple[LogLine, ...]:
        """The newest log records, oldest first."""
        return self._log.tail(limit)

    def subscribe(self) -> BoundedFeed:
        """The events from now on."""
        return self.feeds.open()

    async def sync_now(self) -> int:
        """Start a full sync and return its run id."""
        return await self._started(self._engine.scheduler.trigger_manual_sync(self._actor))

    async def sync_page(self, page: int) -> int:
        """Start a sync of one page alone and return its run id."""
        return await self.sync_pages(page, page)

    async def sync_pages(self, first: int, last: int) -> int:
        """Start a sync of these pages alone and return its run id."""
        if first < 1:
            raise Refused(f"There is no page {first}: pages are numbered from 1.")
        if last < first:
            raise Refused(f"There are no pages from {first} to {last}: the first comes first.")
        return await self._started(self._engine.scheduler.trigger_manual_sync(self._actor, (first, last)))

    async def retry(self, run_id: int) -> int:
        """Go on with a run that was cut off or lacks pages."""
        return await self._started(self._engine.scheduler.retry(run_id, self._actor))

    async def _started(self, starting: Coroutine[Any, Any, int]) -> int:
        missing = self._engine.settings.missing_credentials(self._engine.home.env_file)
        if missing:
            starting.close()
            raise Refused(missing)
        with _refusals():
            return await starting

    async def removals(self, run_id: int, limit: int, offset: int = 0) -> Removals:
        """What a blocked run would have removed."""
        with _refusals():
            return await read_removals(self._engine.database, run_id, limit, offset)

    async def approve(self, run_id: int, reason: str) -> int:
        """Remove what a blocked run would have, but for what was seen since."""
        active = self._engine.runner.active_run_id
        if active is not None:
            raise Refused(f"Run {active} is active: approve when it is over, or cancel it first.")
        with _refusals():
            removed = await approve(self._engine.database, run_id, reason, self._actor, self._engine.clock.now())
            await self._read_catalogue()
        self._catalogue_changed()
        return removed

    async def cancel(self) -> int:
        """Ask the active run to stop at the next page boundary."""
        with _refusals():
            return await self._engine.runner.cancel()

    async def set_daily_time(self, hour: int, minute: int) -> Schedule:
        """Run the daily sync at this time (UTC) from now on."""
        with _refusals():
            return self._told(await self._engine.scheduler.reschedule_daily_sync(hour, minute, self._actor))

    async def pause_schedule(self, reason: str) -> Schedule:
        """Start nothing by itself until it is resumed."""
        with _refusals():
            return self._told(await self._engine.scheduler.pause_schedule(reason, self._actor))

    async def resume_schedule(self) -> Schedule:
        """Run the daily sync again from its next time on."""
        with _refusals():
            return self._told(await self._engine.scheduler.resume_schedule(self._actor))

    async def reset_schedule(self) -> Schedule:
        """Run the daily sync at the time of the settings again; a pause goes on."""
        with _refusals():
            return self._told(await self._engine.scheduler.reset_schedule(self._actor))

    async def undo_schedule(self, expected: int) -> Schedule:
        """Make the schedule what it was before its last change."""
        with _refusals():
            return self._told(await self._engine.scheduler.undo_schedule(expected, self._actor))

    async def try_credentials(self, credentials: Credentials) -> Trial:
        """Whether G2A takes these credentials; nothing is kept."""
        engine = self._engine
        return await try_credentials(engine.settings, engine.clock, credentials)

    async def keep_credentials(self, credentials: Credentials) -> None:
        """Write these credentials into the `.env` of the home."""
        with _refusals():
            await keep_credentials(self._engine.settings, self._engine.home, credentials)

    async def preview(self, hour: int, minute: int) -> tuple[datetime, ...]:
        """The next three runs if the daily sync were at this time (UTC)."""
        with _refusals():
            return self._engine.scheduler.preview(hour, minute)

    def _jobs(self) -> tuple[Job, ...]:
        scheduler = self._engine.scheduler
        return told_jobs(scheduler.daily, scheduler.next_run_times(1), self._last_daily_run, self._engine.clock.now())

    def _told(self, daily: DailySchedule) -> Schedule:
        return told_schedule(daily, self._engine.settings)

    def _run_event(self, event: RunEvent) -> None:
        match event:
            case RunStarted():
                self._progress = RunProgress.begin(event)
            case RunFinished():
                self._finished(event)
        if self._progress:
            self._progress.apply(event)
        self.feeds.put(event)
        if isinstance(event, RunFinished):
            self._catalogue_changed()

    def _finished(self, event: RunFinished) -> None:
        self._take_in(event.report)
        self._past = self._past.after(event.report)
        if event.active_products is not None:
            self._active_products = event.active_products

    def _recorded(self, report: RunReport) -> None:
        """A slot that does not run has got its row."""
        self._take_in(report)
        self._catalogue_changed()

    def _take_in(self, report: RunReport) -> None:
        self._standing = self._standing.after(report)
        if report.job_id == DAILY_JOB_ID:
            self._last_daily_run = report

    def _catalogue_changed(self) -> None:
        self.feeds.put(told_catalogue(self._active_products, self._standing, self._past))
        self._schedule_changed()

    def _schedule_changed(self) -> None:
        scheduler = self._engine.scheduler
        undo = told_undo(scheduler.undo, self._engine.settings)
        told = self._told(scheduler.daily)
        self.feeds.put(ScheduleChanged(told, scheduler.next_run_times(), self._jobs(), undo))

    async def _read_catalogue(self) -> None:
        database = self._engine.database
        self._active_products = await database.read(count_active)
        self._standing = await database.read(read_standing)
        self._past = await database.read(read_past)
        self._last_daily_run = await database.read(last_finished_run, DAILY_JOB_ID)


@contextlib.contextmanager
def _refusals() -> Iterator[None]:
    """What the engine's rooms refuse, as a refusal of this interface."""
    try:
        yield
    except (NotStarted, NoRunActive, NoSuchTime, EditRefused, NotApproved, SettingsError, StoreError) as error:
        raise Refused(str(error)) from None
