"""The last change of the schedule can be undone, redone, and by nobody who has not seen it."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import Connection

from console.scheduling.daily import DAILY_JOB_ID, DailySchedule, default_schedule
from console.scheduling.edits import Editor, EditRefused
from console.scheduling.undo import Undo, read_state
from console.settings import Settings
from console.store.audit import AuditEvent, write_audit
from console.store.database import Database
from tests.clock import FakeClock

SETTINGS = Settings(sync_schedule_hour=4, sync_schedule_minute=5)


class Office:
    """Operators, and the schedule that they change."""

    def __init__(self, database: Database, clock: FakeClock) -> None:
        self.database = database
        self.clock = clock

    def at(self, name: str) -> Editor:
        """One of them."""
        return Editor(self.database, SETTINGS, name, self.clock.now)

    async def undo(self, settings: Settings = SETTINGS) -> Undo | None:
        """What can be undone."""
        return (await read_state(self.database, settings)).undo

    async def last(self) -> Undo:
        """The same, where something can."""
        undo = await self.undo()
        assert undo is not None
        return undo

    async def undone_by(self, name: str) -> DailySchedule:
        """Somebody undoes what is offered, and it is as was promised."""
        offered = await self.last()
        daily = await self.at(name).undo(offered.event.id)
        assert daily == offered.restored == (await read_state(self.database, SETTINGS)).daily
        return daily


@pytest.fixture
def office(database: Database, clock: FakeClock) -> Office:
    """An office in which nobody has done anything."""
    return Office(database, clock)


async def test_where_nobody_did_anything_nothing_is_undone(office: Office) -> None:
    assert await office.undo() is None
    with pytest.raises(EditRefused, match=r"^There is nothing to undo"):
        await office.at("alice").undo(1)


async def test_each_kind_of_change_is_undone_and_redone(office: Office) -> None:
    alice, bob = office.at("alice"), office.at("bob")
    before = default_schedule(SETTINGS)
    changes: list[Callable[[], Awaitable[DailySchedule]]] = [
        partial(alice.set_time, 3, 30),
        partial(bob.set_time, 5, 45),
        partial(alice.pause, "stocktaking"),
        bob.resume,
        alice.reset_time,
    ]
    for change in changes:
        await office.clock.sleep(60)
        after = await change()
        for _ in range(2):
            await office.clock.sleep(60)
            assert await office.undone_by("carol") == before
            assert await office.undone_by("dave") == after
        before = after


async def test_an_undone_resume_is_the_pause_of_who_made_it(office: Office) -> None:
    paused = await office.at("bob").pause("stocktaking")
    await office.clock.sleep(60)
    await office.at("alice").resume()
    assert await office.undone_by("alice") == paused


async def test_what_was_not_the_last_change_is_not_undone(office: Office) -> None:
    await office.at("alice").set_time(3, 30)
    offered = await office.last()
    kept = await office.at("bob").set_time(5, 45)
    with pytest.raises(EditRefused, match=r"^Nothing was undone: bob has changed the schedule meanwhile"):
        await office.at("alice").undo(offered.event.id)
    assert (await read_state(office.database, SETTINGS)).daily == kept


async def test_of_two_who_undo_the_same_change_one_does(office: Office) -> None:
    await office.at("alice").set_time(3, 30)
    offered = await office.last()
    await office.at("alice").undo(offered.event.id)
    with pytest.raises(EditRefused, match=r"^Nothing was undone: alice has changed the schedule meanwhile"):
        await office.at("bob").undo(offered.event.id)


async def test_back_to_the_settings_is_back_to_what_they_say_by_now(office: Office) -> None:
    await office.at("alice").set_time(3, 30)
    undo = await office.undo(replace(SETTINGS, sync_schedule_hour=9))
    assert undo is not None
    assert (undo.restored.time, undo.restored.updated_by) == ("09:05", None)


@pytest.mark.parametrize("told", ['{"time": "25:99", "set_by": "bob"}', "{}", "no document"])
async def test_a_change_that_tells_nothing_of_before_is_not_offered(office: Office, told: str) -> None:
    await office.at("alice").set_time(3, 30)

    def spoil(connection: Connection) -> None:
        connection.exec_driver_sql("UPDATE audit_events SET before = ?", (told,))

    await office.database.write(spoil)
    assert await office.undo() is None


async def test_changes_from_before_it_was_kept_who_set_the_time_are_undone_as_well(office: Office) -> None:
    def write_old(connection: Connection) -> None:
        for actor, before, after in (("bob", "04:05", "03:30"), ("alice", "03:30", "05:45")):
            event = AuditEvent(
                at=office.clock.now(), actor=actor, role="admin", method="console", action="schedule.set",
                target=DAILY_JOB_ID, before={"time": before}, after={"time": after}, outcome="done",
            )  # fmt: skip
            write_audit(connection, event)

    await office.at("alice").set_time(5, 45)

    def forget(connection: Connection) -> None:
        connection.exec_driver_sql("DELETE FROM audit_events")

    await office.database.write(forget)
    await office.database.write(write_old)
    undo = await office.last()
    assert (undo.restored.time, undo.restored.updated_by) == ("03:30", "bob")


async def test_an_undo_is_an_edit_of_its_own_in_the_audit(office: Office) -> None:
    await office.at("alice").set_time(3, 30)
    event = (await office.last()).event
    await office.undone_by("bob")

    def look(connection: Connection) -> list[tuple[str, ...]]:
        found = connection.exec_driver_sql(
            "SELECT actor, role, method, action, target, before, after, outcome FROM audit_events ORDER BY id"
        )
        return [tuple(row) for row in found]

    *_, (actor, role, method, action, target, before, after, outcome) = await office.database.read(look)
    assert (actor, role, method, action) == ("bob", "admin", "console", "schedule.undo")
    assert (target, outcome) == (DAILY_JOB_ID, "done")
    assert json.loads(before) == {"time": "03:30", "set_by": "alice", "set_at": "2026-11-23T01:00:00Z"}
    assert json.loads(after) == {
        "time": "04:05", "set_by": None, "undid": event.id, "undid_action": "schedule.set",
    }  # fmt: skip
