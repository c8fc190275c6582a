"""What is promised where the schedule, the settings or the clock changed: each slot has one row."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from console.scheduling.daily import DailySchedule
from console.scheduling.history import promised
from console.settings import Settings
from tests.unit.scheduling.desk import Desk, Open, at, planned, run_once, stop

pytestmark = pytest.mark.usefixtures("apscheduler_clock")

Slots = Callable[[], Awaitable[list[str]]]


@pytest.fixture
def slots(desk: Desk) -> Slots:
    """The slots that have a row, with how they ended."""

    async def found() -> list[str]:
        return [f"{slot} {status}" for slot, _, status in await desk.rows()]

    return found


# -- the first start --------------------------------------------------------------------------------------------------


async def test_what_passed_before_the_first_start_was_never_promised(desk: Desk, start: Open, slots: Slots) -> None:
    await desk.editor().set_time(1, 30)
    desk.clock.jump(at("25 03:00"))
    service = await start()
    await desk.tick(service, at("25 03:01"))
    assert await slots() == []
    await desk.tick(service, at("26 01:30"))
    assert await slots() == ["26 01:30 succeeded"]


async def test_the_first_slot_after_the_first_start_is_promised_though_nothing_ran_yet(
    desk: Desk, start: Open, slots: Slots
) -> None:
    await stop(await start())
    desk.clock.jump(at("23 02:10"))
    await start()
    await desk.runner.wait()
    assert await slots() == ["23 02:00 succeeded"]


async def test_the_same_where_the_time_was_edited_in_between(desk: Desk, start: Open, slots: Slots) -> None:
    service = await start()
    await service.reschedule_daily_sync(1, 5, "alice")
    await stop(service)
    desk.clock.jump(at("23 01:10"))
    await start()
    await desk.runner.wait()
    assert await slots() == ["23 01:05 succeeded"]


# -- edits ------------------------------------------------------------------------------------------------------------


async def test_an_edit_while_nothing_ran_does_not_hide_what_was_promised_before(
    desk: Desk, start: Open, slots: Slots
) -> None:
    await run_once(desk, start)
    desk.clock.jump(at("24 02:30"))
    await desk.editor().set_time(5, 0)
    desk.clock.jump(at("24 03:00"))
    service = await start()
    await desk.runner.wait()
    assert await slots() == ["23 02:00 succeeded", "24 02:00 succeeded"]
    await desk.tick(service, at("24 05:00"))
    assert (await slots())[2:] == ["24 05:00 succeeded"]


async def test_an_edit_by_another_process_just_before_the_old_slot_withdraws_it(
    desk: Desk, start: Open, slots: Slots
) -> None:
    service = await start()
    await desk.tick(service, at("23 01:59:59"))
    await desk.editor().set_time(4, 0)
    await desk.tick(service, at("23 02:00"))
    await desk.tick(service, at("23 02:00:10"))
    assert await slots() == []
    await desk.tick(service, at("23 04:00"))
    assert await slots() == ["23 04:00 succeeded"]


async def test_an_edit_by_another_process_just_before_the_new_slot_is_noticed_in_time(
    desk: Desk, start: Open, slots: Slots
) -> None:
    service = await start()
    await desk.tick(service, at("23 01:29:58"))
    await desk.editor().set_time(1, 30)
    await desk.tick(service, at("23 01:30:03"))
    assert await slots() == ["23 01:30 succeeded"]
    assert planned(service) == at("24 01:30")


async def test_an_edit_to_a_time_that_has_just_been_waits_for_tomorrow(desk: Desk, start: Open, slots: Slots) -> None:
    service = await start()
    await service.reschedule_daily_sync(0, 59, "alice")
    await desk.tick(service, at("23 01:01"))
    assert await slots() == []
    await desk.tick(service, at("24 00:59"))
    assert await slots() == ["24 00:59 succeeded"]


async def test_another_time_in_the_settings_counts_from_the_start_that_reads_it(
    desk: Desk, start: Open, slots: Slots
) -> None:
    await run_once(desk, start)
    desk.clock.jump(at("25 06:30"))
    service = await start(Settings(sync_schedule_hour=6))
    await desk.runner.wait()
    assert await slots() == ["23 02:00 succeeded", "24 02:00 missed", "25 02:00 succeeded"]
    await desk.tick(service, at("26 06:00"))
    assert (await slots())[3:] == ["26 06:00 succeeded"]


async def test_what_is_older_than_a_later_run_is_not_caught_up(desk: Desk, start: Open, slots: Slots) -> None:
    service = await start()
    await desk.jump(service, at("24 02:00"))
    await desk.jump(service, at("24 00:30"))
    await service.reschedule_daily_sync(1, 0, "alice")
    await stop(service)
    desk.clock.jump(at("24 03:00"))
    await start()
    await desk.runner.wait()
    assert await slots() == ["23 02:00 missed", "24 01:00 missed", "24 02:00 succeeded"]


async def test_a_time_that_the_audit_does_not_tell_is_not_believed(desk: Desk, start: Open, slots: Slots) -> None:
    await run_once(desk, start)

    def spoil(connection: Connection) -> None:
        for after in ('{"time": "99:99"}', '{"time": 5}', "null", "[1]"):
            connection.exec_driver_sql(
                "INSERT INTO audit_events (at, actor, role, method, action, target, before, after, outcome) VALUES "
                "('2026-11-23 03:00:00.000000', 'x', 'x', 'x', 'schedule.set', 'daily_product_sync', null, ?, 'done')",
                (after,),
            )

    await desk.database.write(spoil)
    desk.clock.jump(at("24 02:00:30"))
    await start()
    await desk.runner.wait()
    assert (await slots())[1:] == ["24 02:00 succeeded"]


# -- the clock --------------------------------------------------------------------------------------------------------


async def test_a_clock_that_was_a_year_ahead_does_not_stop_the_sync_for_a_year(
    desk: Desk, start: Open, slots: Slots, caplog: pytest.LogCaptureFixture
) -> None:
    service = await start()
    await desk.jump(service, at("23 03:00") + timedelta(days=365))
    assert len(await slots()) == 366
    await desk.jump(service, at("23 01:00"))
    assert [each for each in await slots() if "missed" in each] == []
    assert "The clock was set back by 365 days, 2:00:00, to 2026-11-23 01:00:00 UTC" in caplog.text
    await desk.tick(service, at("23 02:00"))
    await desk.tick(service, at("24 02:00"))
    assert [f"{slot} {status}" for slot, trigger, status in await desk.rows() if trigger == "scheduled"] == [
        "23 02:00 succeeded",
        "24 02:00 succeeded",
    ]


async def test_an_edit_while_the_clock_was_ahead_counts_when_it_is_set_back(
    desk: Desk, start: Open, slots: Slots
) -> None:
    service = await start()
    await desk.jump(service, at("27 12:00"))
    await service.reschedule_daily_sync(5, 0, "alice")
    await desk.jump(service, at("24 12:00"))
    await stop(service)
    again = await start()
    await desk.tick(again, at("25 02:00"))
    await desk.tick(again, at("25 05:00"))
    assert await slots() == ["23 02:00 missed", "24 02:00 missed", "25 05:00 succeeded"]


async def test_a_first_start_with_the_clock_ahead_promises_from_the_time_that_it_is_set_back_to(
    desk: Desk, start: Open, slots: Slots
) -> None:
    desk.clock.jump(at("28 12:00"))
    service = await start()
    await desk.jump(service, at("23 01:30"))
    await stop(service)
    desk.clock.jump(at("23 02:30"))
    await start()
    await desk.runner.wait()
    assert await slots() == ["23 02:00 succeeded"]


async def test_a_clock_that_jumps_is_told_in_one_line(
    desk: Desk, start: Open, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "scheduler")
    service = await start()
    await desk.tick(service, at("23 01:10"))
    assert caplog.messages == []
    await desk.jump(service, at("23 01:40"))
    assert caplog.messages == [
        "The clock jumped ahead by 0:30:00, to 2026-11-23 01:40:00 UTC: this machine slept, or its clock was set"
    ]
    caplog.clear()
    await desk.jump(service, at("23 01:10:30"))
    await desk.tick(service, at("23 01:11"))
    assert caplog.messages == ["The clock was set back by 0:29:30, to 2026-11-23 01:10:30 UTC"]


async def test_what_a_time_server_corrects_is_not_told(
    desk: Desk, start: Open, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "scheduler")
    service = await start()
    for seconds in (4.9, -4.9) * 3:
        await desk.jump(service, desk.clock.now() + timedelta(seconds=seconds))
    assert caplog.messages == []


async def test_after_the_clock_was_set_back_edits_are_still_taken_over(desk: Desk, start: Open) -> None:
    service = await start()
    await desk.jump(service, at("23 01:00") - timedelta(days=300))
    await desk.editor().set_time(4, 45)
    await desk.tick(service, desk.clock.now() + timedelta(seconds=6))
    assert service.daily.time == "04:45"
    assert (planned(service) or at("30 00:00")) < at("23 01:00")


# -- arithmetic -------------------------------------------------------------------------------------------------------


def test_without_events_the_schedule_has_always_been_the_same() -> None:
    daily = DailySchedule(hour=2, minute=0)
    found = promised((), daily, at("23 02:00"), at("25 02:00"))
    assert [(each.slot, each.daily) for each in found] == [(at("24 02:00"), daily), (at("25 02:00"), daily)]


def test_nothing_is_promised_backwards() -> None:
    assert promised((), DailySchedule(hour=2, minute=0), at("25 02:00"), at("23 02:00")) == []
