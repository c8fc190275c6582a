"""What goes wrong at the API: what passes is tried again, what does not ends in plain words, and nothing grows."""

import json
import re
import time

import pytest

from console.run import RunStatus
from console.simulator.faults.products import BROKEN, HOSTILE_NAMES
from console.sync.events import PageRetrying, PageStored, RunEvent
from tests.integration.bench import Bench, run
from tests.integration.clocks import FastClock
from tests.integration.database import product_ids, rows, run_rows, value
from tests.integration.replies import answering, ok
from tests.integration.truth import content_of_row, promised

PASSING = (
    "html", "empty", "null", "list", "invalid-json", "truncated-json", "deep-nesting", "reset", "close", "429",
    "429-retry-after", "429-date", "429-negative", "429-absurd", "500", "502-empty", "503", "truncated-gzip",
    "double-gzip",
)  # fmt: skip


def check_catalogue(bench: Bench) -> None:
    """Every field of every product is what the API says without faults."""
    expected = {product_id: promised(document) for product_id, document in bench.sim.catalogue.documents().items()}
    stored = {row["id"]: content_of_row(row) for row in rows(bench.database, "SELECT * FROM products")}
    assert stored == expected


@pytest.mark.parametrize("fault", PASSING)
async def test_a_fault_that_passes_is_tried_again_and_costs_nothing_but_requests(bench: Bench, fault: str) -> None:
    sim = bench.simulate(faults=(f"{fault}@1*1", f"{fault}@2,5*2", f"{fault}@15,16*2"))
    report = await bench.fast_sync()
    assert report.status is RunStatus.SUCCEEDED
    assert report.errors == ()
    assert report.counts.retries == sum(sim.counters.faults.values()) == 5
    assert report.counts.requests == 16 + 5 == sim.counters.products
    assert report.counts.products_new == 300
    check_catalogue(bench)


async def test_the_attempts_of_each_page_are_recorded(bench: Bench) -> None:
    bench.simulate(faults=("503@3*2", "html@4*1"))
    await bench.fast_sync()
    pages = rows(bench.database, "SELECT page, attempts FROM sync_pages WHERE attempts > 1 ORDER BY page")
    assert [(row["page"], row["attempts"]) for row in pages] == [(3, 3), (4, 2)]


@pytest.mark.parametrize("gzip", [False, True], ids=["plain", "packed"])
async def test_one_request_in_five_may_fail_and_the_catalogue_is_right(bench: Bench, gzip: bool) -> None:
    sim = bench.simulate(products=1_000, gzip=gzip, faults=("mix:0.2",))
    report = await bench.fast_sync()
    assert report.status is RunStatus.SUCCEEDED
    assert report.counts.retries > 5
    assert report.counts.requests == sim.counters.products
    check_catalogue(bench)


@pytest.mark.parametrize("fault", ["503", "html", "empty", "reset", "429"])
async def test_a_token_endpoint_that_fails_for_a_moment_is_asked_again(bench: Bench, fault: str) -> None:
    sim = bench.simulate(faults=(f"token-{fault}*3",))
    report = await bench.fast_sync(g2a_auth="oauth")
    assert report.status is RunStatus.SUCCEEDED
    assert report.counts.retries == 3
    assert sim.counters.paths["/oauth/token"] == 4


@pytest.mark.parametrize("fault", ["500", "429", "html", "reset", "slow=5"])
async def test_an_api_that_never_works_ends_the_run_within_its_attempts(bench: Bench, fault: str) -> None:
    sim = bench.simulate(faults=(fault,))
    report = await bench.fast_sync(g2a_auth="hash", g2a_timeout_seconds=0.2)
    assert report.status is RunStatus.FAILED
    assert report.error
    assert sim.counters.products == report.counts.requests == 6
    assert (report.counts.pages_failed, report.counts.products_seen) == (1, 0)
    [row] = run_rows(bench.database)
    assert (row["status"], row["error"]) == ("failed", report.error)


async def test_an_api_that_stops_working_in_the_middle_ends_the_run_instead_of_being_hammered(bench: Bench) -> None:
    sim = bench.simulate(products=1_000, faults=("503@11-51",))
    report = await bench.fast_sync()
    assert report.status is RunStatus.FAILED
    assert report.error is not None
    assert "pages in a row failed" in report.error
    assert report.counts.pages_done == 10
    assert report.counts.pages_failed >= 16
    assert sim.counters.products < 10 + 6 * (16 + 16)
    assert value(bench.database, "SELECT count(*) FROM products") == 200
    sim.faults.clear()
    assert (await bench.sync()).status is RunStatus.SUCCEEDED
    check_catalogue(bench)


async def test_an_outage_of_half_an_hour_ends_the_run_after_five_minutes_and_the_next_one_succeeds(
    bench: Bench,
) -> None:
    sim = bench.simulate(products=1_000)
    async with bench.open(FastClock()) as engine:

        def tell(event: RunEvent) -> None:
            if isinstance(event, PageStored) and event.counts.pages_done == 10:
                sim.faults.set("503")

        engine.listen(tell, lambda: None)
        report = await run(engine)
    assert report.status is RunStatus.FAILED
    told = re.search(r"Nothing has worked for (\d+) minutes", report.error or "")
    assert told
    assert int(told[1]) in (5, 6), "the last wait, and a slow machine, come on top"
    assert sim.counters.products < 100, "no hammering"
    sim.faults.clear()
    assert (await bench.sync()).status is RunStatus.SUCCEEDED
    check_catalogue(bench)


async def test_an_outage_of_a_minute_is_sat_out(bench: Bench) -> None:
    sim = bench.simulate(products=1_000)
    clock = FastClock()
    async with bench.open(clock) as engine:
        ends_at = 0.0

        def tell(event: RunEvent) -> None:
            nonlocal ends_at
            if isinstance(event, PageStored) and event.counts.pages_done >= 10 and not ends_at:
                ends_at = clock.monotonic() + 60
                sim.faults.set("503")
            elif isinstance(event, PageRetrying) and ends_at and clock.monotonic() > ends_at:
                sim.faults.clear()

        engine.listen(tell, lambda: None)
        report = await run(engine)
    assert ends_at
    assert (report.status, report.counts.pages_failed) == (RunStatus.SUCCEEDED, 0)
    check_catalogue(bench)


async def test_an_api_that_cannot_be_reached_is_said_so(bench: Bench) -> None:
    bench.simulate()
    report = await bench.fast_sync(g2a_base_url="http://127.0.0.1:9")
    assert report.status is RunStatus.FAILED
    assert report.error is not None
    assert report.error.startswith("127.0.0.1:9 cannot be reached")


@pytest.mark.parametrize("fault", ["401", "403"])
@pytest.mark.parametrize("way", ["hash", "oauth", "auto"])
async def test_credentials_that_are_refused_end_the_run_after_two_requests_at_most(
    bench: Bench, fault: str, way: str
) -> None:
    sim = bench.simulate(faults=(fault,))
    report = await bench.sync(g2a_auth=way)
    assert report.status is RunStatus.FAILED
    assert report.error is not None
    assert "G2A refuses the credentials" in report.error
    assert "G2A_CLIENT_ID, G2A_CLIENT_SECRET and G2A_EMAIL" in report.error
    assert sim.counters.products == (1 if way == "hash" else 2)
    assert sim.counters.paths["/oauth/token"] == (0 if way == "hash" else 2)


async def test_credentials_that_are_refused_in_the_middle_end_the_run_after_two_requests_for_each_fetcher(
    bench: Bench,
) -> None:
    sim = bench.simulate(products=1_000, faults=("401@20-51",))
    report = await bench.sync(sync_concurrency=4)
    assert report.status is RunStatus.FAILED
    assert sum(sim.counters.pages[page] for page in range(20, 52)) <= 2 * 4
    assert all(sim.counters.pages[page] <= 2 for page in range(20, 52))
    assert report.counts.pages_failed == 0


async def test_a_redirect_is_refused_and_the_credentials_stay_here(bench: Bench) -> None:
    elsewhere = bench.start_simulator()
    sim = bench.simulate(redirect_to=f"{elsewhere.url}/v1/products", faults=("redirect",))
    report = await bench.sync(g2a_auth="hash")
    assert report.status is RunStatus.FAILED
    assert report.error is not None
    assert f"redirects to {elsewhere.url.removeprefix('http://')}; that is not followed" in report.error
    assert sim.counters.products == 1
    assert elsewhere.counters.requests == elsewhere.counters.connections == 0


async def test_a_redirect_of_the_token_endpoint_is_refused_as_well(bench: Bench) -> None:
    elsewhere = bench.start_simulator()
    bench.simulate(redirect_to=f"{elsewhere.url}/oauth/token", faults=("token-redirect",))
    report = await bench.sync()
    assert report.status is RunStatus.FAILED
    assert report.error is not None
    assert "is not followed" in report.error
    assert elsewhere.counters.connections == 0


@pytest.mark.parametrize("fault", ["gzip-bomb", "huge-body"])
async def test_a_reply_of_a_gigabyte_fails_its_page_and_nothing_else(bench: Bench, fault: str) -> None:
    sim = bench.simulate(faults=(f"{fault}@3",))
    report = await bench.fast_sync()
    assert report.status is RunStatus.PARTIAL
    [error] = report.errors
    assert (error.page, error.error) == (3, "G2A sent a reply of more than 8 MiB.")
    assert report.counts.products_seen == 280
    assert sim.counters.bytes_sent < 6 * 32 * 1024 * 1024


async def test_a_body_that_drips_is_given_up_at_the_one_deadline(bench: Bench) -> None:
    bench.simulate(faults=("slow-body=0.02@3",))
    begun = time.monotonic()
    report = await bench.fast_sync(g2a_timeout_seconds=0.3)
    assert time.monotonic() - begun < 60, "the whole body takes minutes"
    assert report.status is RunStatus.PARTIAL
    [error] = report.errors
    assert error.page == 3
    assert "did not answer within 0.3 seconds" in error.error


async def test_a_reply_that_is_late_once_is_asked_for_again(bench: Bench) -> None:
    bench.simulate(faults=("slow=30@3*1",))
    report = await bench.fast_sync(g2a_timeout_seconds=2)
    assert report.status is RunStatus.SUCCEEDED
    assert value(bench.database, "SELECT attempts FROM sync_pages WHERE page = 3") >= 2
    check_catalogue(bench)


async def test_a_total_without_measure_is_not_believed(bench: Bench) -> None:
    bench.simulate()
    async with answering(lambda _: ok(b'{"total":9007199254740992,"page":1,"docs":[]}')) as address:
        report = await bench.fast_sync(g2a_base_url=address, g2a_auth="hash")
    assert report.status is RunStatus.FAILED
    assert report.counts.pages_total == 1
    assert report.error is not None
    assert "9007199254740992" in report.error


@pytest.mark.parametrize("kind", sorted(BROKEN))
async def test_a_broken_product_is_stored_or_put_aside_and_the_rest_of_its_page_is_stored(
    bench: Bench, kind: str
) -> None:
    sim = bench.simulate(products=60, faults=(f"bad-product-{kind}@2",))
    ids = sorted(sim.catalogue.documents())
    report = await bench.fast_sync()
    stored = product_ids(bench.database, active=True)
    assert {*ids[:20], *ids[40:]} <= stored
    if kind == "deep-product":  # JSON that nobody can read has no products to tell apart
        assert (report.status, report.counts.pages_failed) == (RunStatus.PARTIAL, 1)
        return
    assert len(stored & set(ids[20:40])) >= 19
    rejected = rows(bench.database, "SELECT * FROM rejected_products")
    assert len(rejected) == report.counts.products_rejected == run_rows(bench.database)[0]["products_rejected"]
    assert report.counts.products_seen == len(stored) == 60 - len(rejected)
    assert report.status is (RunStatus.PARTIAL if rejected else RunStatus.SUCCEEDED)
    for row in rejected:
        assert (row["run_id"], row["page"]) == (1, 2)
        assert row["product_id"] is None or row["product_id"] in ids
        assert 0 < len(row["reason"]) <= 300
        assert row["reason"].isprintable()
        assert len(row["document"]) <= 20_000
        json.loads(row["document"])


async def test_a_mixture_of_broken_products_makes_the_run_partial_and_costs_one_product_a_page(bench: Bench) -> None:
    sim = bench.simulate(products=300, seed=4, faults=("bad-product",))
    report = await bench.fast_sync()
    assert report.status is RunStatus.PARTIAL
    assert report.counts.products_rejected > 5
    whole = [page for page in range(1, 16) if sim.counters.pages[page] < 6]
    assert report.counts.products_seen >= 19 * len(whole)
    assert report.counts.products_seen + report.counts.products_rejected == 20 * len(whole)


async def test_a_product_that_cannot_be_read_keeps_its_last_good_row(bench: Bench) -> None:
    sim = bench.simulate(products=60)
    await bench.sync()
    before = {row["id"]: content_of_row(row) for row in rows(bench.database, "SELECT * FROM products")}
    sim.faults.set("bad-product-negative-price@2")
    report = await bench.sync()
    assert (report.status, report.counts.products_rejected) == (RunStatus.PARTIAL, 1)
    assert {row["id"]: content_of_row(row) for row in rows(bench.database, "SELECT * FROM products")} == before
    assert product_ids(bench.database, active=True) == before.keys()


async def test_products_without_an_id_keep_the_sync_from_discontinuing(bench: Bench) -> None:
    sim = bench.simulate(products=60)
    await bench.sync()
    sim.faults.set("bad-product-missing-id@2")
    report = await bench.sync()
    assert report.status is RunStatus.PARTIAL
    assert report.error is not None
    assert "without an id: nothing was discontinued" in report.error
    assert len(product_ids(bench.database, active=True)) == 60


async def test_a_product_that_comes_twice_is_counted_once(bench: Bench) -> None:
    bench.simulate(products=300, faults=("duplicate-ids",))
    report = await bench.sync()
    assert report.status is RunStatus.SUCCEEDED
    assert (report.counts.products_seen, report.counts.products_new) == (300, 300)
    check_catalogue(bench)
    again = await bench.sync()
    assert (again.counts.products_seen, again.counts.products_unchanged) == (300, 300)


async def test_pages_that_repeat_for_ever_come_to_an_end(bench: Bench) -> None:
    sim = bench.simulate(products=300, faults=("repeat-pages",))
    report = await bench.sync()
    assert report.status is RunStatus.PARTIAL
    assert report.counts.products_seen == 20
    assert sim.counters.products <= 3 * (15 + 8), "a sweep, and two second looks"


async def test_dangerous_names_are_stored_as_harmless_text_of_one_line(bench: Bench) -> None:
    bench.simulate(products=60, faults=("hostile-names",))
    report = await bench.sync()
    assert report.status is RunStatus.SUCCEEDED
    names = {row["name"] for row in rows(bench.database, "SELECT name FROM products")}
    assert len(names) == len(HOSTILE_NAMES)
    for name in names:
        assert not any(ord(letter) < 0x20 or 0x7F <= ord(letter) < 0xA0 for letter in name)
        assert not {"\u202e", "\u200b", "\ufeff", "\u2028"} & set(name)
    assert "'; DROP TABLE products; --" in names


async def test_a_message_of_the_api_cannot_start_a_line_of_its_own_in_the_log(bench: Bench) -> None:
    bench.simulate()
    forged = r'{"status":"ERROR","message":"x\n2026-01-01 00:00:00,000 - scheduler - INFO - forged","code":"A\nB"}'
    async with answering(lambda _: ok(forged.encode(), "500 Internal Server Error")) as address:
        report = await bench.fast_sync(g2a_base_url=address, g2a_auth="hash")
    assert report.error is not None
    assert "⏎" in report.error
    assert not [line for line in bench.log_text().splitlines() if line.startswith("2026-01-01")]
