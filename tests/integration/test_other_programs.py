"""Other programs read the tables while a sync writes them: they see whole pages, and never hold it up."""

import contextlib
import sqlite3

from console.run import RunStatus
from console.sync.events import PageStored, RunEvent
from tests.integration.bench import Bench, run
from tests.integration.database import rows, value


async def test_a_reader_sees_whole_pages_at_every_moment(bench: Bench) -> None:
    bench.simulate(products=300)
    looks: list[tuple[int, int, int]] = []
    query = (
        "SELECT (SELECT count(*) FROM products), (SELECT coalesce(sum(products), 0) FROM sync_pages), "
        "(SELECT products_seen FROM sync_runs)"
    )
    async with bench.open() as engine:
        with contextlib.closing(sqlite3.connect(bench.database)) as reader:

            def look(event: RunEvent) -> None:
                if isinstance(event, PageStored):
                    looks.append(reader.execute(query).fetchone())

            engine.listen(look, lambda: None)
            await run(engine)
    assert len(looks) == 15
    for products, on_pages, seen in looks:
        assert products == on_pages == seen
        assert products % 20 == 0


async def test_a_page_that_is_told_as_stored_is_in_the_database(bench: Bench) -> None:
    bench.simulate(products=300)
    missing: list[int] = []

    def look(event: RunEvent) -> None:
        if isinstance(event, PageStored) and not rows(
            bench.database, "SELECT * FROM sync_pages WHERE page = ? AND status = 'done'", event.page
        ):
            missing.append(event.page)

    async with bench.open() as engine:
        engine.listen(look, lambda: None)
        await run(engine)
    assert missing == []


async def test_a_program_that_reads_for_long_does_not_hold_up_the_sync(bench: Bench) -> None:
    sim = bench.simulate(products=300)
    await bench.sync()
    with contextlib.closing(sqlite3.connect(bench.database, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        before = reader.execute("SELECT * FROM products ORDER BY id").fetchall()
        sim.catalogue.advance()
        report = await bench.sync()
        assert report.status is RunStatus.SUCCEEDED
        assert report.counts.products_changed > 0
        assert reader.execute("SELECT * FROM products ORDER BY id").fetchall() == before
        reader.execute("COMMIT")
        assert reader.execute("SELECT count(*) FROM sync_runs").fetchone() == (2,)
    assert value(bench.database, "PRAGMA integrity_check") == "ok"


async def test_a_program_that_keeps_the_database_locked_fails_the_run_in_plain_words(bench: Bench) -> None:
    bench.simulate(products=300)
    locks: list[sqlite3.Connection] = []

    def lock(event: RunEvent) -> None:
        if isinstance(event, PageStored) and not locks:
            locks.append(sqlite3.connect(bench.database, isolation_level=None))
            locks[0].execute("PRAGMA busy_timeout = 5000")
            locks[0].execute("BEGIN IMMEDIATE")

    async with bench.open() as engine:
        engine.listen(lock, lambda: None)
        await engine.scheduler.trigger_manual_sync("alice")
        report = await engine.runner.wait()
        assert report is not None
        assert report.status is RunStatus.FAILED
        assert report.error is not None
        assert "another program keeps the database locked: end it, then try again" in report.error
        locks[0].close()
        assert (await run(engine)).status is RunStatus.SUCCEEDED
    assert [row["status"] for row in rows(bench.database, "SELECT status FROM sync_runs")][1] == "succeeded"
