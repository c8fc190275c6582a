"""A paused schedule: nothing begins by itself, each slot says why, and what is started by hand still runs."""

import logging

import pytest

from console.scheduling.edits import EditRefused
from console.store.database import Database
from tests.unit.scheduling.desk import Desk, Open, at, planned, run_once, stop

pytestmark = pytest.mark.usefixtures("apscheduler_clock")

PAUSED = "The schedule was paused by bob: stocktaking"


async def test_each_slot_of_a_pause_is_skipped_at_its_time_and_says_by_whom_and_why(desk: Desk, start: Open) -> None:
    service = await start()
    paused = await service.pause_schedule(" stocktaking ", "bob")
    assert (service.daily, desk.changes) == (paused, 1)
    assert service.next_run_times() == ()
    await desk.tick(service, at("23 02:00"))
    await desk.tick(service, at("24 02:00"))
    assert await desk.rows() == [("23 02:00", "scheduled", "skipped"), ("24 02:00", "scheduled", "skipped")]
    assert await desk.reasons() == [PAUSED, PAUSED]
    assert desk.idle.began.empty()


async def test_after_the_resume_the_next_slot_runs_and_none_of_the_pause(desk: Desk, start: Open) -> None:
    service = await start()
    await service.pause_schedule("stocktaking", "bob")
    await desk.tick(service, at("23 02:00"))
    await desk.tick(service, at("23 02:30"))
    resumed = await service.resume_schedule("alice")
    assert (resumed.enabled, service.next_run_times(1)) == (True, (at("24 02:00"),))
    await desk.tick(service, at("23 02:31"))
    assert await desk.rows() == [("23 02:00", "scheduled", "skipped")]
    await desk.tick(service, at("24 02:00"))
    assert (await desk.rows())[1:] == [("24 02:00", "scheduled", "succeeded")]


async def test_a_pause_survives_a_restart(desk: Desk, start: Open, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    first = await start()
    await first.pause_schedule("stocktaking", "bob")
    await stop(first)
    second = await start()
    assert (second.daily.enabled, second.daily.pause_words) == (False, "paused by bob: stocktaking")
    assert "runs at 02:00 UTC, but is paused by bob: stocktaking" in caplog.text
    await desk.tick(second, at("23 02:00"))
    assert await desk.reasons() == [PAUSED]


async def test_slots_that_passed_in_a_pause_while_nothing_ran_are_skipped(desk: Desk, start: Open) -> None:
    await run_once(desk, start)
    await desk.editor("bob").pause("stocktaking")
    desk.clock.jump(at("25 05:00"))
    await start()
    assert (await desk.rows())[1:] == [("24 02:00", "scheduled", "skipped"), ("25 02:00", "scheduled", "skipped")]
    assert (await desk.reasons())[1:] == [PAUSED, PAUSED]


async def test_a_pause_that_came_and_went_while_nothing_ran_is_remembered(desk: Desk, start: Open) -> None:
    await run_once(desk, start)
    await desk.editor("bob").pause("stocktaking")
    desk.clock.jump(at("24 05:00"))
    await desk.editor("alice").resume()
    desk.clock.jump(at("25 05:00"))
    await start()
    await desk.runner.wait()
    assert (await desk.rows())[1:] == [("24 02:00", "scheduled", "skipped"), ("25 02:00", "catch_up", "succeeded")]


async def test_nothing_is_caught_up_in_a_pause(desk: Desk, start: Open) -> None:
    await run_once(desk, start)
    desk.clock.jump(at("24 02:30"))
    await desk.editor("bob").pause("stocktaking")
    desk.clock.jump(at("24 03:00"))
    await start()
    assert (await desk.rows())[1:] == [("24 02:00", "catch_up", "missed")]
    assert (await desk.reasons())[1] == (
        "It could not run at its time, and then the schedule was paused by bob: stocktaking"
    )


async def test_a_pause_and_a_resume_of_another_process_are_taken_over(
    desk: Desk, start: Open, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    service = await start()
    beside = Database.open(desk.database.path, is_only_writer=False)
    await desk.editor("bob").pause("stocktaking")
    await beside.close()
    await desk.tick(service, at("23 01:00:06"))
    assert service.daily.pause_words == "paused by bob: stocktaking"
    assert "The daily product sync is now paused by bob: stocktaking" in caplog.text
    await desk.editor("alice").resume()
    await desk.tick(service, at("23 01:00:12"))
    assert service.daily.enabled
    assert "The daily product sync is now at 02:00 UTC, as the settings say" in caplog.text


async def test_a_pause_of_another_process_counts_at_once(desk: Desk, start: Open) -> None:
    service = await start()
    await desk.tick(service, at("23 01:59:59"))
    await desk.editor("bob").pause("stocktaking")
    await desk.tick(service, at("23 02:00"))
    assert await desk.reasons() == [PAUSED]


async def test_an_edit_of_the_time_does_not_end_a_pause(desk: Desk, start: Open) -> None:
    service = await start()
    await service.pause_schedule("stocktaking", "bob")
    edited = await service.reschedule_daily_sync(3, 0, "alice")
    assert (edited.enabled, edited.pause_reason, edited.paused_by) == (False, "stocktaking", "bob")
    assert planned(service) == at("23 03:00"), "it goes on to be recorded"
    await desk.tick(service, at("23 03:00"))
    assert await desk.rows() == [("23 03:00", "scheduled", "skipped")]


async def test_a_reset_goes_back_to_the_time_of_the_settings(desk: Desk, start: Open) -> None:
    service = await start()
    await service.reschedule_daily_sync(5, 0, "alice")
    reset = await service.reset_schedule("alice")
    assert (reset.time, reset.updated_by) == ("02:00", None)
    assert planned(service) == at("23 02:00")


async def test_a_run_by_hand_in_a_pause_runs_and_the_log_says_that_the_schedule_is_paused(
    desk: Desk, start: Open, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    service = await start()
    await service.trigger_manual_sync("alice")
    await desk.runner.wait()
    assert "started by hand" not in caplog.text
    await desk.editor("bob").pause("stocktaking")
    run_id = await service.trigger_manual_sync("alice")
    await desk.runner.wait()
    assert f"Run {run_id} was started by hand; the schedule is paused by bob: stocktaking" in caplog.text


async def test_a_refused_pause_changes_nothing(desk: Desk, start: Open) -> None:
    service = await start()
    with pytest.raises(EditRefused):
        await service.resume_schedule("alice")
    with pytest.raises(EditRefused):
        await service.pause_schedule("  ", "alice")
    assert desk.changes == 0
    await desk.tick(service, at("23 02:00"))
    assert [status for _, _, status in await desk.rows()] == ["succeeded"]


async def test_a_pause_does_not_end_a_run(desk: Desk, start: Open) -> None:
    service = await start()
    desk.idle.may_end.clear()
    await desk.tick(service, at("23 02:00"))
    await service.pause_schedule("stocktaking", "bob")
    await desk.tick(service, at("23 02:30"))
    assert desk.runner.active_run_id is not None
    desk.idle.may_end.set()
    await desk.runner.wait()
    assert [status for _, _, status in await desk.rows()] == ["succeeded"]
