"""Of all that share a home one runs, and it runs one thing at a time."""

import asyncio
import os
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from console.operations.local import LocalOperations
from console.operations.protocol import Refused
from console.run import RunKind, RunStatus, Trigger
from console.scheduling.lock import LockHeld, RunnerLock, read_holder
from console.scheduling.runner import RunActive
from console.settings import SecretStr
from console.store.errors import StoreError
from console.store.runs import NewRun, create_run
from console.sync.events import PageStored, RunEvent
from tests.integration.bench import Bench, run, start_daily
from tests.integration.commands import command, environment
from tests.integration.database import run_rows, value
from tests.integration.waiting import until, wait_until


def check_words(said: str) -> None:
    """The words name who holds the lock: this process."""
    assert said.startswith("Another g2a-console runs here already: ")
    assert f"process {os.getpid()} of " in said
    assert f" on {socket.gethostname()}, since 20" in said
    assert " UTC, last heartbeat " in said
    assert said.rstrip().endswith("Use that one, or end it first.")


async def test_a_second_engine_on_the_same_home_is_refused_and_told_who_runs(bench: Bench) -> None:
    bench.simulate(products=20)
    async with bench.open():
        with pytest.raises(LockHeld) as refusal:
            async with bench.open():
                pass
        check_words(str(refusal.value))
    assert read_holder(bench.home.lock_file) is None
    assert (await bench.sync()).status is RunStatus.SUCCEEDED


async def test_the_command_sync_beside_an_engine_exits_with_4_and_says_who_runs(bench: Bench) -> None:
    bench.simulate(products=20)
    async with bench.open():
        done = command(bench, "sync", "--json")
    assert (done.returncode, done.stdout) == (4, "")
    check_words(done.stderr)
    assert run_rows(bench.database) == []


async def test_another_home_is_another_engine(bench: Bench) -> None:
    sim = bench.simulate(products=20)
    other = Bench(bench.home.root / "other", bench.threads)
    other.use(sim)
    async with bench.open() as engine, other.open() as second:
        assert (await run(engine)).status is (await run(second)).status is RunStatus.SUCCEEDED


async def test_a_second_start_while_a_run_is_active_is_refused_and_leaves_one_row(bench: Bench) -> None:
    bench.simulate(faults=("slow=30@2",))
    async with bench.open() as engine:
        first = await engine.scheduler.trigger_manual_sync("alice")
        with pytest.raises(RunActive, match=f"Run {first} is active"):
            await engine.scheduler.trigger_manual_sync("bob")
        operations = LocalOperations(engine, "bob")
        with pytest.raises(Refused, match=f"Run {first} is active"):
            await operations.sync_page(3)
        operations.close()
        assert [(row["id"], row["status"], row["requested_by"]) for row in run_rows(bench.database)] == [
            (first, "running", "alice")
        ]
        await engine.runner.cancel()
        await engine.runner.wait()
    assert len(run_rows(bench.database)) == 1


async def test_starts_at_the_same_moment_make_one_run(bench: Bench) -> None:
    bench.simulate(faults=("slow=30@2",))
    async with bench.open() as engine:
        starts = [engine.scheduler.trigger_manual_sync(f"user {number}") for number in range(8)]
        results = await asyncio.gather(*starts, return_exceptions=True)
        assert [result for result in results if isinstance(result, int)] == [1]
        assert sum(isinstance(result, RunActive) for result in results) == 7
        assert len(run_rows(bench.database)) == 1


async def test_a_run_that_ends_by_a_fault_of_our_own_leaves_nothing_going_on(bench: Bench) -> None:
    sim = bench.simulate(products=600, faults=("slow=0.02",))

    def stumble(event: RunEvent) -> None:
        if isinstance(event, PageStored) and event.page == 5:
            raise RuntimeError("out of\nthe blue")

    async with bench.open() as engine:
        engine.listen(stumble, lambda: None)
        report = await run(engine)
        engine.listen(bench.events.append, lambda: None)
        asked = sim.counters.products
        assert report.status is RunStatus.FAILED
        assert report.error == "A fault in g2a-console ended the run (RuntimeError: out of⏎the blue)."
        pages = value(bench.database, "SELECT count(*) FROM sync_pages WHERE run_id = 1")
        assert 5 <= pages < 31
        sim.faults.clear()
        assert (await run(engine)).status is RunStatus.SUCCEEDED
        assert value(bench.database, "SELECT count(*) FROM sync_pages WHERE run_id = 1") == pages
        assert sim.counters.products == asked + 31


async def test_runs_one_after_the_other_have_their_own_rows(bench: Bench) -> None:
    bench.simulate(products=40)
    async with bench.open() as engine:
        assert [(await run(engine)).run_id for _ in range(3)] == [1, 2, 3]


async def test_a_start_by_hand_beside_a_scheduled_run_is_refused(bench: Bench) -> None:
    bench.simulate(faults=("slow=30@2",))
    async with bench.open() as engine:
        await start_daily(engine)
        with pytest.raises(RunActive):
            await engine.scheduler.trigger_manual_sync("alice")
        assert [row["trigger"] for row in run_rows(bench.database)] == ["scheduled"]


def age_heartbeat(bench: Bench, minutes: int) -> None:
    """The active run has shown no life for so long."""
    moment = datetime.now(UTC) - timedelta(minutes=minutes)
    with closing(sqlite3.connect(bench.database)) as connection, connection:
        connection.execute(
            "UPDATE sync_runs SET heartbeat_at = ? WHERE status = 'running'", (f"{moment:%Y-%m-%d %H:%M:%S.%f}",)
        )


async def test_without_the_lock_a_live_run_of_another_engine_goes_on_and_no_second_one_begins(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the lock's file was deleted, or its file system has no locks worth the name."""
    monkeypatch.setattr(RunnerLock, "take", lambda *_: None)
    sim = bench.simulate(faults=("slow=60@2",))
    new = NewRun(
        kind=RunKind.FULL, trigger=Trigger.MANUAL, status=RunStatus.RUNNING, requested_by="bob", job_id="manual",
        at=datetime.now(UTC),
    )  # fmt: skip
    async with bench.open() as first:
        run_id = await first.scheduler.trigger_manual_sync("alice")
        async with bench.open() as second:
            with pytest.raises(StoreError, match="UNIQUE constraint failed: index 'ux_sync_runs_one_active'"):
                await second.database.write(create_run, new)
            with pytest.raises(RunActive, match=rf"^Run {run_id} is active in another process; only one can be\.$"):
                await second.scheduler.trigger_manual_sync("bob")
            assert not await second.runner.recover()
        assert [(row["requested_by"], row["status"]) for row in run_rows(bench.database)] == [("alice", "running")]
        await first.runner.cancel()
        sim.faults.clear()


async def test_engines_of_two_homes_with_one_database_run_one_after_the_other(bench: Bench) -> None:
    sim = bench.simulate(faults=("slow=60@2",))
    other = Bench(bench.home.root / "other", bench.threads)
    other.use(sim)
    async with bench.open() as first:
        run_id = await first.scheduler.trigger_manual_sync("alice")
        async with other.open(database_url=SecretStr(f"sqlite:///{bench.database}")) as second:
            with pytest.raises(RunActive, match=f"Run {run_id} is active in another process"):
                await second.scheduler.trigger_manual_sync("bob")
            sim.faults.clear()
            await first.runner.cancel()
            await first.runner.wait()
            assert (await run(second)).status is RunStatus.SUCCEEDED
    assert [row["status"] for row in run_rows(bench.database)] == ["cancelled", "succeeded"]


async def test_a_run_that_has_shown_no_life_for_a_minute_is_interrupted_when_the_next_one_begins(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RunnerLock, "take", lambda *_: None)
    sim = bench.simulate(faults=("slow=60@2",))
    async with bench.open() as first, bench.open() as second:
        await first.scheduler.trigger_manual_sync("alice")
        await until(lambda: value(bench.database, "SELECT pages_done FROM sync_runs") == 14)  # all but the slow one
        age_heartbeat(bench, minutes=2)
        await second.scheduler.trigger_manual_sync("bob")
        assert [row["status"] for row in run_rows(bench.database)] == ["interrupted", "running"]
        sim.faults.clear()


async def test_a_live_run_shows_life_even_while_no_page_comes(bench: Bench) -> None:
    sim = bench.simulate(faults=("slow=60@2",))
    async with bench.open() as engine:
        await engine.scheduler.trigger_manual_sync("alice")
        await until(lambda: value(bench.database, "SELECT pages_done FROM sync_runs") == 14)
        age_heartbeat(bench, minutes=2)
        before = run_rows(bench.database)[0]["heartbeat_at"]
        await engine._heartbeat.beat()
        assert run_rows(bench.database)[0]["heartbeat_at"] > before
        sim.faults.clear()


async def test_what_another_process_left_is_gone_on_with_once_it_is_known_to_be_dead(bench: Bench) -> None:
    """Its lock was of another home, so that nothing but the silence tells."""
    bench.simulate()
    async with bench.open() as engine:
        operations = LocalOperations(engine, "alice")
        await operations.start()
        new = NewRun(
            kind=RunKind.FULL, trigger=Trigger.MANUAL, status=RunStatus.RUNNING, requested_by="bob", job_id="manual",
            at=datetime.now(UTC), filters=engine.settings.filters,
        )  # fmt: skip
        await engine.database.write(create_run, new)
        await engine.scheduler._recover()
        assert [row["status"] for row in run_rows(bench.database)][-1] == "running"
        age_heartbeat(bench, minutes=2)
        await engine.scheduler._recover()
        report = await engine.runner.wait()
        assert report is not None
        assert (report.status, report.trigger) == (RunStatus.SUCCEEDED, Trigger.RESUME)
        operations.close()


CONTENDER = """
import asyncio, sys, time
from pathlib import Path
from console.clock import SystemClock
from console.home import Home
from console.logs import Log
from console.operations.engine import Engine
from console.scheduling.lock import LockHeld
from console.settings import Settings

async def contend(home, log, at):
    while time.monotonic() < at:
        pass
    try:
        engine = await Engine.open(settings=Settings(), home=home, clock=SystemClock(), log=log)
    except LockHeld as refusal:
        print(refusal, flush=True)
        return
    print("runs", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await engine.close()
    print("ended", flush=True)

home = Home(Path(sys.argv[1]))
log = Log.open(home.log_file.with_name(sys.argv[2]), "INFO", (), 10, 5)
print("ready", flush=True)
while line := sys.stdin.readline():
    asyncio.run(contend(home, log, float(line)))
log.close()
"""
"""Opens the engine at the moment that each line of its input names, and holds it until the next line."""


def test_of_two_engines_started_at_the_same_instant_exactly_one_runs_and_the_other_names_it(bench: Bench) -> None:
    pair = [
        subprocess.Popen(
            [sys.executable, "-c", CONTENDER, str(bench.home.root), f"{number}.log"],
            env=environment(None), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for number in range(2)
    ]  # fmt: skip
    winners: set[int] = set()
    try:
        assert [_hear(each) for each in pair] == ["ready", "ready"]
        for _ in range(50):
            at = time.monotonic() + 0.005
            for each in pair:
                _say(each, str(at))
            said = {each.pid: _hear(each) for each in pair}
            [winner] = [each for each in pair if said[each.pid] == "runs"]
            [loser] = [each for each in pair if each is not winner]
            assert said[loser.pid].startswith(f"Another g2a-console runs here already: process {winner.pid} of "), said
            winners.add(winner.pid)
            _say(winner, "")
            assert _hear(winner) == "ended"
    finally:
        for each in pair:
            each.kill()
            each.communicate()
    assert winners == {each.pid for each in pair}, "neither of them is always the first"


def _say(process: "subprocess.Popen[str]", line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def _hear(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_looking_who_holds_the_lock_never_keeps_anybody_from_taking_it(bench: Bench) -> None:
    """`status` in a loop, as a monitor asks, must not make the nightly sync fail to start."""
    path = bench.home.lock_file
    look = (
        "import sys, pathlib; from console.scheduling.lock import read_holder\n"
        "print(flush=True)\n"
        "while True: read_holder(pathlib.Path(sys.argv[1]))"
    )
    words = [sys.executable, "-c", look, str(path)]
    with subprocess.Popen(words, env=environment(None), stdout=subprocess.PIPE) as monitor:
        try:
            assert monitor.stdout is not None
            monitor.stdout.readline()
            for _ in range(500):
                lock = RunnerLock(path)
                lock.take(datetime.now(UTC))
                assert str(read_holder(path)).startswith(f"process {os.getpid()}")
                lock.release()
        finally:
            monitor.kill()


def test_the_lock_of_a_process_that_was_killed_is_free(bench: Bench) -> None:
    bench.simulate(products=20)
    hold = (
        "import sys, pathlib, datetime, time; from console.scheduling.lock import RunnerLock\n"
        "RunnerLock(pathlib.Path(sys.argv[1])).take(datetime.datetime.now(datetime.UTC)); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", hold, str(bench.home.lock_file)], env=environment(None)) as holder:
        wait_until(lambda: read_holder(bench.home.lock_file))
        assert f"process {holder.pid} of" in command(bench, "sync").stderr
        holder.kill()
        holder.wait()
    assert read_holder(bench.home.lock_file) is None
    assert command(bench, "sync").returncode == 0
