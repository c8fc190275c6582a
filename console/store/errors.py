"""What can go wrong with the database, in the operator's terms."""

import sqlite3

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from console.text import clean


class StoreError(Exception):
    """The database cannot do what was asked. The message says what happened and what to do."""


class DatabaseUnusable(StoreError):
    """The database cannot be opened; it was left as it is."""


class DatabaseEmpty(DatabaseUnusable):
    """The database has no tables yet, and making them is the affair of the process that runs the engine."""


class ConnectionLost(StoreError):
    """The connection to the database was cut, or cannot be made just now: nothing was changed, and a retry may help."""


class RunOver(StoreError):
    """The run was ended from without, and nothing more of it is stored. The message names it."""


_ADVICE = (
    ("disk is full", "the disk is full: make room, then sync again"),
    ("readonly", "the database is read-only: give yourself the right to write it and its folder"),
    ("unable to open", "the database file cannot be opened: check that its folder exists and can be written"),
    ("locked", "another program keeps the database locked: end it, then try again"),
    ("not a database", "the file is no SQLite database: move it away, or set DATABASE_URL to another"),
    (
        "malformed",
        "the database is damaged: move it away and restore a backup (the home's backups/ may hold one), or start anew",
    ),
    ("disk i/o error", "the disk reports an error: check it, and the messages of the system"),
)


def in_plain_words(error: SQLAlchemyError | sqlite3.Error, *, disk_is_full: bool = False) -> str:
    """What happened and what to do. Never the statement's parameters: they are text from outside.

    Where `disk_is_full` is known, an I/O error of SQLite, which does not know, is no fault of the disk.
    """
    original = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    said = clean(str(original), 200)
    if disk_is_full and "disk i/o error" in said.lower():
        said = f"disk is full: {said}"
    advice = next((advice for sign, advice in _ADVICE if sign in said.lower()), None)
    return f"The database refused: {advice} ({said})." if advice else f"The database refused: {said}."
