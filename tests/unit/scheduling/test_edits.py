"""What operators do to the daily schedule, and what is kept of it."""

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection

from console.scheduling.daily import DAILY_JOB_ID, DailySchedule, NoSuchTime, default_schedule, read_schedule
from console.scheduling.edits import Editor, EditRefused
from console.settings import Settings
from console.store.database import Database
from tests.clock import FakeClock

SETTINGS = Settings(sync_schedule_hour=4, sync_schedule_minute=5)
AT = "2026-11-23T01:00:00Z"
"""When everything here happens."""


class Office:
    """Operators, the tables they edit, and what the audit says of it."""

    def __init__(self, database: Database, clock: FakeClock) -> None:
        self.database = database
        self.clock = clock

    def at(self, name: str, settings: Settings = SETTINGS) -> Editor:
        """One of them."""
        return Editor(self.database, settings, name, self.clock.now)

    async def schedule(self) -> DailySchedule:
        """What is kept."""
        return await read_schedule(self.database, SETTINGS)

    async def audits(self) -> list[tuple[str, str, Any, Any]]:
        """Who did what: actor, action, before and after."""

        def look(connection: Connection) -> list[tuple[str, str, Any, Any]]:
            rows = connection.exec_driver_sql(
                "SELECT actor, action, before, after FROM audit_events WHERE target = ? ORDER BY id", (DAILY_JOB_ID,)
            )
            return [(actor, action, json.loads(before), json.loads(after)) for actor, action, before, after in rows]

        return await self.database.read(look)


@pytest.fixture
def office(database: Database, clock: FakeClock) -> Office:
    """An office in which nobody has done anything."""
    return Office(database, clock)


async def test_the_time_is_set_and_it_is_kept_who_did(office: Office) -> None:
    kept = await office.at("alice").set_time(3, 30)
    assert kept == DailySchedule(hour=3, minute=30, updated_by="alice", updated_at=office.clock.now())
    assert await office.schedule() == kept
    before = {"time": "04:05", "set_by": None}
    after = {"time": "03:30", "set_by": "alice", "set_at": AT}
    assert await office.audits() == [("alice", "schedule.set", before, after)]


@pytest.mark.parametrize("actor", ["alice", "bob"])
async def test_setting_the_time_that_was_set_already_is_no_change_that_could_be_undone(
    office: Office, actor: str
) -> None:
    kept = await office.at("alice").set_time(3, 30)
    assert await office.at(actor).set_time(3, 30) == kept
    assert len(await office.audits()) == 1


async def test_the_time_of_the_settings_can_be_set_so_that_it_no_longer_follows_them(office: Office) -> None:
    await office.at("alice").set_time(4, 5)
    moved = await read_schedule(office.database, replace(SETTINGS, sync_schedule_hour=9))
    assert (moved.time, moved.updated_by) == ("04:05", "alice")


@pytest.mark.parametrize(("hour", "minute", "said"), [(24, 0, "24:00"), (0, 60, "00:60"), (-1, 5, "-1:05")])
async def test_what_is_no_time_is_refused_and_nothing_is_kept(
    office: Office, hour: int, minute: int, said: str
) -> None:
    with pytest.raises(NoSuchTime) as refusal:
        await office.at("alice").set_time(hour, minute)
    assert str(refusal.value) == f"{said} is no time of day: the hour goes from 0 to 23, the minute from 0 to 59."
    assert await office.schedule() == default_schedule(SETTINGS)
    assert await office.audits() == []


async def test_a_pause_is_kept_with_its_reason_and_ends_with_the_resume(office: Office) -> None:
    paused = await office.at("bob").pause("  stocktaking \x1b[31muntil Monday ")
    assert (paused.enabled, paused.paused_by, paused.pause_reason) == (False, "bob", "stocktaking ␛[31muntil Monday")
    assert await office.schedule() == paused
    assert await office.at("alice").resume() == default_schedule(SETTINGS)
    assert await office.schedule() == default_schedule(SETTINGS)
    reason = "stocktaking ␛[31muntil Monday"
    told = {"enabled": False, "reason": reason, "paused_by": "bob", "paused_at": AT}
    assert await office.audits() == [
        ("bob", "schedule.pause", {"enabled": True}, told),
        ("alice", "schedule.resume", told, {"enabled": True}),
    ]


async def test_a_pause_needs_a_reason(office: Office) -> None:
    for reason in ("", " \t\n "):
        with pytest.raises(EditRefused, match=r"^Say why: the schedule is paused with a reason"):
            await office.at("bob").pause(reason)
    assert (await office.schedule()).enabled
    assert await office.audits() == []


async def test_a_reason_is_kept_up_to_a_length(office: Office) -> None:
    paused = await office.at("bob").pause("x" * 10_000)
    assert len(paused.pause_reason or "") <= 500


async def test_who_pauses_twice_is_told_who_did_before(office: Office) -> None:
    await office.at("bob").pause("stocktaking")
    with pytest.raises(EditRefused) as refusal:
        await office.at("alice").pause("holidays")
    assert str(refusal.value) == "The schedule is paused by bob: stocktaking. Resume it first to pause it anew."
    assert (await office.schedule()).pause_reason == "stocktaking"
    assert len(await office.audits()) == 1


async def test_what_is_not_paused_cannot_be_resumed(office: Office) -> None:
    with pytest.raises(EditRefused) as refusal:
        await office.at("alice").resume()
    assert str(refusal.value) == "The schedule is not paused: the daily sync runs at 04:05 UTC."
    assert await office.audits() == []


async def test_setting_the_time_does_not_end_a_pause_and_a_pause_does_not_change_who_set_the_time(
    office: Office,
) -> None:
    await office.at("bob").pause("stocktaking")
    kept = await office.at("alice").set_time(3, 30)
    assert (kept.time, kept.enabled, kept.pause_reason, kept.paused_by) == ("03:30", False, "stocktaking", "bob")
    resumed = await office.at("carol").resume()
    assert (resumed.time, resumed.enabled, resumed.updated_by) == ("03:30", True, "alice")
    assert await office.schedule() == resumed


async def test_a_reset_goes_back_to_the_settings_and_follows_them(office: Office) -> None:
    await office.at("alice").set_time(3, 30)
    await office.at("bob").pause("stocktaking")
    kept = await office.at("alice").reset_time()
    assert (kept.time, kept.updated_by, kept.enabled, kept.pause_reason) == ("04:05", None, False, "stocktaking")
    assert await office.schedule() == kept
    moved = await read_schedule(office.database, replace(SETTINGS, sync_schedule_hour=9))
    assert (moved.time, moved.enabled) == ("09:05", False)
    before = {"time": "03:30", "set_by": "alice", "set_at": AT}
    assert (await office.audits())[-1] == ("alice", "schedule.reset", before, {"time": "04:05", "set_by": None})


async def test_a_reset_of_what_nobody_has_set_does_nothing(office: Office) -> None:
    assert await office.at("alice").reset_time() == default_schedule(SETTINGS)
    assert await office.audits() == []


async def test_two_who_edit_at_once_do_not_undo_each_other(office: Office) -> None:
    beside = Database.open(office.database.path, is_only_writer=False)
    try:
        await office.at("alice").set_time(3, 30)
        await Editor(beside, SETTINGS, "bob", office.clock.now).pause("stocktaking")
    finally:
        await beside.close()
    found = await office.schedule()
    assert (found.time, found.enabled, found.updated_by, found.paused_by) == ("03:30", False, "alice", "bob")
