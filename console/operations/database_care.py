"""Looking after the database: checking it, backing it up, bringing it up to date."""

import asyncio
import shlex
from pathlib import Path

from console.clock import Clock
from console.home import Home
from console.operations.beside import writing_alone
from console.operations.checks import Check, doubtful, fine, wrong
from console.operations.location import database_location
from console.settings import Settings
from console.store.backup import back_up
from console.store.checkup import Checkup, check_up
from console.store.errors import DatabaseUnusable, StoreError
from console.store.inspection import inspect
from console.store.location import Location, PostgresServer, SqliteFile
from console.store.migrations import HEAD
from console.text import clean_path

_RESTORE = "End g2a-console, move the file away and copy a backup to its place (backups/ in the home may hold one)."
_UPGRADE = "Run `g2a-console db upgrade`."
_START = "Start g2a-console, or sync once: that sets it right."


def check_database(settings: Settings, home: Home) -> list[Check]:
    """Everything that can be wrong with the database. Blocks, for seconds where it is large."""
    location = database_location(settings, home)
    if not isinstance(location, SqliteFile):
        from console.operations.server_care import check_server  # noqa: PLC0415 - few have PostgreSQL

        return check_server(location)
    path = location.path
    if not path.exists():
        return [wrong("file", f"There is no database {path} yet.", "The first sync makes it.")]
    try:
        found = check_up(path)
    except (StoreError, OSError) as error:
        return [wrong("file", str(error), _RESTORE)]
    return [
        fine("file", f"{path} ({path.stat().st_size / 1e6:.1f} MB)"),
        _integrity(found),
        _references(found),
        tell_search(found.strays, _RESTORE),
        tell_schema(found.revision, _UPGRADE),
        _journal(found),
    ]


def size_of_database(settings: Settings, home: Home) -> int:
    """How many bytes its file has; 0 where there is none."""
    location = database_location(settings, home)
    try:
        return location.path.stat().st_size if isinstance(location, SqliteFile) else 0
    except OSError:
        return 0


def back_up_database(settings: Settings, home: Home, target: Path) -> int:
    """Back up the database to a file that there is none of yet; returns its size in bytes. Blocks.

    Raises:
        StoreError: it cannot be done; the message says why.
    """
    location = database_location(settings, home)
    if not isinstance(location, SqliteFile):
        raise DatabaseUnusable(
            f"{location.shown} is backed up by PostgreSQL's own program: `{_dump_line(location, target)}`."
        )
    source = location.path
    if source.exists():
        inspect(source, seconds=0)  # a backup of something else would be trusted
    back_up(source, target)
    return target.stat().st_size


async def upgrade_database(settings: Settings, home: Home, clock: Clock) -> tuple[str | None, str]:
    """Bring the database up to date, where it is a file a backup first; returns from which schema to which.

    Raises:
        LockHeld: another process runs the engine.
        LockUnusable: the lock cannot be made.
        StoreError: it cannot be done; the message says why.
    """
    before = await asyncio.to_thread(_revision, database_location(settings, home))
    async with writing_alone(settings, home, clock):
        return before, HEAD


def _revision(location: Location) -> str | None:
    if not isinstance(location, SqliteFile):
        from console.store.postgres.checkup import look_over  # noqa: PLC0415 - few have PostgreSQL

        return look_over(location).revision
    return inspect(location.path, seconds=0) if location.path.is_file() else None


def _dump_line(server: PostgresServer, target: Path) -> str:
    """The command that backs it up; the password is asked for, or comes from ~/.pgpass."""
    return shlex.join(["pg_dump", "--format=custom", f"--file={clean_path(target)}", f"--dbname={server.shown}"])


def _integrity(found: Checkup) -> Check:
    if found.damage:
        return wrong("integrity", f"The database is damaged: {found.damage}.", _RESTORE)
    return fine("integrity", "every page and index is as it should be")


def _references(found: Checkup) -> Check:
    if found.lost_references:
        return wrong("references", f"{found.lost_references:,} rows refer to rows that are not there.", _RESTORE)
    return fine("references", "every row that is referred to is there")


def tell_search(strays: int, restore: str) -> Check:
    """Whether every product is found as it is; `restore` says what to do where it is not."""
    if strays:
        return wrong("search", f"{strays:,} products would not be found as they are.", restore)
    return fine("search", "every product is found by its words")


def tell_schema(revision: str | None, upgrade: str) -> Check:
    """Whether the tables are up to date; `upgrade` says how they become so."""
    if revision is None:
        return doubtful("schema", "The database has no tables yet.", "The first sync makes them.")
    if revision != HEAD:
        return wrong("schema", f"The schema is {revision}, older than {HEAD}.", upgrade)
    return fine("schema", f"{HEAD}, up to date")


def _journal(found: Checkup) -> Check:
    if found.journal_mode != "wal":
        return doubtful("journal", f"The database does not write ahead (mode {found.journal_mode}).", _START)
    return fine("journal", "write-ahead logging")
