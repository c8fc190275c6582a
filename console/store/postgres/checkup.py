"""Looking over a database of a server: what can be told of it from here, without a right that few have."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from console.search import search_words
from console.store.errors import DatabaseUnusable
from console.store.location import PostgresServer
from console.store.migrations import HEAD
from console.store.postgres.backend import PostgresBackend
from console.store.postgres.inspection import revision_in, tables_in

T = TypeVar("T")

_SERVER = (
    "SELECT current_setting('server_version'), current_setting('server_version_num')::int, "
    "(SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl), inet_server_addr() IS NULL OR "
    "inet_server_addr() = inet_client_addr(), pg_is_in_recovery() OR current_setting('default_transaction_read_only')"
    "::boolean, coalesce(has_schema_privilege(current_schema(), 'CREATE'), FALSE), "
    "pg_database_size(current_database()), current_setting('server_encoding')"
)
_BROKEN_INDEXES = (
    "SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid "
    "WHERE NOT indisvalid AND relnamespace = current_schema()::regnamespace ORDER BY relname"
)
_UNCHECKED = (
    "SELECT conname FROM pg_constraint WHERE NOT convalidated AND connamespace = current_schema()::regnamespace "
    "ORDER BY conname"
)
_CHECKSUM_FAILURES = "SELECT coalesce(checksum_failures, 0) FROM pg_stat_database WHERE datname = current_database()"
_STRAYS = (
    "SELECT count(*) FROM products LEFT JOIN product_search ON product_search.product_id = products.id "
    "WHERE (product_search.doc IS NULL AND products.id NOT IN (SELECT product_id FROM product_search_backlog)) "
    "OR (product_search.doc IS NOT NULL AND (products.platform, products.region, products.is_active, "
    "products.min_price, products.qty) IS DISTINCT FROM (product_search.platform, product_search.region, "
    "product_search.is_active, product_search.min_price, product_search.qty))"
)
_LOST = (
    "SELECT count(*) FROM product_search LEFT JOIN products ON products.id = product_search.product_id "
    "WHERE products.id IS NULL"
)
_WORDED = (
    "SELECT id, words, name, id, slug, developer, publisher, products.platform, products.region FROM products "
    "JOIN product_search ON product_search.product_id = products.id WHERE id > ? ORDER BY id LIMIT ?"
)
_AT_ONCE = 5_000


class ServerSeen(msgspec.Struct, frozen=True, kw_only=True):
    """What a quick look has found. `encryption` is None where there is none; `is_near`: it is this very machine."""

    version: str
    version_number: int
    encryption: str | None
    is_near: bool
    is_read_only: bool
    may_make_tables: bool
    size_bytes: int
    encoding: str
    revision: str | None
    active_products: int


class ServerCheckup(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was found. `rows` were read, all that there are; `strays` are products that are not found."""

    seen: ServerSeen
    rows: int
    broken_indexes: tuple[str, ...]
    unchecked_references: tuple[str, ...]
    checksum_failures: int
    strays: int


def look_over(server: PostgresServer) -> ServerSeen:
    """Look at the server and count what the database holds. Blocks, for as long as a connection may take.

    Raises:
        DatabaseUnusable: it cannot be reached or read, or it is not ours.
    """
    return _looking(server, lambda connection: _see(connection, server))


def check_up(server: PostgresServer) -> ServerCheckup:
    """Read everything that the database holds, and see whether it fits together. Blocks, for seconds where it is much.

    Raises:
        DatabaseUnusable: it cannot be reached or read, or it is not ours.
    """
    return _looking(server, lambda connection: _check(connection, server))


def _looking(server: PostgresServer, look: Callable[[Connection], T]) -> T:
    backend = PostgresBackend(server, is_only_writer=False)
    engine = backend.readers(1)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            return look(connection)
    except SQLAlchemyError as error:
        raise DatabaseUnusable(f"The database {server.shown}: {backend.in_plain_words(error)}") from None
    finally:
        engine.dispose()


def _see(connection: Connection, server: PostgresServer) -> ServerSeen:
    version, number, encryption, is_near, is_read_only, may_make, size, encoding = connection.exec_driver_sql(
        _SERVER
    ).one()
    revision = revision_in(connection, server)
    active = 0
    if revision is not None:
        active = connection.exec_driver_sql("SELECT count(*) FROM products WHERE is_active").scalar_one()
    return ServerSeen(
        version=version, version_number=number, encryption=encryption, is_near=bool(is_near),
        is_read_only=is_read_only, may_make_tables=may_make, size_bytes=size, encoding=encoding,
        revision=revision, active_products=active,
    )  # fmt: skip


def _check(connection: Connection, server: PostgresServer) -> ServerCheckup:
    seen = _see(connection, server)
    tables = sorted(tables_in(connection)) if seen.revision else []
    return ServerCheckup(
        seen=seen,
        rows=sum(_count(connection, f'SELECT count(*) FROM "{table}"') for table in tables),
        broken_indexes=tuple(connection.exec_driver_sql(_BROKEN_INDEXES).scalars()),
        unchecked_references=tuple(connection.exec_driver_sql(_UNCHECKED).scalars()),
        checksum_failures=_count(connection, _CHECKSUM_FAILURES),
        strays=_find_strays(connection) if seen.revision == HEAD else 0,
    )


def _find_strays(connection: Connection) -> int:
    wrongly_worded = sum(words != search_words(*found_by) for words, *found_by in _worded(connection))
    return _count(connection, _STRAYS) + _count(connection, _LOST) + wrongly_worded


def _worded(connection: Connection) -> Iterator[tuple[str, ...]]:
    """The words of each product that is indexed, and what they are made from."""
    last = ""
    while rows := connection.exec_driver_sql(_WORDED, (last, _AT_ONCE)).all():
        for row in rows:
            yield tuple(row)[1:]
        last = rows[-1][0]


def _count(connection: Connection, statement: str) -> int:
    return int(connection.exec_driver_sql(statement).scalar_one())
