"""A run that an older program began is gone on with after an update, where that one stored products alike."""

import sqlite3
from contextlib import closing

from console.operations.local import LocalOperations
from console.run import RunReport, RunStatus
from console.store.migrations import HEAD
from tests.integration.bench import Bench
from tests.integration.commands import command, document
from tests.integration.database import run_rows, value
from tests.integration.test_gone_on_with import check_catalogue, check_tables, cut_off, go_on, refusal
from tests.integration.waiting import until
from tests.unit.store.older import make_tables

_CARRIED = (
    "products", "categories", "product_categories", "sync_runs", "sync_pages", "run_sightings", "product_changes",
    "rejected_products",
)  # fmt: skip


def turn_back(bench: Bench, revision: str) -> None:
    """Make the database what a program of that revision would have left: its tables, and the rows that they held."""
    newer = bench.database.with_name("newer.db")
    bench.database.rename(newer)
    make_tables(bench.database, revision)
    with closing(sqlite3.connect(bench.database)) as connection:
        connection.execute("ATTACH ? AS newer", (str(newer),))
        for table in _CARRIED:
            names = [name for (name,) in connection.execute("SELECT name FROM pragma_table_info(?, 'main')", (table,))]
            columns = ", ".join(names)
            connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM newer.{table}")
        if revision != "0001":
            connection.execute("UPDATE sync_runs SET schema_revision = ?", (revision,))
        connection.commit()
    newer.unlink()


async def older_run(bench: Bench, revision: str) -> RunReport:
    """A run of a program of that revision, interrupted after some pages."""
    report = await cut_off(bench, 12)
    turn_back(bench, revision)
    return report


async def test_a_run_of_an_older_program_is_gone_on_with_by_hand(bench: Bench) -> None:
    sim = bench.simulate(products=600)
    first = await older_run(bench, "0002")
    sim.counters.reset()
    report = await go_on(bench, first.run_id)
    assert (report.status, report.continues_run_id) == (RunStatus.SUCCEEDED, first.run_id)
    assert sim.counters.products == 30 - first.counts.pages_done + 2, "no page is fetched twice but the first"
    assert (report.counts.products_seen, report.counts.products_new) == (600, 600)
    assert value(bench.database, "SELECT version_num FROM alembic_version") == HEAD
    check_tables(bench, report)
    check_catalogue(bench)
    found = document(command(bench, "db", "check", "--json").stdout)
    assert found["ok"], "what came before the update is found as well as what came after"


async def test_the_first_start_after_the_update_goes_on_with_it_by_itself(bench: Bench) -> None:
    bench.simulate(products=600)
    first = await older_run(bench, "0002")
    async with bench.open() as engine:
        operations = LocalOperations(engine, "alice")
        await operations.start()
        await until(lambda: engine.runner.active_run_id is None)
        operations.close()
    [row] = run_rows(bench.database)[1:]
    assert (row["continues_run_id"], row["trigger"], row["status"]) == (first.run_id, "resume", "succeeded")
    check_catalogue(bench)


async def test_what_is_gone_by_the_end_of_such_a_run_is_discontinued(bench: Bench) -> None:
    sim = bench.simulate(products=600)
    await bench.sync()
    first = await older_run(bench, "0002")
    gone = sorted(sim.catalogue.documents())[500]
    sim.catalogue.remove(gone)
    report = await go_on(bench, first.run_id)
    assert (report.status, report.counts.products_discontinued) == (RunStatus.SUCCEEDED, 1)
    assert value(bench.database, "SELECT id FROM products WHERE NOT is_active") == gone


async def test_a_run_of_a_program_that_kept_too_little_is_not_gone_on_with(bench: Bench) -> None:
    bench.simulate(products=600)
    first = await older_run(bench, "0001")
    assert "was made by another version of g2a-console: start a new sync instead" in await refusal(bench, first.run_id)
    assert len(run_rows(bench.database)) == 1
