"""The engine: database, sync, runner and scheduler, put together on one event loop, from start to drain."""

import asyncio
import logging
from collections.abc import Callable

from console.clock import Clock
from console.home import Home
from console.logs import Log
from console.operations.heartbeat import Heartbeat
from console.operations.indexing import Indexing
from console.operations.location import database_location, runner_lock
from console.run import RunReport, RunStatus
from console.scheduling.lock import RunnerLock
from console.scheduling.runner import Runner
from console.scheduling.service import SchedulerService
from console.settings import Settings
from console.store.backup import Backups
from console.store.database import Database
from console.store.runs import interrupt_active_runs, interrupt_silent_runs
from console.sync.events import RunEvent
from console.sync.product_service import ProductService

logger = logging.getLogger("console")

_DRAIN_SECONDS = 8.0
"""How long a run may take to reach a page boundary when the engine stops."""


class Engine:
    """Everything that works, and nothing that is seen. Open it, use its parts, close it; all on one loop."""

    def __init__(self, *, settings: Settings, home: Home, clock: Clock, log: Log, lock: RunnerLock) -> None:
        self.settings = settings
        self.home = home
        self.clock = clock
        self.log = log
        self._lock = lock
        self._heartbeat = Heartbeat(lock, clock, self._beat_run, self._lock_lost)
        self._tell: Callable[[RunEvent], None] = lambda _event: None
        self._changed: Callable[[], None] = lambda: None
        self._lost: Callable[[], None] = lambda: None
        self._recorded: Callable[[RunReport], None] = lambda _report: None
        self.database: Database
        self.runner: Runner
        self.scheduler: SchedulerService
        self.indexing: Indexing

    @classmethod
    async def open(
        cls, *, settings: Settings, home: Home, clock: Clock, log: Log, lock: RunnerLock | None = None
    ) -> "Engine":
        """Take the runner lock, open the database, and close what a dead process left behind.

        A `lock` that is given is taken already; it is let go of where the engine cannot be opened.

        Raises:
            LockHeld: another process runs the engine.
            StoreError: the database cannot be opened.
            LockUnusable: the lock cannot be made.
        """
        if lock is None:
            lock = runner_lock(settings, home)
            lock.take(clock.now())
        engine = cls(settings=settings, home=home, clock=clock, log=log, lock=lock)
        try:
            engine.database = await asyncio.to_thread(
                Database.open,
                database_location(settings, home),
                backups=Backups(home.backups_folder, clock.now),
                guard=lock.guard,
            )
            left_behind = await engine._close_what_was_left()
        except BaseException:
            lock.release()
            raise
        for run_id in left_behind:
            logger.warning("Run %s was interrupted: its process ended without finishing it", run_id)
        service = ProductService(settings, engine.database, clock, engine._run_event)
        engine.runner = Runner(service, engine.database, clock, settings.filters, engine._run_recorded)
        engine.scheduler = SchedulerService(settings, engine.database, engine.runner, clock, engine._schedule_changed)
        engine._heartbeat.start()
        engine.indexing = Indexing(engine.database, lambda: engine.runner.active_run_id is not None)
        engine.indexing.start()
        return engine

    async def _close_what_was_left(self) -> list[int]:
        """Where nobody died in this home, a run that shows life may be that of an engine of another home."""
        try:
            if self._lock.was_left_behind:
                return await self.database.write(interrupt_active_runs)
            return await self.database.write(interrupt_silent_runs, self.clock.now())
        except BaseException:
            await self.database.close()
            raise

    async def _beat_run(self) -> None:
        await self.runner.beat()

    def listen(
        self,
        tell: Callable[[RunEvent], None],
        changed: Callable[[], None],
        recorded: Callable[[RunReport], None] = lambda _report: None,
    ) -> None:
        """Say who hears the events of runs, that the schedule has changed, and of slots that do not run."""
        self._tell = tell
        self._changed = changed
        self._recorded = recorded

    def _lock_lost(self) -> None:
        self._lost()

    def listen_for_loss(self, lost: Callable[[], None]) -> None:
        """Say who hears, again and again, that another process has the lock now."""
        self._lost = lost

    def _run_event(self, event: RunEvent) -> None:
        self.indexing.wake()
        self._tell(event)

    def _run_recorded(self, report: RunReport) -> None:
        self._recorded(report)

    def _schedule_changed(self) -> None:
        self._changed()

    async def close(self, status: RunStatus = RunStatus.INTERRUPTED) -> None:
        """Start no more runs, let the active one end at a page boundary as `status`, and let go of everything."""
        try:
            self.scheduler.stop()
            await self._drain(status)
        finally:
            await self._heartbeat.stop()
            await self.indexing.stop()
            await self.database.close()
            self._lock.release(leaving_behind=self.runner.leaves_a_run)

    async def _drain(self, status: RunStatus) -> None:
        try:
            async with asyncio.timeout(_DRAIN_SECONDS):
                await self.runner.close(status)
        except TimeoutError:
            logger.error("The active run did not reach a page boundary within %s seconds", _DRAIN_SECONDS)
