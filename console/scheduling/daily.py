"""The time of the daily sync: what the settings say, until an operator has set it."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection

from console.scheduling.slots import is_time_of_day
from console.settings import Settings
from console.store.database import Database
from console.store.schedules import ScheduleEvent, StoredSchedule, get_schedule, schedule_events

DAILY_JOB_ID = "daily_product_sync"


class NoSuchTime(Exception):
    """It is no time of day. The message says what is."""


class DailySchedule(msgspec.Struct, frozen=True, kw_only=True):
    """When the daily sync runs (UTC), and whether it is paused.

    `updated_by` and `updated_at` tell who set the time, and when; both are None while the settings say.
    """

    hour: int
    minute: int
    enabled: bool = True
    pause_reason: str | None = None
    paused_by: str | None = None
    paused_at: datetime | None = None
    updated_by: str | None = None
    updated_at: datetime | None = None

    @property
    def time(self) -> str:
        """The time of day as HH:MM."""
        return f"{self.hour:02}:{self.minute:02}"

    @property
    def pause_words(self) -> str:
        """By whom it is paused, and why."""
        by = f" by {self.paused_by}" if self.paused_by else ""
        return f"paused{by}: {self.pause_reason or 'no reason was given'}"

    @property
    def pause_words_since(self) -> str:
        """By whom it is paused, since when, and why."""
        by = f" by {self.paused_by}" if self.paused_by else ""
        since = f" since {self.paused_at:%a %Y-%m-%d %H:%M} UTC" if self.paused_at else ""
        return f"paused{by}{since}: {self.pause_reason or 'no reason was given'}"


def default_schedule(settings: Settings) -> DailySchedule:
    """What the settings say."""
    return DailySchedule(hour=settings.sync_schedule_hour, minute=settings.sync_schedule_minute)


async def read_schedule(database: Database, settings: Settings) -> DailySchedule:
    """What an operator has set, else what the settings say."""
    return await database.read(look_up_schedule, settings)


def look_up_schedule(connection: Connection, settings: Settings) -> DailySchedule:
    """The same within a transaction."""
    stored = get_schedule(connection, DAILY_JOB_ID)
    if stored is None:
        return default_schedule(settings)
    return schedule_in_force(stored, () if stored.enabled else schedule_events(connection, DAILY_JOB_ID), settings)


def schedule_in_force(stored: StoredSchedule, events: tuple[ScheduleEvent, ...], settings: Settings) -> DailySchedule:
    """What is kept, with the time of the settings unless an operator has set one."""
    default = default_schedule(settings)
    is_set = stored.updated_by is not None
    pauses = [] if stored.enabled else [event for event in events if event.after.enabled is False]
    pause = pauses[-1] if pauses else None
    return DailySchedule(
        hour=stored.hour if is_set else default.hour,
        minute=stored.minute if is_set else default.minute,
        enabled=stored.enabled,
        pause_reason=stored.pause_reason,
        paused_by=pause.after.paused_by or pause.actor if pause else None,
        paused_at=pause.after.paused_at or pause.at if pause else None,
        updated_by=stored.updated_by,
        updated_at=stored.updated_at if is_set else None,
    )


def check_time(hour: int, minute: int) -> None:
    """Raise NoSuchTime where it is no time of day."""
    if not is_time_of_day(hour, minute):
        raise NoSuchTime(
            f"{hour:02}:{minute:02} is no time of day: the hour goes from 0 to 23, the minute from 0 to 59."
        )
