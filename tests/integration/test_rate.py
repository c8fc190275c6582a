"""Requests go out evenly, never faster than is allowed, and never more at once than is asked for."""

import time

import pytest

from console.run import RunStatus
from console.simulator.config import SimulatorConfig
from console.simulator.thread import SimulatorThread
from tests.integration.bench import Bench

ALLOWED = 600
SPACING = 60 / ALLOWED


@pytest.mark.alone
async def test_requests_are_evenly_spaced_at_the_allowed_rate_and_none_is_refused(bench: Bench) -> None:
    arrivals: list[float] = []

    def clock() -> float:
        """The limit of the simulator looks at the clock once for each request."""
        now = time.monotonic()
        arrivals.append(now)
        return now

    config = SimulatorConfig(products=400, requests_per_minute=ALLOWED, oauth=False)
    bench.simulate()
    with SimulatorThread(config, clock=clock) as sim:
        arrivals.clear()
        report = await bench.sync(g2a_base_url=sim.url, g2a_auth="hash", g2a_max_requests_per_minute=ALLOWED)
        assert report.status is RunStatus.SUCCEEDED
        assert sim.counters.limited == report.counts.retries == 0
        assert len(arrivals) == report.counts.requests == 21
    offsets = [arrival - arrivals[0] for arrival in arrivals]
    late = [offset - number * SPACING for number, offset in enumerate(offsets)]
    assert min(late) > -SPACING / 2  # no request before its turn
    assert max(late) < 1.0  # and no turn is given away
    assert all(sum(begin <= offset < begin + 1 for offset in offsets) <= 12 for begin in offsets)


async def test_an_api_that_says_too_many_requests_is_asked_more_slowly_until_it_agrees(bench: Bench) -> None:
    sim = bench.simulate(products=400, requests_per_minute=3_000)
    report = await bench.sync()
    assert report.status is RunStatus.SUCCEEDED
    assert 0 < sim.counters.limited == report.counts.retries < 40


async def test_no_more_requests_are_in_flight_than_asked_for(bench: Bench) -> None:
    sim = bench.simulate(products=400, latency_ms=30)
    report = await bench.sync(sync_concurrency=3)
    assert report.status is RunStatus.SUCCEEDED
    assert sim.counters.in_flight_max == 3
    assert sim.counters.connections <= 3
