"""The database for a short command, beside the engine that may be running in another process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from console.clock import Clock
from console.home import Home
from console.operations.location import database_location, may_hold_tables, runner_lock
from console.scheduling.lock import LockHeld, RunnerLock
from console.settings import Settings
from console.store.backup import Backups
from console.store.database import Database
from console.store.errors import DatabaseEmpty


@asynccontextmanager
async def reading(settings: Settings, home: Home) -> AsyncIterator[Database | None]:
    """The database to look into; None where there is none yet.

    Raises:
        StoreError: the database cannot be opened.
    """
    location = database_location(settings, home)
    if not may_hold_tables(location):
        yield None
        return
    try:
        database = await asyncio.to_thread(Database.open, location, is_only_writer=False)
    except DatabaseEmpty:
        yield None
        return
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def writing(settings: Settings, home: Home, clock: Clock) -> AsyncIterator[Database]:
    """The database to change something small in.

    Where no engine runs, this takes the runner lock meanwhile, makes the database and brings it up to date.

    Raises:
        LockUnusable: the lock cannot be made.
        StoreError: the database cannot be opened.
    """
    lock = runner_lock(settings, home)
    is_alone = False
    with suppress(LockHeld):
        lock.take(clock.now())
        is_alone = True
    async with _opened(settings, home, clock, lock, is_alone=is_alone) as database:
        yield database


@asynccontextmanager
async def writing_alone(settings: Settings, home: Home, clock: Clock) -> AsyncIterator[Database]:
    """The database to change something in that no engine may be at work beside: this takes the runner lock.

    Raises:
        LockHeld: another process runs the engine.
        LockUnusable: the lock cannot be made.
        StoreError: the database cannot be opened.
    """
    lock = runner_lock(settings, home)
    lock.take(clock.now())
    async with _opened(settings, home, clock, lock, is_alone=True) as database:
        yield database


@asynccontextmanager
async def _opened(
    settings: Settings, home: Home, clock: Clock, lock: RunnerLock, *, is_alone: bool
) -> AsyncIterator[Database]:
    """The database to write into, and the lock let go of afterwards. `is_alone`: it is ours."""
    try:
        database = await asyncio.to_thread(
            Database.open,
            database_location(settings, home),
            is_only_writer=is_alone,
            backups=Backups(home.backups_folder, clock.now),
            guard=lock.guard if is_alone else None,
        )
        try:
            yield database
        finally:
            await database.close()
    finally:
        lock.release()
