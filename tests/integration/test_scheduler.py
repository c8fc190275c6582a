"""The daily sync happens by itself, each slot once; its time can be edited from anywhere and outlives a restart."""

import asyncio
import contextlib
import sqlite3
import time
from datetime import UTC, datetime, timedelta

import pytest

from console.clock import SystemClock
from console.operations.engine import Engine
from console.operations.local import LocalOperations
from console.operations.protocol import Refused, ScheduleChanged
from console.run import RunStatus, Trigger
from console.scheduling.daily import DAILY_JOB_ID
from console.scheduling.slots import previous_slot
from tests.integration.bench import Bench
from tests.integration.commands import command
from tests.integration.database import run_rows
from tests.integration.waiting import until


def this_minute() -> tuple[int, int, datetime]:
    """Hour and minute of now, and the slot that this makes."""
    now = datetime.now(UTC)
    return now.hour, now.minute, now.replace(second=0, microsecond=0)


class Night(SystemClock):
    """The machine's clock, set back so that two in the morning (UTC), the last `slot`, comes in three seconds."""

    def __init__(self) -> None:
        now = super().now()
        self.slot = previous_slot(now, 2, 0)
        self._behind = now - self.slot + timedelta(seconds=3)

    def now(self) -> datetime:
        """The time of that night."""
        return super().now() - self._behind

    def just_after(self) -> float:
        """The seconds from now until the slot has come."""
        return max((self.slot - self.now()).total_seconds(), 0.0) + 0.05


def fire_in(engine: Engine, seconds: float) -> None:
    """Let the clockwork think that the daily job is due so soon."""
    engine.scheduler._scheduler.modify_job(DAILY_JOB_ID, next_run_time=datetime.now(UTC) + timedelta(seconds=seconds))


def next_run_time(engine: Engine) -> datetime:
    """When the clockwork will run the daily job."""
    moment: datetime = engine.scheduler._scheduler.get_job(DAILY_JOB_ID).next_run_time
    return moment


async def test_the_daily_sync_happens_by_itself_and_is_recorded_with_its_slot(bench: Bench) -> None:
    bench.simulate(products=100)
    night = Night()
    slot = night.slot
    async with bench.open(night) as engine:
        operations = LocalOperations(engine, "alice")
        await operations.start()
        assert next_run_time(engine) == slot + timedelta(days=1)
        fire_in(engine, night.just_after())
        await until(lambda: engine.runner.active_run_id)
        await engine.runner.wait()
        assert next_run_time(engine) == slot + timedelta(days=1)
        snapshot = await operations.snapshot()
        operations.close()
    [row] = run_rows(bench.database)
    assert (row["kind"], row["trigger"], row["job_id"]) == ("full", "scheduled", "daily_product_sync")
    assert row["requested_by"] is None
    assert row["slot"] == f"{slot:%Y-%m-%d %H:%M:%S.%f}"
    job, maintenance = snapshot.jobs
    assert (maintenance.job_id, maintenance.keeps_runs, maintenance.last_run) == ("maintenance", False, None)
    assert maintenance.next_run_at is not None
    assert job.last_run is not None
    assert (job.last_run.run_id, job.last_run.slot, job.next_run_at) == (1, slot, slot + timedelta(days=1))
    assert snapshot.active_products == 100


async def test_a_slot_that_comes_while_a_run_is_active_is_skipped_and_recorded_with_the_reason(bench: Bench) -> None:
    bench.simulate(faults=("slow=30@2",))
    night = Night()
    slot = night.slot
    async with bench.open(night) as engine:
        await engine.scheduler.start()
        await engine.scheduler.trigger_manual_sync("alice")
        fire_in(engine, night.just_after())
        await until(lambda: len(run_rows(bench.database)) == 2)
    active, skipped = run_rows(bench.database)
    assert active["trigger"] == "manual"
    assert (skipped["status"], skipped["trigger"], skipped["error"]) == (
        "skipped", "scheduled", "Run 1 is active; only one can be.",
    )  # fmt: skip
    assert (skipped["slot"], skipped["requests"]) == (f"{slot:%Y-%m-%d %H:%M:%S.%f}", 0)
    assert "was skipped: Run 1 is active" in bench.log_text()


async def test_a_slot_that_fires_twice_runs_once(bench: Bench) -> None:
    """As when the clock of the machine is set back."""
    bench.simulate(products=20)
    night = Night()
    async with bench.open(night) as engine:
        await engine.scheduler.start()
        for _ in range(3):
            fire_in(engine, night.just_after())
            await until(lambda: next_run_time(engine) == night.slot + timedelta(days=1))
            await until(lambda: [row["status"] for row in run_rows(bench.database)] == ["succeeded"])
    assert [row["status"] for row in run_rows(bench.database)] == ["succeeded"]
    assert "cannot begin" not in bench.log_text()


async def test_a_time_set_by_another_process_reaches_the_running_engine_within_ten_seconds(bench: Bench) -> None:
    bench.simulate(products=20)
    async with bench.open() as engine:
        operations = LocalOperations(engine, "alice")
        await operations.start()
        feed = operations.subscribe()
        assert next_run_time(engine).strftime("%H:%M") == "02:00"
        done = await asyncio.to_thread(command, bench, "schedule", "set", "05:45", LOGNAME="bob")
        assert done.returncode == 0
        begun = time.monotonic()
        await until(lambda: engine.scheduler.daily.time == "05:45")
        assert time.monotonic() - begun < 10
        assert next_run_time(engine).strftime("%H:%M") == "05:45"
        snapshot = await operations.snapshot()
        events, _ = feed.drain()
        operations.close()
    assert (snapshot.schedule.time, snapshot.schedule.updated_by) == ("05:45", "bob")
    assert [run.strftime("%H:%M") for run in snapshot.next_runs] == ["05:45"] * 3
    [changed] = [event for event in events if isinstance(event, ScheduleChanged)]
    assert changed.schedule == snapshot.schedule
    assert "The daily product sync is now at 05:45 UTC, set by bob" in bench.log_text()


async def test_a_pause_by_another_process_reaches_the_running_engine_and_so_does_its_end(bench: Bench) -> None:
    bench.simulate(products=20)
    async with bench.open() as engine:
        operations = LocalOperations(engine, "alice")
        await operations.start()
        pause = ("schedule", "pause", "--reason", "stocktaking")
        assert (await asyncio.to_thread(command, bench, *pause, LOGNAME="bob")).returncode == 0
        await until(lambda: not engine.scheduler.daily.enabled)
        snapshot = await operations.snapshot()
        assert (snapshot.schedule.pause_reason, snapshot.schedule.paused_by) == ("stocktaking", "bob")
        assert (snapshot.next_runs, snapshot.jobs[0].next_run_at) == ((), None)
        with pytest.raises(Refused, match=r"^The schedule is paused by bob: stocktaking"):
            await operations.pause_schedule("holidays")
        run_id = await operations.sync_now()
        await engine.runner.wait()
        assert (await asyncio.to_thread(command, bench, "schedule", "resume", LOGNAME="bob")).returncode == 0
        await until(lambda: engine.scheduler.daily.enabled)
        assert len((await operations.snapshot()).next_runs) == 3
        operations.close()
    assert f"Run {run_id} was started by hand; the schedule is paused by bob: stocktaking" in bench.log_text()


async def test_what_was_done_last_can_be_undone_after_a_restart(bench: Bench) -> None:
    bench.simulate(products=20)
    async with bench.open() as engine:
        operations = LocalOperations(engine, "alice")
        await operations.start()
        assert (await operations.snapshot()).undo is None
        await operations.set_daily_time(23, 59)
        operations.close()
    async with bench.open() as engine:
        operations = LocalOperations(engine, "bob")
        await operations.start()
        feed = operations.subscribe()
        undo = (await operations.snapshot()).undo
        assert undo is not None
        assert (undo.action, undo.actor, undo.restored.time, undo.restored.updated_by) == (
            "set",
            "alice",
            "02:00",
            None,
        )
        assert (await operations.undo_schedule(undo.event_id)).time == "02:00"
        assert next_run_time(engine).strftime("%H:%M") == "02:00"
        [changed] = [event for event in feed.drain()[0] if isinstance(event, ScheduleChanged)]
        redo = (await operations.snapshot()).undo
        assert redo is not None
        assert changed.undo == redo
        assert (redo.action, redo.actor, redo.restored.time, redo.restored.updated_by) == (
            "undo",
            "bob",
            "23:59",
            "alice",
        )
        with pytest.raises(Refused, match=r"^Nothing was undone: bob has changed the schedule meanwhile"):
            await operations.undo_schedule(undo.event_id)
        assert (await operations.undo_schedule(redo.event_id)).updated_by == "alice"
        operations.close()


async def test_an_undo_is_refused_when_another_process_has_changed_the_schedule_since(bench: Bench) -> None:
    bench.simulate(products=20)
    async with bench.open() as engine:
        operations = LocalOperations(engine, "alice")
        await operations.start()
        await operations.set_daily_time(3, 30)
        offered = (await operations.snapshot()).undo
        assert offered is not None
        done = await asyncio.to_thread(command, bench, "schedule", "set", "05:45", LOGNAME="bob")
        assert done.returncode == 0
        with pytest.raises(Refused, match=r"^Nothing was undone: bob has changed the schedule meanwhile"):
            await operations.undo_schedule(offered.event_id)
        await until(lambda: engine.scheduler.daily.time == "05:45")
        now = (await operations.snapshot()).undo
        assert now is not None
        assert (now.actor, now.restored.time, now.restored.updated_by) == ("bob", "03:30", "alice")
        operations.close()


async def test_an_edited_time_outlives_a_restart_and_the_settings(bench: Bench) -> None:
    bench.simulate(products=20)
    async with bench.open() as engine:
        operations = LocalOperations(engine, "alice")
        await operations.start()
        await operations.set_daily_time(23, 59)
        assert next_run_time(engine).strftime("%H:%M") == "23:59"
        operations.close()
    async with bench.open(sync_schedule_hour=7, sync_schedule_minute=7) as engine:
        await engine.scheduler.start()
        assert (engine.scheduler.daily.time, engine.scheduler.daily.updated_by) == ("23:59", "alice")
        assert next_run_time(engine).strftime("%H:%M") == "23:59"


async def test_a_time_that_is_none_is_refused_and_changes_nothing(bench: Bench) -> None:
    bench.simulate(products=20)
    async with bench.open() as engine:
        operations = LocalOperations(engine, "alice")
        await operations.start()
        for hour, minute in ((24, 0), (-1, 0), (3, 60)):
            with pytest.raises(Refused, match="is no time of day"):
                await operations.set_daily_time(hour, minute)
            with pytest.raises(Refused, match="is no time of day"):
                await operations.preview(hour, minute)
        assert (await operations.snapshot()).schedule.time == "02:00"
        assert [run.strftime("%H:%M") for run in await operations.preview(3, 30)] == ["03:30"] * 3
        operations.close()


async def test_an_edit_while_a_run_is_active_does_not_disturb_it(bench: Bench) -> None:
    sim = bench.simulate(faults=("slow=30@2",))
    async with bench.open() as engine:
        operations = LocalOperations(engine, "alice")
        await operations.start()
        await operations.sync_now()
        await until(lambda: sim.counters.in_flight)
        await operations.set_daily_time(3, 30)
        assert engine.runner.active_run_id == 1
        sim.faults.clear()
        assert run_rows(bench.database)[0]["status"] == "running"
        await operations.cancel()
        report = await engine.runner.wait()
        assert report is not None
        assert report.status is RunStatus.CANCELLED
        operations.close()


async def test_a_slot_that_passed_while_nothing_ran_is_caught_up_at_the_next_start(bench: Bench) -> None:
    bench.simulate(products=20)
    _, _, now = this_minute()
    slot = now - timedelta(hours=1)
    await bench.sync()
    with contextlib.closing(sqlite3.connect(bench.database)) as connection:
        yesterday = f"{slot - timedelta(days=1):%Y-%m-%d %H:%M:%S.%f}"
        connection.execute("UPDATE sync_runs SET job_id = ?, slot = ?", (DAILY_JOB_ID, yesterday))
        connection.commit()
    async with bench.open(sync_schedule_hour=slot.hour, sync_schedule_minute=slot.minute) as engine:
        await engine.scheduler.start()
        report = await engine.runner.wait()
    assert report is not None
    assert (report.status, report.trigger, report.slot) == (RunStatus.SUCCEEDED, Trigger.CATCH_UP, slot)
    assert report.job_id == DAILY_JOB_ID
    assert "=== CATCH-UP PRODUCT SYNC COMPLETED SUCCESSFULLY ===" in bench.log_text()
    async with bench.open(sync_schedule_hour=slot.hour, sync_schedule_minute=slot.minute) as engine:
        await engine.scheduler.start()
        assert await engine.runner.wait() is None
    assert len(run_rows(bench.database)) == 2


async def test_an_engine_that_is_closed_starts_no_more_runs(bench: Bench) -> None:
    bench.simulate(products=20)
    async with bench.open() as engine:
        await engine.scheduler.start()
        fire_in(engine, 0.05)
        await engine.close()
        done = await asyncio.to_thread(command, bench, "sync")
        assert done.returncode == 0
    assert [row["trigger"] for row in run_rows(bench.database)] in (["manual"], ["scheduled", "manual"])
