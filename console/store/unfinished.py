"""Runs that were cut off or lack pages: what one of them had done, and handing that over to the run that goes on."""

from datetime import datetime
from decimal import Decimal

import msgspec
from sqlalchemy import Connection

from console.run import RunCounts, RunReport, RunStatus
from console.store.migrations import HEAD, STORED_ALIKE_SINCE
from console.store.rows import read_amount, stored_time
from console.store.runs import get_run

CONTINUABLE = (RunStatus.INTERRUPTED, RunStatus.CANCELLED, RunStatus.FAILED, RunStatus.PARTIAL)


class StoredWindow(msgspec.Struct, frozen=True):
    """A price window of a run; None is no limit."""

    number: int
    low: Decimal | None
    high: Decimal | None


class Unfinished(msgspec.Struct, frozen=True, kw_only=True):
    """What a run had done: the pages that it stored as (window, page), the windows it had cut, and its counts.

    `unidentified` of its products came without an id. `record_new`: see `store.pages.Batch`.
    """

    report: RunReport
    filters: str | None
    schema_revision: str | None
    done: frozenset[tuple[int, int]]
    windows: tuple[StoredWindow, ...]
    products_total: int
    unidentified: int
    record_new: bool
    newer_run_id: int | None

    @property
    def is_stored_alike(self) -> bool:
        """Whether it stored products as this program does."""
        return self.schema_revision is not None and STORED_ALIKE_SINCE <= self.schema_revision <= HEAD


def find_unfinished(connection: Connection, run_id: int) -> Unfinished | None:
    """What the run had done; None where there is no such run."""
    report = get_run(connection, run_id)
    if report is None:
        return None
    filters, revision, total = connection.exec_driver_sql(
        "SELECT filters, schema_revision, catalogue_total FROM sync_runs WHERE id = ?", (run_id,)
    ).one()
    rows = connection.exec_driver_sql(
        "SELECT price_window, page, price_from, price_to FROM sync_pages WHERE run_id = ? AND status = 'done'",
        (run_id,),
    ).all()
    windows = {
        number: StoredWindow(number, read_amount(low), read_amount(high)) for number, _, low, high in rows if number
    }
    unidentified = connection.exec_driver_sql(
        "SELECT count(*) FROM rejected_products WHERE run_id = ? AND product_id IS NULL", (run_id,)
    ).scalar_one()
    recorded = connection.exec_driver_sql(
        "SELECT EXISTS (SELECT 1 FROM product_changes WHERE run_id = ? AND change = 'new')", (run_id,)
    ).scalar_one()
    newer = connection.exec_driver_sql(
        "SELECT max(id) FROM sync_runs WHERE id > ? AND kind <> 'page' AND pages_done > 0", (run_id,)
    ).scalar_one()
    return Unfinished(
        report=report,
        filters=filters,
        schema_revision=revision,
        done=frozenset((number, page) for number, page, _, _ in rows),
        windows=tuple(windows.values()),
        products_total=total or 0,
        unidentified=unidentified,
        record_new=bool(recorded) or not report.counts.products_new,
        newer_run_id=newer,
    )


def newest_run_id(connection: Connection) -> int | None:
    """The newest run that fetched anything, or was about to."""
    found = connection.exec_driver_sql("SELECT max(id) FROM sync_runs WHERE started_at IS NOT NULL").scalar_one()
    return None if found is None else int(found)


def take_over(connection: Connection, old_id: int, new_id: int, at: datetime) -> None:
    """Hand what a run had done to the one that goes on with it: pages, counts, changes, what it saw and rejected."""
    connection.exec_driver_sql(
        "INSERT INTO sync_pages (run_id, price_window, page, price_from, price_to, status, attempts, products, "
        "duration_ms, error) SELECT ?, price_window, page, price_from, price_to, status, attempts, products, "
        "duration_ms, error FROM sync_pages WHERE run_id = ? AND status = 'done'",
        (new_id, old_id),
    )
    for table in ("run_sightings", "rejected_products", "product_changes"):
        connection.exec_driver_sql(f"UPDATE {table} SET run_id = ? WHERE run_id = ?", (new_id, old_id))
    carried = [name for name in RunCounts.__struct_fields__ if name != "pages_failed"]
    columns = ", ".join([*carried, "catalogue_total"])
    connection.exec_driver_sql(
        f"UPDATE sync_runs SET ({columns}) = (SELECT {columns} FROM sync_runs WHERE id = ?), heartbeat_at = ? "
        "WHERE id = ?",
        (old_id, stored_time(at), new_id),
    )
