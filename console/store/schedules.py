"""When jobs run, as an operator has set it."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection

from console.store.audit import AuditEvent, write_audit
from console.store.rows import read_time, stored_time


class StoredSchedule(msgspec.Struct, frozen=True, kw_only=True):
    """The daily time of a job (UTC) as an operator has set it."""

    job_id: str
    hour: int
    minute: int
    enabled: bool
    pause_reason: str | None
    updated_by: str | None
    updated_at: datetime


def get_schedule(connection: Connection, job_id: str) -> StoredSchedule | None:
    """What an operator has set for the job; None where nobody has, so that the settings say."""
    row = connection.exec_driver_sql(
        "SELECT job_id, hour, minute, enabled, pause_reason, updated_by, updated_at FROM schedules WHERE job_id = ?",
        (job_id,),
    ).first()
    if row is None:
        return None
    job, hour, minute, enabled, reason, by, at = row
    updated_at = read_time(at)
    assert updated_at is not None, "the column is NOT NULL"  # noqa: S101 - for the type checker
    return StoredSchedule(
        job_id=job, hour=hour, minute=minute, enabled=bool(enabled), pause_reason=reason, updated_by=by,
        updated_at=updated_at,
    )  # fmt: skip


def save_schedule(connection: Connection, schedule: StoredSchedule, audit: AuditEvent) -> None:
    """Keep what an operator has set, and who did, in one transaction."""
    connection.exec_driver_sql(
        "INSERT INTO schedules (job_id, hour, minute, enabled, pause_reason, updated_by, updated_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (job_id) DO UPDATE SET hour = excluded.hour, "
        "minute = excluded.minute, enabled = excluded.enabled, pause_reason = excluded.pause_reason, "
        "updated_by = excluded.updated_by, updated_at = excluded.updated_at",
        (
            schedule.job_id, schedule.hour, schedule.minute, schedule.enabled, schedule.pause_reason,
            schedule.updated_by, stored_time(schedule.updated_at),
        ),
    )  # fmt: skip
    write_audit(connection, audit)
