"""A scheduler that cannot fall asleep."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from apscheduler.jobstores.memory import MemoryJobStore

from console.scheduling.steady import LONGEST_SLEEP_SECONDS, SteadyScheduler
from tests.clock import settle


class FaultyStore(MemoryJobStore):  # type: ignore[misc]  # APScheduler 3 has no types
    """A job store of which one method fails once: APScheduler itself is at a loss then."""

    fault: str | None = None

    def update_job(self, job: Any) -> None:
        """Put a job back with its next time."""
        self._fail("update_job")
        super().update_job(job)

    def get_next_run_time(self) -> Any:
        """When the next job is due."""
        self._fail("get_next_run_time")
        return super().get_next_run_time()

    def _fail(self, method: str) -> None:
        if self.fault == method:
            self.fault = None
            raise RuntimeError("a fault of the store")


@pytest.fixture
def store() -> FaultyStore:
    """The store of the scheduler."""
    return FaultyStore()


@pytest.fixture
async def scheduler(store: FaultyStore) -> AsyncIterator[SteadyScheduler]:
    """A scheduler that runs."""
    running = SteadyScheduler(timezone="UTC")
    running.add_jobstore(store)
    running.start()
    yield running
    running.shutdown(wait=False)
    await settle()


def wakes_in(scheduler: SteadyScheduler) -> float:
    """The seconds until it wakes by itself."""
    assert scheduler._timeout is not None, "its timer is armed"
    return float(scheduler._timeout.when() - asyncio.get_running_loop().time())


async def test_it_wakes_at_least_every_half_minute_though_nothing_is_due(scheduler: SteadyScheduler) -> None:
    assert 0 < wakes_in(scheduler) <= LONGEST_SLEEP_SECONDS == 30
    scheduler.add_job(lambda: None, "interval", hours=24)
    await settle()
    assert 0 < wakes_in(scheduler) <= LONGEST_SLEEP_SECONDS


async def test_it_wakes_earlier_for_a_job_that_is_due_earlier(scheduler: SteadyScheduler) -> None:
    scheduler.add_job(lambda: None, "interval", seconds=3)
    await settle()
    assert 0 < wakes_in(scheduler) <= 3


async def test_it_wakes_while_it_is_paused_as_well(scheduler: SteadyScheduler) -> None:
    scheduler.pause()
    scheduler.wakeup()
    await settle()
    assert 0 < wakes_in(scheduler) <= LONGEST_SLEEP_SECONDS


async def test_it_looks_at_every_wake_and_goes_on_where_that_fails(caplog: pytest.LogCaptureFixture) -> None:
    looks: list[int] = []

    def look() -> None:
        looks.append(len(looks))
        if len(looks) == 2:
            raise RuntimeError("a fault of the look")

    running = SteadyScheduler(look, timezone="UTC")
    running.start()
    for _ in range(2):
        running.wakeup()
        await settle()
    assert looks == [0, 1, 2]
    assert "The scheduler stumbled; it goes on." in caplog.text
    assert 0 < wakes_in(running) <= LONGEST_SLEEP_SECONDS
    running.shutdown(wait=False)
    await settle()


@pytest.mark.parametrize("method", ["update_job", "get_next_run_time"])
async def test_it_goes_on_after_a_fault_and_runs_what_is_due(
    scheduler: SteadyScheduler, store: FaultyStore, caplog: pytest.LogCaptureFixture, method: str
) -> None:
    runs = asyncio.Semaphore(0)

    async def job() -> None:
        runs.release()

    scheduler.add_job(job, "interval", seconds=0.01)
    await settle()
    store.fault = method
    async with asyncio.timeout(10):
        await runs.acquire()
        while store.fault:
            await runs.acquire()
    await settle()
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR] == [
        "The scheduler stumbled; it goes on."
    ]
    assert wakes_in(scheduler) <= LONGEST_SLEEP_SECONDS
    scheduler.wakeup()
    async with asyncio.timeout(10):
        for _ in range(3):
            await runs.acquire()


async def test_a_job_that_fails_is_run_again(scheduler: SteadyScheduler, caplog: pytest.LogCaptureFixture) -> None:
    runs = asyncio.Semaphore(0)

    async def job() -> None:
        runs.release()
        raise RuntimeError("a fault of the job")

    scheduler.add_job(job, "interval", seconds=0.01)
    async with asyncio.timeout(10):
        for _ in range(3):
            await runs.acquire()
    assert "a fault of the job" in caplog.text
