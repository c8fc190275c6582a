"""The engine in a thread of its own, with an event loop of its own, and what a face on another loop uses of it.

A terminal that stops reading blocks the loop that writes to it. So the engine never shares a loop with a screen.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from console.clock import Clock
from console.home import Home
from console.logs import Log, LogLine
from console.operations.loop_thread import LoopEnded, LoopThread, answer
from console.operations.protocol import EngineFailed, Feed, Operations, Refused, Removals, Schedule, Snapshot
from console.run import RunStatus
from console.settings import Settings
from console.text import clean

if TYPE_CHECKING:
    from console.operations.credentials import Credentials, Trial
    from console.operations.engine import Engine
    from console.operations.feed import Feeds
    from console.operations.history import History
    from console.operations.local import LocalOperations
    from console.operations.log_source import LogSource
    from console.operations.logbook import LogBook
    from console.operations.products import Products
    from console.operations.succession import Succession
    from console.operations.watching import WatchingOperations
    from console.scheduling.lock import RunnerLock

T = TypeVar("T")

logger = logging.getLogger("console")

_CLOSE_SECONDS = 15.0
_JOIN_SECONDS = 1.0


class EngineThread:
    """Starts the engine on a thread of its own, imports included, and ends it. `start` and `close` are for any loop.

    Where another process runs the engine, this one watches it, and takes over when it is gone.
    """

    def __init__(self, *, settings: Settings, home: Home, clock: Clock, log: Log, actor: str) -> None:
        self._settings = settings
        self._home = home
        self._clock = clock
        self._log = log
        self._actor = actor
        self._loop = LoopThread("engine", self._unhandled)
        self._engine: Engine | None = None
        self._local: LocalOperations | None = None
        self._watching: WatchingOperations | None = None
        self._succession: Succession | None = None
        self._opening: Future[None] | None = None
        self._closing: Future[None] | None = None
        self._stepping_down: asyncio.Task[None] | None = None
        self._is_unwanted = False
        self._changing = threading.Lock()

    async def start(self) -> Operations:
        """Start the engine. Whoever gives up waiting for it leaves it to `close`.

        Raises:
            Refused: it cannot start; the message says why and what to do.
        """
        with self._changing:
            if self._is_unwanted:
                raise Refused("g2a-console is ending.")
            self._loop.start()
            self._opening = self._loop.ask(self._open())
        # An engine that is cut off in the middle of its start would leave its lock and its database to nobody.
        try:
            await asyncio.shield(answer(self._opening))
        except LoopEnded:
            raise Refused("g2a-console is ending.") from None
        return ThreadedOperations(self._current, self._loop)

    def ask_to_end(self, status: RunStatus = RunStatus.INTERRUPTED) -> None:
        """Begin to end, the active run at a page boundary as `status`. From any thread; waits for nothing."""
        with self._changing:
            self._is_unwanted = True
            if self._closing is None and self._loop.is_alive:
                self._closing = self._loop.ask(self._close(status))

    def close(self, status: RunStatus = RunStatus.INTERRUPTED) -> None:
        """Let the active run end at a page boundary as `status`, and end the thread. Blocks for that long."""
        self.ask_to_end(status)
        if self._closing is None or not self._loop.is_alive:
            return
        try:
            self._closing.result(_CLOSE_SECONDS)
        except TimeoutError:
            logger.error("The engine did not end within %s seconds", _CLOSE_SECONDS)
        finally:
            self._loop.end(_JOIN_SECONDS)

    async def _open(self) -> None:
        # imported here, on this thread: the first picture must not wait for them
        from console.scheduling.lock import LockHeld, LockUnusable  # noqa: PLC0415
        from console.store.errors import StoreError  # noqa: PLC0415

        try:
            try:
                await self._open_engine()
            except LockHeld:
                await self._watch()
        except (LockUnusable, StoreError) as error:
            raise Refused(str(error)) from None
        except OSError as error:
            raise Refused(f"The engine cannot start: {clean(str(error))}.") from None

    async def _open_engine(
        self, lock: "RunnerLock | None" = None, feeds: "Feeds | None" = None, log: "LogSource | None" = None
    ) -> None:
        """Run the engine in this process; the lock is taken, the feeds and the log are given, where it takes over."""
        from console.operations.engine import Engine  # noqa: PLC0415
        from console.operations.local import LocalOperations  # noqa: PLC0415

        engine = await Engine.open(
            settings=self._settings, home=self._home, clock=self._clock, log=self._log, lock=lock
        )
        local = LocalOperations(engine, self._actor, feeds, log)
        try:
            await local.start()
        except BaseException:
            local.close()
            await engine.close()
            raise
        self._engine, self._local = engine, local
        engine.listen_for_loss(self._lock_lost)

    def _lock_lost(self) -> None:
        is_under_way = self._stepping_down is not None and not self._stepping_down.done()
        if not is_under_way and self._closing is None:
            self._stepping_down = asyncio.create_task(self._step_down(), name="stepping down")

    async def _step_down(self) -> None:
        """Another host has taken the lock while we could not reach the database: end the engine here, and watch."""
        engine, local = self._engine, self._local
        if engine is None or local is None:
            return
        logger.warning("Another console has taken over: this one ends its engine, and only watches")
        try:
            await engine.close()
            local.close()
            await self._watch(local.feeds)
            self._engine = self._local = None
            local.feeds.lose()
        except Exception as error:
            logger.exception("The engine could not be ended for another host's")
            local.tell(EngineFailed(f"The engine could not be ended: {clean(str(error))} Start g2a-console again."))

    async def _watch(self, feeds: "Feeds | None" = None) -> None:
        """Watch the process that runs the engine, until it is gone; where there are faces already, for their feeds."""
        from console.operations.location import runner_lock  # noqa: PLC0415
        from console.operations.succession import Succession  # noqa: PLC0415
        from console.operations.watching import WatchingOperations  # noqa: PLC0415

        self._watching = WatchingOperations(self._settings, self._home, self._clock, feeds)
        await self._watching.look()
        lock = runner_lock(self._settings, self._home)
        self._succession = Succession(self._watching, self._open_engine, lock, self._clock, self._log)
        self._succession.start()

    async def _close(self, status: RunStatus) -> None:
        if self._opening:
            await asyncio.wait([asyncio.wrap_future(self._opening)])
        if self._stepping_down:
            await asyncio.wait([self._stepping_down])
        if self._succession:
            await self._succession.close()
        if self._engine:
            await self._engine.close(status)
        if self._local:
            self._local.close()

    def _current(self) -> "LocalOperations | WatchingOperations":
        current = self._local or self._watching
        assert current is not None, "start() comes first"  # noqa: S101 - for the type checker
        return current

    def _unhandled(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """A fault that nobody waits for: into the log, and onto the screen in one line."""
        del loop
        error = context.get("exception")
        logger.error("A fault in the engine: %s", context.get("message"), exc_info=error)
        if operations := self._local or self._watching:
            operations.tell(EngineFailed(f"A fault in the engine: {clean(str(error or context.get('message')))}"))


class ThreadedOperations:
    """Operations for a face on another loop: every call is carried out on the engine's loop.

    `current` are the operations of the moment: those of a console that watches become those of an engine.
    """

    def __init__(self, current: Callable[[], "LocalOperations | WatchingOperations"], loop: LoopThread) -> None:
        self._current = current
        self._loop = loop

    async def _there(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            return await answer(self._loop.ask(work))
        except LoopEnded:
            raise Refused("The engine has ended: start g2a-console again.") from None

    @property
    def products(self) -> "Products":
        """What can be asked about products: it may be asked from this loop."""
        return self._current().products

    @property
    def history(self) -> "History":
        """What can be asked about the runs that there were: it may be asked from this loop."""
        return self._current().history

    @property
    def logbook(self) -> "LogBook":
        """What can be asked about the log: it may be asked from this loop."""
        return self._current().logbook

    async def snapshot(self) -> Snapshot:
        """Everything a face shows, now."""
        return await self._there(self._current().snapshot())

    async def log_tail(self, limit: int) -> tuple[LogLine, ...]:
        """The newest log records, oldest first."""
        return await self._there(self._current().log_tail(limit))

    def subscribe(self) -> Feed:
        """The events from now on."""
        return self._current().subscribe()

    async def sync_now(self) -> int:
        """Start a full sync and return its run id."""
        return await self._there(self._current().sync_now())

    async def sync_page(self, page: int) -> int:
        """Start a sync of one page alone and return its run id."""
        return await self._there(self._current().sync_page(page))

    async def sync_pages(self, first: int, last: int) -> int:
        """Start a sync of these pages alone and return its run id."""
        return await self._there(self._current().sync_pages(first, last))

    async def retry(self, run_id: int) -> int:
        """Go on with a run that was cut off or lacks pages."""
        return await self._there(self._current().retry(run_id))

    async def removals(self, run_id: int, limit: int, offset: int = 0) -> Removals:
        """What a blocked run would have removed."""
        return await self._there(self._current().removals(run_id, limit, offset))

    async def approve(self, run_id: int, reason: str) -> int:
        """Remove what a blocked run would have, but for what was seen since."""
        return await self._there(self._current().approve(run_id, reason))

    async def cancel(self) -> int:
        """Ask the active run to stop at the next page boundary."""
        return await self._there(self._current().cancel())

    async def set_daily_time(self, hour: int, minute: int) -> Schedule:
        """Run the daily sync at this time (UTC) from now on."""
        return await self._there(self._current().set_daily_time(hour, minute))

    async def pause_schedule(self, reason: str) -> Schedule:
        """Start nothing by itself until it is resumed."""
        return await self._there(self._current().pause_schedule(reason))

    async def resume_schedule(self) -> Schedule:
        """Run the daily sync again from its next time on."""
        return await self._there(self._current().resume_schedule())

    async def reset_schedule(self) -> Schedule:
        """Run the daily sync at the time of the settings again; a pause goes on."""
        return await self._there(self._current().reset_schedule())

    async def try_credentials(self, credentials: "Credentials") -> "Trial":
        """Whether G2A takes these credentials; nothing is kept."""
        return await self._there(self._current().try_credentials(credentials))

    async def keep_credentials(self, credentials: "Credentials") -> None:
        """Write these credentials into the `.env` of the home."""
        await self._there(self._current().keep_credentials(credentials))

    async def undo_schedule(self, expected: int) -> Schedule:
        """Make the schedule what it was before its last change."""
        return await self._there(self._current().undo_schedule(expected))

    async def preview(self, hour: int, minute: int) -> tuple[datetime, ...]:
        """The next three runs if the daily sync were at this time (UTC)."""
        return await self._there(self._current().preview(hour, minute))
