"""The engine in a thread of its own, used from another loop: nothing that its face does or suffers disturbs it."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from console.clock import SystemClock
from console.history import RunFilter
from console.logs import Log
from console.operations.events import EngineFailed, Event, RunFinished, ScheduleChanged
from console.operations.protocol import Feed, Operations, Refused
from console.operations.thread import EngineThread
from console.run import RunStatus
from console.scheduling.lock import read_holder
from tests.integration.bench import Bench
from tests.integration.database import run_rows
from tests.integration.waiting import until, wait_until

pytestmark = pytest.mark.alone

IN_TIME_SECONDS = 10.0


@asynccontextmanager
async def threaded(bench: Bench, **changes: Any) -> AsyncIterator[tuple[EngineThread, Operations]]:
    """An engine in its thread, and the operations on it."""
    log = Log.open(bench.home.log_file, "INFO", (), 10, 5)
    thread = EngineThread(
        settings=bench.settings(**changes), home=bench.home, clock=SystemClock(), log=log, actor="alice"
    )
    try:
        yield thread, await thread.start()
    finally:
        thread.close()
        log.close()


def collector(feed: Feed) -> Callable[[type[Event]], list[Event]]:
    """What a feed has told so far, of one kind."""
    told: list[Event] = []

    def of(kind: type[Event]) -> list[Event]:
        told.extend(feed.drain()[0])
        return [event for event in told if isinstance(event, kind)]

    return of


async def test_a_run_is_started_watched_and_finished_from_another_loop(bench: Bench) -> None:
    bench.simulate(products=300)
    async with threaded(bench) as (_, operations):
        told = collector(operations.subscribe())
        assert (await operations.snapshot()).last_run is None
        assert await operations.sync_now() == 1
        await until(lambda: told(RunFinished))
        snapshot = await operations.snapshot()
        assert snapshot.last_run is not None
        assert (snapshot.last_run.status, snapshot.active_products) == (RunStatus.SUCCEEDED, 300)
        assert (await operations.set_daily_time(3, 30)).time == "03:30"
        assert len(await operations.preview(4, 0)) == 3
        assert await operations.log_tail(10)
        assert await operations.sync_page(2) == 2
        await until(lambda: len(told(RunFinished)) == 2)
    assert [row["requested_by"] for row in run_rows(bench.database)] == ["alice", "alice"]
    assert not [thread for thread in threading.enumerate() if thread.name == "engine"]


async def test_the_schedule_is_paused_resumed_and_reset_from_another_loop(bench: Bench) -> None:
    bench.simulate(products=20)
    async with threaded(bench) as (_, operations):
        told = collector(operations.subscribe())
        with pytest.raises(Refused, match=r"^Say why"):
            await operations.pause_schedule("  ")
        assert (await operations.pause_schedule("stocktaking")).paused_by == "alice"
        await operations.set_daily_time(3, 30)
        assert (await operations.reset_schedule()).time == "02:00"
        assert (await operations.resume_schedule()).enabled
        with pytest.raises(Refused, match=r"^The schedule is not paused"):
            await operations.resume_schedule()
        changes = [event.schedule for event in told(ScheduleChanged) if isinstance(event, ScheduleChanged)]
    assert [(each.time, each.enabled) for each in changes] == [
        ("02:00", False), ("03:30", False), ("02:00", False), ("02:00", True),
    ]  # fmt: skip


async def test_a_cancel_from_another_loop_ends_the_run_at_once(bench: Bench) -> None:
    bench.simulate(faults=("slow=30@2-15",))
    async with threaded(bench) as (_, operations):
        told = collector(operations.subscribe())
        await operations.sync_now()
        await until(lambda: bench.sim.counters.in_flight >= 8)
        begun = time.monotonic()
        await operations.cancel()
        await until(lambda: told(RunFinished))
        assert time.monotonic() - begun < 5, "the replies that it waited for take 30 seconds"
    assert run_rows(bench.database)[0]["status"] == "cancelled"


@pytest.mark.parametrize("fault", ["slow=0.1", "slow=60@2-15", "429-retry-after=60"])
async def test_a_close_during_a_run_leaves_it_interrupted_and_frees_the_lock_in_time(bench: Bench, fault: str) -> None:
    sim = bench.simulate(products=300, faults=(fault,))
    async with threaded(bench) as (thread, operations):
        await operations.sync_now()
        await until(lambda: sim.counters.products >= 3 or sim.counters.statuses[429])
        assert read_holder(bench.home.lock_file) is not None
        begun = time.monotonic()
        thread.close()
        assert time.monotonic() - begun < IN_TIME_SECONDS
        assert read_holder(bench.home.lock_file) is None
        [row] = run_rows(bench.database)
        assert (row["status"], row["pages_failed"]) == ("interrupted", 0)
    sim.faults.clear()
    assert (await bench.sync()).status is RunStatus.SUCCEEDED


async def test_the_engine_works_on_while_the_loop_of_its_face_is_blocked(bench: Bench) -> None:
    """As when the terminal stops reading."""
    bench.simulate(products=300)
    async with threaded(bench) as (_, operations):
        await operations.sync_now()
        wait_until(lambda: run_rows(bench.database)[0]["status"] == "succeeded")


async def test_an_engine_that_cannot_start_says_why_and_can_be_closed(bench: Bench) -> None:
    bench.simulate(products=20)
    bench.database.write_bytes(b"no database" * 500)
    with pytest.raises(Refused, match="is no SQLite database"):
        async with threaded(bench):
            pass
    assert read_holder(bench.home.lock_file) is None
    assert not [thread for thread in threading.enumerate() if thread.name == "engine"]


async def test_an_engine_that_has_ended_refuses_instead_of_failing(bench: Bench) -> None:
    bench.simulate(products=20)
    async with threaded(bench) as (thread, operations):
        thread.close()
        thread.close()
        for call in (operations.snapshot, operations.sync_now, operations.cancel):
            with pytest.raises(Refused, match="The engine has ended"):
                await call()


async def test_calls_that_are_under_way_when_the_engine_closes_get_an_answer(bench: Bench) -> None:
    bench.simulate(products=300, faults=("slow=0.05",))
    async with threaded(bench) as (thread, operations):
        await operations.sync_now()
        calls: list[asyncio.Future[object]] = []
        for minute in range(10):
            calls.append(asyncio.ensure_future(operations.set_daily_time(3, minute)))
            calls.append(asyncio.ensure_future(operations.sync_now()))
        await asyncio.to_thread(thread.close)
        async with asyncio.timeout(5):
            answers = await asyncio.gather(*calls, return_exceptions=True)
    assert not [answer for answer in answers if isinstance(answer, BaseException) and not isinstance(answer, Refused)]


async def test_a_run_that_is_asked_for_while_the_engine_closes_is_interrupted_or_never_begins(bench: Bench) -> None:
    sim = bench.simulate(products=300, faults=("slow=5",))
    for pause in range(6):
        async with threaded(bench) as (thread, operations):
            call = asyncio.ensure_future(operations.sync_now())
            for _ in range(pause):
                await asyncio.sleep(0)
            await asyncio.to_thread(thread.close)
            answer = (await asyncio.gather(call, return_exceptions=True))[0]
            asked = sim.counters.products
            assert isinstance(answer, int | Refused)
            if isinstance(answer, int):
                assert run_rows(bench.database)[-1]["status"] == "interrupted"
        assert sim.counters.products == asked
    assert {row["status"] for row in run_rows(bench.database)} <= {"interrupted"}


async def test_a_fault_that_nobody_waits_for_is_told_and_logged_and_the_engine_goes_on(bench: Bench) -> None:
    bench.simulate(products=20)

    async def stumble() -> None:
        raise RuntimeError("out of\nthe blue")

    async def send_it_off() -> None:
        asyncio.get_running_loop().create_task(stumble())

    async with threaded(bench) as (thread, operations):
        told = collector(operations.subscribe())
        thread._loop.ask(send_it_off())
        await until(lambda: told(EngineFailed))
        [failed] = told(EngineFailed)
        assert isinstance(failed, EngineFailed)
        assert failed.message == "A fault in the engine: out of⏎the blue"
        await operations.sync_now()
        await until(lambda: told(RunFinished))
    assert "RuntimeError: out of⏎the blue" in bench.log_text()


async def test_what_a_run_found_can_be_asked_from_another_loop(bench: Bench) -> None:
    bench.simulate(products=300, faults=("bad-product-negative-price",))
    async with threaded(bench) as (_, operations):
        told = collector(operations.subscribe())
        await operations.sync_now()
        await until(lambda: told(RunFinished))
        history = operations.history
        assert (await history.runs(RunFilter(), 10)).total == 1
        [product] = (await history.rejected(1, 1)).products
        assert "rice is -" in product.reason
        assert product.document is not None
        assert (await history.pages(1, 20)).total == 15
        assert [point.products for point in await history.trend(RunFilter(), 10)] == [285]
        assert (await history.changes(1, 10)).total == 0, "the first sync of a catalogue is counted alone"
    with pytest.raises(Refused):
        await history.runs(RunFilter(), 10)
