"""Forgetting what nobody needs any more: what changed, page by page and product by product, long ago."""

from datetime import datetime

from sqlalchemy import Connection

from console.store.dialect import dialect_of
from console.store.rows import stored_time

_ROWS_AT_ONCE = 2_000
_OLD_RUNS = "(SELECT id FROM sync_runs WHERE coalesce(finished_at, started_at, slot) < ?)"
_STATEMENTS = (
    "DELETE FROM product_changes WHERE id IN (SELECT id FROM product_changes WHERE at < ? ORDER BY at LIMIT ?)",
    f"DELETE FROM rejected_products WHERE id IN (SELECT id FROM rejected_products WHERE run_id IN {_OLD_RUNS} LIMIT ?)",
    (
        "DELETE FROM run_removals WHERE (run_id, product_id) IN "
        f"(SELECT run_id, product_id FROM run_removals WHERE run_id IN {_OLD_RUNS} LIMIT ?)"
    ),
    (
        "DELETE FROM sync_pages WHERE (run_id, price_window, page) IN "
        f"(SELECT run_id, price_window, page FROM sync_pages WHERE run_id IN {_OLD_RUNS} LIMIT ?)"
    ),
)


def forget_before(connection: Connection, moment: datetime) -> int:
    """Delete some of what is older, so few rows that nobody waits for long; returns how many. Runs themselves stay."""
    for statement in _STATEMENTS:
        deleted = connection.exec_driver_sql(statement, (stored_time(moment), _ROWS_AT_ONCE)).rowcount
        if deleted:
            return int(deleted)
    return 0


def optimize(connection: Connection) -> None:
    """Let the database refresh what it knows of its tables."""
    connection.exec_driver_sql(dialect_of(connection).refresh)
