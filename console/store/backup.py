"""A copy of the database at one moment, made while others may use it."""

import contextlib
import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from console.store.errors import DatabaseUnusable, in_plain_words

_BUSY_SECONDS = 5.0
_COMPANIONS = ("", "-wal", "-shm", "-journal")


def copy_database(source: Path, target: Path) -> None:
    """Copy the database as it is at this moment into a new file, readable by its owner alone. Blocks.

    The source is only read. Where there is none yet, the copy is an empty file. What was made of a copy that cannot be
    finished is deleted.

    Raises:
        DatabaseUnusable: it cannot be read, or the copy cannot be written; the message says which and why.
    """
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise DatabaseUnusable(f"The copy {target} cannot be made: {error.strerror}.") from None
    try:
        if source.exists():
            _copy(source, target)
    except BaseException:
        delete_database(target)
        raise


def delete_database(path: Path) -> None:
    """Delete a database with everything that SQLite keeps beside it. It need not be there.

    Raises:
        DatabaseUnusable: a file cannot be deleted; the message says which and why.
    """
    for ending in _COMPANIONS:
        file = path.with_name(path.name + ending)
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise DatabaseUnusable(f"The file {file} cannot be deleted: {error.strerror}.") from None


def _copy(source: Path, target: Path) -> None:
    try:
        reader = sqlite3.connect(
            f"file:{quote(str(source))}?mode=ro", uri=True, timeout=_BUSY_SECONDS, isolation_level=None
        )
    except sqlite3.Error as error:
        raise DatabaseUnusable(f"{source}: {in_plain_words(error)}") from None
    with contextlib.closing(reader), contextlib.closing(sqlite3.connect(target, isolation_level=None)) as writer:
        try:  # `backup` itself would wait for ever for a lock, and start anew whenever somebody writes
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.Error as error:
            raise DatabaseUnusable(f"{source}: {in_plain_words(error)}") from None
        try:
            writer.execute("PRAGMA synchronous = OFF")  # a copy that a power cut damages is made anew
            reader.backup(writer)
        except sqlite3.Error as error:
            raise DatabaseUnusable(f"{source} cannot be copied to {target}. {in_plain_words(error)}") from None
