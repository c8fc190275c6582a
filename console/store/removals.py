"""What a blocked run would have removed, kept until somebody has looked at it."""

from datetime import datetime

from sqlalchemy import Connection

from console.run import Removal, RunStatus
from console.store.catalogue import discontinue
from console.store.dialect import dialect_of
from console.store.rows import read_amount

_DUE = (
    "products.is_active = TRUE AND products.last_seen_run_id <= run_removals.run_id AND NOT EXISTS "
    "(SELECT 1 FROM run_sightings WHERE run_sightings.product_id = products.id "
    "AND run_sightings.run_id > run_removals.run_id)"
)
_FROM = "FROM run_removals JOIN products ON products.id = run_removals.product_id WHERE run_removals.run_id = ?"


def save_removals(connection: Connection, run_id: int) -> int:
    """Keep the list of what the run has not seen; returns how many products that are."""
    unseen = f"SELECT ?, id FROM products WHERE {dialect_of(connection).unseen}"
    result = connection.exec_driver_sql(f"INSERT INTO run_removals (run_id, product_id) {unseen}", (run_id, run_id))
    return int(result.rowcount)


def list_removals(connection: Connection, run_id: int, limit: int, offset: int = 0) -> list[Removal]:
    """What the run would have removed, in the order of the names."""
    rows = connection.exec_driver_sql(
        f"SELECT products.id, products.name, products.min_price, products.qty, products.platform, {_DUE} "
        f"{_FROM} ORDER BY products.name, products.id LIMIT ? OFFSET ?",
        (run_id, limit, offset),
    )
    return [
        Removal(
            product_id=product_id,
            name=name,
            min_price=read_amount(price),
            qty=qty,
            platform=platform,
            is_due=bool(is_due),
        )
        for product_id, name, price, qty, platform, is_due in rows
    ]


def count_removals(connection: Connection, run_id: int) -> tuple[int, int]:
    """How many products the run would have removed, and how many of them approving would still remove."""
    everything, due = connection.exec_driver_sql(
        f"SELECT count(*), count(*) FILTER (WHERE {_DUE}) {_FROM}", (run_id,)
    ).one()
    return int(everything), int(due)


def apply_removals(connection: Connection, run_id: int, at: datetime, note: str) -> int:
    """Mark what is due as discontinued, and close the run as succeeded; returns how many products that were."""
    those = f"SELECT products.id {_FROM} AND {_DUE} ORDER BY products.id"
    due = [product_id for (product_id,) in connection.exec_driver_sql(those, (run_id,))]
    discontinue(connection, run_id, due, at)
    connection.exec_driver_sql(
        "UPDATE sync_runs SET status = ?, error = ? WHERE id = ?", (RunStatus.SUCCEEDED, note, run_id)
    )
    return len(due)
