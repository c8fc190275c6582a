"""The schedule: when the daily sync runs, seeded from the tables and the settings at every start.

APScheduler keeps its jobs in memory only. Our tables are the truth: its own job store forgets what a crash interrupted
and what an operator edited.
"""

import asyncio
import itertools
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from apscheduler.triggers.cron import CronTrigger

from console.clock import Clock
from console.run import RunStatus, Trigger
from console.scheduling.daily import (
    DAILY_JOB_ID,
    DailySchedule,
    check_time,
    default_schedule,
    keep_daily_time,
    read_schedule,
)
from console.scheduling.maintenance import MAINTENANCE_JOB_ID, maintain, quiet_hour
from console.scheduling.resume import cannot_go_on_because
from console.scheduling.runner import NotStarted, RunActive, Runner, RunRequest
from console.scheduling.slots import next_slots, previous_slot, slots_between
from console.scheduling.steady import SteadyScheduler
from console.settings import Settings
from console.store.database import Database
from console.store.errors import StoreError
from console.store.runs import known_until
from console.store.unfinished import Unfinished, find_unfinished, newest_run_id

logger = logging.getLogger("scheduler")

_REREAD_JOB_ID = "reread_schedule"
_REREAD_SECONDS = 5
_PREVIEWED = 3
_LOOK_BACK = timedelta(days=366)
_MOMENT = timedelta(microseconds=1)


class SchedulerService:
    """The AsyncIOScheduler and its jobs. Lives on the engine's loop."""

    def __init__(
        self, settings: Settings, database: Database, runner: Runner, clock: Clock, changed: Callable[[], None]
    ) -> None:
        self._settings = settings
        self._database = database
        self._runner = runner
        self._clock = clock
        self._changed = changed
        self._scheduler = SteadyScheduler(timezone="UTC")
        self._beginning: asyncio.Task[None] | None = None
        self.daily = default_schedule(settings)

    async def start(self) -> None:
        """Seed the jobs and let the clock run."""
        self.daily = await read_schedule(self._database, self._settings)
        self._scheduler.start(paused=True)
        self._seed_daily()
        self._scheduler.add_job(
            self._reread, "interval", seconds=_REREAD_SECONDS, id=_REREAD_JOB_ID, misfire_grace_time=None, coalesce=True
        )
        self._seed_maintenance()
        await self._settle_passed_slots()
        await self._resume()
        self._scheduler.resume()
        logger.info("Scheduler started; the daily product sync runs at %s UTC", self.daily.time)

    async def _settle_passed_slots(self) -> None:
        """Account for the slots that passed while nothing ran: a recent one is caught up, the others were missed.

        Slots from before the first run of all, or before the time was last edited, were never promised to anybody.
        """
        now = self._clock.now()
        slots = await self._unsettled_slots(now)
        for slot in slots:
            is_recent = slot == slots[-1] and now - slot <= timedelta(hours=self._settings.sync_catch_up_hours)
            if is_recent:
                logger.info("The daily product sync of %s was missed and is caught up now", f"{slot:%Y-%m-%d %H:%M}")
                await self._runner.start(_request(Trigger.CATCH_UP, slot))
            else:
                await self._record_missed(slot, "g2a-console was not running.")

    async def _unsettled_slots(self, now: datetime) -> list[datetime]:
        """The slots up to now that have no row yet, oldest first."""
        known = await self._database.read(known_until, DAILY_JOB_ID, now)
        if known is None or not self.daily.enabled:
            return []
        known = max(known, self.daily.updated_at or known, now - _LOOK_BACK)
        return slots_between(known, now, self.daily.hour, self.daily.minute)

    async def _record_missed(self, slot: datetime, reason: str) -> None:
        logger.warning("The daily product sync of %s was missed", f"{slot:%Y-%m-%d %H:%M}")
        await self._runner.record(_request(Trigger.CATCH_UP, slot), RunStatus.MISSED, reason)

    def stop(self) -> None:
        """Start no more runs. The active one is the runner's affair."""
        if self._scheduler.running:
            self._scheduler.pause()
            self._scheduler.shutdown(wait=False)

    @property
    def is_running(self) -> bool:
        """Whether slots are acted on."""
        return bool(self._scheduler.running)

    def next_run_times(self, count: int = _PREVIEWED) -> tuple[datetime, ...]:
        """The next times of the daily sync (UTC), soonest first; none while it is paused."""
        if not self.daily.enabled:
            return ()
        return self._slots(self.daily.hour, self.daily.minute, count)

    def preview(self, hour: int, minute: int, count: int = _PREVIEWED) -> tuple[datetime, ...]:
        """The next times if the daily sync were at this time (UTC).

        Raises:
            NoSuchTime: it is no time of day.
        """
        check_time(hour, minute)
        return self._slots(hour, minute, count)

    def _slots(self, hour: int, minute: int, count: int) -> tuple[datetime, ...]:
        return tuple(itertools.islice(next_slots(self._clock.now(), hour, minute), count))

    async def trigger_manual_sync(self, requested_by: str | None, pages: tuple[int, int] | None = None) -> int:
        """Start a run of all pages, or of those from the first to the last, and return its id.

        Raises:
            NotStarted: another one is active, or the engine is ending.
        """
        return await self._runner.start(self._manual(requested_by, pages=pages))

    async def retry(self, run_id: int, requested_by: str | None) -> int:
        """Go on with a run that was cut off or lacks pages, and return the id of the new one.

        Raises:
            NotStarted: another one is active, or that run cannot be gone on with; the message says why.
        """
        unfinished = await self._unfinished(run_id)
        was_cut_off = unfinished.report.status in (RunStatus.INTERRUPTED, RunStatus.CANCELLED)
        trigger = Trigger.RESUME if was_cut_off else Trigger.MANUAL
        return await self._runner.start(self._manual(requested_by, trigger=trigger, unfinished=unfinished))

    async def _unfinished(self, run_id: int) -> Unfinished:
        found = await self._database.read(find_unfinished, run_id)
        if found is None:
            raise NotStarted(f"There is no run {run_id}.")
        longest = timedelta(hours=self._settings.sync_catch_up_hours)
        reason = cannot_go_on_because(found, self._settings.filters, self._clock.now(), longest)
        if reason:
            raise NotStarted(reason)
        return found

    def _manual(self, requested_by: str | None, **choices: Any) -> RunRequest:
        job_id = f"manual_product_sync_{int(self._clock.now().timestamp())}"
        return RunRequest(**{"trigger": Trigger.MANUAL, "requested_by": requested_by, "job_id": job_id, **choices})

    async def _resume(self) -> None:
        """Go on with the run that was cut off when this program last ended, if it still can be."""
        newest = await self._database.read(newest_run_id)
        if newest is None or self._runner.active_run_id is not None or self._settings.missing_credentials():
            return
        try:
            unfinished = await self._unfinished(newest)
        except NotStarted:
            return
        if unfinished.report.status is RunStatus.INTERRUPTED:
            logger.info("Run %s was cut off and is gone on with", newest)
            request = self._manual(unfinished.report.requested_by, trigger=Trigger.RESUME, unfinished=unfinished)
            await self._runner.start(request)

    async def reschedule_daily_sync(self, hour: int, minute: int, updated_by: str) -> DailySchedule:
        """Run the daily sync at this time (UTC) from now on; it is kept in the database.

        Raises:
            NoSuchTime: it is no time of day.
            StoreError: it cannot be kept, so nothing changes.
        """
        now = self._clock.now()
        self.daily = await keep_daily_time(self._database, self.daily, hour, minute, updated_by, now)
        self._seed_daily()
        self._seed_maintenance()
        logger.info("%s set the daily product sync to %s UTC", updated_by, self.daily.time)
        self._changed()
        return self.daily

    def _seed_daily(self) -> None:
        """Put the daily job in anew: changing one in place leaves a stale time or forgets that it is paused."""
        if self._scheduler.get_job(DAILY_JOB_ID):
            self._scheduler.remove_job(DAILY_JOB_ID)
        if not self.daily.enabled:
            return
        self._scheduler.add_job(
            self._run_daily,
            CronTrigger(hour=self.daily.hour, minute=self.daily.minute, timezone="UTC"),
            id=DAILY_JOB_ID,
            name="Daily product sync",
            misfire_grace_time=None,  # APScheduler's own second of grace is enough to lose a night
            coalesce=True,
        )

    def _seed_maintenance(self) -> None:
        self._scheduler.add_job(
            self._maintain,
            CronTrigger(hour=quiet_hour(self.daily.hour), minute=self.daily.minute, timezone="UTC"),
            id=MAINTENANCE_JOB_ID,
            name="Maintenance",
            misfire_grace_time=None,
            coalesce=True,
            replace_existing=True,
        )

    async def _maintain(self) -> None:
        await maintain(self._database, self._clock)

    async def _run_daily(self) -> None:
        # shielded: APScheduler cancels its jobs when it stops, and a run must not be left half recorded
        self._beginning = asyncio.create_task(self._run_slot())
        await asyncio.shield(self._beginning)

    async def _run_slot(self) -> None:
        now = self._clock.now()
        slot = previous_slot(now, self.daily.hour, self.daily.minute)
        named = f"{slot:%Y-%m-%d %H:%M}"
        try:
            for earlier in await self._unsettled_slots(slot - _MOMENT):
                await self._record_missed(earlier, "Nothing could run then: this machine slept, or its clock was set.")
            await self._start_or_skip(_request(Trigger.SCHEDULED, slot), named)
        except (NotStarted, StoreError) as error:
            logger.error("The daily product sync of %s cannot begin: %s", named, error)
        self._changed()

    async def _start_or_skip(self, request: RunRequest, named: str) -> None:
        try:
            await self._runner.start(request)
        except RunActive as error:
            logger.warning("The daily product sync of %s was skipped: %s", named, error)
            await self._runner.record(request, RunStatus.SKIPPED, str(error))

    async def _reread(self) -> None:
        """Another process, such as `schedule set`, may have edited the time."""
        before = self.daily
        try:
            stored = await read_schedule(self._database, self._settings)
        except StoreError as error:
            logger.warning("The schedule cannot be read: %s", error)
            return
        was_edited_meanwhile = self.daily is not before
        if stored != self.daily and not was_edited_meanwhile:
            self.daily = stored
            self._seed_daily()
            self._seed_maintenance()
            logger.info("The daily product sync is now at %s UTC, set by %s", stored.time, stored.updated_by)
            self._changed()


def _request(trigger: Trigger, slot: datetime) -> RunRequest:
    return RunRequest(trigger=trigger, requested_by=None, job_id=DAILY_JOB_ID, slot=slot)
