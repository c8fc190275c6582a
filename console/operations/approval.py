"""Looking at what a blocked run would have removed, and approving it."""

from datetime import datetime

from sqlalchemy import Connection

from console.operations.protocol import Removals
from console.run import RunReport, RunStatus
from console.store.audit import AuditEvent, write_audit
from console.store.database import Database
from console.store.removals import apply_removals, count_removals, list_removals
from console.store.runs import get_run
from console.text import clean

_REASON_LIMIT = 500


class NotApproved(Exception):
    """A removal cannot be approved. The message says why and what to do."""


async def read_removals(database: Database, run_id: int, limit: int, offset: int) -> Removals:
    """What a blocked run would have removed, in the order of the names.

    Raises:
        NotApproved: there is no such run.
        StoreError: the database refused.
    """
    return await database.read(_look, run_id, limit, offset)


async def approve(database: Database, run_id: int, reason: str, actor: str, now: datetime) -> int:
    """Remove exactly what the run would have, minus what was seen since; returns how many products that were.

    Raises:
        NotApproved: the run is not blocked, or there is no reason.
        StoreError: the database refused.
    """
    told = clean(reason.strip(), _REASON_LIMIT)
    if not told:
        raise NotApproved("Say why: a removal is approved with a reason, which is kept.")
    return await database.write(_approve, run_id, told, actor, now)


def _look(connection: Connection, run_id: int, limit: int, offset: int) -> Removals:
    if get_run(connection, run_id) is None:
        raise NotApproved(f"There is no run {run_id}.")
    total, due = count_removals(connection, run_id)
    return Removals(total=total, due=due, products=tuple(list_removals(connection, run_id, limit, offset)))


def _approve(connection: Connection, run_id: int, reason: str, actor: str, now: datetime) -> int:
    report = get_run(connection, run_id)
    _check(report, run_id)
    total, due = count_removals(connection, run_id)
    removed = apply_removals(connection, run_id, now, f"{actor} approved the removal of {due:,} products: {reason}")
    audit = AuditEvent(
        at=now,
        actor=actor,
        role="admin",
        method="console",
        action="run.approve",
        target=str(run_id),
        before={"status": RunStatus.BLOCKED, "listed": total},
        after={"status": RunStatus.SUCCEEDED, "removed": removed, "reason": reason},
        outcome="done",
    )
    write_audit(connection, audit)
    return removed


def _check(report: RunReport | None, run_id: int) -> None:
    if report is None:
        raise NotApproved(f"There is no run {run_id}.")
    if report.status is not RunStatus.BLOCKED:
        raise NotApproved(f"Run {run_id} {report.status.in_words}, and is not blocked: there is nothing to approve.")
