"""A second console on a home: it watches what the first does, and takes its place when that one is gone."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from console.clock import SystemClock
from console.history import RunFilter
from console.logs import Log, LogLine
from console.operations import succession
from console.operations.events import (
    Event,
    LogWritten,
    PageFailed,
    PageStored,
    ReadOnlyChanged,
    RunFinished,
    RunPlanned,
    RunProgress,
    RunStarted,
    ScheduleChanged,
)
from console.operations.protocol import Feed, Operations, Refused, Snapshot
from console.operations.thread import EngineThread
from console.run import PageState, RunStatus
from console.scheduling.daily import DAILY_JOB_ID
from console.scheduling.lock import RunnerLock
from console.scheduling.maintenance import MAINTENANCE_JOB_ID
from tests.integration.bench import Bench, run
from tests.integration.clocks import FastClock
from tests.integration.commands import start
from tests.integration.database import run_rows
from tests.integration.waiting import until


@dataclass
class Face:
    """What a console holds: the operations, and all that its feed has told."""

    thread: EngineThread
    operations: Operations
    feed: Feed
    told: list[Event] = field(default_factory=list)
    lost: int = 0

    def of(self, kind: type[Event]) -> list[Any]:
        """The events of one kind that were told so far."""
        events, lost = self.feed.drain()
        self.told.extend(events)
        self.lost += lost
        return [event for event in self.told if isinstance(event, kind)]

    async def snapshot_when(self, condition: Any) -> Snapshot:
        """The first snapshot of which something is so."""
        async with asyncio.timeout(30):
            while not condition(snapshot := await self.operations.snapshot()):  # noqa: ASYNC110 - from another thread
                await asyncio.sleep(0.02)
        return snapshot


@asynccontextmanager
async def face(bench: Bench, actor: str = "bob", **changes: Any) -> AsyncIterator[Face]:
    """A console without its screen."""
    log = Log.open(bench.home.log_file, "INFO", (), 10, 5)
    settings = bench.settings(**changes)
    thread = EngineThread(settings=settings, home=bench.home, clock=SystemClock(), log=log, actor=actor)
    try:
        operations = await thread.start()
        yield Face(thread, operations, operations.subscribe())
    finally:
        thread.close()
        log.close()


def is_read_only(snapshot: Snapshot) -> bool:
    return snapshot.read_only is not None


def runs_the_engine(snapshot: Snapshot) -> bool:
    return snapshot.read_only is None


async def test_every_command_is_refused_with_the_words_of_the_holder(bench: Bench) -> None:
    bench.simulate(products=60)
    async with bench.open() as engine:
        await run(engine)
        async with face(bench) as second:
            snapshot = await second.operations.snapshot()
            assert snapshot.read_only is not None
            assert snapshot.read_only.holder is not None
            words = str(snapshot.read_only.holder)
            operations = second.operations
            for command in (
                operations.sync_now(),
                operations.sync_page(1),
                operations.sync_pages(1, 2),
                operations.retry(1),
                operations.approve(1, "they are gone"),
                operations.cancel(),
                operations.set_daily_time(3, 0),
            ):
                with pytest.raises(Refused, match="This console is read-only") as refusal:
                    await command
                assert words in str(refusal.value)
                assert "last heartbeat" in str(refusal.value)
        assert len(run_rows(bench.database)) == 1


async def test_it_shows_what_the_first_one_has(bench: Bench) -> None:
    bench.simulate(products=60)
    async with bench.open() as engine:
        await engine.scheduler.reschedule_daily_sync(3, 30, "alice")
        report = await run(engine)
        async with face(bench) as second:
            snapshot = await second.operations.snapshot()
            assert snapshot.last_run == report
            assert snapshot.run is None
            assert snapshot.active_products == 60
            assert (snapshot.schedule.time, snapshot.schedule.updated_by) == ("03:30", "alice")
            assert snapshot.next_runs == engine.scheduler.next_run_times()
            assert [job.job_id for job in snapshot.jobs] == [DAILY_JOB_ID, MAINTENANCE_JOB_ID]
            assert (await second.operations.history.runs(RunFilter(), 5)).runs == (report,)
            assert len(await second.operations.preview(4, 0)) == 3
            with pytest.raises(Refused):
                await second.operations.preview(24, 0)
            with pytest.raises(Refused, match="There is no run 9"):
                await second.operations.removals(9, 5)
            messages = [line.message for line in await second.operations.log_tail(50)]
            assert any(message.startswith("=== MANUAL PRODUCT SYNC COMPLETED") for message in messages)


async def test_it_follows_a_run_page_by_page_to_its_end(bench: Bench) -> None:
    sim = bench.simulate(products=600, faults=("slow=60@12", "null@5"))
    async with bench.open(FastClock()) as engine, face(bench) as second:
        await engine.scheduler.trigger_manual_sync("alice")
        await until(lambda: len(second.of(PageStored)) == 28)
        [started] = second.of(RunStarted)
        assert (started.run_id, started.requested_by) == (1, "alice")
        snapshot = await second.operations.snapshot()
        assert snapshot.run is not None
        states = [page.state for page in snapshot.run.pages]
        assert states.count(PageState.DONE) == 28
        assert (len(states), states[4], states[11]) == (30, PageState.FAILED, PageState.PENDING)
        assert snapshot.run.counts.products_seen == 560
        assert snapshot.run.products_total == 600
        sim.faults.clear()
        await engine.runner.cancel()
        report = await engine.runner.wait()
        await until(lambda: second.of(RunFinished))
        [finished] = second.of(RunFinished)
        assert finished.report == report
        progress = RunProgress.begin(started)
        for event in second.told:
            if isinstance(event, RunPlanned | PageStored | PageFailed | RunFinished):
                progress.apply(event)
        assert progress.pages == (await second.operations.snapshot()).run.pages  # type: ignore[union-attr]
        assert progress.report == report


async def test_it_tells_a_new_daily_time_and_new_lines_of_the_log(bench: Bench) -> None:
    bench.simulate(products=20)
    async with bench.open() as engine, face(bench) as second:
        await engine.scheduler.reschedule_daily_sync(4, 15, "alice")
        await until(lambda: any(event.schedule.time == "04:15" for event in second.of(ScheduleChanged)))
        wanted = "alice set the daily product sync to 04:15 UTC"
        await until(lambda: any(event.line.message == wanted for event in second.of(LogWritten)))
        assert wanted in [line.message for line in await second.operations.log_tail(100)]


async def test_when_the_first_one_leaves_the_second_runs_the_engine(bench: Bench) -> None:
    bench.simulate(products=60)
    async with contextlib.AsyncExitStack() as stack:
        second: Face | None = None
        async with bench.open():
            second = await stack.enter_async_context(face(bench))
            assert is_read_only(await second.operations.snapshot())
            second.of(LogWritten)
        await second.snapshot_when(runs_the_engine)
        await until(lambda: second.of(LogWritten) is not None and second.lost)
        assert await second.operations.sync_now() == 1
        await until(lambda: second.of(RunFinished))
        assert run_rows(bench.database)[0]["requested_by"] == "bob"
        tail = await second.operations.log_tail(1_000)
        assert sum("this console takes over" in line.message for line in tail) == 1
        assert_each_once(tail, bench.log_text())


def assert_each_once(tail: tuple[LogLine, ...], text: str) -> None:
    """The log of a console that took over is that of the file: nothing twice, nothing left out, in its order."""
    logging.getLogger().debug("the log is read")
    first_lines = [line.message.split("\n")[0] for line in tail]
    in_file = [line.split(" - ", 3)[3] for line in text.splitlines() if line.count(" - ") >= 3]
    assert first_lines == in_file[-len(first_lines) :]


async def test_of_two_that_watch_one_takes_over_and_the_other_tells_its_name(bench: Bench) -> None:
    bench.simulate(products=60)
    async with contextlib.AsyncExitStack() as stack:
        async with bench.open() as engine:
            first_since = engine.clock.now()
            watchers = [await stack.enter_async_context(face(bench, name)) for name in ("bob", "carol")]
        deciding = [asyncio.create_task(each.snapshot_when(runs_the_engine)) for each in watchers]
        await asyncio.wait(deciding, return_when=asyncio.FIRST_COMPLETED)

        def names_the_new_one(snapshot: Snapshot) -> bool:
            told = snapshot.read_only
            return told is not None and told.holder is not None and told.holder.since > first_since

        snapshots = [await each.operations.snapshot() for each in watchers]
        [other] = [each for each, told in zip(watchers, snapshots, strict=True) if is_read_only(told)]
        await other.snapshot_when(names_the_new_one)
        assert other.of(ReadOnlyChanged)
        with pytest.raises(Refused, match="This console is read-only"):
            await other.operations.sync_now()
        for task in deciding:
            task.cancel()


async def test_a_run_whose_process_is_killed_is_gone_on_with_by_the_one_that_watched(bench: Bench) -> None:
    sim = bench.simulate(products=600, faults=("slow=60@12",))
    with start(bench, "sync") as holder:
        await until(lambda: bench.database.exists() and bench.home.lock_file.read_bytes())
        async with face(bench) as second:
            await until(lambda: len(second.of(PageStored)) == 29)
            told = (await second.operations.snapshot()).read_only
            assert told is not None
            assert told.holder is not None
            assert told.holder.pid == holder.pid
            sim.faults.clear()
            asked = sim.counters.products
            holder.send_signal(signal.SIGKILL)
            snapshot = await second.snapshot_when(lambda told: told.last_run and told.last_run.run_id == 2)
            assert snapshot.read_only is None
            assert second.of(RunFinished)
            assert second.lost
            assert [row["status"] for row in run_rows(bench.database)] == ["interrupted", "succeeded"]
            assert sim.counters.products - asked <= 4, "page 1, page 12, and the look beyond the last one"
            assert snapshot.active_products == 600


async def test_what_cannot_be_taken_over_is_told_and_tried_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(succession, "_SECONDS_AFTER_A_FAILURE", 0.1)
    bench.simulate(products=60)
    async with contextlib.AsyncExitStack() as stack:
        async with bench.open() as engine:
            await run(engine)
            second = await stack.enter_async_context(face(bench))
            # what it holds open stays readable, what it opens anew is broken
            kept = bench.database.rename(bench.database.with_suffix(".kept"))
            bench.database.mkdir()
        snapshot = await second.snapshot_when(lambda told: told.read_only and told.read_only.trouble)
        assert snapshot.read_only is not None
        assert "It could not take over: " in str(snapshot.read_only.trouble)
        assert "is a folder" in str(snapshot.read_only.trouble)
        with pytest.raises(Refused, match="is a folder"):
            await second.operations.sync_now()
        bench.database.rmdir()
        kept.rename(bench.database)
        await second.snapshot_when(runs_the_engine)
        assert await second.operations.sync_now() == 2


async def test_it_can_be_opened_before_there_is_a_database(bench: Bench) -> None:
    bench.simulate(products=20)
    lock = RunnerLock(bench.home.lock_file)
    lock.take(datetime.now(UTC))
    async with face(bench) as second:
        snapshot = await second.operations.snapshot()
        assert (snapshot.active_products, snapshot.last_run, snapshot.run) == (0, None, None)
        assert (await second.operations.history.runs(RunFilter(), 5)).runs == ()
        with pytest.raises(Refused):
            await second.operations.removals(1, 5)
        assert not bench.database.exists()
        lock.release()
        await second.snapshot_when(runs_the_engine)
        await second.operations.sync_now()
        snapshot = await second.snapshot_when(lambda told: told.last_run)
        assert snapshot.last_run is not None
        assert snapshot.last_run.status is RunStatus.SUCCEEDED
