"""What `Database` asks of SQLite and of PostgreSQL, each of which answers in its own way."""

from collections.abc import Callable
from typing import Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

IsWanted = Callable[[], bool]


class Stopper(Protocol):
    """Stops the question that a connection of a lane is answering, once nobody wants the answer any more."""

    def begin(self, connection: Connection, is_wanted: IsWanted) -> None:
        """A question begins, on the lane's thread."""

    def end(self) -> None:
        """It is over, on the same thread."""

    def stop(self) -> None:
        """Nobody wants the answer of what is under way. From any thread, and at once."""

    def has_stopped(self, error: SQLAlchemyError) -> bool:
        """Whether the error says that it was stopped."""

    def close(self) -> None:
        """No question comes any more. Blocks for a moment."""


class Backend(Protocol):
    """A kind of database. Its methods block."""

    def open(self) -> None:
        """Look whether it is ours, and make or migrate the tables where that is our affair.

        Raises:
            DatabaseUnusable: it cannot be used; it is left as it is.
            DatabaseEmpty: making the tables is the affair of another process.
        """

    def writer(self) -> Engine:
        """What writes: each of its transactions has the database to itself from its first moment."""

    def readers(self, connections: int) -> Engine:
        """What cannot write: each transaction sees one state of the database."""

    def stopper(self) -> Stopper:
        """For the questions of one lane."""

    def is_cut(self, error: SQLAlchemyError) -> bool:
        """Whether the connection was cut, or cannot be made just now: trying again may help."""

    def ticket(self, connection: Connection) -> str | None:
        """By what this transaction, which writes, is known when its end was cut off; None where that cannot be."""

    def has_committed(self, connection: Connection, ticket: str) -> bool:
        """Whether the transaction of this ticket was carried to its end. Waits until it is over."""

    def in_plain_words(self, error: SQLAlchemyError) -> str:
        """What happened and what to do, without a parameter or a password."""
