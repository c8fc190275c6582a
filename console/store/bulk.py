"""Many rows in one step of the database.

Python's sqlite3 lets go of the interpreter's lock at every row that it steps through, and gets it back only when the
thread of the event loop pauses, at worst 5 ms later. A page of 20 products with an `executemany` for each table has a
hundred such rows; as one statement it has one. (Measured beside a busy thread: 150 s against 3 s for 771 pages.)
"""

import functools
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

_MOST_PARAMETERS = 10_000
"""In one statement; SQLite takes 32,766 since 3.32."""


def insert_rows(
    connection: Connection, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]], on_conflict: str = ""
) -> None:
    """Insert the rows; `on_conflict` is the statement's last clause."""
    at_once = _MOST_PARAMETERS // len(columns)
    for start in range(0, len(rows), at_once):
        some = rows[start : start + at_once]
        statement = _insert(table, tuple(columns), len(some), on_conflict)
        connection.exec_driver_sql(statement, tuple([value for row in some for value in row]))


@functools.lru_cache(1_024)
def _insert(table: str, columns: tuple[str, ...], rows: int, on_conflict: str) -> str:
    row = f"({', '.join('?' * len(columns))})"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * rows)} {on_conflict}"


def for_each(connection: Connection, statement: str, rows: list[tuple[Any, ...]]) -> None:
    """Carry out a statement for each of a few rows, none included."""
    if rows:
        connection.exec_driver_sql(statement, rows)


def marks(values: Sequence[object]) -> str:
    """As many placeholders, in brackets."""
    return "({})".format(", ".join("?" * len(values)))
