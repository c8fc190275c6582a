"""Pages that wait because G2A asked for a pause: they are told as waiting, not as under way."""

from console.run import RunStatus
from console.sync.events import PageHeldBack, PageRequested
from tests.integration.bench import Bench
from tests.integration.clocks import FastClock


async def test_pages_that_a_429_holds_back_are_told_as_waiting_until_their_request_goes_out(bench: Bench) -> None:
    bench.simulate(products=400, faults=("429-retry-after=5@5",))
    report = await bench.sync(clock=FastClock(50))
    assert (report.status, report.counts.pages_failed) == (RunStatus.PARTIAL, 1)
    held = [(place, event) for place, event in enumerate(bench.events) if isinstance(event, PageHeldBack)]
    assert held
    for place, event in held:
        assert event.asked_seconds == 5
        later = next(each for each in bench.events[place + 1 :] if getattr(each, "page", None) == event.page)
        assert isinstance(later, PageRequested)
        assert later.attempt == event.attempt


async def test_no_page_waits_where_g2a_asks_for_no_pause(bench: Bench) -> None:
    bench.simulate(products=400, faults=("429@5",))
    await bench.sync(clock=FastClock(50))
    assert not [event for event in bench.events if isinstance(event, PageHeldBack)]
