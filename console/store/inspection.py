"""Looking at a database file that may be anything, without changing a byte of it or leaving a file beside it."""

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from console.store.errors import DatabaseUnusable, in_plain_words
from console.store.migrate import check_revision
from console.text import clean

_BUSY_SECONDS = 5.0
_CHECK_SECONDS = 3.0
"""How long a start may take to look for damage: enough for a gigabyte. What is larger is looked at as far as that."""
_STEPS_BETWEEN_LOOKS = 10_000
_STEPS_OF_A_LONG_LOOK = 1_000_000
"""Some tenths of a second. Each look at the clock waits for Python, which may be at work in another thread."""
_MAGIC = b"SQLite format 3\x00"
_HEADER_BYTES = 100
_READ_VERSION = 19
_WITH_WAL = 2


def inspect(path: Path, *, seconds: float = _CHECK_SECONDS) -> str | None:
    """The schema's revision of the database; None where it has no tables. `seconds` go into looking for damage.

    Raises:
        DatabaseUnusable: it is damaged, or no database, or holds something else, or comes from a newer program.
    """
    if path.stat().st_size == 0:
        return None
    try:
        return _inspect(path, seconds)
    except sqlite3.Error as error:
        raise DatabaseUnusable(f"{clean(str(path))}: {in_plain_words(error)}") from None


@contextlib.contextmanager
def open_to_look(path: Path, *, while_others_write: bool = False) -> Iterator[sqlite3.Connection]:
    """A connection that only reads, with one state of the database before it.

    `while_others_write` is for a look that takes its time: somebody may begin to write meanwhile. It may leave an empty
    -wal and a -shm file beside the database.

    Raises:
        sqlite3.Error: it cannot be read.
    """
    uri = f"file:{quote(str(path))}?{'mode=ro' if while_others_write else _way_in(path)}"
    with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)) as connection:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        yield connection


def find_damage(connection: sqlite3.Connection, seconds: float, *, thoroughly: bool = False) -> str | None:
    """What SQLite finds damaged, the first of it; None where it finds nothing in that time.

    Raises:
        sqlite3.Error: there is so much of it that it cannot go on looking.
        KeyboardInterrupt: somebody pressed Ctrl+C meanwhile.
    """
    deadline = time.monotonic() + seconds
    steps = _STEPS_OF_A_LONG_LOOK if thoroughly else _STEPS_BETWEEN_LOOKS
    connection.set_progress_handler(lambda: time.monotonic() > deadline, steps)
    try:
        (found,) = connection.execute(f"PRAGMA {'integrity_check' if thoroughly else 'quick_check'}(1)").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        if time.monotonic() <= deadline:  # what is raised within the handler ends there, and the look with it
            raise KeyboardInterrupt from None
        return None
    finally:
        connection.set_progress_handler(None, 0)
    return None if found == "ok" else clean(str(found), 200)


def tables_of(connection: sqlite3.Connection) -> set[str]:
    """The names of the tables."""
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def revision_in(connection: sqlite3.Connection, path: Path) -> str | None:
    """The schema's revision; None where there are no tables.

    Raises:
        DatabaseUnusable: it holds something else, or comes from a newer program.
    """
    tables = tables_of(connection)
    versions = connection.execute("SELECT version_num FROM alembic_version") if "alembic_version" in tables else ()
    return check_revision(clean(str(path)), "a file", tables, [str(version) for (version,) in versions])


def _inspect(path: Path, seconds: float) -> str | None:
    with path.open("rb") as file:
        if not file.read(_HEADER_BYTES).startswith(_MAGIC):
            raise sqlite3.DatabaseError("file is not a database")
    with open_to_look(path) as connection:
        revision = revision_in(connection, path)
        damage = find_damage(connection, seconds) if seconds else None
    if damage:
        raise sqlite3.DatabaseError(f"malformed: {damage}")
    return revision


def _way_in(path: Path) -> str:
    """How to open it so that nothing is written.

    SQLite makes a -wal and a -shm file even to read where it writes ahead; without a -wal nobody has it open, and all
    of it is in the one file. Where a journal tells of a write that was cut off, only undoing that write makes it
    readable: whoever opens it next does that, and it may be us.
    """
    if path.with_name(path.name + "-wal").exists():
        return "mode=ro"
    journal = path.with_name(path.name + "-journal")
    if journal.exists() and journal.stat().st_size:
        return "mode=rw"
    return "immutable=1" if _writes_ahead(path) else "mode=ro"


def _writes_ahead(path: Path) -> bool:
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    return len(header) == _HEADER_BYTES and header[_READ_VERSION] == _WITH_WAL
