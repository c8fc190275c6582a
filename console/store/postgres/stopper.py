"""Stopping a question that a server is answering."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import psycopg
from psycopg.errors import QueryCanceled
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from console.store.backend import IsWanted

_CANCEL_SECONDS = 5.0
_AGAIN_SECONDS = 0.05
"""A statement that was on its way when the server was told is told of again."""


class _Question:
    """What a connection is answering."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.is_cancelled = False
        self._connection = connection
        self._telling = threading.Lock()
        self._is_over = threading.Event()

    def cancel(self) -> None:
        """Tell the server, until the question is over."""
        self.is_cancelled = True
        while not self._is_over.is_set():
            with self._telling, contextlib.suppress(psycopg.Error):
                if not self._is_over.is_set():
                    self._connection.cancel_safe(timeout=_CANCEL_SECONDS)
            self._is_over.wait(_AGAIN_SECONDS)

    def end(self) -> None:
        """It is over; what the server is being told has been told when this returns."""
        self._is_over.set()
        with self._telling:
            return


class CancellingStopper:
    """The server is told over a connection of its own, on a thread of its own: that takes a moment."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "database-stopper")
        self._question: _Question | None = None

    def begin(self, connection: Connection, is_wanted: IsWanted) -> None:
        """See `Stopper`."""
        raw = cast("psycopg.Connection[Any]", connection.connection.dbapi_connection)
        self._question = _Question(raw)
        if not is_wanted():  # whoever said so may have come before it was there to be stopped
            self.stop()

    def end(self) -> None:
        """See `Stopper`. The server could take what it is told late for the next question: it is waited for."""
        if self._question:
            self._question.end()

    def stop(self) -> None:
        """See `Stopper`."""
        question = self._question
        if question:
            with contextlib.suppress(RuntimeError):  # closed
                self._thread.submit(question.cancel)

    def has_stopped(self, error: SQLAlchemyError) -> bool:
        """See `Stopper`."""
        is_ours = self._question is not None and self._question.is_cancelled
        return is_ours and isinstance(error, DBAPIError) and isinstance(error.orig, QueryCanceled)

    def close(self) -> None:
        """See `Stopper`."""
        self._thread.shutdown(wait=True)
