"""The database: one writer connection on a thread of its own, and readers that never hold it up.

What SQLite needs here, each learnt the hard way: Python's sqlite3 opens transactions by its own rules, so they are
switched off and begun explicitly; a lone writer that alone checkpoints keeps clear of a WAL bug of SQLite before
3.51.3.
"""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from console.store.backup import Backups
from console.store.errors import DatabaseEmpty, DatabaseUnusable, StoreError, in_plain_words
from console.store.inspection import inspect
from console.store.lane import Lane
from console.store.location import Location, SqliteFile, location_of
from console.store.migrate import migrate
from console.store.migrations import HEAD
from console.store.place import is_full, prepare_place
from console.store.search_index import register_words

P = ParamSpec("P")
T = TypeVar("T")

logger = logging.getLogger("console")

_BUSY_TIMEOUT_MS = 5_000
_WAL_LIMIT_BYTES = 64 * 1024 * 1024
_CACHE_KIB = 16 * 1024
_READERS = 2


class Database:
    """An open database. `write` runs a function in one transaction on the writer's thread, `read` one on a reader's."""

    def __init__(self, path: Path, writer: Connection, readers: Engine) -> None:
        self.path = path
        self._writer = writer
        self._readers = readers
        self._lanes: list[Lane] = []
        self._writer_thread = ThreadPoolExecutor(1, "database-writer")
        self._reader_threads = ThreadPoolExecutor(_READERS, "database-reader")

    @classmethod
    def open(
        cls,
        location: Location | Path,
        *,
        is_only_writer: bool = True,
        backups: Backups | None = None,
        guard: Callable[[Connection], None] | None = None,
    ) -> "Database":
        """Open the database at `path`; where this process holds the runner lock, make and migrate it first.

        With `is_only_writer` False another process has it open for writing: this one then neither migrates nor
        checkpoints. One with tables goes into `backups` before it is migrated. Blocks; call it from a thread.

        Raises:
            DatabaseUnusable: it cannot be opened; the file is left as it is.
            DatabaseEmpty: `is_only_writer` is False, and nobody has made the tables yet.
        """
        located = location_of(location)
        assert isinstance(located, SqliteFile)
        path = located.path
        prepare_place(path)
        try:
            # before SQLite is let write: switching to WAL alone changes the file
            revision = inspect(path) if is_only_writer else inspect(path, seconds=0)
            if not is_only_writer:
                _check_is_current(path, revision)
            elif revision not in (None, HEAD) and backups:
                _back_up(path, str(revision), backups)
            writer = _engine(path, is_reader=False, checkpoints=is_only_writer).connect()
            if revision != HEAD:
                _migrate(writer)
            return cls(path, writer, _engine(path, is_reader=True, checkpoints=False))
        except OSError as error:
            raise DatabaseUnusable(f"The database {path} cannot be opened: {error.strerror}.") from None
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise DatabaseUnusable(f"{path}: {in_plain_words(error, disk_is_full=is_full(path))}") from None

    async def write(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work(connection, …)` as one transaction: all of it, or nothing.

        Once begun it is carried to its end even if the caller is cancelled.

        Raises:
            StoreError: the database refused.
        """

        def transact() -> T:
            with _plainly(self.path), self._writer.begin():
                return work(self._writer, *args, **kwargs)

        return await _on(self._writer_thread, transact)

    async def read(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work(connection, …)` on a connection that cannot write; it sees one state of the database.

        Raises:
            StoreError: the database refused.
        """

        def look() -> T:
            with _plainly(self.path), self._readers.connect() as connection, connection.begin():
                return work(connection, *args, **kwargs)

        return await _on(self._reader_threads, look)

    def lane(self, name: str) -> Lane:
        """A way to read on a connection and a thread of its own, so that slow questions hold up nobody else's."""
        lane = Lane(_engine(self.path, is_reader=True, checkpoints=False), name)
        self._lanes.append(lane)
        return lane

    async def close(self) -> None:
        """Finish what is under way and close every connection."""
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        for lane in self._lanes:
            lane.close()
        self._reader_threads.shutdown(wait=True)
        self._readers.dispose()
        with contextlib.suppress(RuntimeError):  # closed twice
            self._writer_thread.submit(self._close_writer).result()
        self._writer_thread.shutdown(wait=True)

    def _close_writer(self) -> None:
        with contextlib.suppress(SQLAlchemyError):
            self._writer.close()
            self._writer.engine.dispose()


async def _on(threads: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    try:
        working = asyncio.get_running_loop().run_in_executor(threads, work)
    except RuntimeError:  # they were shut down
        raise StoreError("The database is closed.") from None
    return await working


@contextlib.contextmanager
def _plainly(path: Path) -> Any:
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreError(in_plain_words(error, disk_is_full=is_full(path))) from error


def _check_is_current(path: Path, revision: str | None) -> None:
    if revision is None:
        raise DatabaseEmpty(f"The database {path} has no tables yet: start g2a-console, or sync once.")
    if revision != HEAD:
        raise DatabaseUnusable(
            f"The database {path} was made by an older g2a-console: start g2a-console, sync once, "
            "or run `g2a-console db upgrade` to bring it up to date."
        )


def _back_up(path: Path, revision: str, backups: Backups) -> None:
    try:
        backup = backups.make(path, revision)
    except DatabaseUnusable as error:
        raise DatabaseUnusable(
            f"The database {path} must be backed up before it is brought up to date, and that is not possible. {error}"
        ) from None
    logger.info("Backed up the database, which has schema %s, to %s", revision, backup)


def _migrate(writer: Connection) -> None:
    try:
        with writer.begin():
            migrate(writer)
    except BaseException:
        writer.close()
        writer.engine.dispose()
        raise


def _engine(path: Path, *, is_reader: bool, checkpoints: bool) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),  # not a text: a path may hold "?" and "%"
        connect_args={"check_same_thread": False},
        poolclass=QueuePool,
        pool_size=_READERS,
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
