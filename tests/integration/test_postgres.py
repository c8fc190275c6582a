"""The engine on a PostgreSQL database: a night as on a file, and all that can happen to a server and to hosts."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Connection

from console.operations.engine import Engine
from console.operations.loop_thread import answer
from console.operations.protocol import Refused
from console.run import RunReport, RunStatus
from console.scheduling.database_lock import DatabaseLock
from console.scheduling.lock import LockHeld
from console.settings import SecretStr
from console.store.location import PostgresServer
from console.sync.events import PageStored, RunEvent
from tests.integration.agreement import Entry, differences, entries_of
from tests.integration.bench import Bench, run
from tests.integration.commands import command, document, start
from tests.integration.test_read_only import face, is_read_only, runs_the_engine
from tests.integration.truth import content_of_row
from tests.integration.waiting import until, wait_until
from tests.postgres import PASSWORD, PostgresDatabase


@pytest.fixture
def url(postgres: PostgresDatabase) -> SecretStr:
    """DATABASE_URL."""
    return SecretStr(postgres.url)


@pytest.fixture
def other(bench: Bench, tmp_path: Path) -> Iterator[Bench]:
    """The home of another host; it asks the same simulator."""
    with ExitStack() as threads:
        yield Bench(tmp_path / "other", threads)


def read_entries(connection: Connection) -> dict[str, Entry]:
    """What the tables hold of the active products, by id."""
    categories: dict[str, set[int]] = {}
    for product_id, category_id in connection.exec_driver_sql("SELECT product_id, category_id FROM product_categories"):
        categories.setdefault(product_id, set()).add(category_id)
    active = connection.exec_driver_sql("SELECT * FROM products WHERE is_active").mappings()
    return {
        row["id"]: (content_of_row({str(name): row[name] for name in row}), categories.get(row["id"], set()))
        for row in active
    }


async def check_agreement(engine: Engine, bench: Bench) -> None:
    """The catalogue is the one that the API has, field for field."""
    stored = await engine.database.read(read_entries)
    assert differences(stored, entries_of(bench.sim.catalogue.documents())) == []


async def disturbed(engine: Engine, pages: list[int], disturb: Callable[[], object]) -> RunReport:
    """A run during which something happens once so many pages are stored."""
    left = list(pages)
    stored = 0

    def tell(event: RunEvent) -> None:
        nonlocal stored
        if isinstance(event, PageStored):
            stored += 1
            if left and stored >= left[0]:
                left.pop(0)
                disturb()

    engine.listen(tell, lambda: None)
    report = await run(engine)
    assert not left
    return report


async def test_nights_into_a_server_are_those_of_the_api(bench: Bench, url: SecretStr) -> None:
    sim = bench.simulate(products=400)
    async with bench.open(database_url=url) as engine:
        assert (await run(engine)).status is RunStatus.SUCCEEDED
        await check_agreement(engine, bench)
        sim.catalogue.advance()
        report = await run(engine)
        assert report.status is RunStatus.SUCCEEDED
        assert report.counts.products_changed
        await check_agreement(engine, bench)


async def test_of_two_hosts_exactly_one_runs_the_engine(bench: Bench, other: Bench, url: SecretStr) -> None:
    sim = bench.simulate()
    other.use(sim)
    async with bench.open(database_url=url):
        with pytest.raises(LockHeld, match="Another g2a-console runs here already: process "):
            async with other.open(database_url=url):
                pass
    async with other.open(database_url=url) as engine:
        assert (await run(engine)).status is RunStatus.SUCCEEDED


async def test_a_console_of_another_host_watches_and_takes_over_when_the_first_is_killed(
    bench: Bench, other: Bench, postgres: PostgresDatabase, url: SecretStr
) -> None:
    sim = bench.simulate(products=2_000, faults=("slow=60@12",))
    other.use(sim)
    with start(bench, "sync", DATABASE_URL=postgres.url) as first:
        await until(lambda: has_stored(postgres, 99))
        async with face(other, database_url=url) as second:
            snapshot = await second.snapshot_when(is_read_only)
            assert snapshot.read_only is not None
            assert snapshot.read_only.holder is not None
            assert snapshot.read_only.holder.pid == first.pid
            assert snapshot.database == f"postgresql://shop@127.0.0.1:{postgres.server.port}/{postgres.name}"
            await second.snapshot_when(lambda snapshot: snapshot.run is not None)
            sim.faults.clear()
            first.send_signal(signal.SIGKILL)
            await second.snapshot_when(runs_the_engine)
            await second.snapshot_when(lambda snapshot: snapshot.last_run and snapshot.last_run.run_id == 2)
        first.communicate()
    runs = postgres.rows("SELECT status, trigger, pages_done, continues_run_id FROM sync_runs ORDER BY id")
    assert [tuple(row.values()) for row in runs] == [
        ("interrupted", "manual", 99, None),
        ("succeeded", "resume", 100, 1),
    ]
    assert postgres.value("SELECT count(*) FROM products WHERE is_active") == 2_000
    assert PASSWORD not in bench.log_text() + other.log_text()


def has_stored(postgres: PostgresDatabase, pages: int) -> bool:
    """Whether the first run has stored so many pages or more; there may be no tables yet."""
    with postgres.connect() as connection:
        made = connection.execute("SELECT to_regclass('sync_runs') IS NOT NULL").fetchone()
        if not made or not made[0]:
            return False
        row = connection.execute("SELECT pages_done FROM sync_runs").fetchone()
        return row is not None and row[0] >= pages


async def test_connections_that_are_cut_again_and_again_in_a_run_change_nothing_of_it(
    bench: Bench, postgres: PostgresDatabase, url: SecretStr
) -> None:
    bench.simulate(products=1_200, latency_ms=5)
    async with bench.open(database_url=url) as engine:
        report = await disturbed(engine, [3, 10, 20, 21, 40], postgres.cut_connections)
        assert (report.status, report.counts.pages_failed) == (RunStatus.SUCCEEDED, 0)
        assert (report.counts.products_new, report.counts.products_seen) == (1_200, 1_200)
        [row] = postgres.rows("SELECT status, pages_done, products_new FROM sync_runs")
        assert tuple(row.values()) == ("succeeded", 60, 1_200)
        await check_agreement(engine, bench)
    assert "the lock is taken again" in bench.log_text()
    assert PASSWORD not in bench.log_text()


async def test_a_server_that_starts_again_in_a_run_changes_nothing_of_it(
    bench: Bench, postgres: PostgresDatabase, url: SecretStr
) -> None:
    bench.simulate(products=1_200, latency_ms=5)
    async with bench.open(database_url=url) as engine:
        report = await disturbed(engine, [5, 30], postgres.server.restart)
        assert (report.status, report.counts.pages_failed) == (RunStatus.SUCCEEDED, 0)
        assert report.counts.products_new == postgres.value("SELECT products_new FROM sync_runs") == 1_200
        await check_agreement(engine, bench)


async def test_a_run_whose_lock_another_host_has_taken_stores_nothing_more_and_says_who_has_it(
    bench: Bench, postgres: PostgresDatabase, url: SecretStr
) -> None:
    bench.simulate(products=1_200, latency_ms=5)
    taken = DatabaseLock(PostgresServer(url))

    async with bench.open(database_url=url) as engine:

        def take() -> None:
            postgres.cut_connections()
            wait_until(lambda: taken.try_take(engine.clock.now()))

        report = await disturbed(engine, [5], take)
        assert report.status is RunStatus.FAILED
        assert str(report.error).startswith("Another g2a-console has taken over since the connection to postgresql://")
        pages = postgres.value("SELECT pages_done FROM sync_runs")
        assert 5 <= pages < 60
        taken.release()
    assert postgres.value("SELECT count(*) FROM products") == 20 * pages


async def test_a_console_whose_lock_another_host_has_taken_watches_that_one_and_takes_over_again(
    bench: Bench, postgres: PostgresDatabase, url: SecretStr
) -> None:
    bench.simulate()
    other = DatabaseLock(PostgresServer(url))
    async with face(bench, database_url=url) as console:
        await console.snapshot_when(runs_the_engine)
        engine = console.thread._engine
        assert engine is not None
        postgres.cut_connections()
        await until(lambda: other.try_take(engine.clock.now()))
        for _ in range(2):  # the first finds out that the connection was cut
            await answer(console.thread._loop.ask(engine._heartbeat.beat()))
        snapshot = await console.snapshot_when(is_read_only)
        assert snapshot.read_only is not None
        assert str(snapshot.read_only.holder).startswith(f"process {os.getpid()} of ")
        assert console.feed.drain()[1], "the screen asks for everything anew"
        with pytest.raises(Refused, match="This console is read-only"):
            await console.operations.sync_now()
        other.release()
        await console.snapshot_when(runs_the_engine)
        await console.operations.sync_now()
        await console.snapshot_when(lambda snapshot: snapshot.last_run is not None)
    assert postgres.rows("SELECT status FROM sync_runs") == [{"status": "succeeded"}]


async def test_a_run_that_another_host_has_ended_meanwhile_stores_nothing_more(
    bench: Bench, postgres: PostgresDatabase, url: SecretStr
) -> None:
    """It had the lock for a moment, and is gone again: this engine has the lock, but its run is over."""
    bench.simulate(products=1_200, latency_ms=5)

    def end() -> None:
        with postgres.connect() as connection:
            connection.execute("UPDATE sync_runs SET status = 'interrupted'")

    async with bench.open(database_url=url) as engine:
        report = await disturbed(engine, [5], end)
    assert report.status is RunStatus.FAILED
    assert report.error == "Another g2a-console has ended run 1 meanwhile: nothing more of it is stored."
    assert postgres.rows("SELECT status FROM sync_runs") == [{"status": "interrupted"}]


def test_every_command_speaks_to_the_server_and_none_tells_the_password(
    bench: Bench, postgres: PostgresDatabase
) -> None:
    sim = bench.simulate(products=60)
    told: list[str] = []

    def tell(*words: str, code: int = 0) -> str:
        done = command(bench, *words, DATABASE_URL=postgres.url)
        told.extend((done.stdout, done.stderr))
        assert done.returncode == code, done.stderr
        return done.stdout or done.stderr

    shown = f"postgresql://shop@127.0.0.1:{postgres.server.port}/{postgres.name}"
    assert "no tables yet" in tell("db", "check")
    assert document(tell("sync", "--dry-run", "--json"))["products_new"] == 60
    assert postgres.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == []
    assert document(tell("sync", "--json"))["status"] == "succeeded"
    status = document(tell("status", "--json"))
    assert (status["database"], status["active_products"]) == (shown, 60)
    [product, *_] = sim.catalogue.documents().values()
    assert product["id"] in tell("products", "search", product["id"])
    assert "succeeded" in tell("runs")
    checks = {each["name"]: each for each in document(tell("doctor", "--json"))["checks"]}
    assert checks["database"]["message"].startswith(f"{shown} (PostgreSQL ")
    assert checks["DATABASE_URL"]["message"] == f"{shown} (environment)"
    assert "every product is found by its words" in tell("db", "check")
    assert "up to date already" in tell("db", "upgrade")
    assert f"--dbname={shown}" in tell("db", "backup", "copy.db", code=1)
    tell("schedule", "set", "03:30")
    sim.catalogue.advance()
    changed = document(tell("sync", "--dry-run", "--json"))
    assert changed["products_changed"]
    assert postgres.value("SELECT count(*) FROM sync_runs") == 1
    after = document(tell("sync", "--json"))
    assert after["products_changed"] == changed["products_changed"]
    for text in (*told, bench.log_text()):
        assert PASSWORD not in text
        assert "%25" not in text
    assert not list(bench.home.root.rglob("*.db*"))


def test_where_the_server_is_away_doctor_and_status_say_so(bench: Bench, postgres: PostgresDatabase) -> None:
    bench.simulate()
    url = postgres.url.replace(f":{postgres.server.port}/", ":1/")
    done = command(bench, "status", DATABASE_URL=url)
    assert (done.returncode, "no server listens there" in done.stderr) == (1, True)
    done = command(bench, "doctor", "--json", DATABASE_URL=url)
    assert done.returncode == 1
    checks = {each["name"]: each for each in document(done.stdout)["checks"]}
    assert "no server listens there" in checks["database"]["message"]
    assert checks["engine"]["message"] == "This cannot be told: the database cannot be reached."
    assert "sqlite" not in checks
    assert PASSWORD not in done.stdout + done.stderr


def test_a_sync_whose_server_is_away_ends_soon_after_it_is_told_to(bench: Bench, postgres: PostgresDatabase) -> None:
    bench.simulate(products=2_000, faults=("slow=60@12",))
    with start(bench, "sync", DATABASE_URL=postgres.url) as process:
        wait_until(lambda: has_stored(postgres, 99))
        postgres.server.stop()
        try:
            bench.sim.faults.clear()
            told_at = time.monotonic()
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)
            assert time.monotonic() - told_at < 10
        finally:
            postgres.server.start()
    assert process.returncode in (1, 128 + signal.SIGTERM)


def test_a_sync_whose_server_says_nothing_any_more_ends_all_the_same_when_it_is_told_to(
    bench: Bench, postgres: PostgresDatabase
) -> None:
    bench.simulate(products=2_000, faults=("slow=0.1",))
    with start(bench, "sync", DATABASE_URL=postgres.url) as process:
        wait_until(lambda: has_stored(postgres, 1))
        with postgres.server.silent():
            process.send_signal(signal.SIGTERM)
            begun = time.monotonic()
            stdout, stderr = process.communicate(timeout=30)
            assert time.monotonic() - begun < 20, "nothing else ends it before the server speaks again"
    assert (process.returncode, stdout) == (143, "")
    assert "It did not end within 9.5 seconds, and is ended now. What was stored stays" in stderr
    again = command(bench, "sync", DATABASE_URL=postgres.url)
    assert again.returncode == 0
    assert [row["status"] for row in postgres.rows("SELECT status FROM sync_runs ORDER BY id")] == [
        "interrupted", "succeeded",
    ]  # fmt: skip


async def test_a_short_command_beside_the_engine_of_another_host_changes_the_schedule_there(
    bench: Bench, other: Bench, postgres: PostgresDatabase, url: SecretStr
) -> None:
    sim = bench.simulate()
    other.use(sim)
    async with bench.open(database_url=url):
        done = command(other, "schedule", "set", "03:30", DATABASE_URL=postgres.url)
        assert done.returncode == 0, done.stderr
        assert postgres.value("SELECT hour * 60 + minute FROM schedules") == 210
        refused = command(other, "sync", DATABASE_URL=postgres.url)
        assert refused.returncode == 4
        assert "Another g2a-console runs here already" in refused.stderr


@pytest.mark.parametrize(
    ("broken", "said"), [("port", "no server listens there"), ("name", "there is no such database")]
)
def test_a_server_that_cannot_be_used_is_told_at_the_start(
    bench: Bench, postgres: PostgresDatabase, broken: str, said: str
) -> None:
    bench.simulate()
    url = postgres.url.replace(f":{postgres.server.port}/", ":1/") if broken == "port" else f"{postgres.url}x"
    done = command(bench, "sync", DATABASE_URL=url)
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert PASSWORD not in done.stderr
