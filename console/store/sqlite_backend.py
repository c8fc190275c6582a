"""SQLite: one file, one writer, and readers that never hold it up.

What SQLite needs here, each learnt the hard way: Python's sqlite3 opens transactions by its own rules, so they are
switched off and begun explicitly; a lone writer that alone checkpoints keeps clear of a WAL bug of SQLite before
3.51.3.
"""

import logging
import sqlite3
from pathlib import Path
from typing import cast

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from console.store.backend import IsWanted, Stopper
from console.store.backup import Backups
from console.store.errors import DatabaseUnusable, in_plain_words
from console.store.inspection import inspect
from console.store.migrate import check_current, migrate
from console.store.migrations import HEAD
from console.store.place import is_full, prepare_place
from console.store.sqlite_search import register_words

logger = logging.getLogger("console")

_BUSY_TIMEOUT_MS = 5_000
_WAL_LIMIT_BYTES = 64 * 1024 * 1024
_CACHE_KIB = 16 * 1024
_STEPS_BETWEEN_LOOKS = 50_000
"""SQLite's own steps after which it is asked whether anybody still wants the answer: about a millisecond."""


class SqliteBackend:
    """A file. With `is_only_writer` False another process has it open for writing: this one does not checkpoint."""

    def __init__(self, path: Path, *, is_only_writer: bool, backups: Backups | None) -> None:
        self._path = path
        self._is_only_writer = is_only_writer
        self._backups = backups

    def open(self) -> None:
        """See `Backend`. One with tables goes into the backups before it is migrated."""
        prepare_place(self._path)
        try:
            # before SQLite is let write: switching to WAL alone changes the file
            revision = inspect(self._path) if self._is_only_writer else inspect(self._path, seconds=0)
            if not self._is_only_writer:
                check_current(str(self._path), revision)
            elif revision not in (None, HEAD) and self._backups:
                _back_up(self._path, str(revision), self._backups)
            if revision != HEAD:
                _migrate(self.writer())
        except OSError as error:
            raise DatabaseUnusable(f"The database {self._path} cannot be opened: {error.strerror}.") from None
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise DatabaseUnusable(f"{self._path}: {self.in_plain_words(error)}") from None

    def writer(self) -> Engine:
        """See `Backend`."""
        return _engine(self._path, 1, is_reader=False, checkpoints=self._is_only_writer)

    def readers(self, connections: int) -> Engine:
        """See `Backend`."""
        return _engine(self._path, connections, is_reader=True, checkpoints=False)

    def stopper(self) -> Stopper:
        """See `Backend`."""
        return _Stopper()

    def is_cut(self, error: SQLAlchemyError) -> bool:
        """See `Backend`. There is nothing that could be cut."""
        del error
        return False

    def ticket(self, connection: Connection) -> str | None:
        """See `Backend`."""
        del connection
        return None

    def has_committed(self, connection: Connection, ticket: str) -> bool:
        """See `Backend`. No ticket was ever given."""
        del connection, ticket
        return False

    def in_plain_words(self, error: SQLAlchemyError | sqlite3.Error) -> str:
        """See `Backend`."""
        return in_plain_words(error, disk_is_full=is_full(self._path))


class _Stopper:
    """SQLite itself asks every so often whether it is to go on."""

    def begin(self, connection: Connection, is_wanted: IsWanted) -> None:
        raw = cast("sqlite3.Connection", connection.connection.dbapi_connection)
        raw.set_progress_handler(lambda: not is_wanted(), _STEPS_BETWEEN_LOOKS)

    def end(self) -> None:
        pass

    def stop(self) -> None:
        pass

    def has_stopped(self, error: SQLAlchemyError) -> bool:
        original = error.orig if isinstance(error, DBAPIError) else None
        return getattr(original, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT

    def close(self) -> None:
        pass


def _back_up(path: Path, revision: str, backups: Backups) -> None:
    try:
        backup = backups.make(path, revision)
    except DatabaseUnusable as error:
        raise DatabaseUnusable(
            f"The database {path} must be backed up before it is brought up to date, and that is not possible. {error}"
        ) from None
    logger.info("Backed up the database, which has schema %s, to %s", revision, backup)


def _migrate(engine: Engine) -> None:
    try:
        with engine.begin() as connection:
            migrate(connection)
    finally:
        engine.dispose()


def _engine(path: Path, connections: int, *, is_reader: bool, checkpoints: bool) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),  # not a text: a path may hold "?" and "%"
        connect_args={"check_same_thread": False},
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
        if not checkpoints:
            connection.execute("PRAGMA wal_autocheckpoint = 0")
        if is_reader:
            connection.execute("PRAGMA query_only = ON")
            return
        (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":
            raise sqlite3.OperationalError(f"write-ahead logging is not possible here (journal mode {mode})")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA journal_size_limit = {_WAL_LIMIT_BYTES}")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        register_words(connection)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if is_reader else "BEGIN IMMEDIATE")

    return engine
