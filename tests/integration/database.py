"""Looking into the catalogue's database as any other program does: through sqlite3, on a connection of one's own."""

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def rows(path: Path, statement: str, *parameters: object) -> list[Row]:
    """The rows of a query, as dictionaries."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(statement, parameters)]


def value(path: Path, statement: str, *parameters: object) -> Any:
    """The one value of a query."""
    [row] = rows(path, statement, *parameters)
    [only] = row.values()
    return only


def product_ids(path: Path, *, active: bool) -> set[str]:
    """The ids of the products that are active, or of those that are not."""
    return {row["id"] for row in rows(path, "SELECT id FROM products WHERE is_active = ?", active)}


def run_rows(path: Path) -> list[Row]:
    """Every run, oldest first."""
    return rows(path, "SELECT * FROM sync_runs ORDER BY id")


def check_whole_pages(path: Path, ids_in_order: list[str], run_id: int) -> int:
    """Every page that a first run says it has done is in the table, and nothing else is; returns how many.

    `ids_in_order` are the ids of the catalogue, which has not moved since.
    """
    pages = rows(path, "SELECT page, products FROM sync_pages WHERE run_id = ? AND status = 'done'", run_id)
    promised: set[str] = set()
    for row in pages:
        on_page = ids_in_order[(row["page"] - 1) * 20 : row["page"] * 20]
        assert row["products"] == len(on_page)
        promised.update(on_page)
    assert {row["id"] for row in rows(path, "SELECT id FROM products")} == promised
    return len(pages)
