"""Where the database of the settings is, and the runner lock that goes with it."""

from datetime import datetime
from pathlib import Path

from console.home import Home
from console.scheduling.lock import LockHolder, RunnerLock
from console.settings import SQLITE_URL, SecretStr, Settings
from console.store.location import Location, PostgresServer, SqliteFile


def database_location(settings: Settings, home: Home) -> Location:
    """The file or the server that DATABASE_URL names."""
    url = settings.database_url.reveal()
    if not url.startswith(SQLITE_URL):
        return PostgresServer(settings.database_url)
    return SqliteFile(Path(url.removeprefix(SQLITE_URL).replace("{home}", str(home.root))))


def is_sqlite(settings: Settings) -> bool:
    """Whether the database is a file of SQLite."""
    return settings.database_url.reveal().startswith(SQLITE_URL)


def shown_url(url: SecretStr) -> str:
    """DATABASE_URL without the password that a server's may hold."""
    return url.reveal() if url.reveal().startswith(SQLITE_URL) else PostgresServer(url).shown


def may_hold_tables(location: Location) -> bool:
    """Whether a look into it makes sense: a file that is not there holds none; a server can only be asked."""
    return not isinstance(location, SqliteFile) or location.path.exists()


def runner_lock(settings: Settings, home: Home) -> RunnerLock:
    """The lock of the home, and of the database where other hosts can have engines for it."""
    location = database_location(settings, home)
    if isinstance(location, SqliteFile):
        return RunnerLock(home.lock_file)
    from console.scheduling.database_lock import DatabaseLock  # noqa: PLC0415 - the driver is for those who use it

    return RunnerLock(home.lock_file, DatabaseLock(location))


def lock_holder(settings: Settings, home: Home, now: datetime) -> LockHolder | None:
    """Who runs the engine; None where nobody does, or who does does not say who it is. Blocks.

    Raises:
        LockUnusable: the server of the database cannot be reached.
    """
    lock = runner_lock(settings, home)
    try:
        if lock.database:
            lock.database.is_held()  # where it cannot be told, this says why
        return lock.holder(now)
    finally:
        lock.release()
