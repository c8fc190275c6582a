"""Both ways to sign in, the fall-back between them, and tokens that end in the middle of a run."""

import pytest

from console.run import RunStatus
from console.settings import SecretStr
from console.sync.events import PageStored, RunEvent
from tests.integration.bench import Bench, run
from tests.integration.database import value


async def test_the_hash_header_signs_in_without_a_token(bench: Bench) -> None:
    sim = bench.simulate(oauth=False)
    report = await bench.sync(g2a_auth="hash")
    assert (report.status, report.counts.requests) == (RunStatus.SUCCEEDED, 16)
    assert set(sim.counters.paths) == {"/v1/products"}


async def test_oauth_signs_in_with_one_token_for_the_whole_run(bench: Bench) -> None:
    sim = bench.simulate(require_oauth=True)
    report = await bench.sync(g2a_auth="oauth", g2a_email="")
    assert (report.status, report.counts.requests) == (RunStatus.SUCCEEDED, 16)
    assert sim.counters.tokens_issued == 1


async def test_auto_prefers_the_token(bench: Bench) -> None:
    sim = bench.simulate(require_oauth=True)
    assert (await bench.sync()).status is RunStatus.SUCCEEDED
    assert sim.counters.tokens_issued == 1


@pytest.mark.parametrize("fault", ["", "token-401", "token-403"])
async def test_auto_falls_back_to_the_hash_header_when_the_token_endpoint_refuses(bench: Bench, fault: str) -> None:
    sim = bench.simulate(oauth=bool(fault), faults=(fault,) if fault else ())
    report = await bench.sync()
    assert (report.status, report.counts.requests) == (RunStatus.SUCCEEDED, 16)
    assert sim.counters.paths["/oauth/token"] == 1
    assert sim.counters.statuses[401] + sim.counters.statuses[403] + sim.counters.statuses[404] == 1


async def test_auto_without_an_email_cannot_fall_back_and_says_what_is_refused(bench: Bench) -> None:
    sim = bench.simulate(faults=("token-401",))
    report = await bench.sync(g2a_email="")
    assert report.status is RunStatus.FAILED
    assert report.error is not None
    assert "G2A refuses the credentials" in report.error
    assert sim.counters.products == 0


@pytest.mark.parametrize("way", ["hash", "oauth", "auto"])
async def test_a_wrong_secret_ends_the_run_with_words_about_the_credentials(bench: Bench, way: str) -> None:
    bench.simulate()
    report = await bench.sync(g2a_auth=way, g2a_client_secret=SecretStr("wrong"))
    assert report.status is RunStatus.FAILED
    assert report.error is not None
    assert "check G2A_CLIENT_ID, G2A_CLIENT_SECRET and G2A_EMAIL" in report.error


async def test_a_client_id_that_is_no_header_ends_the_run_in_plain_words(bench: Bench) -> None:
    bench.simulate()
    report = await bench.sync(g2a_auth="hash", g2a_client_id="clé")
    assert report.status is RunStatus.FAILED
    assert report.error is not None
    assert "G2A refuses the credentials" in report.error


async def test_a_token_that_expires_in_the_middle_is_renewed_before_it_does(bench: Bench) -> None:
    sim = bench.simulate(products=600, latency_ms=150, token_seconds=1)
    report = await bench.sync(sync_concurrency=4)
    assert report.status is RunStatus.SUCCEEDED
    assert sim.counters.tokens_issued >= 2
    assert sim.counters.statuses[401] == 0
    assert report.counts.retries == 0
    assert value(bench.database, "SELECT count(*) FROM products") == 600


async def test_a_token_that_is_revoked_in_the_middle_is_fetched_anew_once(bench: Bench) -> None:
    sim = bench.simulate(products=2_000)

    def revoke(event: RunEvent) -> None:
        if isinstance(event, PageStored) and event.page in (5, 80):  # far apart: a token is good for a request at least
            sim.revoke_tokens()

    async with bench.open() as engine:
        engine.listen(revoke, lambda: None)
        report = await run(engine)
    assert report.status is RunStatus.SUCCEEDED
    assert report.counts.retries == 0
    assert 2 <= sim.counters.tokens_issued <= 3
    assert report.counts.requests == sim.counters.products == 101 + sim.counters.statuses[401]
    assert value(bench.database, "SELECT count(*) FROM products") == 2_000
