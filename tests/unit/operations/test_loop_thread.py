"""A loop on a thread of its own: whoever asks it for something gets an answer, whenever it ends."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import pytest

from console.operations.loop_thread import LoopEnded, LoopThread, answer

SECONDS = 5.0


@pytest.fixture
def faults() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def loop(faults: list[dict[str, Any]]) -> Iterator[LoopThread]:
    loop = LoopThread("loop", lambda _, context: faults.append(context))
    loop.start()
    yield loop
    loop.end(SECONDS)
    assert not loop.is_alive
    assert not faults


async def double(number: int) -> int:
    await asyncio.sleep(0)
    return 2 * number


async def for_ever(begun: Callable[[], None] = lambda: None, cut_off: Callable[[], None] = lambda: None) -> int:
    begun()
    try:
        await asyncio.get_running_loop().create_future()
    except asyncio.CancelledError:
        cut_off()
        raise
    return 0


async def test_what_is_asked_for_is_answered(loop: LoopThread) -> None:
    assert await answer(loop.ask(double(21))) == 42


async def test_what_fails_there_fails_here(loop: LoopThread) -> None:
    async def fail() -> None:
        raise ValueError("there")

    with pytest.raises(ValueError, match="there"):
        await answer(loop.ask(fail()))


async def test_what_has_no_answer_yet_when_the_loop_ends_is_told_so(loop: LoopThread) -> None:
    begun = threading.Event()
    waiting = loop.ask(for_ever(begun.set))
    assert begun.wait(SECONDS)
    loop.end(SECONDS)
    async with asyncio.timeout(SECONDS):
        with pytest.raises(LoopEnded):
            await answer(waiting)


async def test_a_loop_that_has_ended_takes_nothing_and_can_be_ended_again(loop: LoopThread) -> None:
    loop.end(SECONDS)
    with pytest.raises(LoopEnded):
        loop.ask(double(1))
    loop.end(SECONDS)


async def test_who_is_cancelled_here_is_cancelled_there_and_sees_a_cancellation(loop: LoopThread) -> None:
    begun, cut_off = threading.Event(), threading.Event()
    caller = asyncio.ensure_future(answer(loop.ask(for_ever(begun.set, cut_off.set))))
    await asyncio.to_thread(begun.wait, SECONDS)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert await asyncio.to_thread(cut_off.wait, SECONDS)


@pytest.mark.parametrize("attempt", range(20))
def test_everything_that_is_asked_for_while_the_loop_ends_is_answered_or_not_taken(attempt: int) -> None:
    faults: list[dict[str, Any]] = []
    loop = LoopThread("loop", lambda _, context: faults.append(context))
    taken: list[Future[int]] = []
    refused = threading.Event()

    def ask_until_it_is_refused() -> None:
        while not refused.is_set():
            try:
                taken.append(loop.ask(double(len(taken)) if len(taken) % 2 else for_ever()))
            except LoopEnded:
                refused.set()

    loop.start()
    asking = threading.Thread(target=ask_until_it_is_refused)
    asking.start()
    while len(taken) <= attempt:
        pass
    loop.end(SECONDS)
    asking.join(SECONDS)
    assert refused.is_set()
    assert not loop.is_alive
    for asked in taken:
        assert asked.cancelled() or asked.result(SECONDS) % 2 == 0
    assert not faults
