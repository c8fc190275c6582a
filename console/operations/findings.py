"""Looking at what one run found."""

import msgspec
from sqlalchemy import Connection

from console.operations.approval import read_removals
from console.operations.protocol import Removals
from console.run import Change, RunReport, RunStatus
from console.store.database import Database
from console.store.findings import (
    FailedPage,
    ProductChange,
    Rejected,
    count_changes,
    count_failed_pages,
    count_rejected,
    list_changes,
    list_failed_pages,
    list_rejected,
)


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What changed: how many products in which way, and the first of them."""

    by_kind: dict[Change, int]
    listed: tuple[ProductChange, ...]

    @property
    def total(self) -> int:
        """How many there are, listed or not."""
        return sum(self.by_kind.values())


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """What a run found, each list with how many there are in all. `removals` are those of a blocked run."""

    failed_pages: tuple[FailedPage, ...]
    failed_pages_total: int
    rejected: tuple[Rejected, ...]
    rejected_total: int
    changes: Changes
    removals: Removals | None = None


async def read_changes(database: Database, run_id: int, limit: int) -> Changes:
    """What the run changed; at most `limit` are listed.

    Raises:
        StoreError: the database refused.
    """
    return await database.read(_changes, run_id, limit)


async def read_findings(database: Database, report: RunReport, limit: int) -> Findings:
    """What the run found; at most `limit` of each kind are listed.

    Raises:
        StoreError: the database refused.
    """
    found = await database.read(_findings, report.run_id, limit)
    if report.status is not RunStatus.BLOCKED:
        return found
    return msgspec.structs.replace(found, removals=await read_removals(database, report.run_id, limit, 0))


def _changes(connection: Connection, run_id: int, limit: int) -> Changes:
    return Changes(by_kind=count_changes(connection, run_id), listed=tuple(list_changes(connection, run_id, limit)))


def _findings(connection: Connection, run_id: int, limit: int) -> Findings:
    return Findings(
        failed_pages=tuple(list_failed_pages(connection, run_id, limit)),
        failed_pages_total=count_failed_pages(connection, run_id),
        rejected=tuple(list_rejected(connection, run_id, limit)),
        rejected_total=count_rejected(connection, run_id),
        changes=_changes(connection, run_id, limit),
    )
