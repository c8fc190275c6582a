"""A lane: questions to the database that give way to each other, as those of somebody who types do."""

import asyncio
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from console.store.backend import Backend
from console.store.errors import StoreError

P = ParamSpec("P")
T = TypeVar("T")


class Overtaken(Exception):
    """The question was given up, because another one was asked."""


class Lane:
    """One connection that reads, on one thread. Questions about the same `subject` wait for each other; one about
    another subject takes the place of all that are waiting, and of the one that is being answered.
    """

    def __init__(self, backend: Backend, name: str) -> None:
        self._backend = backend
        self._engine = backend.readers(1)
        self._stopper = backend.stopper()
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
        self._ask_about(subject)
        try:
            asked = asyncio.get_running_loop().run_in_executor(
                self._thread, lambda: self._answer(subject, lambda connection: work(connection, *args, **kwargs))
            )
        except RuntimeError:  # it was shut down
            raise StoreError("The database is closed.") from None
        answer = await asked
        if not self._is_wanted(subject):
            raise Overtaken
        return answer

    def close(self) -> None:
        """Give up what is being answered, and close the connection. Blocks for a moment."""
        self._ask_about(object())
        self._thread.shutdown(wait=True)
        self._stopper.close()
        self._engine.dispose()

    def _ask_about(self, subject: Hashable) -> None:
        before, self._subject = self._subject, subject
        if before != subject:
            self._stopper.stop()

    def _is_wanted(self, subject: Hashable) -> bool:
        return self._subject == subject

    def _answer(self, subject: Hashable, look: Callable[[Connection], T]) -> T:
        try:
            return self._look(subject, look)
        except SQLAlchemyError as error:
            if self._stopper.has_stopped(error):  # asked for again meanwhile it is the affair of that second question
                raise Overtaken from None
            raise StoreError(self._backend.in_plain_words(error)) from error

    def _look(self, subject: Hashable, look: Callable[[Connection], T]) -> T:
        with self._engine.begin() as connection:
            if not self._is_wanted(subject):
                raise Overtaken
            self._stopper.begin(connection, lambda: self._is_wanted(subject))
            try:
                return look(connection)
            finally:
                self._stopper.end()
