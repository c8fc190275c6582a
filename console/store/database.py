"""The database: one connection that writes, on a thread of its own, and readers that never hold it up."""

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from console.store.backend import Backend
from console.store.backup import Backups
from console.store.errors import DatabaseUnusable, StoreError
from console.store.lane import Lane
from console.store.location import Location, PostgresServer, SqliteFile, location_of
from console.store.sqlite_backend import SqliteBackend
from console.store.transactions import Guard, Transactions

P = ParamSpec("P")
T = TypeVar("T")

_READERS = 2
_WRITE_AGAIN_SECONDS, _READ_AGAIN_SECONDS = 30.0, 10.0
"""For how long a server that was there a moment ago is waited for: as long as it may take to start again."""


class Database:
    """An open database. `write` runs a function in one transaction on the writer's thread, `read` one on a reader's."""

    def __init__(self, location: Location, backend: Backend, writer: Engine, guard: Guard | None) -> None:
        self.location = location
        self._backend = backend
        self._writer = Transactions(writer, backend, _WRITE_AGAIN_SECONDS, guard or _nothing_is_asked)
        self._readers = Transactions(backend.readers(_READERS), backend, _READ_AGAIN_SECONDS)
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
        guard: Guard | None = None,
    ) -> "Database":
        """Open the database there; where this process holds the runner lock, make and migrate it first.

        With `is_only_writer` False another process writes it: this one then neither migrates nor checkpoints. A file
        with tables goes into `backups` before it is migrated. `guard` is called at the beginning of every transaction
        of `write`. Blocks; call it from a thread.

        Raises:
            DatabaseUnusable: it cannot be opened; it is left as it is.
            DatabaseEmpty: `is_only_writer` is False, and nobody has made the tables yet.
        """
        located = location_of(location)
        backend = _backend(located, is_only_writer=is_only_writer, backups=backups)
        backend.open()
        writer = backend.writer()
        try:
            with writer.connect():  # what stands in the way of writing is told at once
                return cls(located, backend, writer, guard)
        except SQLAlchemyError as error:
            writer.dispose()
            raise DatabaseUnusable(f"{located.shown}: {backend.in_plain_words(error)}") from None

    @property
    def path(self) -> Path:
        """The file; only where it is one."""
        assert isinstance(self.location, SqliteFile), "there is no file"  # noqa: S101 - a fault of ours
        return self.location.path

    async def write(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work(connection, …)` as one transaction: all of it, or nothing.

        Once begun it is carried to its end even if the caller is cancelled.

        Raises:
            StoreError: the database refused.
        """

        def transact() -> T:
            return self._writer.carry_out(lambda connection: work(connection, *args, **kwargs))

        return await _on(self._writer_thread, transact)

    async def read(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work(connection, …)` on a connection that cannot write; it sees one state of the database.

        Raises:
            StoreError: the database refused.
        """

        def look() -> T:
            return self._readers.carry_out(lambda connection: work(connection, *args, **kwargs))

        return await _on(self._reader_threads, look)

    def lane(self, name: str) -> Lane:
        """A way to read on a connection and a thread of its own, so that slow questions hold up nobody else's."""
        lane = Lane(self._backend, name)
        self._lanes.append(lane)
        return lane

    def wait_no_more(self) -> None:
        """Wait for no server that is away any more: the process is about to end. From any thread."""
        self._writer.give_up()
        self._readers.give_up()

    async def close(self) -> None:
        """Finish what is under way and close every connection."""
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self.wait_no_more()
        for lane in self._lanes:
            lane.close()
        self._reader_threads.shutdown(wait=True)
        self._readers.dispose()
        self._writer_thread.shutdown(wait=True)
        with contextlib.suppress(SQLAlchemyError):
            self._writer.dispose()


def _backend(location: Location, *, is_only_writer: bool, backups: Backups | None) -> Backend:
    if isinstance(location, PostgresServer):
        from console.store.postgres.backend import PostgresBackend  # noqa: PLC0415 - the driver is for those who use it

        return PostgresBackend(location, is_only_writer=is_only_writer)
    return SqliteBackend(location.path, is_only_writer=is_only_writer, backups=backups)


def _nothing_is_asked(_connection: Connection) -> None:
    """The guard of a writer that nobody else can take the database from."""


async def _on(threads: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    try:
        working = asyncio.get_running_loop().run_in_executor(threads, work)
    except RuntimeError:  # they were shut down
        raise StoreError("The database is closed.") from None
    return await working
