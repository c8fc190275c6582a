"""The catalogue moves while a sweep reads it: nothing that is still there is ever taken for gone."""

from console.run import RunStatus
from console.sync.events import PageStored, RunEvent
from tests.integration.bench import Bench, run
from tests.integration.clocks import FastClock
from tests.integration.database import product_ids


async def sync_while(bench: Bench, page: int, move: list[str], new: list[dict[str, object]]) -> RunStatus:
    """Sync one page at a time; once `page` is stored, remove the products `move` and add the products `new`."""
    async with bench.open(sync_concurrency=1) as engine:

        def tell(event: RunEvent) -> None:
            if isinstance(event, PageStored) and event.page == page:
                for product_id in move:
                    bench.sim.catalogue.remove(product_id)
                for document in new:
                    bench.sim.catalogue.add(document)

        engine.listen(tell, lambda: None)
        return (await run(engine)).status


async def test_a_product_that_slips_past_the_sweep_is_asked_for_and_kept(bench: Bench) -> None:
    sim = bench.simulate(products=200)
    ids = sorted(sim.catalogue.documents())
    last = dict(sim.catalogue.documents()[ids[-1]])
    await bench.sync()
    # the first product goes and all others move up by one; a new one at the end makes the number equal again
    new = {**last, "id": "99999999999999", "slug": "/a-new-one-i99999999999999"}
    assert await sync_while(bench, 5, ids[:1], [new]) is RunStatus.SUCCEEDED
    alive = set(sim.catalogue.documents())
    assert product_ids(bench.database, active=True) == alive | {ids[0]}, "the first went after its page had come"
    assert ids[100] in product_ids(bench.database, active=True), "it stood first on page 6 and slipped onto page 5"


async def test_a_catalogue_that_shrinks_or_grows_meanwhile_does_not_make_a_sweep_partial(bench: Bench) -> None:
    sim = bench.simulate(products=400)
    ids = sorted(sim.catalogue.documents())
    await bench.sync()
    assert await sync_while(bench, 5, ids[300:303], []) is RunStatus.SUCCEEDED
    assert product_ids(bench.database, active=False) == set(ids[300:303])
    last = dict(sim.catalogue.documents()[ids[-1]])
    new = [{**last, "id": f"9999999999999{count}", "slug": f"/a-new-one-i9999999999999{count}"} for count in range(3)]
    assert await sync_while(bench, 5, [], new) is RunStatus.SUCCEEDED
    assert product_ids(bench.database, active=True) == set(sim.catalogue.documents())


async def test_after_the_next_quiet_sync_database_and_catalogue_agree(bench: Bench) -> None:
    sim = bench.simulate(products=200)
    ids = sorted(sim.catalogue.documents())
    await bench.sync()
    await sync_while(bench, 3, ids[10:15], [])
    report = await bench.sync()
    assert report.status is RunStatus.SUCCEEDED
    assert product_ids(bench.database, active=True) == set(sim.catalogue.documents())


async def test_moving_for_many_syncs_never_discontinues_what_is_there(bench: Bench) -> None:
    sim = bench.simulate(products=600)
    await bench.sync()
    for number in range(12):
        async with bench.open(sync_concurrency=1 + 7 * (number % 2)) as engine:

            def tell(event: RunEvent) -> None:
                if isinstance(event, PageStored) and event.page == 15:
                    sim.catalogue.advance()

            engine.listen(tell, lambda: None)
            await run(engine)
        alive = set(sim.catalogue.documents())
        assert not product_ids(bench.database, active=False) & alive


async def test_a_product_that_cannot_be_asked_for_is_kept_and_the_run_says_so(bench: Bench) -> None:
    sim = bench.simulate(products=100)
    ids = sorted(sim.catalogue.documents())
    await bench.sync()
    sim.catalogue.remove(ids[0])
    async with bench.open(clock=FastClock()) as engine:

        def tell(event: RunEvent) -> None:
            if isinstance(event, PageStored) and event.counts.pages_done == 5:
                sim.faults.set("503")

        engine.listen(tell, lambda: None)
        report = await run(engine)
    assert (report.status, report.counts.products_discontinued) == (RunStatus.PARTIAL, 0)
    assert "could not be asked for" in (report.error or "")
    assert ids[0] in product_ids(bench.database, active=True)
