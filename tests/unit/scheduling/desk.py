"""A desk for the tests of the schedule: a clock, a runner, the tables, and schedulers that go by them."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from console.scheduling.daily import DAILY_JOB_ID
from console.scheduling.edits import Editor
from console.scheduling.runner import Runner
from console.scheduling.service import SchedulerService
from console.settings import Settings
from console.store.database import Database
from tests.clock import FakeClock, settle
from tests.unit.scheduling.idle import IdleService

SETTINGS = Settings(sync_schedule_hour=2, sync_schedule_minute=0)
DAY = timedelta(days=1)
Open = Callable[..., Awaitable[SchedulerService]]


def at(text: str) -> datetime:
    """A moment of November 2026, in UTC."""
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=UTC)


class Desk:
    """What a test has before it: the clock, the runner, the tables."""

    def __init__(self, database: Database, clock: FakeClock, idle: IdleService) -> None:
        self.database = database
        self.clock = clock
        self.idle = idle
        self.runner = Runner(idle, database, clock)
        self.changes = 0

    def editor(self, actor: str = "bob", settings: Settings = SETTINGS) -> Editor:
        """Somebody at a command line, in another process."""
        return Editor(self.database, settings, actor, self.clock.now)

    def changed(self) -> None:
        """The schedule told that it changed."""
        self.changes += 1

    async def tick(self, service: SchedulerService, moment: datetime) -> None:
        """Time passes until that moment, the scheduler wakes, and everything it starts comes to a stop."""
        await self.clock.advance((moment - self.clock.now()).total_seconds())
        await self.wake(service)

    async def jump(self, service: SchedulerService, moment: datetime) -> None:
        """The clock is set to that moment, or the machine slept until then; otherwise the same."""
        self.clock.jump(moment)
        await self.wake(service)

    async def wake(self, service: SchedulerService) -> None:
        """The scheduler wakes, and everything it starts comes to a stop."""
        service._scheduler.wakeup()
        await settle()
        await asyncio.gather(*service._scheduler._executors["default"]._pending_futures)
        if self.idle.may_end.is_set():
            await self.runner.wait()

    async def reasons(self) -> list[str | None]:
        """What the rows of the daily job say went wrong, oldest slot first."""

        def look(connection: Connection) -> list[str | None]:
            rows = connection.exec_driver_sql(
                "SELECT error FROM sync_runs WHERE job_id = ? ORDER BY slot", (DAILY_JOB_ID,)
            )
            return [error for (error,) in rows]

        return await self.database.read(look)

    async def rows(self) -> list[tuple[str, str, str]]:
        """The runs of the daily job: slot, trigger and status, oldest slot first."""

        def look(connection: Connection) -> list[tuple[str, str, str]]:
            rows = connection.exec_driver_sql(
                "SELECT substr(slot, 9, 8), trigger, status FROM sync_runs WHERE job_id = ? ORDER BY slot",
                (DAILY_JOB_ID,),
            )
            return [(slot, trigger, status) for slot, trigger, status in rows]

        return await self.database.read(look)


async def stop(service: SchedulerService) -> None:
    """Stop a scheduler, and let it come to an end."""
    service.stop()
    await settle()


def planned(service: SchedulerService) -> datetime | None:
    """When APScheduler itself will run the daily job next."""
    job = service._scheduler.get_job(DAILY_JOB_ID)
    moment: datetime | None = job.next_run_time if job else None
    return moment


async def run_once(desk: Desk, start: Open, moment: str = "23 02:00") -> None:
    """The daily sync has run at that moment, and then everything ended."""
    desk.clock.jump(at(moment) - timedelta(minutes=1))
    service = await start()
    await desk.tick(service, at(moment))
    await stop(service)
