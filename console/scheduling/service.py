"""The schedule: when the daily sync runs, seeded from the tables and the settings at every start.

APScheduler keeps its jobs in memory only. Our tables are the truth: its own job store forgets what a crash interrupted
and what an operator edited.
"""

import asyncio
import itertools
import logging
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

from apscheduler.triggers.cron import CronTrigger

from console.clock import Clock
from console.run import RunStatus, Trigger
from console.scheduling.daily import DAILY_JOB_ID, DailySchedule, check_time, default_schedule, read_schedule
from console.scheduling.edits import Editor
from console.scheduling.maintenance import MAINTENANCE_JOB_ID, maintain, quiet_hour
from console.scheduling.resume import cannot_go_on_because
from console.scheduling.runner import NotStarted, Runner, RunRequest
from console.scheduling.settling import Settler
from console.scheduling.slots import next_slots
from console.scheduling.steady import SteadyScheduler
from console.scheduling.undo import ScheduleState, Undo, read_state
from console.scheduling.watch import ClockWatch
from console.settings import Settings
from console.store.database import Database
from console.store.errors import StoreError
from console.store.unfinished import Unfinished, find_unfinished, newest_run_id

logger = logging.getLogger("scheduler")

_REREAD_JOB_ID = "reread_schedule"
_REREAD_SECONDS = 5
_PREVIEWED = 3


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
        self._settler = Settler(settings, database, runner, clock)
        self._watch = ClockWatch(clock)
        self._scheduler = SteadyScheduler(self._wake, timezone="UTC")
        self._at_work: set[asyncio.Task[None]] = set()
        self.daily = default_schedule(settings)
        self.undo: Undo | None = None
        """What the last change of the schedule was, and what would be without it."""

    async def start(self) -> None:
        """Seed the jobs and let the clock run."""
        state = await read_state(self._database, self._settings)
        self.daily, self.undo = state.daily, state.undo
        self._watch = ClockWatch(self._clock)
        self._scheduler.start(paused=True)
        self._seed()
        await self._settler.settle(at_start=True)
        await self._resume()
        self._scheduler.resume()
        paused = "" if self.daily.enabled else f", but is {self.daily.pause_words}"
        logger.info("Scheduler started; the daily product sync runs at %s UTC%s", self.daily.time, paused)

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
        return await self._start_by_hand(self._manual(requested_by, pages=pages))

    async def retry(self, run_id: int, requested_by: str | None) -> int:
        """Go on with a run that was cut off or lacks pages, and return the id of the new one.

        Raises:
            NotStarted: another one is active, or that run cannot be gone on with; the message says why.
        """
        unfinished = await self._unfinished(run_id)
        was_cut_off = unfinished.report.status in (RunStatus.INTERRUPTED, RunStatus.CANCELLED)
        trigger = Trigger.RESUME if was_cut_off else Trigger.MANUAL
        return await self._start_by_hand(self._manual(requested_by, trigger=trigger, unfinished=unfinished))

    async def _start_by_hand(self, request: RunRequest) -> int:
        daily = await read_schedule(self._database, self._settings)
        run_id = await self._runner.start(request)
        if not daily.enabled:
            logger.info("Run %s was started by hand; the schedule is %s", run_id, daily.pause_words)
        return run_id

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
        daily = await self._edit(self._editor(updated_by).set_time(hour, minute))
        logger.info("%s set the daily product sync to %s UTC", updated_by, daily.time)
        return daily

    async def reset_schedule(self, updated_by: str) -> DailySchedule:
        """Run the daily sync at the time of the settings again; a pause goes on.

        Raises:
            StoreError: it cannot be kept, so nothing changes.
        """
        daily = await self._edit(self._editor(updated_by).reset_time())
        logger.info("%s set the daily product sync to the time of the settings, %s UTC", updated_by, daily.time)
        return daily

    async def pause_schedule(self, reason: str, paused_by: str) -> DailySchedule:
        """Start nothing by itself until it is resumed; each slot until then is recorded as skipped.

        Raises:
            EditRefused: there is no reason, or it is paused already.
            StoreError: it cannot be kept, so nothing changes.
        """
        daily = await self._edit(self._editor(paused_by).pause(reason))
        logger.info("The schedule is %s", daily.pause_words)
        return daily

    async def resume_schedule(self, resumed_by: str) -> DailySchedule:
        """Run the slots from now on again; those of the pause are not caught up.

        Raises:
            EditRefused: it is not paused.
            StoreError: it cannot be kept, so nothing changes.
        """
        daily = await self._edit(self._editor(resumed_by).resume())
        logger.info("%s resumed the schedule; the daily product sync runs at %s UTC", resumed_by, daily.time)
        return daily

    async def undo_schedule(self, expected: int, undone_by: str) -> DailySchedule:
        """Take back the last change of the schedule, which must be this event of the audit.

        Raises:
            EditRefused: there is nothing to undo, or somebody has changed the schedule since.
            StoreError: it cannot be kept, so nothing changes.
        """
        daily = await self._edit(self._editor(undone_by).undo(expected))
        logger.info("%s undid the last change of the schedule: the daily product sync is %s", undone_by, _told(daily))
        return daily

    def _editor(self, actor: str) -> Editor:
        return Editor(self._database, self._settings, actor, self._clock.now)

    async def _edit(self, editing: Coroutine[Any, Any, DailySchedule]) -> DailySchedule:
        async with self._settler.lock:
            daily = await editing
            self._take_over(ScheduleState(daily=daily, undo=await self._look_up_undo()))
        return daily

    async def _look_up_undo(self) -> Undo | None:
        """What can be undone; None as well where it cannot be read now, for the change itself has been made."""
        try:
            return (await read_state(self._database, self._settings)).undo
        except StoreError as error:
            logger.warning("What can be undone of the schedule cannot be read: %s", error)
            return None

    def _take_over(self, state: ScheduleState) -> None:
        """Go by another schedule from now on."""
        self.daily, self.undo = state.daily, state.undo
        self._settler.forget()
        self._seed_daily()
        self._seed_maintenance()
        self._changed()

    def _wake(self) -> None:
        if self._watch.has_jumped():
            self._seed()
            self._scheduler.modify_job(_REREAD_JOB_ID, next_run_time=self._clock.now())
            self._changed()

    def _seed(self) -> None:
        """Put the jobs in anew: changing one in place leaves a stale time, and so does a clock that was set back."""
        self._seed_daily()
        self._seed_reread()
        self._seed_maintenance()

    def _seed_daily(self) -> None:
        self._scheduler.add_job(
            self._settle_slots,
            CronTrigger(hour=self.daily.hour, minute=self.daily.minute, timezone="UTC"),
            id=DAILY_JOB_ID,
            name="Daily product sync",
            misfire_grace_time=None,  # APScheduler's own second of grace is enough to lose a night
            coalesce=True,
            replace_existing=True,
        )

    def _seed_reread(self) -> None:
        self._scheduler.add_job(
            self._reread,
            "interval",
            seconds=_REREAD_SECONDS,
            id=_REREAD_JOB_ID,
            misfire_grace_time=None,
            coalesce=True,
            replace_existing=True,
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
        self._changed()  # its next time is another now

    async def _settle_slots(self) -> None:
        # shielded: APScheduler cancels its jobs when it stops, and a run must not be left half recorded
        settling = asyncio.create_task(self._settle_and_tell())
        self._at_work.add(settling)
        settling.add_done_callback(self._at_work.discard)
        await asyncio.shield(settling)

    async def _settle_and_tell(self) -> None:
        if await self._settler.settle():
            self._changed()

    async def _reread(self) -> None:
        """Take over what another process, such as `schedule set`, has edited, and settle what its own job did not."""
        before = self.daily
        try:
            stored = await read_state(self._database, self._settings)
        except StoreError as error:
            logger.warning("The schedule cannot be read: %s", error)
            return
        was_edited_meanwhile = self.daily is not before
        if stored != ScheduleState(daily=self.daily, undo=self.undo) and not was_edited_meanwhile:
            self._take_over(stored)
            logger.info("The daily product sync is now %s", _told(stored.daily))
        await self._recover()
        if self._settler.is_due(self.daily.hour, self.daily.minute):
            await self._settle_slots()

    async def _recover(self) -> None:
        """Close what could not be closed, and go on with what another process has left."""
        try:
            if await self._runner.recover():
                await self._resume()
        except (NotStarted, StoreError) as error:
            logger.warning("A run that is over cannot be closed: %s", error)


def _told(daily: DailySchedule) -> str:
    """When it runs, and who said so."""
    if not daily.enabled:
        return daily.pause_words
    by = f"set by {daily.updated_by}" if daily.updated_by else "as the settings say"
    return f"at {daily.time} UTC, {by}"
