"""The runner lock of a database of PostgreSQL: of all hosts that use it, one runs the engine. Loaded only there.

It is a session advisory lock on a connection of its own: the server lets go of it when that connection ends, however
it ends; a host that is gone without a word is missed after half a minute. The connection's `application_name` says who
has it, and its last statement is the heartbeat: nothing of that can outlive the session.

A connection may be cut while its process works on. So every transaction that writes, once it has the lock of those that
write, looks with `guard` whether this one is still ours; and whoever takes this one waits for the transaction that goes
on just then. So of two engines the one that lost the lock never writes after the other.
"""

import contextlib
import logging
import os
import re
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from sqlalchemy import Connection

from console.database_url import passwords_in
from console.redaction import Redactor
from console.scheduling.lock import LockHolder, LockUnusable, own_user
from console.store.errors import ConnectionLost, StoreError
from console.store.location import PostgresServer
from console.store.postgres.errors import in_plain_words
from console.store.postgres.locks import AWAIT_WRITERS, END_WRITER, HOLDER, HOLDERS, LET_WRITE, TRY_LOCK, WRITERS_LOCK
from console.text import clean

logger = logging.getLogger("console")

_CONNECT: dict[str, Any] = {
    "connect_timeout": 10, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3,
    "tcp_user_timeout": 25_000, "client_encoding": "UTF8",
}  # fmt: skip
_SET_UP = (
    "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; "
    "SET tcp_user_timeout = 25000; SET lock_timeout = '2s'; SET statement_timeout = '20s'"
)
"""The same for the server's side: it is the server that must notice that a host is gone."""
_NAME = re.compile(r"g2a-console/(\d+)/(\d{8}T\d{4})/([^@]*)@(.+)")
_NAME_LIMIT, _USER_LIMIT = 63, 12
_TIME = "%Y%m%dT%H%M"
_TRIES = 100
_PAUSE_SECONDS = 0.02


class LockLost(StoreError):
    """The connection that held the lock was cut, and another process has it now. The message names that one."""


class DatabaseLock:
    """The lock of one database. May be used from any thread."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._connection: psycopg.Connection[Any] | None = None
        self._session: int | None = None
        """The server's number for the session that has the lock for us, or had it before it was cut."""
        self._since: datetime | None = None
        self.lost: LockLost | None = None
        """That another process has the lock now. It is not taken again: what is known here may be of yesterday."""
        self._using = threading.Lock()

    def try_take(self, now: datetime) -> bool:
        """Take the lock if nobody has it, without waiting; returns whether it is ours now.

        Raises:
            LockUnusable: the server cannot be reached, or refuses.
        """
        with self._using, self._plainly():
            connection = self._connected()
            if not _try_lock(connection):
                return False
            try:
                _await_writers(connection)
                self._is_ours(connection, now)
            except BaseException:
                self._disconnect()
                raise
            return True

    def holder(self, now: datetime) -> LockHolder | None:
        """Who holds the lock; None where nobody does or it cannot be told. Keeps its connection until `release`."""
        try:
            with self._using, self._plainly():
                found = _find_holder(self._connected(), now)
        except LockUnusable:
            return None
        return found[1] if found else None

    def is_held(self) -> bool:
        """Whether somebody has it.

        Raises:
            LockUnusable: the server cannot be reached, or refuses.
        """
        with self._using, self._plainly():
            return bool(self._connected().execute(HOLDERS).fetchone())

    def beat(self) -> None:
        """Say that the holder still works; take the lock again where its connection was cut."""
        with self._using:
            if self._since is None or self.lost:
                return
            try:
                if self._connection is None:
                    self._take_again()
                else:
                    self._connection.execute("SELECT 1")
            except psycopg.Error:
                self._disconnect()  # the next beat, or the next transaction, tries again
            except LockLost as error:
                logger.error("%s", error)

    def guard(self, writer: Connection) -> None:
        """Look whether the lock is ours, at the beginning of a transaction that writes; take it again if nobody has it.

        Raises:
            LockLost: another process has it.
            ConnectionLost: the server cannot be reached by the lock's own connection.
        """
        holders = writer.exec_driver_sql(HOLDERS).scalars().all()
        with self._using:
            if self._session in holders:
                return
            try:
                with self._plainly():
                    self._take_again()
            except LockUnusable as error:
                raise ConnectionLost(str(error)) from None

    def release(self) -> None:
        """Let go of it, and of the connection."""
        with self._using:
            self._since = self._session = self.lost = None
            if self._connection is not None:
                with contextlib.suppress(psycopg.Error):
                    self._connection.execute("SELECT pg_advisory_unlock_all()")
            self._disconnect()

    # -- all that follows is done by who uses the connection -------------------------------------------------------

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(
                self._server.conninfo, autocommit=True, application_name="g2a-console", **_CONNECT
            )
            self._connection.execute(_SET_UP)
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _is_ours(self, connection: psycopg.Connection[Any], since: datetime) -> None:
        connection.execute("SELECT set_config('application_name', %s, false)", (_name(since),))
        self._session = connection.info.backend_pid
        self._since = since

    def _take_again(self) -> None:
        """Take the lock on a new connection, unless another process has it: this one then works no more."""
        if self.lost:
            raise self.lost
        if self._since is None:
            raise LockLost("This process has not the runner lock: it stores nothing.")
        self._disconnect()
        connection = self._connected()
        for _ in range(_TRIES):
            if _try_lock(connection):
                self._is_ours(connection, self._since)
                logger.warning("The connection that held the runner lock was cut: the lock is taken again")
                return
            found = _find_holder(connection)
            if found and found[0] != self._session:
                self.lost = LockLost(
                    f"Another g2a-console has taken over since the connection to {self._server.shown} was cut: "
                    f"{found[1] or 'it does not say who it is'}. This one stores nothing more."
                )
                raise self.lost
            if found:  # our own session of before, which the server does not know yet to be cut
                connection.execute("SELECT pg_terminate_backend(%s)", (found[0],))
            time.sleep(_PAUSE_SECONDS)
        raise LockUnusable(f"The runner lock of {self._server.shown} cannot be taken again.")

    @contextlib.contextmanager
    def _plainly(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            self._disconnect()
            said = in_plain_words(error, Redactor(passwords_in(self._server.url.reveal())))
            raise LockUnusable(f"The database {self._server.shown}: {said}") from None


def _try_lock(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute(TRY_LOCK).fetchone()
    return bool(row and row[0])


def _await_writers(connection: psycopg.Connection[Any]) -> None:
    """Until no transaction goes on that began while another process had the lock: what hangs is ended."""
    key = (WRITERS_LOCK,)
    try:
        connection.execute(AWAIT_WRITERS, key)
    except psycopg.errors.LockNotAvailable:
        connection.execute(END_WRITER, key)
        connection.execute(AWAIT_WRITERS, key)
    connection.execute(LET_WRITE, key)


def _find_holder(
    connection: psycopg.Connection[Any], now: datetime | None = None
) -> tuple[int, LockHolder | None] | None:
    """The session that has the lock, and who that is; with `now` its heartbeat, whose age the server's clock tells."""
    row = connection.execute(HOLDER).fetchone()
    if row is None:
        return None
    session, name, silent_seconds = row
    told = _NAME.fullmatch(clean(name or "", _NAME_LIMIT))
    if told is None:
        return session, None
    pid, since, user, host = told.groups()
    beat = None if now is None or silent_seconds is None else now - timedelta(seconds=silent_seconds)
    return session, LockHolder(int(pid), host, datetime.strptime(since, _TIME).replace(tzinfo=UTC), user, beat)


def _name(since: datetime) -> str:
    """Who we are, in no more letters than PostgreSQL keeps."""
    user = own_user().replace("@", "_").replace("/", "_")[:_USER_LIMIT]
    return f"g2a-console/{os.getpid()}/{since:{_TIME}}/{user}@{socket.gethostname()}"[:_NAME_LIMIT]
