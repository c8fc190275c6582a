"""Whole products, each with every column and its categories, for whoever takes the catalogue elsewhere."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from console.search import Query
from console.store.dialect import dialect_of
from console.store.rows import AMOUNT_COLUMNS, CONTENT_COLUMNS, JSON_COLUMNS, read_amount, read_time
from console.store.search import filters_of

_TIMES = frozenset({"source_updated_at", "first_seen_at", "last_changed_at", "discontinued_at"})
_TRUTHS = frozenset({"available_to_buy", "is_active"})
COLUMNS = (
    "id", *CONTENT_COLUMNS, "categories", "is_active", "first_seen_at", "last_changed_at", "last_seen_run_id",
    "discontinued_at",
)  # fmt: skip
"""What there is of each product, in the order of its values."""

_SELECT = f"SELECT {', '.join('{}' if name == 'categories' else f'products.{name}' for name in COLUMNS)} FROM products"

WholeProduct = tuple[Any, ...]
"""The values of COLUMNS: amounts as Decimal, times aware, JSON as `msgspec.Raw`; the text as it is stored."""


def read_some(connection: Connection, query: Query, after: str, limit: int) -> list[WholeProduct]:
    """The next of all products that pass the query's filters, in the order of their ids; `after` is the last id before.

    Asks the products themselves, so that those are there too that the search does not find yet; its words and its order
    count for nothing.
    """
    condition = filters_of(query, "products", "id")
    rows = connection.exec_driver_sql(
        f"{_select(connection)} WHERE products.id > ?{condition.sql} ORDER BY products.id LIMIT ?",
        (after, *condition.values, limit),
    )
    return [_whole(tuple(row)) for row in rows]


def read_whole(connection: Connection, product_id: str) -> WholeProduct | None:
    """One of them; None where there is none."""
    row = connection.exec_driver_sql(f"{_select(connection)} WHERE products.id = ?", (product_id,)).one_or_none()
    return None if row is None else _whole(tuple(row))


def _select(connection: Connection) -> str:
    return _SELECT.format(dialect_of(connection).categories)


def _whole(row: Sequence[Any]) -> WholeProduct:
    return tuple(
        value if value is None else read(value) if read else value for read, value in zip(_READERS, row, strict=True)
    )


def _reader(column: str) -> Any:
    if column in AMOUNT_COLUMNS:
        return read_amount
    if column in JSON_COLUMNS or column == "categories":
        return msgspec.Raw
    if column in _TIMES:
        return read_time
    return bool if column in _TRUTHS else None


_READERS = tuple(_reader(column) for column in COLUMNS)
