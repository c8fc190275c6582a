"""Where the API refuses pages beyond some number, the catalogue is reached through price windows."""

from decimal import Decimal

import pytest

from console.run import RunKind, RunStatus
from console.sync.events import PageStored, RunEvent, RunPlanned
from tests.integration.bench import Bench, run
from tests.integration.database import rows, value
from tests.integration.truth import content_of_row, promised


def check_catalogue(bench: Bench) -> None:
    """Every field of every product is what the API has."""
    expected = {product_id: promised(document) for product_id, document in bench.sim.catalogue.documents().items()}
    stored = {row["id"]: content_of_row(row) for row in rows(bench.database, "SELECT * FROM products WHERE is_active")}
    assert stored == expected


async def test_a_large_catalogue_of_skewed_prices_comes_completely_and_cheaply(bench: Bench) -> None:
    sim = bench.simulate(products=30_000, price_spike=9_900, page_limit=500, null_prices=0)
    report = await bench.sync()
    assert (report.status, report.error) == (RunStatus.SUCCEEDED, None)
    assert report.counts.products_seen == 30_000
    assert sim.counters.products == report.counts.requests <= 1.15 * 1_500
    check_catalogue(bench)
    again = await bench.sync()
    assert (again.status, again.counts.products_unchanged) == (RunStatus.SUCCEEDED, 30_000)
    assert again.counts.requests <= 1.15 * 1_500


@pytest.mark.parametrize("limit", [5, 10, 24])
async def test_a_limit_that_nobody_documented_is_learnt(bench: Bench, limit: int) -> None:
    bench.simulate(products=500, page_limit=limit, null_prices=0)
    report = await bench.sync()
    assert (report.status, report.error) == (RunStatus.SUCCEEDED, None)
    check_catalogue(bench)


async def test_the_tables_tell_each_page_of_each_window(bench: Bench) -> None:
    bench.simulate(products=500, page_limit=10, null_prices=0)
    planned: list[RunPlanned] = []
    async with bench.open() as engine:
        engine.listen(lambda event: planned.append(event) if isinstance(event, RunPlanned) else None, lambda: None)
        report = await run(engine)
    pages = rows(bench.database, "SELECT * FROM sync_pages ORDER BY price_window, page")
    assert len(pages) == report.counts.pages_done == report.counts.pages_total == sum(map(len, planned[-1].spans))
    assert {page["status"] for page in pages} == {"done"}
    windows = {page["price_window"]: (page["price_from"], page["price_to"]) for page in pages if page["price_window"]}
    assert len(windows) > 2
    told = {span.window.number: (span.window.low, span.window.high) for span in planned[-1].spans if span.window.number}
    assert {number: tuple(None if price is None else Decimal(str(price)) for price in each) for number, each in
            windows.items()} == told  # fmt: skip


async def test_more_products_at_one_price_than_can_be_reached_are_told_exactly(bench: Bench) -> None:
    bench.simulate(products=500, price_spike=300, page_limit=10, null_prices=0)
    report = await bench.sync()
    assert report.status is RunStatus.PARTIAL
    assert report.error is not None
    assert "at 1.99 EUR" in report.error
    assert "nothing was discontinued" in report.error
    assert 400 <= report.counts.products_seen < 500


async def test_products_without_a_price_are_told_and_those_that_we_know_are_asked_for(bench: Bench) -> None:
    sim = bench.simulate(products=500, null_prices=0.1)
    await bench.sync()
    check_catalogue(bench)
    bench.simulate(products=500, null_prices=0.1, page_limit=10)
    report = await bench.sync()
    assert (report.status, report.error) == (RunStatus.SUCCEEDED, None)
    assert report.counts.products_unchanged == 500, "each product without a price was asked for by its id"
    assert len(sim.catalogue.documents()) == 500
    check_catalogue(bench)


async def test_new_products_without_a_price_that_no_window_shows_make_the_run_partial(bench: Bench) -> None:
    bench.simulate(products=500, null_prices=0.1, page_limit=10)
    report = await bench.sync()
    assert report.status is RunStatus.PARTIAL
    assert report.error is not None
    assert "no product without a price" in report.error
    assert value(bench.database, "SELECT count(*) FROM products WHERE NOT is_active") == 0


async def test_a_cut_catalogue_that_was_cut_off_is_gone_on_with(bench: Bench) -> None:
    sim = bench.simulate(products=800, page_limit=10, null_prices=0)
    async with bench.open() as engine:

        def tell(event: RunEvent) -> None:
            if isinstance(event, PageStored) and event.counts.pages_done == 30:
                engine.runner.ask_to_stop(RunStatus.INTERRUPTED)

        engine.listen(tell, lambda: None)
        first = await run(engine)
        assert first.status is RunStatus.INTERRUPTED
    before = sim.counters.products
    async with bench.open() as engine:
        await engine.scheduler.retry(first.run_id, "alice")
        report = await engine.runner.wait()
    assert report is not None
    assert (report.status, report.kind, report.continues_run_id) == (RunStatus.SUCCEEDED, RunKind.FULL, 1)
    assert report.counts.products_seen == report.counts.products_new == 800
    assert sim.counters.products - before < 0.8 * before + 20, "what was stored is not fetched again"
    check_catalogue(bench)
