"""What a run found: what changed, which pages failed, and what could not be stored."""

from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import Connection

from console.run import Change

_CENT = Decimal("0.01")


class ProductChange(msgspec.Struct, frozen=True, kw_only=True):
    """What a run found different about a product; `fields` maps a column to [old, new]. The name is that of today."""

    product_id: str
    name: str
    change: Change
    fields: dict[str, list[Any]] | None


class FailedPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page that failed for good. `window` is 0 where the catalogue was not cut; prices in EUR, None is no limit."""

    page: int
    window: int
    price_from: Decimal | None
    price_to: Decimal | None
    attempts: int
    error: str


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """A product that could not be stored, and why. On page 0 are those that were asked for one by one."""

    page: int
    product_id: str | None
    reason: str


_decode_fields = msgspec.json.Decoder(dict[str, list[Any]]).decode


def list_changes(connection: Connection, run_id: int, limit: int) -> list[ProductChange]:
    """The first changes that the run recorded, in the order in which it found them."""
    rows = connection.exec_driver_sql(
        "SELECT product_changes.product_id, coalesce(products.name, ''), change, fields FROM product_changes "
        "LEFT JOIN products ON products.id = product_changes.product_id "
        "WHERE run_id = ? ORDER BY product_changes.id LIMIT ?",
        (run_id, limit),
    )
    return [
        ProductChange(
            product_id=product_id,
            name=name,
            change=Change(change),
            fields=_decode_fields(fields) if fields else None,
        )
        for product_id, name, change, fields in rows
    ]


def count_changes(connection: Connection, run_id: int) -> dict[Change, int]:
    """How many changes of each kind the run recorded; kinds of which there are none are left out."""
    counted = connection.exec_driver_sql(
        "SELECT change, count(*) FROM product_changes WHERE run_id = ? GROUP BY change", (run_id,)
    )
    found = {Change(change): int(count) for change, count in counted}
    return {change: found[change] for change in Change if change in found}


def list_failed_pages(connection: Connection, run_id: int, limit: int) -> list[FailedPage]:
    """The first pages that failed for good, in the order of the windows and pages."""
    rows = connection.exec_driver_sql(
        "SELECT page, price_window, price_from, price_to, attempts, coalesce(error, '') FROM sync_pages "
        "WHERE run_id = ? AND status = 'failed' ORDER BY price_window, page LIMIT ?",
        (run_id, limit),
    )
    return [
        FailedPage(
            page=page, window=window, price_from=_amount(low), price_to=_amount(high), attempts=attempts, error=error
        )
        for page, window, low, high, attempts, error in rows
    ]


def count_failed_pages(connection: Connection, run_id: int) -> int:
    """How many pages failed for good."""
    return _count(connection, "SELECT count(*) FROM sync_pages WHERE run_id = ? AND status = 'failed'", run_id)


def list_rejected(connection: Connection, run_id: int, limit: int) -> list[Rejected]:
    """The first products that could not be stored, in the order in which they came."""
    rows = connection.exec_driver_sql(
        "SELECT page, product_id, reason FROM rejected_products WHERE run_id = ? ORDER BY id LIMIT ?", (run_id, limit)
    )
    return [Rejected(page=page, product_id=product_id, reason=reason) for page, product_id, reason in rows]


def count_rejected(connection: Connection, run_id: int) -> int:
    """How many products could not be stored."""
    return _count(connection, "SELECT count(*) FROM rejected_products WHERE run_id = ?", run_id)


def _count(connection: Connection, statement: str, run_id: int) -> int:
    return int(connection.exec_driver_sql(statement, (run_id,)).scalar_one())


def _amount(stored: float | None) -> Decimal | None:
    return None if stored is None else Decimal(str(stored)).quantize(_CENT)
