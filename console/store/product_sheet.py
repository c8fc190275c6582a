"""One product with all that is known of it, and what became of its price and stock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection

from console.run import Change
from console.search import Point, Product, ProductChange
from console.store.rows import CONTENT_COLUMNS, read_time, readable
from console.store.search import LINE_COLUMNS, line_of

_CHANGES_LISTED = 200
_CHANGES_READ = 2_000
_SEEN_COLUMNS = ("first_seen_at", "last_changed_at", "last_seen_run_id")

_decode_fields = msgspec.json.Decoder(dict[str, list[Any]]).decode


def read_product(connection: Connection, product_id: str) -> Product | None:
    """The product; None where there is none."""
    columns = ", ".join((LINE_COLUMNS, *CONTENT_COLUMNS, *_SEEN_COLUMNS))
    row = connection.exec_driver_sql(f"SELECT {columns} FROM products WHERE id = ?", (product_id,)).one_or_none()
    if row is None:
        return None
    values = tuple(row)
    line = line_of(values[: len(LINE_COLUMNS.split(", "))])
    content = values[-len(CONTENT_COLUMNS) - len(_SEEN_COLUMNS) : -len(_SEEN_COLUMNS)]
    first_seen, last_changed, last_run = values[-len(_SEEN_COLUMNS) :]
    changes = _read_changes(connection, product_id)
    first_seen_at = _moment(first_seen)
    return Product(
        line=line,
        columns={name: readable(name, value) for name, value in zip(CONTENT_COLUMNS, content, strict=True)},
        categories=_read_categories(connection, product_id),
        first_seen_at=first_seen_at,
        last_changed_at=_moment(last_changed),
        last_seen_run_id=int(last_run),
        changes=tuple(reversed(changes[-_CHANGES_LISTED:])),
        changes_total=_count_changes(connection, product_id),
        prices=points(changes, "min_price", first_seen_at, line.min_price),
        stocks=points(changes, "qty", first_seen_at, line.qty),
    )


def points(changes: Sequence[ProductChange], column: str, first_seen_at: datetime, now: Any) -> tuple[Point, ...]:
    """What a column was from when on, oldest first: before its first change it was what that one found."""
    told = [(change.at, change.fields[column]) for change in changes if len(change.fields.get(column, ())) == 2]  # noqa: PLR2004 - old and new
    first = told[0][1][0] if told else now
    return (Point(first_seen_at, _value(first)), *(Point(at, _value(new)) for at, (_old, new) in told))


def _value(value: Any) -> float | None:
    return None if value is None else float(value)


def _read_changes(connection: Connection, product_id: str) -> list[ProductChange]:
    """The newest changes, oldest first."""
    rows = connection.exec_driver_sql(
        "SELECT run_id, at, change, fields FROM (SELECT id, run_id, at, change, fields FROM product_changes "
        "WHERE product_id = ? ORDER BY id DESC LIMIT ?) AS newest ORDER BY id",
        (product_id, _CHANGES_READ),
    )
    return [
        ProductChange(
            run_id=run_id, at=_moment(at), change=Change(change), fields=_decode_fields(fields) if fields else {}
        )
        for run_id, at, change, fields in rows
    ]


def _count_changes(connection: Connection, product_id: str) -> int:
    counted = connection.exec_driver_sql("SELECT count(*) FROM product_changes WHERE product_id = ?", (product_id,))
    return int(counted.scalar_one())


def _read_categories(connection: Connection, product_id: str) -> tuple[str, ...]:
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT categories.name FROM product_categories "
        "JOIN categories ON categories.id = product_categories.category_id WHERE product_id = ? ORDER BY 1",
        (product_id,),
    )
    return tuple(name for (name,) in rows)


def _moment(stored: str) -> datetime:
    moment = read_time(stored)
    assert moment is not None  # noqa: S101 - the column is never NULL
    return moment
