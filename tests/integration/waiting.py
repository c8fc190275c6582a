"""Waiting for what another thread or process does, without a fixed pause."""

import asyncio
import time
from collections.abc import Callable

DEADLINE_SECONDS = 30.0
_LOOK_SECONDS = 0.005


async def until(condition: Callable[[], object], seconds: float = DEADLINE_SECONDS) -> None:
    """Give the loop its turn until something is so; fail after the deadline."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - it comes from another thread or process: there is no event to wait for
            await asyncio.sleep(_LOOK_SECONDS)


def wait_until(condition: Callable[[], object], seconds: float = DEADLINE_SECONDS) -> None:
    """The same where there is no loop."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass in time"
        time.sleep(_LOOK_SECONDS)
