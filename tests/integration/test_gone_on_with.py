"""A run that was cut off, or that lacks pages, is gone on with: only what is missing is fetched, the whole counts."""

from typing import Any

import pytest

from console.history import RunFilter
from console.operations.engine import Engine
from console.operations.local import LocalOperations
from console.run import PRODUCTS_PER_PAGE, RunCounts, RunKind, RunReport, RunStatus, Trigger
from console.scheduling.runner import NotStarted
from console.sync.events import PageStored, RunEvent, RunPlanned
from tests.clock import FakeClock
from tests.integration.bench import Bench, run
from tests.integration.clocks import FastClock
from tests.integration.database import product_ids, rows, run_rows, value
from tests.integration.truth import content_of_row, promised
from tests.integration.waiting import until


def check_catalogue(bench: Bench) -> None:
    """Every field of every active product is what the API has."""
    expected = {product_id: promised(document) for product_id, document in bench.sim.catalogue.documents().items()}
    stored = {row["id"]: content_of_row(row) for row in rows(bench.database, "SELECT * FROM products WHERE is_active")}
    assert stored == expected


def check_tables(bench: Bench, report: RunReport) -> None:
    """The tables and the log tell the same as the report."""
    [row] = rows(bench.database, "SELECT * FROM sync_runs WHERE id = ?", report.run_id)
    counts = {name: getattr(report.counts, name) for name in RunCounts.__struct_fields__}
    assert {name: row[name] for name in counts} == counts
    done = value(bench.database, "SELECT count(*) FROM sync_pages WHERE run_id = ? AND status = 'done'", report.run_id)
    assert done == report.counts.pages_done
    block = bench.log_text().rpartition("===")[2].splitlines()
    assert f"Products Synced: {report.counts.products_seen}" in block
    assert f"Pages Processed: {report.counts.pages_done}" in block
    assert f"Errors: {len(report.errors)}" in block


async def cut_off(
    bench: Bench, after_pages: int, status: RunStatus = RunStatus.INTERRUPTED, **changes: Any
) -> RunReport:
    """A run that somebody stops after so many pages."""
    async with bench.open(**{"sync_concurrency": 2, **changes}) as engine:

        def tell(event: RunEvent) -> None:
            if isinstance(event, PageStored) and event.counts.pages_done == after_pages:
                engine.runner.ask_to_stop(status)

        engine.listen(tell, lambda: None)
        report = await run(engine)
    assert report.status is status
    return report


async def go_on(bench: Bench, run_id: int, **changes: Any) -> RunReport:
    """Go on with a run by hand."""
    async with bench.open(clock=FastClock(), **changes) as engine:
        await engine.scheduler.retry(run_id, "bob")
        report = await engine.runner.wait()
        assert report is not None
        return report


@pytest.mark.parametrize("status", [RunStatus.INTERRUPTED, RunStatus.CANCELLED])
async def test_only_the_missing_pages_are_fetched_and_the_whole_is_counted(bench: Bench, status: RunStatus) -> None:
    sim = bench.simulate(products=600)
    first = await cut_off(bench, 12, status)
    check_tables(bench, first)
    sim.counters.reset()
    report = await go_on(bench, first.run_id)
    missing = 30 - first.counts.pages_done
    assert sim.counters.products == missing + 2, "page 1, which tells how many there are, and the look beyond the last"
    assert (report.status, report.kind, report.trigger) == (RunStatus.SUCCEEDED, RunKind.FULL, Trigger.RESUME)
    assert (report.requested_by, report.continues_run_id) == ("bob", first.run_id)
    assert report.counts.products_seen == report.counts.products_new == 600
    assert (report.counts.pages_total, report.counts.pages_done) == (30, 30)
    assert report.counts.requests == first.counts.requests + missing + 2
    check_tables(bench, report)
    check_catalogue(bench)


async def test_a_run_that_was_cut_off_behind_its_last_page_is_gone_on_with_too(bench: Bench) -> None:
    sim = bench.simulate(products=600)
    await bench.sync()
    gone = sorted(sim.catalogue.documents())[300]
    sim.catalogue.remove(gone)
    first = await cut_off(bench, 30)
    assert (first.counts.pages_done, first.counts.products_discontinued) == (30, 0)
    report = await go_on(bench, first.run_id)
    assert (report.status, report.counts.products_discontinued) == (RunStatus.SUCCEEDED, 1)
    assert product_ids(bench.database, active=False) == {gone}


async def test_what_was_stored_is_shown_as_done_from_the_start(bench: Bench) -> None:
    bench.simulate(products=600)
    first = await cut_off(bench, 12)
    planned: list[RunPlanned] = []
    async with bench.open() as engine:
        engine.listen(lambda event: planned.append(event) if isinstance(event, RunPlanned) else None, lambda: None)
        await engine.scheduler.retry(first.run_id, "bob")
        await engine.runner.wait()
    assert sum(map(len, planned[0].done)) == first.counts.pages_done
    assert sum(map(len, planned[0].spans)) == 30


async def test_what_went_meanwhile_is_discontinued_and_what_moved_is_not(bench: Bench) -> None:
    sim = bench.simulate(products=600)
    await bench.sync()
    first = await cut_off(bench, 12)
    ids = sorted(sim.catalogue.documents())
    gone = {ids[5], ids[400], ids[401]}
    for product_id in gone:
        sim.catalogue.remove(product_id)
    report = await go_on(bench, first.run_id)
    # the first is on a page that had come before: the next sync finds out
    assert product_ids(bench.database, active=False) == {ids[400], ids[401]}
    assert report.status is RunStatus.SUCCEEDED
    again = await bench.sync()
    assert again.status is RunStatus.SUCCEEDED
    assert product_ids(bench.database, active=False) == gone
    check_catalogue(bench)


async def test_failed_pages_alone_are_retried_and_make_the_sweep_complete(bench: Bench) -> None:
    sim = bench.simulate(products=600)
    await bench.sync()
    gone = sorted(sim.catalogue.documents())[300]
    sim.catalogue.remove(gone)
    sim.faults.set("503@7,20")
    first = await bench.fast_sync()
    assert (first.status, first.counts.pages_failed) == (RunStatus.PARTIAL, 2)
    assert gone in product_ids(bench.database, active=True)
    sim.faults.clear()
    sim.counters.reset()
    report = await go_on(bench, first.run_id)
    assert sim.counters.pages[7] == sim.counters.pages[20] == 1
    assert sim.counters.pages[8] == 0
    assert (report.status, report.kind, report.trigger) == (RunStatus.SUCCEEDED, RunKind.RETRY, Trigger.MANUAL)
    assert (report.counts.pages_done, report.counts.pages_failed) == (30, 0)
    assert report.counts.products_discontinued == 1
    assert product_ids(bench.database, active=False) == {gone}
    check_tables(bench, report)
    check_catalogue(bench)


async def test_a_first_sync_that_is_gone_on_with_writes_no_row_for_each_product(bench: Bench) -> None:
    bench.simulate(products=600)
    first = await cut_off(bench, 12)
    await go_on(bench, first.run_id)
    assert value(bench.database, "SELECT count(*) FROM product_changes") == 0


async def test_rejected_products_and_changes_go_with_the_run_that_counts_them(bench: Bench) -> None:
    sim = bench.simulate(products=600)
    await bench.sync()
    sim.catalogue.advance()
    sim.faults.set("bad-product-text-qty@3,25")
    first = await cut_off(bench, 12)
    report = await go_on(bench, first.run_id)
    assert (report.status, report.counts.products_rejected) == (RunStatus.PARTIAL, 2)
    assert {row["run_id"] for row in rows(bench.database, "SELECT run_id FROM rejected_products")} == {report.run_id}
    changed = value(
        bench.database,
        "SELECT count(*) FROM product_changes WHERE run_id = ? AND change = 'changed'",
        report.run_id,
    )
    assert changed == report.counts.products_changed > 0
    check_tables(bench, report)


async def test_a_run_can_be_cut_off_and_gone_on_with_again_and_again(bench: Bench) -> None:
    sim = bench.simulate(products=600)
    report = await cut_off(bench, 4, sync_concurrency=1)
    for pages in (9, 14, 19, 24):
        async with bench.open(sync_concurrency=1) as engine:

            def tell(event: RunEvent, engine: Engine = engine, pages: int = pages) -> None:
                if isinstance(event, PageStored) and event.counts.pages_done == pages:
                    engine.runner.ask_to_stop(RunStatus.INTERRUPTED)

            engine.listen(tell, lambda: None)
            await engine.scheduler.retry(report.run_id, "bob")
            found = await engine.runner.wait()
            assert found is not None
            report = found
        assert report.status is RunStatus.INTERRUPTED
        check_tables(bench, report)
    report = await go_on(bench, report.run_id)
    assert (report.status, report.counts.products_new) == (RunStatus.SUCCEEDED, 600)
    assert sim.counters.products < 30 + 6 * (2 + 16), "no page twice but those under way"
    check_catalogue(bench)


async def test_the_next_start_goes_on_by_itself_with_a_run_that_was_interrupted(bench: Bench) -> None:
    bench.simulate(products=600)
    first = await cut_off(bench, 12)
    async with bench.open() as engine:
        operations = LocalOperations(engine, "alice")
        await operations.start()
        await until(lambda: engine.runner.active_run_id is None)
        [second, _] = (await operations.history.runs(RunFilter(), 10)).runs
        operations.close()
    assert (second.continues_run_id, second.trigger, second.status) == (first.run_id, "resume", "succeeded")
    check_catalogue(bench)


@pytest.mark.parametrize("status", [RunStatus.CANCELLED])
async def test_what_somebody_cancelled_stays_so_until_somebody_goes_on_with_it(bench: Bench, status: RunStatus) -> None:
    bench.simulate(products=600)
    await cut_off(bench, 12, status)
    async with bench.open() as engine:
        operations = LocalOperations(engine, "alice")
        await operations.start()
        assert engine.runner.active_run_id is None
        operations.close()


async def refusal(bench: Bench, run_id: int, **changes: Any) -> str:
    """Why a run cannot be gone on with."""
    async with bench.open(**changes) as engine:
        with pytest.raises(NotStarted) as refused:
            await engine.scheduler.retry(run_id, "bob")
        return str(refused.value)


async def test_what_cannot_be_gone_on_with_is_told_why(bench: Bench) -> None:
    bench.simulate(products=600)
    assert await refusal(bench, 7) == "There is no run 7."
    first = await cut_off(bench, 12)
    other = await refusal(bench, first.run_id, g2a_include_out_of_stock=True)
    assert "made with another G2A_INCLUDE_OUT_OF_STOCK" in other
    late = FakeClock(run_time(first))
    await late.sleep(7 * 3600)
    assert "began more than 6 hours ago (SYNC_CATCH_UP_HOURS)" in await refusal(bench, first.run_id, clock=late)
    complete = await bench.sync()
    assert "there is nothing to go on with" in await refusal(bench, complete.run_id)
    assert f"run {complete.run_id} is" in await refusal(bench, first.run_id)
    page = await bench.sync(page=3)
    assert await refusal(bench, page.run_id) == (f"Run {page.run_id} has succeeded: there is nothing to go on with.")
    assert [row["id"] for row in run_rows(bench.database)] == [1, 2, 3], "a refusal leaves no run"


def run_time(report: RunReport) -> Any:
    """When a run began."""
    assert report.started_at is not None
    assert report.counts.products_seen % PRODUCTS_PER_PAGE == 0
    return report.started_at
