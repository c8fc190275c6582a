"""The books of the runs: what a run's row counts must be what the tables hold of it."""

from pathlib import Path

from tests.integration.database import Row, rows, value

_CHANGES = "(SELECT count(*) FROM product_changes WHERE run_id = run.id AND change IN ({}))"
_PAGES = "(SELECT count(*) FROM sync_pages WHERE run_id = run.id AND status = '{}')"
_HELD = {
    "held_done": _PAGES.format("done"),
    "held_failed": _PAGES.format("failed"),
    "held_new": _CHANGES.format("'new'"),
    "held_changed": _CHANGES.format("'changed', 'returned'"),
    "held_discontinued": _CHANGES.format("'discontinued'"),
    "held_rejected": "(SELECT count(*) FROM rejected_products WHERE run_id = run.id)",
    "held_sightings": "(SELECT count(*) FROM run_sightings WHERE run_id = run.id)",
    "rejected_twice": (
        "(SELECT count(product_id) - count(DISTINCT product_id) FROM rejected_products WHERE run_id = run.id)"
    ),
    "is_continued": "run.id IN (SELECT continues_run_id FROM sync_runs)",
}
_RUNS = "SELECT *, {} FROM sync_runs AS run WHERE started_at IS NOT NULL ORDER BY id".format(
    ", ".join(f"{query} AS {name}" for name, query in _HELD.items())
)


def unsound(path: Path) -> list[str]:
    """What SQLite finds wrong with the file, and rows that refer to nothing; none where it is sound."""
    found = [f"integrity_check: {row['integrity_check']}" for row in rows(path, "PRAGMA integrity_check")]
    found = [line for line in found if line != "integrity_check: ok"]
    found += [f"foreign_key_check: {row}" for row in rows(path, "PRAGMA foreign_key_check")]
    odd = value(path, "SELECT count(*) FROM products WHERE is_active = (discontinued_at IS NOT NULL)")
    return [*found, f"{odd} products are active and discontinued, or neither"] if odd else found


def wrong_counts(path: Path) -> list[str]:
    """What runs count other than the tables do; none where all is well."""
    found: list[str] = []
    for run in rows(path, _RUNS):
        found += _left_behind(run) if run["is_continued"] else _miscounted(run)
    return found


def active_runs(path: Path) -> list[int]:
    """The runs that look as if they were under way."""
    active = "SELECT id FROM sync_runs WHERE status IN ('queued', 'running', 'cancelling')"
    return [row["id"] for row in rows(path, active)]


def _miscounted(run: Row) -> list[str]:
    counted = {
        "pages_done": run["held_done"],
        "pages_failed": max(run["held_failed"], run["pages_failed"]),  # one may fail twice
        "products_seen": run["products_new"] + run["products_changed"] + run["products_unchanged"],
        "products_new": run["held_new"] or run["products_new"],  # the first sync of all records none as a change
        "products_changed": run["held_changed"],
        "products_discontinued": run["held_discontinued"],
        "products_rejected": run["held_rejected"],
        "rejected_twice": 0,
    }
    return [
        f"run {run['id']} ({run['status']}): {column} is {run[column]}, and the tables hold {count}"
        for column, count in counted.items()
        if run[column] != count
    ]


def _left_behind(run: Row) -> list[str]:
    """A run that another one has gone on with keeps its pages alone; all else is that one's now."""
    kept = ("held_sightings", "held_rejected", "held_new", "held_changed", "held_discontinued")
    return [f"run {run['id']} was gone on with: {name} is {run[name]}" for name in kept if run[name]]
