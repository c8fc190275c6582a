"""A database of a PostgreSQL server: connections that come back after a cut, and never wait for ever.

All that write take the same advisory lock first: as with SQLite a transaction has the database to itself, so that
what it reads stays true until it has written.
"""

from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExecutionContext, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from console.redaction import Redactor
from console.store.backend import Stopper
from console.store.errors import DatabaseUnusable
from console.store.location import PostgresServer
from console.store.migrate import check_current, migrate
from console.store.migrations import HEAD
from console.store.postgres.adapters import adapt, from_names, with_numbers
from console.store.postgres.errors import in_plain_words, is_cut
from console.store.postgres.inspection import check_server, revision_in
from console.store.postgres.locks import WRITERS_LOCK
from console.store.postgres.stopper import CancellingStopper

_CONNECTION = {
    "application_name": "g2a-console",
    "client_encoding": "UTF8",
    "connect_timeout": "10",
    "keepalives": "1",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}
"""What DATABASE_URL may say otherwise. A server that is gone without a word is noticed after a minute."""
_SESSION = (
    "SET timezone = 'UTC'; SET datestyle = 'ISO'; SET bytea_output = 'hex'; SET client_encoding = 'UTF8'; "
    "SET idle_in_transaction_session_timeout = '10min'; "
)
_READER = "SET statement_timeout = '30s'; SET work_mem = '32MB'; SET jit = off"
_WRITER = "SET lock_timeout = '10s'"
_BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_BEGIN_WRITING = f"BEGIN; SELECT pg_advisory_xact_lock({WRITERS_LOCK})"


class PostgresBackend:
    """A database of a server. With `is_only_writer` False another process makes its tables."""

    def __init__(self, server: PostgresServer, *, is_only_writer: bool) -> None:
        self._server = server
        self._is_only_writer = is_only_writer
        try:
            self._url = make_url(server.url.reveal())
            self._url.get_dialect()
        except (ArgumentError, ValueError, SQLAlchemyError):
            raise DatabaseUnusable(
                "DATABASE_URL cannot be understood: it takes postgresql+psycopg://user:password@host:port/name, with "
                "%40 for an @ in the password."
            ) from None
        self._secrets = Redactor([self._url.password] if self._url.password else [])
        self._writer = self._engine(1, _WRITER, _BEGIN_WRITING)

    def open(self) -> None:
        """See `Backend`."""
        try:
            if self._is_only_writer:
                self._make_current()
            else:
                self._check_is_current()
        except BaseException as error:
            self._writer.dispose()
            if isinstance(error, SQLAlchemyError):
                raise DatabaseUnusable(f"The database {self._server.shown}: {self.in_plain_words(error)}") from None
            raise

    def writer(self) -> Engine:
        """See `Backend`."""
        return self._writer

    def readers(self, connections: int) -> Engine:
        """See `Backend`."""
        return self._engine(connections, _READER, _BEGIN_READING)

    def stopper(self) -> Stopper:
        """See `Backend`."""
        return CancellingStopper()

    def is_cut(self, error: SQLAlchemyError) -> bool:
        """See `Backend`."""
        return is_cut(error)

    def ticket(self, connection: Connection) -> str | None:
        """See `Backend`."""
        return str(connection.exec_driver_sql("SELECT pg_current_xact_id()::text").scalar_one())

    def has_committed(self, connection: Connection, ticket: str) -> bool:
        """See `Backend`. Who has the writers' lock, as this one does, comes after the end of whoever had it."""
        status = connection.exec_driver_sql("SELECT pg_xact_status(CAST(? AS xid8))", (ticket,)).scalar_one()
        return bool(status == "committed")

    def in_plain_words(self, error: SQLAlchemyError) -> str:
        """See `Backend`."""
        return in_plain_words(error, self._secrets)

    def _make_current(self) -> None:
        with self._writer.begin() as connection:  # of two that begin at once the second finds what the first has made
            check_server(connection, self._server)
            if revision_in(connection, self._server) != HEAD:
                migrate(connection)

    def _check_is_current(self) -> None:
        """Without the writers' lock: somebody may be writing for long."""
        reader = self.readers(1)
        try:
            with reader.begin() as connection:
                revision = revision_in(connection, self._server)
        finally:
            reader.dispose()
        check_current(self._server.shown, revision)

    def _engine(self, connections: int, session: str, begin: str) -> Engine:
        chosen = {key: value for key, value in _CONNECTION.items() if key not in self._url.query}
        engine = create_engine(
            self._url,
            connect_args={**chosen, "prepare_threshold": None},
            poolclass=QueuePool,
            pool_size=connections,
            max_overflow=0,
            pool_pre_ping=True,  # one that was cut while nobody used it is opened anew, and nobody is told
            hide_parameters=True,
            use_native_hstore=False,
        )

        @event.listens_for(engine, "connect")
        def set_up(connection: psycopg.Connection[Any], _record: object) -> None:
            connection.autocommit = True  # transactions are begun by hand, as `begin` says
            connection.execute(_SESSION.encode() + session.encode())
            adapt(connection)

        @event.listens_for(engine, "begin")
        def begin_transaction(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

        @event.listens_for(engine, "before_cursor_execute", retval=True)
        def mark(
            _connection: Connection,
            _cursor: object,
            statement: str,
            parameters: Any,
            context: ExecutionContext | None,
            _many: bool,
        ) -> tuple[str, Any]:
            if context is not None and context.compiled is not None:
                statement, parameters = from_names(statement, parameters)
            # without parameters psycopg takes several statements at once
            return with_numbers(statement), parameters or None

        return engine
