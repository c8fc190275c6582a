"""A product is taken for gone only after a complete sweep, and never more of them than the guard allows."""

import pytest

from console.run import RunStatus
from console.sync.events import PageStored, RunEvent
from tests.integration.bench import Bench, run
from tests.integration.database import product_ids, rows, run_rows, value


def ids_of(bench: Bench) -> list[str]:
    """The ids that the API lists now, in the order of its pages."""
    return sorted(bench.sim.catalogue.documents())


def changes_of(bench: Bench, run_id: int) -> dict[str, set[str]]:
    """The changes that a run recorded: kind → ids."""
    found: dict[str, set[str]] = {}
    for row in rows(bench.database, "SELECT change, product_id FROM product_changes WHERE run_id = ?", run_id):
        found.setdefault(row["change"], set()).add(row["product_id"])
    return found


async def test_products_that_are_gone_are_discontinued_and_stay_in_the_table(bench: Bench) -> None:
    sim = bench.simulate(products=300)
    await bench.sync()
    gone = set(ids_of(bench)[::37])
    for product_id in gone:
        sim.catalogue.remove(product_id)
    report = await bench.sync()
    assert report.status is RunStatus.SUCCEEDED
    assert report.counts.products_discontinued == len(gone)
    assert product_ids(bench.database, active=False) == gone
    assert product_ids(bench.database, active=True) == set(ids_of(bench))
    assert changes_of(bench, 2) == {"discontinued": gone}
    assert value(bench.database, "SELECT count(*) FROM products WHERE is_active = (discontinued_at IS NOT NULL)") == 0


async def test_a_product_that_is_gone_is_discontinued_once_and_not_every_night(bench: Bench) -> None:
    sim = bench.simulate(products=100)
    await bench.sync()
    sim.catalogue.remove(ids_of(bench)[0])
    first, second = await bench.sync(), await bench.sync()
    assert (first.counts.products_discontinued, second.counts.products_discontinued) == (1, 0)
    assert changes_of(bench, 3) == {}


@pytest.mark.parametrize("altered", [False, True], ids=["as_it_was", "altered"])
async def test_a_product_that_comes_back_is_active_again(bench: Bench, altered: bool) -> None:
    sim = bench.simulate(products=100)
    await bench.sync()
    product_id = ids_of(bench)[7]
    document = sim.catalogue.documents()[product_id]
    [before] = rows(bench.database, "SELECT * FROM products WHERE id = ?", product_id)
    sim.catalogue.remove(product_id)
    await bench.sync()
    assert product_ids(bench.database, active=False) == {product_id}
    sim.catalogue.add(document | ({"qty": 777} if altered else {}))
    report = await bench.sync()
    [after] = rows(bench.database, "SELECT * FROM products WHERE id = ?", product_id)
    assert (after["is_active"], after["discontinued_at"], after["last_seen_run_id"]) == (1, None, 3)
    assert after["first_seen_at"] == before["first_seen_at"]
    assert after["qty"] == (777 if altered else before["qty"])
    assert changes_of(bench, 3) == {"returned": {product_id}}
    assert (report.counts.products_new, report.counts.products_changed) == (0, 1)
    assert value(bench.database, "SELECT count(*) FROM product_categories WHERE product_id = ?", product_id) > 0


async def test_a_page_that_fails_for_good_makes_the_run_partial_and_discontinues_nothing(bench: Bench) -> None:
    sim = bench.simulate(products=300)
    await bench.sync()
    before = set(ids_of(bench))
    sim.catalogue.remove(ids_of(bench)[0])
    sim.faults.set("503@4")
    report = await bench.fast_sync()
    assert report.status is RunStatus.PARTIAL
    assert (report.counts.pages_failed, report.counts.pages_done) == (1, 14)
    assert [error.page for error in report.errors] == [4]
    assert product_ids(bench.database, active=True) == before
    [page] = rows(bench.database, "SELECT * FROM sync_pages WHERE run_id = 2 AND status <> 'done'")
    assert (page["page"], page["status"], page["attempts"], page["products"]) == (4, "failed", 6, 0)
    assert "503" in page["error"]
    sim.faults.clear()
    assert (await bench.sync()).counts.products_discontinued == 1


@pytest.mark.parametrize(
    ("percent", "status", "left"),
    [(20.0, RunStatus.BLOCKED, 100), (21.0, RunStatus.SUCCEEDED, 79), (100.0, RunStatus.SUCCEEDED, 79)],
)
async def test_more_than_the_guard_allows_is_blocked_and_nothing_is_removed(
    bench: Bench, percent: float, status: RunStatus, left: int
) -> None:
    sim = bench.simulate(products=100)
    await bench.sync()
    for product_id in ids_of(bench)[:21]:
        sim.catalogue.remove(product_id)
    report = await bench.sync(sync_max_removed_percent=percent)
    assert report.status is status
    assert len(product_ids(bench.database, active=True)) == left
    assert report.counts.products_discontinued == 100 - left
    if status is RunStatus.BLOCKED:
        assert report.error is not None
        assert "21 of 100" in report.error
        assert "SYNC_MAX_REMOVED_PERCENT" in report.error
        assert changes_of(bench, 2) == {}


async def test_a_guard_of_no_percent_lets_nothing_go(bench: Bench) -> None:
    sim = bench.simulate(products=100)
    await bench.sync()
    sim.catalogue.remove(ids_of(bench)[0])
    assert (await bench.sync(sync_max_removed_percent=0.0)).status is RunStatus.BLOCKED
    assert len(product_ids(bench.database, active=True)) == 100


async def test_a_blocked_run_has_stored_what_it_found(bench: Bench) -> None:
    sim = bench.simulate(products=100)
    await bench.sync()
    for product_id in ids_of(bench)[:50]:
        sim.catalogue.remove(product_id)
    altered = ids_of(bench)[0]
    sim.catalogue.change(altered, qty=4_321)
    report = await bench.sync()
    assert report.status is RunStatus.BLOCKED
    assert value(bench.database, "SELECT qty FROM products WHERE id = ?", altered) == 4_321
    assert run_rows(bench.database)[1]["products_changed"] == 1


@pytest.mark.parametrize("percent", [20.0, 100.0])
async def test_an_api_without_products_never_empties_the_catalogue(bench: Bench, percent: float) -> None:
    sim = bench.simulate(products=100)
    await bench.sync()
    sim.faults.set("total-zero")
    report = await bench.sync(sync_max_removed_percent=percent)
    assert report.status is RunStatus.BLOCKED
    assert report.error is not None
    assert "no products at all" in report.error
    assert len(product_ids(bench.database, active=True)) == 100


async def test_an_api_without_products_is_no_fault_for_an_empty_catalogue(bench: Bench) -> None:
    bench.simulate(products=0)
    report = await bench.sync()
    assert report.status is RunStatus.SUCCEEDED
    assert report.counts.products_seen == 0


async def test_a_total_that_falls_by_nine_tenths_is_blocked(bench: Bench) -> None:
    sim = bench.simulate(products=300)
    await bench.sync()
    sim.faults.set("total-drop")
    report = await bench.sync()
    assert report.status is RunStatus.BLOCKED
    assert len(product_ids(bench.database, active=True)) == 300


@pytest.mark.parametrize("fault", ["empty-middle", "empty-middle@7"])
async def test_an_empty_page_in_the_middle_is_a_failed_page_and_discontinues_nothing(bench: Bench, fault: str) -> None:
    sim = bench.simulate(products=300)
    await bench.sync()
    sim.faults.set(fault)
    report = await bench.fast_sync(sync_max_removed_percent=100.0)
    assert report.status is RunStatus.PARTIAL
    assert "empty" in report.errors[0].error
    assert len(product_ids(bench.database, active=True)) == 300


@pytest.mark.parametrize("fault", ["shuffle", "repeat-pages"])
async def test_what_slips_past_a_sweep_is_asked_for_one_by_one(bench: Bench, fault: str) -> None:
    sim = bench.simulate(products=300)
    await bench.sync()
    gone = ids_of(bench)[150]
    sim.catalogue.remove(gone)
    sim.faults.set(fault)
    report = await bench.sync(sync_max_removed_percent=100.0)
    assert report.status is RunStatus.SUCCEEDED
    assert product_ids(bench.database, active=True) == set(ids_of(bench))
    assert product_ids(bench.database, active=False) == {gone}


@pytest.mark.parametrize("page", [1, 7, 15])
async def test_one_page_that_denies_most_of_the_catalogue_is_not_believed(bench: Bench, page: int) -> None:
    """Whichever page it is, and where its reply comes last."""
    sim = bench.simulate(products=300)
    await bench.sync()
    sim.faults.set(f"total-drop@{page}", f"slow=0.3@{page}")
    await bench.sync()
    assert len(product_ids(bench.database, active=True)) == 300


async def test_a_product_that_slips_past_the_sweep_because_others_moved_up_is_not_discontinued(bench: Bench) -> None:
    sim = bench.simulate(products=300)
    await bench.sync()
    first = ids_of(bench)[0]

    def move(event: RunEvent) -> None:
        if isinstance(event, PageStored) and event.page == 5:
            sim.catalogue.remove(first)  # the first product of page 6 becomes the last of page 5

    async with bench.open(sync_concurrency=1) as engine:
        engine.listen(move, lambda: None)
        await run(engine)
    assert product_ids(bench.database, active=False) <= {first}
    report = await bench.sync()
    assert report.status is RunStatus.SUCCEEDED
    assert product_ids(bench.database, active=False) == {first}


async def test_products_that_are_sold_out_come_only_where_they_are_wanted(bench: Bench) -> None:
    sim = bench.simulate(products=300)
    await bench.sync()
    assert value(bench.database, "SELECT min(qty) FROM products") > 0
    with_sold_out = await bench.sync(g2a_include_out_of_stock=True)
    sold_out = {row["id"] for row in rows(bench.database, "SELECT id FROM products WHERE qty = 0")}
    assert with_sold_out.counts.products_new == len(sold_out) > 0
    assert product_ids(bench.database, active=True) == sold_out | set(sim.catalogue.documents())
    assert (await bench.sync()).counts.products_discontinued == len(sold_out)
    assert product_ids(bench.database, active=False) == sold_out


async def test_the_sync_of_one_page_discontinues_nothing(bench: Bench) -> None:
    sim = bench.simulate(products=100)
    await bench.sync()
    sim.catalogue.remove(ids_of(bench)[0])
    sim.catalogue.change(ids_of(bench)[21], qty=4_321)
    report = await bench.sync(page=2)
    assert report.status is RunStatus.SUCCEEDED
    assert (report.counts.pages_total, report.counts.requests, report.counts.products_seen) == (1, 1, 20)
    assert report.counts.products_changed == 1
    assert len(product_ids(bench.database, active=True)) == 100


async def test_a_page_behind_the_last_stores_nothing(bench: Bench) -> None:
    bench.simulate(products=100)
    report = await bench.sync(page=99)
    assert (report.counts.requests, report.counts.products_seen) == (1, 0)
    assert value(bench.database, "SELECT count(*) FROM products") == 0
