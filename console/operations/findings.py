"""Looking at what one run found: the same for the screen and for the commands."""

import msgspec
from sqlalchemy import Connection

from console.operations.approval import read_removals
from console.operations.history import Changes, Fault, Page, PageList, RejectedList
from console.operations.protocol import Removals
from console.run import PageState, RunReport, RunStatus
from console.store.database import Database
from console.store.findings import (
    StoredPage,
    count_changes,
    count_pages,
    count_rejected,
    list_changes,
    list_pages,
    list_rejected,
)
from console.store.runs import get_run
from console.sync.page_ref import Window

_ALL = 2**53
"""As a limit: none."""


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """What a run found, some of each kind. `removals` are those of a blocked run."""

    failed_pages: PageList
    rejected: RejectedList
    changes: Changes
    removals: Removals | None = None


async def read_changes(database: Database, run_id: int, limit: int) -> Changes:
    """What the run changed; at most `limit` are listed.

    Raises:
        StoreError: the database refused.
    """
    return await database.read(changes_of, run_id, limit)


async def read_findings(database: Database, report: RunReport, limit: int) -> Findings:
    """What the run found; at most `limit` of each kind are listed.

    Raises:
        StoreError: the database refused.
    """
    found = await database.read(_findings, report.run_id, limit)
    if report.status is not RunStatus.BLOCKED:
        return found
    return msgspec.structs.replace(found, removals=await read_removals(database, report.run_id, limit, 0))


def _findings(connection: Connection, run_id: int, limit: int) -> Findings:
    return Findings(
        failed_pages=pages_of(connection, run_id, limit, state=PageState.FAILED),
        rejected=rejected_of(connection, run_id, limit),
        changes=changes_of(connection, run_id, limit),
    )


def pages_of(
    connection: Connection, run_id: int, limit: int, offset: int = 0, state: PageState | None = None
) -> PageList:
    """Some of the run's pages (in this state)."""
    found = list_pages(connection, run_id, limit, offset, state)
    return PageList(total=count_pages(connection, run_id, state), pages=tuple(_page(each) for each in found))


def faults_of(connection: Connection, run_id: int) -> list[Fault]:
    """All that went wrong: the pages that failed for good, then whatever else the run tells."""
    failed = pages_of(connection, run_id, _ALL, state=PageState.FAILED).pages
    report = get_run(connection, run_id)
    told = {(each.page, each.window) for each in failed}
    return [
        *(Fault(page=each.page, window=each.window, attempts=each.attempts, error=each.error or "") for each in failed),
        *(
            Fault(page=each.page, window=each.window, attempts=None, error=each.error)
            for each in (report.errors if report else ())
            if (each.page, each.window) not in told
        ),
    ]


def rejected_of(connection: Connection, run_id: int, limit: int, offset: int = 0) -> RejectedList:
    """Some of the products that the run could not store."""
    found = list_rejected(connection, run_id, limit, offset)
    return RejectedList(total=count_rejected(connection, run_id), products=tuple(found))


def changes_of(connection: Connection, run_id: int, limit: int) -> Changes:
    """The first of what the run changed."""
    return Changes(by_kind=count_changes(connection, run_id), listed=tuple(list_changes(connection, run_id, limit)))


def _page(stored: StoredPage) -> Page:
    window = Window(stored.window, stored.price_from, stored.price_to)
    return Page(
        page=stored.page,
        window=str(window) if stored.window else None,
        state=stored.state,
        attempts=stored.attempts,
        products=stored.products,
        duration_ms=stored.duration_ms,
        error=stored.error,
    )
