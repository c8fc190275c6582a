"""A lane: questions to the database that give way to each other, as those of somebody who types do."""

import asyncio
import sqlite3
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from console.store.errors import StoreError, in_plain_words

P = ParamSpec("P")
T = TypeVar("T")


_STEPS_BETWEEN_LOOKS = 50_000
"""SQLite's own steps after which it is asked whether anybody still wants the answer: about a millisecond."""


class Overtaken(Exception):
    """The question was given up, because another one was asked."""


class Lane:
    """One connection that reads, on one thread. Questions about the same `subject` wait for each other; one about
    another subject takes the place of all that are waiting, and of the one that is being answered.
    """

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._thread = ThreadPoolExecutor(1, f"database-{name}")
        self._subject: Hashable = None

    async def read(
        self, subject: Hashable, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(connection, …)`; it sees one state of the database. From any loop.

        Raises:
            Overtaken: something else was asked meanwhile.
            StoreError: the database refused.
        """
        self._subject = subject

        def look() -> T:
            try:
                with self._engine.connect() as connection, connection.begin():
                    self._begin(subject, connection)
                    return work(connection, *args, **kwargs)
            except OperationalError as error:
                # Asked for again meanwhile it is the affair of that second question.
                if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                    raise Overtaken from None
                raise StoreError(in_plain_words(error)) from error
            except SQLAlchemyError as error:
                raise StoreError(in_plain_words(error)) from error

        try:
            asked = asyncio.get_running_loop().run_in_executor(self._thread, look)
        except RuntimeError:  # it was shut down
            raise StoreError("The database is closed.") from None
        answer = await asked
        if not self._is_wanted(subject):
            raise Overtaken
        return answer

    def close(self) -> None:
        """Give up what is being answered, and close the connection. Blocks for a moment."""
        self._subject = object()
        self._thread.shutdown(wait=True)
        self._engine.dispose()

    def _is_wanted(self, subject: Hashable) -> bool:
        return self._subject == subject

    def _begin(self, subject: Hashable, connection: Connection) -> None:
        raw = cast("sqlite3.Connection", connection.connection.dbapi_connection)
        if not self._is_wanted(subject):
            raise Overtaken
        raw.set_progress_handler(lambda: not self._is_wanted(subject), _STEPS_BETWEEN_LOOKS)
