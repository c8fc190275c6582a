"""The engine shows every few seconds that its loop still turns: the lock says so, and its run."""

import asyncio
from collections.abc import Awaitable, Callable

from console.clock import Clock
from console.scheduling.lock import RunnerLock

BEAT_SECONDS = 10.0


class Heartbeat:
    """Beats from `start` to `stop`, on the loop's own time: on a test's clock that leaps it would beat without end.

    `lost` is called at every beat that finds the lock with another process.
    """

    def __init__(
        self,
        lock: RunnerLock,
        clock: Clock,
        beat_run: Callable[[], Awaitable[None]] | None = None,
        lost: Callable[[], None] = lambda: None,
        seconds: float = BEAT_SECONDS,
    ) -> None:
        self._lock = lock
        self._clock = clock
        self._beat_run = beat_run
        self._lost = lost
        self._seconds = seconds
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, on the running loop."""
        self._task = asyncio.create_task(self._go_on(), name="heartbeat")

    async def stop(self) -> None:
        """No more beats."""
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def beat(self) -> None:
        """Show it now."""
        # in a thread: where the disk hangs, so would the loop
        await asyncio.to_thread(self._lock.beat, self._clock.now())
        if self._lock.lost:
            self._lost()
        elif self._beat_run:
            await self._beat_run()

    async def _go_on(self) -> None:
        while True:
            await asyncio.sleep(self._seconds)
            await self.beat()
