"""Several fetchers at once."""

import asyncio
from collections.abc import Awaitable, Callable


async def run_fetchers(count: int, work: Callable[[], Awaitable[None]]) -> None:
    """Run `work` in `count` tasks until each has returned. When one fails the others are cancelled.

    Raises:
        Exception: the first that one of them failed with.
    """
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(count):
                group.create_task(_awaited(work))
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None


async def end(*tasks: "asyncio.Task[None]") -> None:
    """Cancel tasks and wait until they are over; how they ended is looked up elsewhere."""
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


async def _awaited(work: Callable[[], Awaitable[None]]) -> None:
    await work()
