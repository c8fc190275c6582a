"""The machine's clock, and the one that stands in for it here."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

from console.clock import Clock, SystemClock
from tests.clock import FakeClock, settle


def test_the_machine_tells_the_time_in_utc() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=60)


def test_the_machine_counts_seconds_that_only_go_forward() -> None:
    assert abs(SystemClock().monotonic() - time.monotonic()) < 60


async def test_a_pause_of_the_machine_may_be_cancelled() -> None:
    sleeping = asyncio.create_task(SystemClock().sleep(3_600))
    await settle()
    sleeping.cancel()
    assert isinstance((await asyncio.gather(sleeping, return_exceptions=True))[0], asyncio.CancelledError)


async def test_our_clock_passes_a_pause_at_once() -> None:
    clock: Clock = FakeClock()
    now, seconds = clock.now(), clock.monotonic()
    await clock.sleep(90)
    assert (clock.now() - now, clock.monotonic() - seconds) == (timedelta(seconds=90), 90)


async def test_our_clock_by_hand_wakes_each_sleeper_at_its_moment() -> None:
    clock = FakeClock(by_hand=True)
    start, woke = clock.monotonic(), dict[str, float]()

    async def sleep(name: str, *pauses: float) -> None:
        for pause in pauses:
            await clock.sleep(pause)
        woke[name] = clock.monotonic() - start

    sleepers = [asyncio.create_task(sleep("late", 5)), asyncio.create_task(sleep("twice", 1, 2))]
    await clock.advance(4)
    assert woke == {"twice": 3}
    assert clock.sleepers == 1
    await clock.advance(4)
    assert woke == {"twice": 3, "late": 5}
    assert clock.monotonic() - start == 8
    await asyncio.gather(*sleepers)
