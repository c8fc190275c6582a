"""The run that a command names by its number."""

import contextlib
from collections.abc import AsyncIterator

from console.home import Home
from console.operations.beside import reading
from console.operations.location import database_location, may_hold_tables
from console.run import RunReport
from console.settings import Settings
from console.store.database import Database
from console.store.runs import get_run


class NoSuchRun(Exception):
    """A command names a run that there is not. The message says so."""


@contextlib.asynccontextmanager
async def reading_run(settings: Settings, home: Home, run_id: int) -> AsyncIterator[tuple[Database, RunReport]]:
    """The database to look into, and the run in it that a command names.

    Raises:
        NoSuchRun: there is none.
        StoreError: the database cannot be opened or read.
    """
    async with reading(settings, home) as database:
        if database is None:
            raise NoSuchRun(f"There is no run {run_id}: no sync has run here yet.")
        yield database, await find_run(database, run_id)


async def find_run(database: Database, run_id: int) -> RunReport:
    """The run that a command names.

    Raises:
        NoSuchRun: there is none.
        StoreError: the database refused.
    """
    report = await database.read(get_run, run_id)
    if report is None:
        raise NoSuchRun(f"There is no run {run_id}: `g2a-console runs` lists those that there are.")
    return report


def check_database(settings: Settings, home: Home, run_id: int) -> None:
    """Raise NoSuchRun where there is no database yet: a command that names a run must not make one."""
    if not may_hold_tables(database_location(settings, home)):
        raise NoSuchRun(f"There is no run {run_id}: no sync has run here yet.")
