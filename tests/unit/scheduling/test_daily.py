"""The time of the daily sync: what the settings say, until an operator has set it."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection

from console.scheduling.daily import (
    DAILY_JOB_ID,
    DailySchedule,
    NoSuchTime,
    check_time,
    default_schedule,
    keep_daily_time,
    read_schedule,
)
from console.settings import Settings
from console.store.database import Database

NOW = datetime(2026, 11, 23, 1, 0, 0, 123_456, tzinfo=UTC)
SETTINGS = Settings(sync_schedule_hour=4, sync_schedule_minute=5)


def audits(connection: Connection) -> list[tuple[object, ...]]:
    """Who did what."""
    rows = connection.exec_driver_sql("SELECT actor, action, target, before, after FROM audit_events")
    return [(*row[:3], json.loads(row[3]), json.loads(row[4])) for row in rows]


async def test_the_settings_say_until_somebody_has_set_it(database: Database) -> None:
    assert await read_schedule(database, SETTINGS) == DailySchedule(hour=4, minute=5)
    assert default_schedule(SETTINGS).time == "04:05"


async def test_what_an_operator_sets_outlasts_the_settings(database: Database) -> None:
    kept = await keep_daily_time(database, default_schedule(SETTINGS), 3, 30, "alice", NOW)
    assert kept == DailySchedule(hour=3, minute=30, updated_by="alice", updated_at=NOW)
    assert await read_schedule(database, SETTINGS) == kept
    assert await read_schedule(database, replace(SETTINGS, sync_schedule_hour=9)) == kept
    assert await database.read(audits) == [
        ("alice", "schedule.set", DAILY_JOB_ID, {"time": "04:05"}, {"time": "03:30"})
    ]


async def test_setting_the_time_does_not_end_a_pause(database: Database) -> None:
    paused = DailySchedule(hour=2, minute=0, enabled=False, pause_reason="stocktaking")
    kept = await keep_daily_time(database, paused, 3, 30, "alice", NOW)
    assert (kept.enabled, kept.pause_reason) == (False, "stocktaking")
    assert await read_schedule(database, SETTINGS) == kept


@pytest.mark.parametrize(("hour", "minute", "said"), [(24, 0, "24:00"), (0, 60, "00:60"), (-1, 5, "-1:05")])
async def test_what_is_no_time_is_refused_and_nothing_is_kept(
    database: Database, hour: int, minute: int, said: str
) -> None:
    with pytest.raises(NoSuchTime) as refusal:
        await keep_daily_time(database, default_schedule(SETTINGS), hour, minute, "alice", NOW)
    assert str(refusal.value) == (f"{said} is no time of day: the hour goes from 0 to 23, the minute from 0 to 59.")
    assert await read_schedule(database, SETTINGS) == default_schedule(SETTINGS)
    assert await database.read(audits) == []


@pytest.mark.parametrize(("hour", "minute"), [(0, 0), (23, 59)])
def test_the_ends_of_the_day_are_times(hour: int, minute: int) -> None:
    check_time(hour, minute)
