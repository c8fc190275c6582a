"""A copy of the catalogue in a file of SQLite, for a dry run: nothing that is tried out there reaches the server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from console.store.bulk import insert_rows
from console.store.errors import DatabaseEmpty, DatabaseUnusable
from console.store.location import PostgresServer
from console.store.postgres.backend import PostgresBackend
from console.store.sqlite_backend import SqliteBackend
from console.store.tables import CategoryRow, ProductCategoryRow, ProductRow

_TABLES: tuple[Any, ...] = (CategoryRow, ProductRow, ProductCategoryRow)
"""What a sync compares with. What earlier runs did is nothing to it."""
_AT_ONCE = 2_000


def copy_catalogue(server: PostgresServer, target: Path) -> None:
    """Copy the catalogue as it is at this moment into a new file. Blocks.

    Where there is none yet, the tables of the copy are empty.

    Raises:
        DatabaseUnusable: it cannot be read, or the copy cannot be written; the message says why.
    """
    source = PostgresBackend(server, is_only_writer=False)
    copy = SqliteBackend(target, is_only_writer=True, backups=None)
    copy.open()
    try:
        source.open()
    except DatabaseEmpty:
        return
    readers, writer = source.readers(1), copy.writer()
    try:
        with readers.begin() as reading, writer.begin() as writing:
            for table in _TABLES:
                _copy(reading, writing, table.__table__)
    except SQLAlchemyError as error:
        raise DatabaseUnusable(f"{server.shown} cannot be copied. {source.in_plain_words(error)}") from None
    finally:
        readers.dispose()
        writer.dispose()


def _copy(reading: Connection, writing: Connection, table: Any) -> None:
    columns = [column.name for column in table.columns]
    for rows in _batches(reading, table.name, columns, [column.name for column in table.primary_key]):
        insert_rows(writing, table.name, columns, rows)


def _batches(reading: Connection, table: str, columns: list[str], key: list[str]) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a table, some at a time, from wherever the last ones ended."""
    select, order = f"SELECT {', '.join(columns)} FROM {table} ", f"ORDER BY {', '.join(key)} LIMIT {_AT_ONCE}"
    rows = reading.exec_driver_sql(select + order).all()
    beyond = f"WHERE ({', '.join(key)}) > ({', '.join('?' * len(key))}) "
    while rows:
        yield [tuple(row) for row in rows]
        last = rows[-1]._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
        rows = reading.exec_driver_sql(select + beyond + order, tuple(last[name] for name in key)).all()
