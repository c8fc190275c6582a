"""Run after run under faults and cancels: memory, file descriptors, threads and the write-ahead log stay flat."""

import contextlib
import gc
import threading

import psutil

from console.operations.engine import Engine
from console.run import RunStatus
from console.scheduling.runner import NoRunActive
from tests.integration.bench import Bench
from tests.integration.clocks import FastClock
from tests.integration.waiting import until

ROUNDS = 12
MEBIBYTE = 1024 * 1024


async def one_round(bench: Bench, engine: Engine) -> None:
    """Two runs, one of them cancelled in the middle."""
    sim = bench.sim
    sim.catalogue.advance()
    await engine.scheduler.trigger_manual_sync("alice")
    report = await engine.runner.wait()
    assert report is not None
    assert report.status is RunStatus.SUCCEEDED
    asked_for = sim.counters.products + 6
    await engine.scheduler.trigger_manual_sync("alice")
    await until(lambda: sim.counters.products >= asked_for)
    with contextlib.suppress(NoRunActive):  # it has ended by then
        await engine.runner.cancel()
    await engine.runner.wait()


async def test_run_after_run_holds_on_to_nothing(bench: Bench) -> None:
    bench.simulate(products=300, faults=("mix:0.15",))
    process = psutil.Process()
    async with bench.open(FastClock()) as engine:
        for _ in range(3):
            await one_round(bench, engine)
        gc.collect()
        files, threads, memory = process.num_fds(), threading.active_count(), process.memory_info().rss
        for _ in range(ROUNDS):
            await one_round(bench, engine)
        gc.collect()
        assert process.num_fds() <= files + 8  # connections of the simulator that are still being closed
        assert threading.active_count() <= threads + 1
        assert process.memory_info().rss < memory + 16 * MEBIBYTE
        assert bench.database.with_name("catalog.db-wal").stat().st_size < 8 * MEBIBYTE
