"""Operations on an engine in this process, on the engine's own loop."""

from collections.abc import Callable
from datetime import datetime

from console.logs import LogLine
from console.operations.engine import Engine, database_path
from console.operations.feed import BoundedFeed, Feeds
from console.operations.protocol import (
    CatalogueChanged,
    Event,
    Job,
    LogWritten,
    Refused,
    Schedule,
    ScheduleChanged,
    Snapshot,
)
from console.run import RunReport
from console.scheduling.daily import DAILY_JOB_ID, DailySchedule, NoSuchTime
from console.scheduling.runner import NoRunActive, NotStarted
from console.store.catalogue import count_active
from console.store.errors import StoreError
from console.store.runs import last_finished_run
from console.sync.events import RunEvent, RunFinished, RunStarted
from console.sync.progress import RunProgress


class LocalOperations:
    """The engine's side of the interface: keeps how the run stands, and tells every face what happens."""

    def __init__(self, engine: Engine, actor: str) -> None:
        self._engine = engine
        self._actor = actor
        self._feeds = Feeds()
        self._progress: RunProgress | None = None
        self._active_products = 0
        self._last_run: RunReport | None = None
        self._last_daily_run: RunReport | None = None
        engine.listen(self._run_event, self._schedule_changed)
        self._end_log: Callable[[], None] = engine.log.listen(lambda line: self._feeds.put(LogWritten(line)))

    async def start(self) -> None:
        """Read where things stand, and start the scheduler."""
        await self._read_catalogue()
        await self._engine.scheduler.start()

    def close(self) -> None:
        """Tell nobody anything any more."""
        self._end_log()

    def tell(self, event: Event) -> None:
        """Tell every face."""
        self._feeds.put(event)

    async def snapshot(self) -> Snapshot:
        """Everything a face shows, now."""
        settings, home = self._engine.settings, self._engine.home
        return Snapshot(
            home=str(home.root),
            api_host=settings.api_host,
            database=str(database_path(settings, home)),
            schedule=_schedule(self._engine.scheduler.daily),
            next_runs=self._engine.scheduler.next_run_times(),
            jobs=self._jobs(),
            run=self._progress.snapshot() if self._progress else None,
            last_run=self._last_run,
            active_products=self._active_products,
            notice=settings.missing_credentials(home.env_file),
        )

    async def log_tail(self, limit: int) -> tuple[LogLine, ...]:
        """The newest log records, oldest first."""
        return self._engine.log.tail(limit)

    def subscribe(self) -> BoundedFeed:
        """The events from now on."""
        return self._feeds.open()

    async def sync_now(self) -> int:
        """Start a full sync and return its run id."""
        return await self._sync(None)

    async def sync_page(self, page: int) -> int:
        """Start a sync of one page alone and return its run id."""
        if page < 1:
            raise Refused(f"There is no page {page}: pages are numbered from 1.")
        return await self._sync(page)

    async def _sync(self, page: int | None) -> int:
        missing = self._engine.settings.missing_credentials(self._engine.home.env_file)
        if missing:
            raise Refused(missing)
        try:
            return await self._engine.scheduler.trigger_manual_sync(self._actor, page)
        except (NotStarted, StoreError) as error:
            raise Refused(str(error)) from None

    async def cancel(self) -> int:
        """Ask the active run to stop at the next page boundary."""
        try:
            return await self._engine.runner.cancel()
        except (NoRunActive, StoreError) as error:
            raise Refused(str(error)) from None

    async def set_daily_time(self, hour: int, minute: int) -> Schedule:
        """Run the daily sync at this time (UTC) from now on."""
        try:
            return _schedule(await self._engine.scheduler.reschedule_daily_sync(hour, minute, self._actor))
        except (NoSuchTime, StoreError) as error:
            raise Refused(str(error)) from None

    async def preview(self, hour: int, minute: int) -> tuple[datetime, ...]:
        """The next three runs if the daily sync were at this time (UTC)."""
        try:
            return self._engine.scheduler.preview(hour, minute)
        except NoSuchTime as error:
            raise Refused(str(error)) from None

    def _jobs(self) -> tuple[Job, ...]:
        daily = self._engine.scheduler.daily
        next_runs = self._engine.scheduler.next_run_times(1)
        return (
            Job(
                job_id=DAILY_JOB_ID,
                name="Daily product sync",
                trigger=f"daily {daily.time} UTC",
                next_run_at=next_runs[0] if next_runs else None,
                last_run=self._last_daily_run,
            ),
        )

    def _run_event(self, event: RunEvent) -> None:
        match event:
            case RunStarted():
                self._progress = RunProgress.begin(event)
            case RunFinished():
                self._finished(event)
        if self._progress:
            self._progress.apply(event)
        self._feeds.put(event)
        if isinstance(event, RunFinished):
            self._feeds.put(CatalogueChanged(self._active_products, self._last_run))
            self._schedule_changed()

    def _finished(self, event: RunFinished) -> None:
        report = event.report
        self._last_run = report
        if report.job_id == DAILY_JOB_ID:
            self._last_daily_run = report
        if event.active_products is not None:
            self._active_products = event.active_products

    def _schedule_changed(self) -> None:
        scheduler = self._engine.scheduler
        self._feeds.put(ScheduleChanged(_schedule(scheduler.daily), scheduler.next_run_times(), self._jobs()))

    async def _read_catalogue(self) -> None:
        database = self._engine.database
        self._active_products = await database.read(count_active)
        self._last_run = await database.read(last_finished_run)
        self._last_daily_run = await database.read(last_finished_run, DAILY_JOB_ID)


def _schedule(daily: DailySchedule) -> Schedule:
    return Schedule(
        hour=daily.hour,
        minute=daily.minute,
        enabled=daily.enabled,
        pause_reason=daily.pause_reason,
        updated_by=daily.updated_by,
        updated_at=daily.updated_at,
    )
