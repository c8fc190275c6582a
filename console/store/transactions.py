"""Carrying out transactions, and again those that were cut off with the connection to a server.

What a cut means for a transaction is known, not guessed: one whose COMMIT was on its way may have been made, and done
again it would count everything twice. PostgreSQL tells afterwards what became of it.
"""

import itertools
import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from console.store.backend import Backend
from console.store.errors import ConnectionLost, StoreError

T = TypeVar("T")
Guard = Callable[[Connection], None]
"""Raises a StoreError where nothing may be written; called at the beginning of a transaction, and in it."""

logger = logging.getLogger("console")

_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0


class Transactions:
    """Those of one engine. `carry_out` blocks, and may be called from the threads that the engine has connections for.

    A transaction that was cut off is done again for so many `seconds`: long enough for a server to start again.
    """

    def __init__(self, engine: Engine, backend: Backend, seconds: float, guard: Guard | None = None) -> None:
        self._engine = engine
        self._backend = backend
        self._seconds = seconds
        self._guard = guard
        self._is_given_up = threading.Event()
        self._is_away = False

    def carry_out(self, work: Callable[[Connection], T]) -> T:
        """Run `work(connection)` in a transaction.

        Raises:
            ConnectionLost: the server cannot be reached.
            StoreError: the database refused.
        """
        attempt = _Attempt(self._backend, self._guard, work)
        pauses = self._pauses()
        while True:
            try:
                result = attempt.carry_out(self._engine)
            except SQLAlchemyError as error:
                said = self._backend.in_plain_words(error)
                if not self._backend.is_cut(error):
                    raise StoreError(said) from error
                self._wait(pauses, said)
            except ConnectionLost as error:
                self._wait(pauses, str(error))
            else:
                self._say_whether_away(None)
                return result

    def _say_whether_away(self, said: str | None) -> None:
        """Once when the server is lost, and once when it is there again: not for every transaction in between."""
        if said is not None and not self._is_away:
            logger.warning("The connection to the database was cut, and is tried again: %s", said)
        elif said is None and self._is_away:
            logger.info("The database is reached again")
        self._is_away = said is not None

    def give_up(self) -> None:
        """Wait for no server any more: what is cut off is tried again once. From any thread."""
        self._is_given_up.set()

    def dispose(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _wait(self, pauses: Iterator[float], said: str) -> None:
        self._say_whether_away(said)
        pause = next(pauses, None)
        if pause is None or (pause and self._is_given_up.wait(pause)):
            raise ConnectionLost(said) from None

    def _pauses(self) -> Iterator[float]:
        """How long to wait before each further attempt, as long as there is time for one."""
        deadline = time.monotonic() + self._seconds
        for pause in itertools.chain([0.0], (min(_FIRST_PAUSE * 2**number, _LONGEST_PAUSE) for number in range(1_000))):
            if time.monotonic() + pause > deadline:
                return
            yield pause


class _Attempt(Generic[T]):
    """One transaction, from its first attempt to the one that is made."""

    def __init__(self, backend: Backend, guard: Guard | None, work: Callable[[Connection], T]) -> None:
        self._backend = backend
        self._guard = guard
        self._work = work
        self._ticket: str | None = None
        """By which the server knows the transaction whose end was cut off; None where it did not come so far."""
        self._result: list[T] = []

    def carry_out(self, engine: Engine) -> T:
        if self._ticket is not None:
            with engine.begin() as connection:
                has_committed = self._backend.has_committed(connection, self._ticket)
            if has_committed:
                return self._result[0]
            self._ticket = None
        with engine.begin() as connection:
            if self._guard:
                self._guard(connection)
            self._result = [self._work(connection)]
            self._ticket = self._backend.ticket(connection) if self._guard else None
        return self._result[0]
