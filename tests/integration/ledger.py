"""The books of the runs: what a run's row counts must be what the tables hold of it."""

from pathlib import Path

from tests.integration.database import Row, rows, value

_CHANGES = "SELECT count(*) FROM product_changes WHERE run_id = ? AND change "
_PAGES = "SELECT count(*) FROM sync_pages WHERE run_id = ? AND status "


def unsound(path: Path) -> list[str]:
    """What SQLite finds wrong with the file, and rows that refer to nothing; none where it is sound."""
    found = [f"integrity_check: {row['integrity_check']}" for row in rows(path, "PRAGMA integrity_check")]
    found = [line for line in found if line != "integrity_check: ok"]
    found += [f"foreign_key_check: {row}" for row in rows(path, "PRAGMA foreign_key_check")]
    odd = value(path, "SELECT count(*) FROM products WHERE is_active = (discontinued_at IS NOT NULL)")
    return [*found, f"{odd} products are active and discontinued, or neither"] if odd else found


def wrong_counts(path: Path) -> list[str]:
    """What runs count other than the tables do; none where all is well."""
    runs = rows(path, "SELECT * FROM sync_runs WHERE started_at IS NOT NULL ORDER BY id")
    handed_over = {row["continues_run_id"] for row in runs}
    found: list[str] = []
    for run in runs:
        found += _left_behind(path, run) if run["id"] in handed_over else _miscounted(path, run)
    return found


def active_runs(path: Path) -> list[int]:
    """The runs that look as if they were under way."""
    active = "SELECT id FROM sync_runs WHERE status IN ('queued', 'running', 'cancelling')"
    return [row["id"] for row in rows(path, active)]


def _miscounted(path: Path, run: Row) -> list[str]:
    run_id = run["id"]
    new = value(path, _CHANGES + "= 'new'", run_id)
    counted = {
        "pages_done": value(path, _PAGES + "= 'done'", run_id),
        "pages_failed": max(value(path, _PAGES + "= 'failed'", run_id), run["pages_failed"]),  # one may fail twice
        "products_seen": run["products_new"] + run["products_changed"] + run["products_unchanged"],
        "products_new": new or run["products_new"],  # the first sync of all records no new product as a change
        "products_changed": value(path, _CHANGES + "IN ('changed', 'returned')", run_id),
        "products_discontinued": value(path, _CHANGES + "= 'discontinued'", run_id),
        "products_rejected": value(path, "SELECT count(*) FROM rejected_products WHERE run_id = ?", run_id),
    }
    return [
        f"run {run_id} ({run['status']}): {column} is {run[column]}, and the tables hold {count}"
        for column, count in counted.items()
        if run[column] != count
    ]


def _left_behind(path: Path, run: Row) -> list[str]:
    """A run that another one has gone on with keeps its pages alone; all else is that one's now."""
    tables = ("run_sightings", "rejected_products", "product_changes")
    counts = {table: value(path, f"SELECT count(*) FROM {table} WHERE run_id = ?", run["id"]) for table in tables}
    return [f"run {run['id']} was gone on with, and keeps {n} rows of {table}" for table, n in counts.items() if n]
