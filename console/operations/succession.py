"""From watching to running: when the process that runs the engine is gone, one of those that watch takes its place."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from console.clock import Clock
from console.logs import Log
from console.operations.feed import Feeds
from console.operations.log_source import JoinedLog, LogSource
from console.operations.watching import WatchingOperations
from console.scheduling.lock import LockUnusable, RunnerLock
from console.store.errors import StoreError

logger = logging.getLogger("console")

_LOOK_SECONDS = 1.0
_SECONDS_AFTER_A_FAILURE = 10.0

OpenEngine = Callable[[RunnerLock, Feeds, LogSource], Awaitable[None]]
"""Opens the engine with a lock that is taken, and lets it speak to the faces that are there."""


class Succession:
    """Looks every second, and tries the lock. From `start` until the engine runs here, or `close`."""

    def __init__(
        self, watching: WatchingOperations, open_engine: OpenEngine, lock: RunnerLock, clock: Clock, log: Log
    ) -> None:
        self._watching = watching
        self._open_engine = open_engine
        self._clock = clock
        self._log = log
        self._lock = lock
        self._has_taken_over = False
        self._taking_over = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, on the running loop."""
        logger.info("This console only watches: the engine is run by %s", self._watching.read_only.words(self._now()))
        self._task = asyncio.create_task(self._watch(), name="succession")

    async def close(self) -> None:
        """Watch no more. A takeover that has begun is carried to its end."""
        async with self._taking_over:
            if self._task:
                self._task.cancel()
        if self._task:
            await asyncio.wait([self._task])
        if not self._has_taken_over:
            await asyncio.to_thread(self._lock.release)
        await self._watching.close()

    async def _watch(self) -> None:
        trouble: str | None = None
        while True:
            await self._clock.sleep(_SECONDS_AFTER_A_FAILURE if trouble else _LOOK_SECONDS)
            try:
                if await self._try_to_take_over():
                    return
                trouble = None
            except (LockUnusable, StoreError) as error:
                trouble = f"It could not take over: {error}"
            except Exception as error:
                logger.exception("The takeover failed")
                trouble = f"It could not take over ({type(error).__name__}); the log says more."
            await self._look(trouble)

    async def _look(self, trouble: str | None) -> None:
        try:
            await self._watching.look(trouble)
        except Exception:
            logger.exception("Looking at the engine of another process failed")

    async def _try_to_take_over(self) -> bool:
        async with self._taking_over:  # the lock is not left to a thread that nobody waits for
            if not await asyncio.to_thread(self._lock.try_take, self._now()):
                return False
            await self._take_over()
            self._has_taken_over = True
            return True

    async def _take_over(self) -> None:
        """Run the engine here. Raises where it cannot; the lock is free again then."""
        logger.warning(
            "The engine's process is gone, and this console takes over from %s",
            self._watching.read_only.words(self._now()),
        )
        log = JoinedLog(self._log)
        try:
            await self._watching.look()
            log.begin(self._watching.log_lines())
            await self._open_engine(self._lock, self._watching.feeds, log)
        except BaseException:
            log.close()
            self._lock.release()
            raise
        self._watching.feeds.lose()
        await self._watching.close()

    def _now(self) -> datetime:
        return self._clock.now()
