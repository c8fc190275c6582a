"""The time of the daily sync: what the settings say, until an operator has set it."""

from dataclasses import replace

import pytest

from console.scheduling.daily import DailySchedule, check_time, default_schedule, read_schedule
from console.scheduling.edits import Editor
from console.settings import Settings
from console.store.database import Database
from tests.clock import FakeClock

SETTINGS = Settings(sync_schedule_hour=4, sync_schedule_minute=5)


async def test_the_settings_say_until_somebody_has_set_it(database: Database, clock: FakeClock) -> None:
    assert await read_schedule(database, SETTINGS) == DailySchedule(hour=4, minute=5)
    assert default_schedule(SETTINGS).time == "04:05"
    kept = await Editor(database, SETTINGS, "alice", clock.now).set_time(3, 30)
    assert await read_schedule(database, SETTINGS) == kept
    assert await read_schedule(database, replace(SETTINGS, sync_schedule_hour=9)) == kept


async def test_a_pause_does_not_make_the_time_that_of_an_operator(database: Database, clock: FakeClock) -> None:
    await Editor(database, SETTINGS, "bob", clock.now).pause("stocktaking")
    found = await read_schedule(database, replace(SETTINGS, sync_schedule_hour=9))
    assert found == DailySchedule(
        hour=9, minute=5, enabled=False, pause_reason="stocktaking", paused_by="bob", paused_at=clock.now()
    )
    assert found.pause_words == "paused by bob: stocktaking"
    assert found.pause_words_since == f"paused by bob since {clock.now():%a %Y-%m-%d %H:%M} UTC: stocktaking"


def test_a_pause_without_words_is_told_as_such() -> None:
    paused = DailySchedule(hour=4, minute=5, enabled=False)
    assert paused.pause_words == paused.pause_words_since == "paused: no reason was given"


@pytest.mark.parametrize(("hour", "minute"), [(0, 0), (23, 59)])
def test_the_ends_of_the_day_are_times(hour: int, minute: int) -> None:
    check_time(hour, minute)
