"""When jobs run, as the settings or an operator have set it, and how that came about."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection

from console.run import RunStatus
from console.store.audit import AuditEvent, write_audit
from console.store.rows import read_time, stored_time

_NOT_RUN = f"('{RunStatus.MISSED}', '{RunStatus.SKIPPED}')"


class StoredSchedule(msgspec.Struct, frozen=True, kw_only=True):
    """The daily time of a job (UTC), and who set it; `updated_by` is None where the time is that of the settings."""

    job_id: str
    hour: int
    minute: int
    enabled: bool
    pause_reason: str | None
    updated_by: str | None
    updated_at: datetime


class ScheduleFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an event of the audit says of a schedule; None where it says nothing of that.

    `set_by` and `set_at` tell who set the time, None being the settings; `paused_by` and `paused_at` who paused it.
    `since` is from when on its slots are promised. `undid` is the event that was undone, `undid_action` what that was.
    """

    time: str | None = None
    set_by: str | msgspec.UnsetType | None = msgspec.UNSET
    set_at: datetime | None = None
    enabled: bool | None = None
    reason: str | None = None
    paused_by: str | None = None
    paused_at: datetime | None = None
    since: datetime | None = None
    undid: int | None = None
    undid_action: str | None = None


class ScheduleEvent(msgspec.Struct, frozen=True, kw_only=True):
    """That a schedule was changed, by whom, and what was before and after."""

    id: int
    action: str
    at: datetime
    actor: str
    before: ScheduleFacts
    after: ScheduleFacts


def get_schedule(connection: Connection, job_id: str) -> StoredSchedule | None:
    """What has been kept of the job; None where nothing has, so that the settings say."""
    row = connection.exec_driver_sql(
        "SELECT job_id, hour, minute, enabled, pause_reason, updated_by, updated_at FROM schedules WHERE job_id = ?",
        (job_id,),
    ).first()
    if row is None:
        return None
    job, hour, minute, enabled, reason, by, at = row
    return StoredSchedule(
        job_id=job, hour=hour, minute=minute, enabled=bool(enabled), pause_reason=reason, updated_by=by,
        updated_at=_moment(at),
    )  # fmt: skip


def save_schedule(connection: Connection, schedule: StoredSchedule, audit: AuditEvent | None) -> None:
    """Keep when a job runs, and who said so, in one transaction."""
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
    if audit:
        write_audit(connection, audit)


def schedule_events(connection: Connection, job_id: str) -> tuple[ScheduleEvent, ...]:
    """What has become of the schedule of a job, in the order in which it happened, whatever the clock said."""
    rows = connection.exec_driver_sql(
        "SELECT id, action, at, actor, before, after FROM audit_events "
        "WHERE target = ? AND action LIKE 'schedule.%' ORDER BY id",
        (job_id,),
    )
    return tuple(
        ScheduleEvent(id=key, action=action, at=_moment(at), actor=actor, before=_facts(before), after=_facts(after))
        for key, action, at, actor, before, after in rows
    )


def recorded_slots(connection: Connection, job_id: str, after: datetime) -> dict[datetime, RunStatus]:
    """The slots of a job later than that which have a row, and how it stands."""
    rows = connection.exec_driver_sql(
        "SELECT slot, status FROM sync_runs WHERE job_id = ? AND slot > ?", (job_id, stored_time(after))
    )
    return {_moment(slot): RunStatus(status) for slot, status in rows}


def withdraw_slots(connection: Connection, job_id: str, after: datetime) -> None:
    """Forget that slots later than that did not run: the clock was ahead, and they are still to come."""
    connection.exec_driver_sql(
        f"DELETE FROM sync_runs WHERE job_id = ? AND slot > ? AND status IN {_NOT_RUN}", (job_id, stored_time(after))
    )


def _facts(document: str | None) -> ScheduleFacts:
    try:
        return msgspec.json.decode(document or "{}", type=ScheduleFacts)
    except msgspec.DecodeError:  # not written by this version
        return ScheduleFacts()


def _moment(stored: str) -> datetime:
    moment = read_time(stored)
    assert moment is not None, "the column is NOT NULL"  # noqa: S101 - for the type checker
    return moment
