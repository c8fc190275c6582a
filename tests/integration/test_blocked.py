"""A run that would remove too much is blocked and lists what; it removes just that once somebody approves."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from console.operations.local import LocalOperations
from console.operations.protocol import CatalogueChanged, Refused, ScheduleChanged
from console.run import RunReport, RunStatus, Trigger
from console.scheduling.daily import DAILY_JOB_ID
from console.scheduling.runner import RunRequest
from tests.integration.bench import Bench
from tests.integration.database import product_ids, rows, value


@asynccontextmanager
async def operating(bench: Bench) -> AsyncIterator[LocalOperations]:
    """Operations on an engine of this home, without its scheduler."""
    async with bench.open() as engine:
        operations = LocalOperations(engine, "alice")
        yield operations
        operations.close()


async def block(bench: Bench) -> tuple[RunReport, set[str]]:
    """A run that is blocked because half of the products are gone; returns it, and which they are."""
    sim = bench.simulate(products=300)
    await bench.sync()
    gone = set(sorted(sim.catalogue.documents())[::2])
    for product_id in gone:
        sim.catalogue.remove(product_id)
    report = await bench.sync()
    assert report.status is RunStatus.BLOCKED
    assert product_ids(bench.database, active=False) == set()
    return report, gone


async def test_what_would_be_removed_is_listed_page_by_page_with_names_and_prices(bench: Bench) -> None:
    report, gone = await block(bench)
    async with operating(bench) as operations:
        listed = await operations.removals(report.run_id, 100)
        rest = await operations.removals(report.run_id, 100, 100)
    assert (listed.total, listed.due, len(listed.products), len(rest.products)) == (150, 150, 100, 50)
    products = (*listed.products, *rest.products)
    assert {each.product_id for each in products} == gone
    assert [each.name for each in products] == sorted(each.name for each in products)
    stored = {row["id"]: row for row in rows(bench.database, "SELECT * FROM products")}
    for each in products:
        assert (each.name, each.qty) == (stored[each.product_id]["name"], stored[each.product_id]["qty"])
        assert each.is_due


async def test_approving_removes_exactly_that_and_is_written_down(bench: Bench) -> None:
    report, gone = await block(bench)
    async with operating(bench) as operations:
        feed = operations.subscribe()
        assert await operations.approve(report.run_id, "  the publisher \x1b[31mleft  ") == 150
        [changed] = [event for event in feed.drain()[0] if isinstance(event, CatalogueChanged)]
        assert changed.active_products == 150
        assert changed.last_run is not None
        assert changed.last_run.status is RunStatus.SUCCEEDED
    assert product_ids(bench.database, active=False) == gone
    [audit] = rows(bench.database, "SELECT * FROM audit_events")
    assert (audit["actor"], audit["action"], audit["target"]) == ("alice", "run.approve", str(report.run_id))
    assert json.loads(audit["after"]) == {"status": "succeeded", "removed": 150, "reason": "the publisher ␛[31mleft"}
    [row] = rows(bench.database, "SELECT * FROM sync_runs WHERE id = ?", report.run_id)
    assert (row["status"], row["products_discontinued"]) == ("succeeded", 150)
    changes = rows(bench.database, "SELECT * FROM product_changes WHERE change = 'discontinued'")
    assert {change["product_id"] for change in changes} == gone
    assert {change["run_id"] for change in changes} == {report.run_id}


async def test_what_was_seen_since_is_not_removed(bench: Bench) -> None:
    report, gone = await block(bench)
    back = set(sorted(gone)[:100])
    documents = {row["id"]: row for row in rows(bench.database, "SELECT id, name, qty, min_price FROM products")}
    for product_id in back:
        row = documents[product_id]
        bench.sim.catalogue.add(
            {"id": product_id, "name": row["name"], "qty": row["qty"] or 1, "minPrice": row["min_price"]}
        )
    again = await bench.sync()
    assert again.status is RunStatus.SUCCEEDED
    assert again.counts.products_discontinued == 50
    async with operating(bench) as operations:
        listed = await operations.removals(report.run_id, 200)
        assert (listed.total, listed.due) == (150, 0)
        assert await operations.approve(report.run_id, "as discussed") == 0
    assert product_ids(bench.database, active=False) == gone - back


async def test_what_cannot_be_approved_is_told_why(bench: Bench) -> None:
    report, _ = await block(bench)
    async with operating(bench) as operations:
        with pytest.raises(Refused, match="Say why"):
            await operations.approve(report.run_id, "  ")
        with pytest.raises(Refused, match="There is no run 99"):
            await operations.approve(99, "x")
        with pytest.raises(Refused, match="Run 1 has succeeded, and is not blocked"):
            await operations.approve(1, "x")
        with pytest.raises(Refused, match="There is no run 99"):
            await operations.removals(99, 10)
        await operations.sync_now()
        with pytest.raises(Refused, match="is active: approve when it is over"):
            await operations.approve(report.run_id, "x")
    assert value(bench.database, "SELECT count(*) FROM audit_events") == 0
    assert product_ids(bench.database, active=False) == set()


async def skip_a_slot(operations: LocalOperations, status: RunStatus) -> int:
    """A slot of the daily sync does not run, and is recorded so."""
    slot = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    request = RunRequest(trigger=Trigger.SCHEDULED, requested_by=None, job_id=DAILY_JOB_ID, slot=slot)
    return await operations._engine.runner.record(request, status, "because")


@pytest.mark.parametrize("status", [RunStatus.MISSED, RunStatus.SKIPPED])
async def test_a_slot_that_does_not_run_is_told_at_once_and_the_blocked_run_still_waits(
    bench: Bench, status: RunStatus
) -> None:
    report, _ = await block(bench)
    async with operating(bench) as operations:
        await operations._read_catalogue()
        feed = operations.subscribe()
        skipped = await skip_a_slot(operations, status)
        events = feed.drain()[0]
        [changed] = [event for event in events if isinstance(event, CatalogueChanged)]
        assert changed.last_run is not None
        assert (changed.last_run.run_id, changed.last_run.status) == (skipped, status)
        [told] = [event for event in events if isinstance(event, ScheduleChanged)]
        assert told.jobs[0].last_run == changed.last_run
        assert changed.blocked is not None
        assert changed.blocked.run_id == report.run_id
    async with operating(bench) as operations:
        await operations._read_catalogue()
        snapshot = await operations.snapshot()
        assert snapshot.blocked == changed.blocked, "as after a restart"
        assert snapshot.jobs[0].last_run == snapshot.last_run == changed.last_run
        assert await operations.approve(report.run_id, "as discussed") == 150
        assert (await operations.snapshot()).blocked is None


async def test_a_later_sweep_that_succeeds_settles_a_blocked_run_and_a_page_alone_does_not(bench: Bench) -> None:
    report, _ = await block(bench)
    await bench.sync(page=1)
    async with operating(bench) as operations:
        await operations._read_catalogue()
        snapshot = await operations.snapshot()
        assert snapshot.blocked is not None
        assert snapshot.last_sweep == snapshot.blocked
        assert snapshot.blocked.run_id == report.run_id
    assert (await bench.sync(sync_max_removed_percent=100)).status is RunStatus.SUCCEEDED
    async with operating(bench) as operations:
        await operations._read_catalogue()
        assert (await operations.snapshot()).blocked is None


async def test_a_total_of_nothing_lists_everything_and_removes_nothing(bench: Bench) -> None:
    sim = bench.simulate(products=300)
    await bench.sync()
    sim.faults.set("total-zero")
    report = await bench.sync()
    assert report.status is RunStatus.BLOCKED
    async with operating(bench) as operations:
        assert (await operations.removals(report.run_id, 1)).total == 300
    assert product_ids(bench.database, active=False) == set()
