"""How fast requests go out: evenly, never above the allowed rate, slower after a 429, and back again."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.g2a.pacing import Pacer
from tests.clock import FakeClock, settle


def rate_of(pacer: Pacer) -> float:
    """The rate now, which there is."""
    assert pacer.rate is not None
    return pacer.rate


async def turns(pacer: Pacer, clock: FakeClock, count: int) -> list[float]:
    """The moments of that many turns, in seconds from now."""
    start = clock.monotonic()
    moments = []
    for _ in range(count):
        await pacer.turn()
        moments.append(clock.monotonic() - start)
    return moments


async def test_requests_go_out_evenly(clock: FakeClock) -> None:
    assert await turns(Pacer(600, clock), clock, 5) == pytest.approx([0, 0.1, 0.2, 0.3, 0.4])


async def test_a_minute_never_holds_more_requests_than_allowed(clock: FakeClock) -> None:
    moments = await turns(Pacer(600, clock), clock, 1_300)
    assert all(later - earlier >= 60 - 1e-6 for earlier, later in zip(moments, moments[600:], strict=False))


async def test_many_at_once_are_spread_as_evenly() -> None:
    clock = FakeClock(by_hand=True)
    pacer = Pacer(60, clock)
    waiting = [asyncio.create_task(pacer.turn()) for _ in range(8)]
    went = []
    for _ in range(8):
        await settle()
        went.append(sum(task.done() for task in waiting))
        await clock.advance(1)
    assert went == [1, 2, 3, 4, 5, 6, 7, 8]


async def test_an_idle_while_is_not_made_up_for_by_a_burst() -> None:
    clock = FakeClock(by_hand=True)
    pacer = Pacer(60, clock)
    await pacer.turn()
    await clock.advance(100)
    burst = [asyncio.create_task(pacer.turn()) for _ in range(5)]
    await settle()
    assert sum(task.done() for task in burst) == 1
    await clock.advance(10)
    await asyncio.gather(*burst)


async def test_no_limit_means_no_waiting(clock: FakeClock) -> None:
    pacer = Pacer(0, clock)
    assert pacer.rate is None
    assert await turns(pacer, clock, 1_000) == [0.0] * 1_000
    assert clock.slept == []


async def test_too_many_requests_halve_the_rate_for_everybody(clock: FakeClock) -> None:
    pacer = Pacer(600, clock)
    pacer.refused(0)
    assert pacer.rate == 5
    moments = await turns(pacer, clock, 3)
    assert moments[2] - moments[1] == pytest.approx(0.2)


async def test_refusals_of_one_moment_count_as_one(clock: FakeClock) -> None:
    pacer = Pacer(600, clock)
    for _ in range(8):
        pacer.refused(0)
    assert pacer.rate == 5
    await clock.sleep(1.0)
    pacer.refused(0)
    assert pacer.rate == 2.5


async def test_the_pause_that_the_api_asks_for_holds_for_the_next_request(clock: FakeClock) -> None:
    pacer = Pacer(600, clock)
    pacer.refused(7)
    pacer.refused(3)
    assert await turns(pacer, clock, 2) == pytest.approx([7, 7.2])


async def test_the_pause_holds_without_a_limit_too(clock: FakeClock) -> None:
    pacer = Pacer(0, clock)
    pacer.refused(7)
    assert await turns(pacer, clock, 2) == pytest.approx([7, 7.1])


async def test_something_is_always_tried(clock: FakeClock) -> None:
    pacer = Pacer(600, clock)
    for _ in range(50):
        pacer.refused(0)
        await clock.sleep(1)
    assert pacer.rate == 0.2


async def test_fifty_successes_bring_back_the_whole_rate_and_not_more(clock: FakeClock) -> None:
    pacer = Pacer(600, clock)
    pacer.refused(0)
    for _ in range(25):
        assert rate_of(pacer) < 10
        pacer.accepted()
    assert rate_of(pacer) == pytest.approx(10)
    for _ in range(100):
        pacer.accepted()
    assert pacer.rate == 10


async def test_no_limit_comes_back_after_a_refusal(clock: FakeClock) -> None:
    pacer = Pacer(0, clock)
    pacer.refused(0)
    assert rate_of(pacer) == 10, "the rate that is documented"
    for _ in range(1_000):
        pacer.accepted()
    assert pacer.rate is None


async def test_without_a_limit_a_refusal_halves_what_was_measured_and_not_all_speed_is_lost(clock: FakeClock) -> None:
    pacer = Pacer(0, clock)
    for _ in range(600):
        await pacer.turn()
        await clock.sleep(0.0025)
    pacer.refused(0)
    assert rate_of(pacer) == pytest.approx(200, rel=0.01)
    for _ in range(30):
        pacer.accepted()
    assert rate_of(pacer) == pytest.approx(440, rel=0.01), "it comes back within seconds"


@given(st.integers(1, 2_000), st.lists(st.booleans(), max_size=60))
async def test_the_allowed_rate_is_never_exceeded_whatever_comes(per_minute: int, answers: list[bool]) -> None:
    clock = FakeClock()
    pacer = Pacer(per_minute, clock)
    for accepted in answers:
        before = rate_of(pacer)
        if accepted:
            pacer.accepted()
        else:
            await clock.sleep(1)
            pacer.refused(0)
            assert rate_of(pacer) <= before
        assert 0 < rate_of(pacer) <= per_minute / 60


async def test_who_is_cancelled_while_waiting_goes_at_once_and_holds_up_nobody() -> None:
    clock = FakeClock(by_hand=True)
    pacer = Pacer(60, clock)
    await pacer.turn()
    first, second = asyncio.create_task(pacer.turn()), asyncio.create_task(pacer.turn())
    await settle()
    first.cancel()
    await settle()
    assert first.cancelled()
    assert clock.sleepers == 1
    await clock.advance(2)
    assert second.done()
