"""A dry run: a real sync, on a copy of the database that is deleted afterwards."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

from console.clock import Clock
from console.home import Home
from console.operations.heartbeat import Heartbeat
from console.operations.location import database_location, runner_lock
from console.run import RunStatus
from console.scheduling.runner import Runner
from console.scheduling.service import SchedulerService
from console.settings import Settings
from console.store.backup import copy_database, delete_database
from console.store.database import Database
from console.store.location import Location, SqliteFile
from console.sync.events import RunEvent
from console.sync.product_service import ProductService

logger = logging.getLogger("console")

_COPY = "dry-run.db"


class DryRun:
    """What a dry run works with: the parts of the engine, on another database."""

    def __init__(self, database: Database, settings: Settings, clock: Clock) -> None:
        self._tell: Callable[[RunEvent], None] = lambda _event: None
        self.database = database
        service = ProductService(settings, database, clock, self._run_event)
        self.runner = Runner(service, database, clock, settings.filters)
        self.scheduler = SchedulerService(settings, database, self.runner, clock, lambda: None)

    def listen(self, tell: Callable[[RunEvent], None]) -> None:
        """Say who hears the events of the run."""
        self._tell = tell

    def _run_event(self, event: RunEvent) -> None:
        self._tell(event)


@contextlib.asynccontextmanager
async def open_dry_run(settings: Settings, home: Home, clock: Clock) -> AsyncIterator[DryRun]:
    """Take the runner lock, copy the database, and work on the copy; whatever happens, the copy is deleted.

    Raises:
        LockHeld: another process runs the engine.
        LockUnusable: the lock cannot be made.
        StoreError: the database cannot be copied, or the copy cannot be opened.
    """
    async with _locked(settings, home, clock):
        copy = home.run_folder / _COPY
        delete_database(copy)  # what a dry run that was killed has left: the lock is ours, nobody uses it
        try:
            await asyncio.to_thread(_copy, database_location(settings, home), copy)
            async with _open_copy(copy, settings, clock) as opened:
                yield opened
        finally:
            delete_database(copy)


def _copy(location: Location, copy: Path) -> None:
    """Copy the catalogue to a file, wherever it is kept."""
    if isinstance(location, SqliteFile):
        copy_database(location.path, copy)
        return
    from console.store.postgres.copying import copy_catalogue  # noqa: PLC0415 - few have PostgreSQL

    copy_catalogue(location, copy)


@contextlib.asynccontextmanager
async def _locked(settings: Settings, home: Home, clock: Clock) -> AsyncIterator[None]:
    lock = runner_lock(settings, home)
    lock.take(clock.now())
    heartbeat = Heartbeat(lock, clock)
    heartbeat.start()
    try:
        with _told_in_the_log():
            yield
    finally:
        await heartbeat.stop()
        lock.release()


@contextlib.contextmanager
def _told_in_the_log() -> Iterator[None]:
    """Let nobody who reads the log take what happens here for a sync."""
    logger.info("A dry run begins: what follows is done to a copy of the catalogue")
    try:
        yield
    finally:
        logger.info("The dry run is over: the catalogue is as it was before")


@contextlib.asynccontextmanager
async def _open_copy(copy: Path, settings: Settings, clock: Clock) -> AsyncIterator[DryRun]:
    database = await asyncio.to_thread(Database.open, copy)
    try:
        opened = DryRun(database, settings, clock)
        try:
            yield opened
        finally:
            await opened.runner.close(RunStatus.INTERRUPTED)
    finally:
        await database.close()
