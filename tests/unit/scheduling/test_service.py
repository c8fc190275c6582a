"""The schedule: every slot acted on once, edits kept and taken over, slots that passed accounted for."""

import asyncio
import logging
from datetime import timedelta
from typing import Any

import pytest

from console.run import RunStatus, Trigger
from console.scheduling.daily import NoSuchTime
from console.scheduling.edits import Editor
from console.scheduling.runner import RunActive
from console.settings import Settings
from console.store.database import Database
from console.store.errors import StoreError
from tests.clock import settle
from tests.unit.scheduling.desk import SETTINGS, Desk, Open, at, planned, run_once, stop

pytestmark = pytest.mark.usefixtures("apscheduler_clock")

# -- slots ------------------------------------------------------------------------------------------------------------


async def test_a_slot_is_run_exactly_once(desk: Desk, start: Open) -> None:
    service = await start()
    await desk.tick(service, at("23 01:59:59"))
    assert await desk.rows() == []
    for moment in ("23 02:00", "23 02:00:01", "23 12:00", "24 01:59:59"):
        await desk.tick(service, at(moment))
        assert await desk.rows() == [("23 02:00", "scheduled", "succeeded")]
    await desk.tick(service, at("24 02:00"))
    assert [slot for slot, *_ in await desk.rows()] == ["23 02:00", "24 02:00"]
    assert desk.changes == 3  # and one after the maintenance, whose next time is another then


async def test_a_slot_is_run_by_the_timer_alone(desk: Desk, start: Open) -> None:
    desk.clock.jump(at("23 01:59:59.950"))
    await start()
    desk.clock.jump(at("23 02:00"))
    async with asyncio.timeout(10):
        ticket = await desk.idle.began.get()
    assert ticket.slot == at("23 02:00")
    assert ticket.trigger is Trigger.SCHEDULED
    await desk.runner.wait()


async def test_a_slot_that_is_noticed_late_is_still_that_slot(desk: Desk, start: Open) -> None:
    service = await start()
    await desk.jump(service, at("23 07:59:23"))
    assert await desk.rows() == [("23 02:00", "catch_up", "succeeded")]


async def test_a_slot_that_is_noticed_too_late_is_missed(desk: Desk, start: Open) -> None:
    service = await start()
    await desk.jump(service, at("23 09:17:23"))
    assert await desk.rows() == [("23 02:00", "catch_up", "missed")]
    assert await desk.reasons() == ["Nothing could run then: this machine slept, or its clock was set."]


async def test_with_nothing_to_be_caught_up_a_slot_still_runs_at_its_time(desk: Desk, start: Open) -> None:
    service = await start(Settings(sync_catch_up_hours=0))
    await desk.tick(service, at("23 02:00:31"))
    await desk.jump(service, at("24 02:01:01"))
    assert [(slot, status) for slot, _, status in await desk.rows()] == [
        ("23 02:00", "succeeded"),
        ("24 02:00", "missed"),
    ]


async def test_a_machine_that_slept_for_days_runs_the_latest_slot_and_records_the_others_as_missed(
    desk: Desk, start: Open
) -> None:
    service = await start()
    await desk.tick(service, at("23 02:00"))
    await desk.jump(service, at("26 02:30"))
    assert await desk.rows() == [
        ("23 02:00", "scheduled", "succeeded"),
        ("24 02:00", "catch_up", "missed"),
        ("25 02:00", "catch_up", "missed"),
        ("26 02:00", "catch_up", "succeeded"),
    ]
    await desk.tick(service, at("27 02:00"))
    assert len(await desk.rows()) == 5


async def test_a_clock_that_is_set_back_does_not_run_a_slot_again(desk: Desk, start: Open) -> None:
    service = await start()
    await desk.tick(service, at("23 02:00"))
    await desk.jump(service, at("23 01:30"))
    await desk.tick(service, at("23 02:00"))
    await desk.tick(service, at("23 03:00"))
    assert await desk.rows() == [("23 02:00", "scheduled", "succeeded")]
    await desk.tick(service, at("24 02:00"))
    assert len(await desk.rows()) == 2


async def test_a_slot_while_a_run_is_active_is_recorded_as_skipped(
    desk: Desk, start: Open, caplog: pytest.LogCaptureFixture
) -> None:
    service = await start()
    desk.idle.may_end.clear()
    run_id = await service.trigger_manual_sync("alice")
    await desk.tick(service, at("23 02:00"))
    assert await desk.rows() == [("23 02:00", "scheduled", "skipped")]
    assert f"The daily product sync of 2026-11-23 02:00 was skipped: Run {run_id} is active" in caplog.text
    desk.idle.may_end.set()
    await desk.runner.wait()
    await desk.tick(service, at("24 02:00"))
    assert await desk.rows() == [("23 02:00", "scheduled", "skipped"), ("24 02:00", "scheduled", "succeeded")]


async def test_a_run_longer_than_a_day_skips_the_slots_within(desk: Desk, start: Open) -> None:
    service = await start()
    desk.idle.may_end.clear()
    for day in (23, 24, 25):
        await desk.tick(service, at(f"{day} 02:00"))
    desk.idle.may_end.set()
    await desk.runner.wait()
    assert [status for _, _, status in await desk.rows()] == ["succeeded", "skipped", "skipped"]


async def test_a_slot_that_cannot_be_recorded_is_told_once_and_caught_up(
    desk: Desk, start: Open, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = await start()

    async def refuse(*_: object) -> Any:
        raise StoreError("The database refused: the disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(desk.database, "write", refuse)
        for seconds in (0, 5, 10):
            await desk.tick(service, at("23 02:00") + timedelta(seconds=seconds))
    (error,) = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert error.startswith("The daily product sync of 2026-11-23 02:00 cannot begin: The database refused")
    assert caplog.text.count("The daily product sync of 2026-11-23 02:00 cannot begin") == 1, "told once"
    await desk.tick(service, at("23 03:00"))
    assert await desk.rows() == [("23 02:00", "catch_up", "succeeded")], "caught up when the database works again"
    await desk.tick(service, at("24 02:00"))
    assert (await desk.rows())[1:] == [("24 02:00", "scheduled", "succeeded")]


async def test_a_slot_at_the_very_end_begins_no_run(desk: Desk, start: Open, caplog: pytest.LogCaptureFixture) -> None:
    service = await start()
    await desk.runner.close(RunStatus.INTERRUPTED)
    await desk.tick(service, at("23 02:00"))
    assert "The daily product sync of 2026-11-23 02:00 cannot begin: g2a-console is ending" in caplog.text
    assert await desk.rows() == []


async def test_a_skipped_slot_that_cannot_be_recorded_is_told_as_well(
    desk: Desk, start: Open, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = await start()
    desk.idle.may_end.clear()
    await service.trigger_manual_sync("alice")

    async def refuse(*_: object) -> Any:
        raise StoreError("The database refused: the disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(desk.database, "write", refuse)
        await desk.tick(service, at("23 02:00"))
    assert "The daily product sync of 2026-11-23 02:00 cannot begin: The database refused" in caplog.text
    assert desk.changes
    desk.idle.may_end.set()
    await desk.runner.wait()


# -- edits ------------------------------------------------------------------------------------------------------------


async def test_an_edited_time_survives_a_restart(desk: Desk, start: Open) -> None:
    first = await start()
    edited = await first.reschedule_daily_sync(3, 30, "alice")
    assert (edited.time, edited.updated_by, edited.updated_at) == ("03:30", "alice", at("23 01:00"))
    assert planned(first) == at("23 03:30")
    assert desk.changes == 1
    await stop(first)
    second = await start()
    assert second.daily == edited
    assert planned(second) == at("23 03:30")
    await desk.tick(second, at("23 02:00"))
    assert await desk.rows() == []
    await desk.tick(second, at("23 03:30"))
    assert await desk.rows() == [("23 03:30", "scheduled", "succeeded")]


async def test_an_edit_to_a_later_time_on_the_same_day_is_a_slot_of_its_own(desk: Desk, start: Open) -> None:
    service = await start()
    await desk.tick(service, at("23 02:00"))
    await service.reschedule_daily_sync(5, 0, "alice")
    await desk.tick(service, at("23 05:00"))
    assert [slot for slot, *_ in await desk.rows()] == ["23 02:00", "23 05:00"]


async def test_an_edit_to_the_same_time_runs_nothing_twice(desk: Desk, start: Open) -> None:
    service = await start()
    await desk.tick(service, at("23 02:00"))
    await service.reschedule_daily_sync(2, 0, "alice")
    await desk.tick(service, at("23 02:00:30"))
    assert planned(service) == at("24 02:00")
    assert len(await desk.rows()) == 1


async def test_an_edit_from_another_process_is_taken_over(
    desk: Desk, start: Open, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    service = await start()
    beside = Database.open(desk.database.path, is_only_writer=False)
    edited = await Editor(beside, SETTINGS, "bob", desk.clock.now).set_time(4, 45)
    await beside.close()
    await desk.tick(service, at("23 01:00:06"))
    assert service.daily == edited
    assert planned(service) == at("23 04:45")
    assert desk.changes == 1
    assert "The daily product sync is now at 04:45 UTC, set by bob" in caplog.text
    await desk.tick(service, at("23 01:00:12"))
    assert desk.changes == 1, "nothing new"


async def test_an_edit_while_the_schedule_is_read_anew_is_not_undone(
    desk: Desk, start: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = await start()
    read = desk.database.read

    async def read_and_dawdle(*arguments: Any) -> Any:
        found = await read(*arguments)
        monkeypatch.setattr(desk.database, "read", read)
        await service.reschedule_daily_sync(3, 30, "alice")
        return found

    monkeypatch.setattr(desk.database, "read", read_and_dawdle)
    await desk.tick(service, at("23 01:00:06"))
    assert service.daily.time == "03:30"
    assert planned(service) == at("23 03:30")
    assert desk.changes == 1


async def test_a_schedule_that_cannot_be_read_stays_as_it_is(
    desk: Desk, start: Open, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = await start()

    async def refuse(*_: object) -> Any:
        raise StoreError("The database refused: x.")

    with monkeypatch.context() as patch:
        patch.setattr(desk.database, "read", refuse)
        await desk.tick(service, at("23 01:00:06"))
    assert "The schedule cannot be read: The database refused: x." in caplog.text
    assert planned(service) == at("23 02:00")
    await desk.tick(service, at("23 02:00"))
    assert len(await desk.rows()) == 1


@pytest.mark.parametrize(("hour", "minute"), [(24, 0), (-1, 0), (0, 60)])
async def test_what_is_no_time_changes_nothing(desk: Desk, start: Open, hour: int, minute: int) -> None:
    service = await start()
    with pytest.raises(NoSuchTime):
        await service.reschedule_daily_sync(hour, minute, "alice")
    with pytest.raises(NoSuchTime):
        service.preview(hour, minute)
    assert service.daily.time == "02:00"
    assert planned(service) == at("23 02:00")
    assert desk.changes == 0


async def test_an_edit_that_cannot_be_kept_changes_nothing(
    desk: Desk, start: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = await start()

    async def refuse(*_: object) -> Any:
        raise StoreError("The database refused: x.")

    with monkeypatch.context() as patch:
        patch.setattr(desk.database, "write", refuse)
        with pytest.raises(StoreError):
            await service.reschedule_daily_sync(3, 30, "alice")
    assert service.daily.time == "02:00"
    assert planned(service) == at("23 02:00")


# -- what is told -----------------------------------------------------------------------------------------------------


async def test_the_next_times_are_told_and_those_of_another_time(desk: Desk, start: Open) -> None:
    service = await start()
    assert service.next_run_times() == (at("23 02:00"), at("24 02:00"), at("25 02:00"))
    assert service.next_run_times(1) == (at("23 02:00"),)
    assert service.preview(0, 30) == (at("24 00:30"), at("25 00:30"), at("26 00:30"))
    assert service.next_run_times(1) == (planned(service),), "what is shown is what APScheduler does"


async def test_after_the_stop_no_run_begins(desk: Desk, start: Open) -> None:
    service = await start()
    states = [service.is_running]
    await stop(service)
    states.append(service.is_running)
    assert states == [True, False]
    desk.clock.jump(at("23 02:00"))
    await settle()
    assert await desk.rows() == []
    service.stop()


async def test_a_run_by_hand_has_a_job_id_with_its_time(desk: Desk, start: Open) -> None:
    service = await start()
    desk.idle.may_end.clear()
    await service.trigger_manual_sync("alice", (7, 7))
    ticket = await desk.idle.began.get()
    assert ticket.job_id == f"manual_product_sync_{int(at('23 01:00').timestamp())}"
    assert (ticket.requested_by, ticket.trigger, ticket.slot) == ("alice", Trigger.MANUAL, None)
    with pytest.raises(RunActive):
        await service.trigger_manual_sync("bob")
    desk.idle.may_end.set()
    await desk.runner.wait()


# -- slots that passed while nothing ran ------------------------------------------------------------------------------


async def test_before_the_first_run_of_all_no_slot_was_missed(desk: Desk, start: Open) -> None:
    desk.clock.jump(at("25 03:00"))
    await start()
    assert await desk.rows() == []


async def test_a_restart_before_the_next_slot_misses_nothing(desk: Desk, start: Open) -> None:
    await run_once(desk, start)
    desk.clock.jump(at("24 01:59"))
    service = await start()
    assert len(await desk.rows()) == 1
    await desk.tick(service, at("24 02:00"))
    assert [trigger for _, trigger, _ in await desk.rows()] == ["scheduled", "scheduled"]


@pytest.mark.parametrize("moment", ["24 02:00", "24 02:00:01", "24 07:59", "24 08:00"])
async def test_a_slot_missed_by_few_hours_is_caught_up_at_the_start(desk: Desk, start: Open, moment: str) -> None:
    await run_once(desk, start)
    desk.clock.jump(at(moment))
    service = await start()
    await desk.runner.wait()
    await desk.tick(service, at(moment) + timedelta(minutes=1))
    assert await desk.rows() == [("23 02:00", "scheduled", "succeeded"), ("24 02:00", "catch_up", "succeeded")]


async def test_a_slot_missed_by_more_is_recorded_as_missed(desk: Desk, start: Open) -> None:
    await run_once(desk, start)
    desk.clock.jump(at("24 08:00:01"))
    await start()
    assert (await desk.rows())[1:] == [("24 02:00", "catch_up", "missed")]


async def test_of_many_missed_slots_each_has_its_row_and_the_latest_runs(desk: Desk, start: Open) -> None:
    await run_once(desk, start)
    desk.clock.jump(at("27 05:00"))
    service = await start()
    await desk.runner.wait()
    assert [(slot, status) for slot, _, status in await desk.rows()] == [
        ("23 02:00", "succeeded"),
        ("24 02:00", "missed"),
        ("25 02:00", "missed"),
        ("26 02:00", "missed"),
        ("27 02:00", "succeeded"),
    ]
    await stop(service)
    again = await start()
    await desk.tick(again, at("27 05:01"))
    assert len(await desk.rows()) == 5, "a second start finds nothing to do"


async def test_how_long_a_slot_may_be_caught_up_is_a_setting(desk: Desk, start: Open) -> None:
    await run_once(desk, start)
    desk.clock.jump(at("24 02:00:01"))
    await start(Settings(sync_catch_up_hours=0))
    assert (await desk.rows())[1:] == [("24 02:00", "catch_up", "missed")]


async def test_an_edited_time_makes_no_slots_in_the_past(desk: Desk, start: Open) -> None:
    await run_once(desk, start)
    desk.clock.jump(at("23 12:00"))
    service = await start()
    await service.reschedule_daily_sync(11, 0, "alice")
    await stop(service)
    desk.clock.jump(at("23 13:00"))
    await start()
    assert await desk.rows() == [("23 02:00", "scheduled", "succeeded")]


async def test_a_skipped_slot_is_accounted_for(desk: Desk, start: Open) -> None:
    service = await start()
    desk.idle.may_end.clear()
    await service.trigger_manual_sync("alice")
    await desk.tick(service, at("23 02:00"))
    desk.idle.may_end.set()
    await desk.runner.wait()
    await stop(service)
    desk.clock.jump(at("23 03:00"))
    await start()
    assert await desk.rows() == [("23 02:00", "scheduled", RunStatus.SKIPPED)]
