"""What a run found: what changed, how its pages went, and what could not be stored."""

from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import Connection

from console.history import ChangeOrder, ProductChange, Rejected
from console.run import Change, PageState
from console.store.dialect import dialect_of

_CENT = Decimal("0.01")
_AT_ONCE = 500
"""Ids in one statement: SQLite takes a bounded number of values."""

_ALL = 2**53

_ORDERS = {
    ChangeOrder.FOUND: "product_changes.id",
    ChangeOrder.NAME: "lower(products.name) NULLS FIRST, product_changes.id",
    ChangeOrder.PRICE: "abs({new} - {old}) DESC NULLS LAST, product_changes.id",
    ChangeOrder.PERCENT: "abs({new} - {old}) / nullif({old}, 0) DESC NULLS LAST, product_changes.id",
}


class StoredPage(msgspec.Struct, frozen=True, kw_only=True):
    """How a page went. `window` is 0 where the catalogue was not cut; prices in EUR, None is no limit."""

    page: int
    window: int
    price_from: Decimal | None
    price_to: Decimal | None
    state: PageState
    attempts: int
    products: int
    duration_ms: int
    error: str | None


_decode_fields = msgspec.json.Decoder(dict[str, list[Any]]).decode


def list_changes(
    connection: Connection, run_id: int, limit: int, offset: int = 0, kind: Change | None = None
) -> list[ProductChange]:
    """Changes that the run recorded, in the order in which it found them."""
    return read_changes(connection, order_changes(connection, run_id, ChangeOrder.FOUND, kind, limit, offset))


def order_changes(
    connection: Connection,
    run_id: int,
    order: ChangeOrder,
    kind: Change | None = None,
    limit: int = _ALL,
    offset: int = 0,
) -> list[int]:
    """The row ids of the run's changes (of one kind) in this order; a price that did not move comes last."""
    joined = "LEFT JOIN products ON products.id = product_changes.product_id " if order is ChangeOrder.NAME else ""
    of_kind, values = ("AND change = ? ", (kind,)) if kind else ("", ())
    spoken = dialect_of(connection)
    ordered = _ORDERS[order].format(old=spoken.old_price, new=spoken.new_price)
    rows = connection.exec_driver_sql(
        f"SELECT product_changes.id FROM product_changes {joined}WHERE run_id = ? {of_kind}"
        f"ORDER BY {ordered} LIMIT ? OFFSET ?",
        (run_id, *values, limit, offset),
    )
    return [row_id for (row_id,) in rows]


def read_changes(connection: Connection, row_ids: list[int]) -> list[ProductChange]:
    """The changes of these rows, in this order."""
    found: dict[int, ProductChange] = {}
    for start in range(0, len(row_ids), _AT_ONCE):
        some = row_ids[start : start + _AT_ONCE]
        rows = connection.exec_driver_sql(
            "SELECT product_changes.id, product_changes.product_id, coalesce(products.name, ''), change, fields "
            "FROM product_changes LEFT JOIN products ON products.id = product_changes.product_id "
            f"WHERE product_changes.id IN ({', '.join('?' * len(some))})",
            tuple(some),
        )
        for row_id, product_id, name, change, fields in rows:
            found[row_id] = ProductChange(
                product_id=product_id,
                name=name,
                change=Change(change),
                fields=_decode_fields(fields) if fields else None,
            )
    return [found[row_id] for row_id in row_ids if row_id in found]


def count_changes(connection: Connection, run_id: int) -> dict[Change, int]:
    """How many changes of each kind the run recorded; kinds of which there are none are left out."""
    counted = connection.exec_driver_sql(
        "SELECT change, count(*) FROM product_changes WHERE run_id = ? GROUP BY change", (run_id,)
    )
    found = {Change(change): int(count) for change, count in counted}
    return {change: found[change] for change in Change if change in found}


def span_of_changes(connection: Connection, run_id: int) -> tuple[int, int]:
    """The first and the last row of the run's changes, 0 where there are none: they differ once any came or went."""
    first, last = connection.exec_driver_sql(
        "SELECT (SELECT min(id) FROM product_changes WHERE run_id = ?), "
        "(SELECT max(id) FROM product_changes WHERE run_id = ?)",
        (run_id, run_id),
    ).one()
    return first or 0, last or 0


def list_pages(
    connection: Connection, run_id: int, limit: int, offset: int = 0, state: PageState | None = None
) -> list[StoredPage]:
    """The pages of the run (in this state), in the order of the windows and pages."""
    condition, values = _in_state(state)
    rows = connection.exec_driver_sql(
        "SELECT page, price_window, price_from, price_to, status, attempts, products, duration_ms, error "
        f"FROM sync_pages WHERE run_id = ? {condition}ORDER BY price_window, page LIMIT ? OFFSET ?",
        (run_id, *values, limit, offset),
    )
    return [
        StoredPage(
            page=page,
            window=window,
            price_from=_amount(low),
            price_to=_amount(high),
            state=PageState(status),
            attempts=attempts,
            products=products,
            duration_ms=duration_ms,
            error=error,
        )
        for page, window, low, high, status, attempts, products, duration_ms, error in rows
    ]


def count_pages(connection: Connection, run_id: int, state: PageState | None = None) -> int:
    """How many pages of the run there are (in this state)."""
    condition, values = _in_state(state)
    return _count(connection, f"SELECT count(*) FROM sync_pages WHERE run_id = ? {condition}", run_id, *values)


def list_rejected(connection: Connection, run_id: int, limit: int, offset: int = 0) -> list[Rejected]:
    """Products that could not be stored, in the order in which they came."""
    rows = connection.exec_driver_sql(
        "SELECT page, product_id, reason, document FROM rejected_products WHERE run_id = ? "
        "ORDER BY id LIMIT ? OFFSET ?",
        (run_id, limit, offset),
    )
    return [
        Rejected(page=page, product_id=product_id, reason=reason, document=document)
        for page, product_id, reason, document in rows
    ]


def count_rejected(connection: Connection, run_id: int) -> int:
    """How many products could not be stored."""
    return _count(connection, "SELECT count(*) FROM rejected_products WHERE run_id = ?", run_id)


def _in_state(state: PageState | None) -> tuple[str, tuple[str, ...]]:
    return ("AND status = ? ", (state,)) if state else ("", ())


def _count(connection: Connection, statement: str, *values: object) -> int:
    return int(connection.exec_driver_sql(statement, values).scalar_one())


def _amount(stored: float | None) -> Decimal | None:
    return None if stored is None else Decimal(str(stored)).quantize(_CENT)
