"""Asking until there is an answer: what is tried again, how often, and when a run gives up."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from console.g2a.budget import RetryBudget
from console.g2a.errors import EmptyPage, G2AError, GaveUp, RequestRefused, ServerFailed, TooManyRequests
from console.g2a.persistence import Persistence
from console.g2a.retry import RetryPolicy
from tests.clock import FakeClock

DOWN = ServerFailed("down")


def half(_low: float, high: float) -> float:
    """A pause in the middle of what chance may give."""
    return high / 2


class Api:
    """Fails with what it is given, in turn, and then answers; notes each request and each pause."""

    def __init__(self, clock: FakeClock, *errors: G2AError, is_patient: bool = False) -> None:
        self.clock = clock
        self.errors = list(errors)
        self.asked_at: list[float] = []
        self.pauses: list[float] = []
        self.persistence = Persistence(RetryPolicy(half), clock, self.answer, is_patient=is_patient)

    async def answer(self) -> str:
        """One request."""
        self.asked_at.append(self.clock.monotonic())
        await asyncio.sleep(0)
        if self.errors:
            raise self.errors.pop(0)
        return "here"

    async def ask(self) -> str:
        """A question that is put until it is answered."""
        return await self.persistence.carry_out(self.answer, lambda _error, seconds: self.pauses.append(seconds))


async def test_what_passes_is_tried_again_after_growing_pauses(clock: FakeClock) -> None:
    api = Api(clock, DOWN, DOWN, DOWN)
    assert await api.ask() == "here"
    assert api.pauses == clock.slept == [0.25, 0.5, 1.0]


async def test_what_does_not_pass_is_told_at_once(clock: FakeClock) -> None:
    api = Api(clock, RequestRefused("no", 400, "PR02"))
    with pytest.raises(RequestRefused):
        await api.ask()
    assert api.pauses == []


async def test_a_page_is_given_up_after_six_attempts(clock: FakeClock) -> None:
    api = Api(clock, *[EmptyPage("empty")] * 9)
    with pytest.raises(EmptyPage):
        await api.ask()
    assert len(api.asked_at) == 6


async def test_in_an_outage_one_request_at_a_time_looks_whether_the_api_is_back(clock: FakeClock) -> None:
    api = Api(clock, *[DOWN] * 30)
    under_way = most = 0
    answer = api.answer

    async def watched() -> str:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way if len(api.asked_at) > 16 and api.errors else 0)
        try:
            return await answer()
        finally:
            under_way -= 1

    api.answer = watched  # type: ignore[method-assign]
    answers = await asyncio.gather(*[api.ask() for _ in range(8)])
    assert answers == ["here"] * 8, "nothing is given up that an outage of minutes kept from its answer"
    assert most == 1
    assert len(api.asked_at) == 30 + 8


async def test_broken_pages_at_the_end_are_not_taken_for_an_outage(clock: FakeClock) -> None:
    api = Api(clock)
    assert await api.ask() == "here"

    async def broken() -> str:
        await asyncio.sleep(0)
        raise DOWN

    pages = [api.persistence.carry_out(broken, lambda _error, _seconds: None) for _ in range(20)]
    answers = await asyncio.gather(*pages, return_exceptions=True)
    assert [type(answer) for answer in answers] == [ServerFailed] * 20, "each is given up, and the run goes on"
    assert clock.monotonic() - 1_000 < 300


async def test_after_five_minutes_without_a_success_it_gives_up(clock: FakeClock) -> None:
    api = Api(clock, *[DOWN] * 1_000, is_patient=True)
    begun = clock.monotonic()
    with pytest.raises(GaveUp, match=r"Nothing has worked for 5 minutes, the last request failed so: down"):
        await api.ask()
    assert 300 <= clock.monotonic() - begun < 330
    assert len(api.asked_at) < 40, "no hammering"


async def test_a_patient_run_sits_out_an_outage_and_another_ends_soon(clock: FakeClock) -> None:
    assert await Api(clock, *[DOWN] * 9, is_patient=True).ask() == "here"
    hasty = Api(clock, *[DOWN] * 9)
    with pytest.raises(ServerFailed):
        await hasty.ask()
    assert len(hasty.asked_at) == 6


async def test_in_an_outage_what_the_api_asks_for_is_waited_for(clock: FakeClock) -> None:
    api = Api(clock, *[TooManyRequests("slow down", 20.0)] * 5, is_patient=True)
    assert await api.ask() == "here"
    assert min(api.pauses) >= 20


async def test_a_budget_bounds_the_retries_of_a_run(clock: FakeClock) -> None:
    api = Api(clock)
    refuse: Callable[[], Awaitable[str]] = api.answer
    for _ in range(25):
        api.errors = [EmptyPage("empty")] * 6
        with pytest.raises(EmptyPage):
            await api.persistence.carry_out(refuse, lambda _error, seconds: api.pauses.append(seconds))
    assert len(api.pauses) == 100


def test_a_budget_lasts_while_one_request_of_three_succeeds() -> None:
    budget = RetryBudget()
    for _ in range(10_000):
        assert budget.spend()
        assert budget.spend()
        budget.earn()
