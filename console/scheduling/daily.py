"""The time of the daily sync: what the settings say, until an operator has set it."""

from datetime import datetime

import msgspec

from console.scheduling.slots import is_time_of_day
from console.settings import Settings
from console.store.audit import AuditEvent
from console.store.database import Database
from console.store.schedules import StoredSchedule, get_schedule, save_schedule

DAILY_JOB_ID = "daily_product_sync"


class NoSuchTime(Exception):
    """It is no time of day. The message says what is."""


class DailySchedule(msgspec.Struct, frozen=True, kw_only=True):
    """When the daily sync runs (UTC); `updated_by` is None while nobody has edited it and the settings say."""

    hour: int
    minute: int
    enabled: bool = True
    pause_reason: str | None = None
    updated_by: str | None = None
    updated_at: datetime | None = None

    @property
    def time(self) -> str:
        """The time of day as HH:MM."""
        return f"{self.hour:02}:{self.minute:02}"


def default_schedule(settings: Settings) -> DailySchedule:
    """What the settings say."""
    return DailySchedule(hour=settings.sync_schedule_hour, minute=settings.sync_schedule_minute)


async def read_schedule(database: Database, settings: Settings) -> DailySchedule:
    """What an operator has set, else what the settings say."""
    stored = await database.read(get_schedule, DAILY_JOB_ID)
    if stored is None:
        return default_schedule(settings)
    return DailySchedule(
        hour=stored.hour,
        minute=stored.minute,
        enabled=stored.enabled,
        pause_reason=stored.pause_reason,
        updated_by=stored.updated_by,
        updated_at=stored.updated_at,
    )


async def keep_daily_time(
    database: Database, before: DailySchedule, hour: int, minute: int, updated_by: str, now: datetime
) -> DailySchedule:
    """Write a new daily time into the database, and who set it into the audit.

    Raises:
        NoSuchTime: it is no time of day.
        StoreError: it cannot be written.
    """
    check_time(hour, minute)
    after = msgspec.structs.replace(before, hour=hour, minute=minute, updated_by=updated_by, updated_at=now)
    stored = StoredSchedule(
        job_id=DAILY_JOB_ID,
        hour=hour,
        minute=minute,
        enabled=after.enabled,
        pause_reason=after.pause_reason,
        updated_by=updated_by,
        updated_at=now,
    )
    audit = AuditEvent(
        at=now,
        actor=updated_by,
        role="admin",
        method="console",
        action="schedule.set",
        target=DAILY_JOB_ID,
        before={"time": before.time},
        after={"time": after.time},
        outcome="done",
    )
    await database.write(save_schedule, stored, audit)
    return after


def check_time(hour: int, minute: int) -> None:
    """Raise NoSuchTime where it is no time of day."""
    if not is_time_of_day(hour, minute):
        raise NoSuchTime(
            f"{hour:02}:{minute:02} is no time of day: the hour goes from 0 to 23, the minute from 0 to 59."
        )
