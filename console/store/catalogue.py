"""The catalogue as a whole: how many products there are, which a sweep has seen, and which are gone."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import Connection

from console.run import Change
from console.store.bulk import for_each, insert_rows
from console.store.dialect import dialect_of
from console.store.products import CHANGE_COLUMNS
from console.store.rows import stored_time
from console.store.runs import check_goes_on

_SETTLED_AT_ONCE = 2_000


def count_active(connection: Connection) -> int:
    """Products that the shop can show now."""
    return _scalar(connection, "SELECT count(*) FROM products WHERE is_active = TRUE")


def count_sightings(connection: Connection, run_id: int) -> int:
    """Distinct products that a run has seen, those it had to reject included."""
    return _scalar(connection, "SELECT count(*) FROM run_sightings WHERE run_id = ?", run_id)


def count_unseen(connection: Connection, run_id: int) -> int:
    """Active products that a run has not seen: those that a complete sweep takes for gone."""
    return _scalar(connection, f"SELECT count(*) FROM products WHERE {dialect_of(connection).unseen}", run_id)


def list_unseen(connection: Connection, run_id: int, limit: int) -> list[str]:
    """The ids of the first of them."""
    unseen = f"SELECT id FROM products WHERE {dialect_of(connection).unseen} ORDER BY id LIMIT ?"
    return _column(connection, unseen, run_id, limit)


def sample_prices(connection: Connection, limit: int) -> list[Decimal]:
    """Prices of active products, the lowest first, evenly chosen where there are more than about `limit` of them."""
    count = _scalar(connection, "SELECT count(*) FROM products WHERE is_active = TRUE AND min_price IS NOT NULL")
    rows = connection.exec_driver_sql(
        "SELECT min_price FROM (SELECT min_price, row_number() OVER (ORDER BY min_price) AS place FROM products "
        "WHERE is_active = TRUE AND min_price IS NOT NULL) AS ranked WHERE place % ? = 0 ORDER BY place",
        (max(count // limit, 1),),
    )
    return [Decimal(str(price)) for (price,) in rows]


def mark_seen(connection: Connection, run_id: int, ids: Sequence[str]) -> None:
    """Note that a run has seen these products after all."""
    rows = [(run_id, product_id) for product_id in ids]
    insert_rows(connection, "run_sightings", ("run_id", "product_id"), rows, "ON CONFLICT DO NOTHING")


def discontinue(connection: Connection, run_id: int, ids: Sequence[str], at: datetime) -> int:
    """Mark these products as discontinued by a run, and count them, in the open transaction; returns how many."""
    moment = stored_time(at)
    fields = msgspec.json.encode({"is_active": [True, False]}).decode()
    changes = [(run_id, product_id, Change.DISCONTINUED, fields, moment) for product_id in ids]
    insert_rows(connection, "product_changes", CHANGE_COLUMNS, changes)
    for_each(
        connection,
        "UPDATE products SET is_active = FALSE, discontinued_at = ?, last_changed_at = ? WHERE id = ?",
        [(moment, moment, product_id) for product_id in ids],
    )
    connection.exec_driver_sql(
        "UPDATE sync_runs SET products_discontinued = products_discontinued + ? WHERE id = ?", (len(ids), run_id)
    )
    return len(ids)


def discontinue_by(connection: Connection, run_id: int, ids: Sequence[str], at: datetime) -> int:
    """The same by a run that goes on.

    Raises:
        RunOver: another process has ended it.
    """
    check_goes_on(connection, run_id)
    return discontinue(connection, run_id, ids, at)


def settle_sightings(connection: Connection, run_id: int, after_id: str) -> str | None:
    """Bring `last_seen_run_id` of the next products that the run saw up to date, in the order of their ids.

    A few thousand at a time, so that no transaction grows with the catalogue. Returns the id to go on after, or None
    when all is done and the sightings are no longer needed.
    """
    ids = _column(
        connection,
        "SELECT product_id FROM run_sightings WHERE run_id = ? AND product_id > ? ORDER BY product_id LIMIT ?",
        run_id,
        after_id,
        _SETTLED_AT_ONCE,
    )
    if not ids:
        return None
    connection.exec_driver_sql(
        "UPDATE products SET last_seen_run_id = ? WHERE id BETWEEN ? AND ? AND last_seen_run_id < ? "
        "AND id IN (SELECT product_id FROM run_sightings WHERE run_id = ? AND product_id BETWEEN ? AND ?)",
        (run_id, ids[0], ids[-1], run_id, run_id, ids[0], ids[-1]),
    )
    return ids[-1]


def sighted_runs(connection: Connection, until_run_id: int) -> list[int]:
    """The runs up to this one whose sightings are kept, oldest first."""
    return [
        run_id
        for (run_id,) in connection.exec_driver_sql(
            "SELECT DISTINCT run_id FROM run_sightings WHERE run_id <= ? ORDER BY run_id", (until_run_id,)
        )
    ]


def forget_sightings(connection: Connection, run_id: int) -> None:
    """Drop the sightings of a run."""
    connection.exec_driver_sql("DELETE FROM run_sightings WHERE run_id = ?", (run_id,))


def _scalar(connection: Connection, statement: str, *parameters: Any) -> int:
    return int(connection.exec_driver_sql(statement, parameters).scalar_one())


def _column(connection: Connection, statement: str, *parameters: Any) -> list[str]:
    return [value for (value,) in connection.exec_driver_sql(statement, parameters)]
