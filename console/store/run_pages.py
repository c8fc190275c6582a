"""The newest run as the tables tell it, for whoever watches it from another process."""

from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection

from console.run import PageState, RunReport
from console.store.rows import read_amount
from console.store.runs import get_run
from console.store.unfinished import StoredWindow, newest_run_id


class RunPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a run that is over, one way or the other: done or failed."""

    window: StoredWindow
    page: int
    state: PageState
    attempts: int
    products: int
    duration_ms: int
    error: str | None

    @property
    def key(self) -> tuple[int, int]:
        """The window's number and the page's."""
        return self.window.number, self.page


class RunPages(msgspec.Struct, frozen=True, kw_only=True):
    """A run with the pages it has; `before` are those that the run it goes on with had stored."""

    report: RunReport
    products_total: int
    pages: tuple[RunPage, ...]
    before: frozenset[tuple[int, int]]


def newest_run(connection: Connection) -> RunReport | None:
    """The newest run that fetched anything, or was about to."""
    run_id = newest_run_id(connection)
    return None if run_id is None else get_run(connection, run_id)


def pages_of_run(connection: Connection, report: RunReport) -> RunPages:
    """What the tables hold of a run."""
    total = connection.exec_driver_sql("SELECT catalogue_total FROM sync_runs WHERE id = ?", (report.run_id,))
    before = connection.exec_driver_sql(
        "SELECT price_window, page FROM sync_pages WHERE run_id = ? AND status = 'done'", (report.continues_run_id,)
    )
    return RunPages(
        report=report,
        products_total=total.scalar_one() or 0,
        pages=tuple(_pages(connection, report.run_id)),
        before=frozenset((window, page) for window, page in before),
    )


def _pages(connection: Connection, run_id: int) -> Iterator[RunPage]:
    rows = connection.exec_driver_sql(
        "SELECT price_window, price_from, price_to, page, status, attempts, products, duration_ms, error "
        "FROM sync_pages WHERE run_id = ? AND status IN ('done', 'failed') ORDER BY price_window, page",
        (run_id,),
    )
    for number, low, high, page, status, attempts, products, duration_ms, error in rows:
        yield RunPage(
            window=StoredWindow(number, read_amount(low), read_amount(high)),
            page=page,
            state=PageState(status),
            attempts=attempts,
            products=products,
            duration_ms=duration_ms,
            error=error,
        )
