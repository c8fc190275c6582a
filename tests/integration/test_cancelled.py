"""A run that is cancelled ends at a page boundary, at once, whatever it waits for."""

import time
from collections.abc import Awaitable, Callable

import pytest

from console.operations.engine import Engine
from console.run import RunReport, RunStatus
from console.scheduling.runner import NoRunActive
from console.sync.events import PageRequested, PageRetrying, PageStored, RunCancelling, RunEvent, RunFinished
from tests.integration.bench import Bench, run
from tests.integration.database import check_whole_pages, run_rows, value
from tests.integration.waiting import until

pytestmark = pytest.mark.alone

AT_ONCE_SECONDS = 1.0


def seen(bench: Bench, kind: type[RunEvent]) -> int:
    """How many events of this kind were told."""
    return sum(isinstance(event, kind) for event in bench.events)


async def cancel(engine: Engine) -> tuple[RunReport, float]:
    """Cancel the active run; returns its report and the seconds that it took to end."""
    begun = time.monotonic()
    await engine.runner.cancel()
    report = await engine.runner.wait()
    assert report is not None
    return report, time.monotonic() - begun


async def _two_pages(bench: Bench) -> None:
    await until(lambda: seen(bench, PageStored) >= 2)


async def _first_page_asked_for(bench: Bench) -> None:
    await until(lambda: seen(bench, PageRequested) == 1)


async def _a_pause_before_a_retry(bench: Bench) -> None:
    await until(lambda: seen(bench, PageRetrying) >= 1)


async def _all_fetchers_wait(bench: Bench) -> None:
    await until(lambda: seen(bench, PageRequested) >= 9)


@pytest.mark.parametrize(
    ("fault", "moment"),
    [
        ("slow=30@4-15", _two_pages),
        ("slow=30@1", _first_page_asked_for),
        ("slow=30@2-15", _all_fetchers_wait),
        ("slow-body@2-15", _all_fetchers_wait),
        ("429-absurd@2-15", _a_pause_before_a_retry),
        ("429-retry-after=60", _a_pause_before_a_retry),
        ("token-slow=30", _first_page_asked_for),
    ],
)
async def test_a_cancel_ends_the_run_within_a_second_whatever_it_waits_for(
    bench: Bench, fault: str, moment: Callable[[Bench], Awaitable[None]]
) -> None:
    bench.simulate(faults=(fault,))
    async with bench.open() as engine:
        await engine.scheduler.trigger_manual_sync("alice")
        await moment(bench)
        report, seconds = await cancel(engine)
    assert seconds < AT_ONCE_SECONDS
    assert report.status is RunStatus.CANCELLED
    ids = sorted(bench.sim.catalogue.documents())
    assert check_whole_pages(bench.database, ids, 1) == report.counts.pages_done
    [row] = run_rows(bench.database)
    assert (row["status"], row["pages_failed"], row["error"]) == ("cancelled", 0, None)
    bench.sim.faults.clear()
    assert (await bench.sync()).status is RunStatus.SUCCEEDED
    assert value(bench.database, "SELECT count(*) FROM products") == len(ids)


async def test_a_cancel_that_comes_before_the_first_request_is_not_forgotten(bench: Bench) -> None:
    bench.simulate(faults=("slow=30@1",))
    async with bench.open() as engine:
        await engine.scheduler.trigger_manual_sync("alice")
        report, seconds = await cancel(engine)
    assert seconds < AT_ONCE_SECONDS
    assert (report.status, report.counts.requests) == (RunStatus.CANCELLED, 0)


async def test_a_cancel_that_waits_for_its_turn_at_the_allowed_rate_ends_within_a_second(bench: Bench) -> None:
    bench.simulate(products=300)
    async with bench.open(g2a_auth="hash", g2a_max_requests_per_minute=6) as engine:
        await engine.scheduler.trigger_manual_sync("alice")
        await until(lambda: seen(bench, PageStored) >= 1)
        report, seconds = await cancel(engine)
    assert seconds < AT_ONCE_SECONDS
    assert (report.status, report.counts.pages_done) == (RunStatus.CANCELLED, 1)


async def test_a_cancelled_run_discontinues_nothing_and_the_next_one_does(bench: Bench) -> None:
    sim = bench.simulate(products=300)
    await bench.sync()
    sim.catalogue.remove(min(sim.catalogue.documents()))
    sim.faults.set("slow=30@9")
    async with bench.open() as engine:
        await engine.scheduler.trigger_manual_sync("alice")
        await until(lambda: seen(bench, PageStored) >= 15 + 10)
        report, _ = await cancel(engine)
        assert (report.status, report.counts.products_discontinued) == (RunStatus.CANCELLED, 0)
        sim.faults.clear()
        assert (await run(engine)).counts.products_discontinued == 1


async def test_a_cancelled_run_says_so_while_it_ends_and_when_it_has(bench: Bench) -> None:
    bench.simulate(faults=("slow=30@4-15",))
    async with bench.open() as engine:
        await engine.scheduler.trigger_manual_sync("alice")
        await _two_pages(bench)
        await cancel(engine)
        kinds = [type(event) for event in bench.events]
        assert kinds.count(RunCancelling) == 1
        assert kinds[-1] is RunFinished
        assert kinds.index(RunCancelling) < kinds.index(RunFinished)
        with pytest.raises(NoRunActive):
            await engine.runner.cancel()
