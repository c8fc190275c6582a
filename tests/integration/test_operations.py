"""What a face sees of a run: events in order that add up to the report, and snapshots that agree with them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial

import pytest

from console.operations.events import (
    CatalogueChanged,
    Event,
    LogWritten,
    PageFailed,
    PageRequested,
    PageRetrying,
    PageStored,
    RunCancelling,
    RunEvent,
    RunFinished,
    RunPlanned,
    RunProgress,
    RunStarted,
    ScheduleChanged,
)
from console.operations.local import LocalOperations
from console.operations.protocol import Refused
from console.run import PageState, RunStatus
from console.settings import SecretStr
from console.simulator.server import Simulator
from tests.integration.bench import Bench
from tests.integration.clocks import FastClock
from tests.integration.waiting import until

PAGE_EVENTS = (PageRequested, PageRetrying, PageStored, PageFailed)


@asynccontextmanager
async def operating(bench: Bench, **changes: object) -> AsyncIterator[LocalOperations]:
    """Operations on an engine whose pauses between retries are short."""
    async with bench.open(FastClock(), **changes) as engine:
        operations = LocalOperations(engine, "alice")
        await operations.start()
        yield operations
        operations.close()


def run_events(events: Sequence[Event]) -> list[RunEvent]:
    """Those that are about a run."""
    return [event for event in events if isinstance(event, RunEvent)]


def fold(events: Sequence[RunEvent]) -> RunProgress:
    """The progress that the events of a run add up to."""
    assert isinstance(events[0], RunStarted)
    progress = RunProgress.begin(events[0])
    for event in events:
        progress.apply(event)
    return progress


def is_over_or_asked(operations: LocalOperations, sim: Simulator, requests: int) -> bool:
    """Whether the run has ended or so many requests for products have come."""
    return operations._engine.runner.active_run_id is None or sim.counters.products >= requests


async def finished(operations: LocalOperations) -> None:
    """Until the run that was started is over."""
    await operations._engine.runner.wait()


@pytest.mark.parametrize(
    ("faults", "status"),
    [((), RunStatus.SUCCEEDED), (("mix:0.2", "503@4"), RunStatus.PARTIAL), (("401@8-20",), RunStatus.FAILED)],
)
async def test_the_events_of_a_run_add_up_to_its_report(
    bench: Bench, faults: tuple[str, ...], status: RunStatus
) -> None:
    bench.simulate(products=300, faults=faults)
    async with operating(bench) as operations:
        feed = operations.subscribe()
        run_id = await operations.sync_now()
        await finished(operations)
        events, lost = feed.drain()
        snapshot = await operations.snapshot()
    assert not lost
    told = run_events(events)
    progress = fold(told)
    assert isinstance(told[-1], RunFinished)
    report = told[-1].report
    assert (report.run_id, report.status) == (run_id, status)
    assert (progress.status, progress.counts, progress.report) == (report.status, report.counts, report)
    assert progress == snapshot.run
    assert snapshot.last_run == report
    states = [page.state for page in progress.pages]
    assert len(states) == report.counts.pages_total
    assert states.count(PageState.DONE) == report.counts.pages_done
    assert states.count(PageState.FAILED) == report.counts.pages_failed


async def test_events_come_in_the_order_in_which_things_happened(bench: Bench) -> None:
    bench.simulate(products=300, faults=("mix:0.2", "503@4"))
    async with operating(bench) as operations:
        feed = operations.subscribe()
        await operations.sync_now()
        await finished(operations)
        events, _ = feed.drain()
    told = run_events(events)
    assert [type(event) for event in told[:2]] == [RunStarted, PageRequested]
    planned = next(number for number, event in enumerate(told) if isinstance(event, RunPlanned))
    assert {event.page for event in told[:planned] if isinstance(event, PAGE_EVENTS)} == {1}
    for page in range(1, 16):
        steps = [event for event in told if isinstance(event, PAGE_EVENTS) and event.page == page]
        *tries, end = [type(event) for event in steps]
        assert tries == [PageRequested, PageRetrying] * (len(tries) // 2) + [PageRequested]
        assert end is (PageFailed if page == 4 else PageStored)
        requested = [event.attempt for event in steps if isinstance(event, PageRequested)]
        assert requested == list(range(1, len(requested) + 1))
    done = [event.counts.pages_done for event in told if isinstance(event, PageStored)]
    assert done == list(range(1, len(done) + 1))
    after = [type(event) for event in events if not isinstance(event, LogWritten)]
    assert after[-3:] == [RunFinished, CatalogueChanged, ScheduleChanged]


async def test_a_snapshot_in_the_middle_is_what_the_events_until_then_add_up_to(bench: Bench) -> None:
    sim = bench.simulate(products=900, faults=("slow=0.02", "503@5*1"))
    looks = 0
    async with operating(bench) as operations:
        feed = operations.subscribe()
        before: list[RunEvent] = []
        await operations.sync_now()
        while operations._engine.runner.active_run_id is not None:
            asked_for = sim.counters.products + 1
            await until(partial(is_over_or_asked, operations, sim, asked_for))
            snapshot = await operations.snapshot()
            before += run_events(feed.drain()[0])
            assert snapshot.run == fold(before)
            looks += 1
        await finished(operations)
    assert looks > 5


async def test_who_joins_in_the_middle_sees_the_same_in_the_end(bench: Bench) -> None:
    sim = bench.simulate(products=300, faults=("slow=0.02",))
    async with operating(bench) as operations:
        await operations.sync_now()
        await until(lambda: sim.counters.products > 6)
        feed = operations.subscribe()
        joined = (await operations.snapshot()).run
        assert joined is not None
        assert joined.report is None
        await finished(operations)
        for event in run_events(feed.drain()[0]):
            joined.apply(event)
        assert joined == (await operations.snapshot()).run


async def test_a_face_that_does_not_look_loses_events_and_is_told_so(bench: Bench) -> None:
    bench.simulate(products=20)
    async with operating(bench) as operations:
        feed = operations.subscribe()
        event = CatalogueChanged(0, None)
        for _ in range(20_001):
            operations.tell(event)
        events, lost = feed.drain()
        assert lost
        assert 1 <= len(events) < 10
        assert not feed.drain()[1]
        feed.close()
        operations.tell(event)
        assert feed.drain() == ((), False)


async def test_the_log_of_a_run_is_told_line_by_line_and_can_be_read_afterwards(bench: Bench) -> None:
    bench.simulate(products=20)
    async with operating(bench) as operations:
        feed = operations.subscribe()
        await operations.sync_now()
        await finished(operations)
        lines: list[str] = []

        def both() -> bool:
            told = [event.line.message for event in feed.drain()[0] if isinstance(event, LogWritten)]
            lines.extend(message for message in told if message.startswith("==="))
            return len(lines) == 2

        await until(both)
        tail = [line.message for line in await operations.log_tail(2)]
    assert lines == tail
    assert lines[0].startswith("=== MANUAL PRODUCT SYNC STARTED at ")
    assert lines[1].startswith("=== MANUAL PRODUCT SYNC COMPLETED SUCCESSFULLY ===\n")


async def test_a_cancel_is_told_before_the_end(bench: Bench) -> None:
    bench.simulate(faults=("slow=30@2-15",))
    async with operating(bench) as operations:
        feed = operations.subscribe()
        run_id = await operations.sync_now()
        await until(lambda: bench.sim.counters.in_flight >= 8)
        assert await operations.cancel() == run_id
        await finished(operations)
        kinds = [type(event) for event in run_events(feed.drain()[0])]
        assert kinds[-1] is RunFinished
        assert kinds.count(RunCancelling) == 1  # what was fetched may still be stored after it
        with pytest.raises(Refused, match="No run is active"):
            await operations.cancel()


async def test_without_credentials_nothing_starts_and_the_face_is_told_what_to_set(bench: Bench) -> None:
    sim = bench.simulate()
    async with operating(bench, g2a_client_secret=SecretStr("")) as operations:
        notice = (await operations.snapshot()).notice
        assert notice == (
            f"No G2A credentials yet: set G2A_CLIENT_SECRET in {bench.home.env_file} or in the environment."
        )
        with pytest.raises(Refused, match="No G2A credentials yet"):
            await operations.sync_now()
        with pytest.raises(Refused, match="There is no page 0"):
            await operations.sync_page(0)
    assert sim.counters.requests == 0


async def test_a_page_alone_is_shown_as_the_one_page_it_is(bench: Bench) -> None:
    bench.simulate(products=300)
    async with operating(bench) as operations:
        await operations.sync_page(7)
        await finished(operations)
        progress = (await operations.snapshot()).run
    assert progress is not None
    assert (progress.page_name(0), [page.state for page in progress.pages]) == ("7", [PageState.DONE])


async def test_a_second_run_starts_a_progress_of_its_own(bench: Bench) -> None:
    bench.simulate(products=100)
    async with operating(bench) as operations:
        for run_id in (1, 2):
            assert await operations.sync_now() == run_id
            await finished(operations)
            progress = (await operations.snapshot()).run
            assert progress is not None
            assert (progress.run_id, progress.counts.products_seen) == (run_id, 100)
            await asyncio.wait_for(finished(operations), 5)
