"""The runs of the sync: planned, going, over."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Row

from console.run import ACTIVE_STATUSES, RunCounts, RunError, RunKind, RunReport, RunStatus, Trigger
from console.store.errors import RunOver
from console.store.migrations import HEAD
from console.store.rows import read_time, stored_time

_COUNT_COLUMNS = RunCounts.__struct_fields__
_COLUMNS = (
    "id", "kind", "trigger", "status", "requested_by", "started_at", "finished_at", "duration_seconds",
    "errors", "error", "job_id", "slot", "continues_run_id", *_COUNT_COLUMNS,
)  # fmt: skip
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM sync_runs "
_SILENCE = timedelta(minutes=1)
"""Six heartbeats of the engine: longer than a loop or a disk is stuck."""
ACTIVE = "({})".format(", ".join(f"'{status}'" for status in ACTIVE_STATUSES))


class NewRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run about to be recorded; `slot` is the time of the schedule that it belongs to.

    `filters` are what it asks G2A for, and `continues_run_id` is the run that it goes on with.
    """

    kind: RunKind
    trigger: Trigger
    status: RunStatus
    requested_by: str | None
    job_id: str
    slot: datetime | None = None
    at: datetime
    error: str | None = None
    filters: str | None = None
    continues_run_id: int | None = None


def create_run(connection: Connection, run: NewRun) -> int:
    """Record a run and return its id. A run that begins with a final status has no times of its own."""
    zeros = ", ".join("0" for _ in _COUNT_COLUMNS)
    at = stored_time(run.at)
    result = connection.exec_driver_sql(
        "INSERT INTO sync_runs (kind, trigger, status, requested_by, job_id, slot, started_at, finished_at, "
        f"heartbeat_at, error, filters, continues_run_id, schema_revision, {', '.join(_COUNT_COLUMNS)}) "
        f"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, {zeros}) RETURNING id",
        (
            run.kind, run.trigger, run.status, run.requested_by, run.job_id, stored_time(run.slot),
            at if run.status.is_active else None, None if run.status.is_active else at, at, run.error,
            run.filters, run.continues_run_id, HEAD,
        ),
    )  # fmt: skip
    return int(result.scalar_one())


def set_cancelling(connection: Connection, run_id: int) -> None:
    """Record that a run was asked to stop, unless it is over by now."""
    connection.exec_driver_sql(
        f"UPDATE sync_runs SET status = ? WHERE id = ? AND status IN {ACTIVE}", (RunStatus.CANCELLING, run_id)
    )


def check_goes_on(connection: Connection, run_id: int) -> None:
    """Look whether a run still goes on in the tables.

    Raises:
        RunOver: another process, which took this one for dead, has ended it.
    """
    going_on = connection.exec_driver_sql(f"SELECT 1 FROM sync_runs WHERE id = ? AND status IN {ACTIVE}", (run_id,))
    if going_on.first() is None:
        raise RunOver(f"Another g2a-console has ended run {run_id} meanwhile: nothing more of it is stored.")


def finish_run(connection: Connection, report: RunReport) -> None:
    """Record how a run ended, unless another process, which took this one for dead, has ended it."""
    counts = msgspec.structs.asdict(report.counts)
    errors = msgspec.json.encode(report.errors).decode() if report.errors else None
    connection.exec_driver_sql(
        "UPDATE sync_runs SET status = ?, finished_at = ?, heartbeat_at = ?, duration_seconds = ?, errors = ?, "
        f"error = ?, {', '.join(f'{name} = ?' for name in counts)} WHERE id = ? AND status IN {ACTIVE}",
        (
            report.status, stored_time(report.finished_at), stored_time(report.finished_at), report.duration_seconds,
            errors, report.error, *counts.values(), report.run_id,
        ),
    )  # fmt: skip


def beat_run(connection: Connection, run_id: int, at: datetime) -> None:
    """Show that the process of an active run still works, even while no page comes."""
    connection.exec_driver_sql(
        f"UPDATE sync_runs SET heartbeat_at = ? WHERE id = ? AND status IN {ACTIVE}", (stored_time(at), run_id)
    )


def interrupt_active_runs(connection: Connection) -> list[int]:
    """Mark what a dead process left behind as interrupted, ended at its last heartbeat; returns the ids.

    For the process that has taken the runner lock from a dead one: nobody else can have an active run then.
    """
    rows = connection.exec_driver_sql(f"SELECT id FROM sync_runs WHERE status IN {ACTIVE}")
    return _interrupt(connection, [int(run_id) for (run_id,) in rows])


def interrupt_silent_runs(connection: Connection, now: datetime) -> list[int]:
    """The same, but only for what has shown no life for a minute.

    Any other run may belong to an engine that works beside this one, with the same database and another lock. A
    heartbeat of the future is from before the clock was set back.
    """
    rows = connection.exec_driver_sql(
        f"SELECT id FROM sync_runs WHERE status IN {ACTIVE} AND (heartbeat_at BETWEEN ? AND ?) IS NOT TRUE",
        (stored_time(now - _SILENCE), stored_time(now + _SILENCE)),
    )
    return _interrupt(connection, [int(run_id) for (run_id,) in rows])


def _interrupt(connection: Connection, ids: list[int]) -> list[int]:
    for run_id in ids:
        connection.exec_driver_sql(
            "UPDATE sync_runs SET status = ?, finished_at = heartbeat_at, error = ?, duration_seconds = ? WHERE id = ?",
            (
                RunStatus.INTERRUPTED, "The process that ran it ended without finishing it.",
                _seconds_until_heartbeat(connection, run_id), run_id,
            ),
        )  # fmt: skip
    return ids


def _seconds_until_heartbeat(connection: Connection, run_id: int) -> float | None:
    row = connection.exec_driver_sql("SELECT started_at, heartbeat_at FROM sync_runs WHERE id = ?", (run_id,)).one()
    started_at, heartbeat_at = map(read_time, row)
    return (heartbeat_at - started_at).total_seconds() if started_at and heartbeat_at else None


def get_run(connection: Connection, run_id: int) -> RunReport | None:
    """One run, or None."""
    row = connection.exec_driver_sql(_SELECT + "WHERE id = ?", (run_id,)).first()
    return _report(row) if row else None


def last_finished_run(connection: Connection, job_id: str | None = None) -> RunReport | None:
    """The newest run that is over (of that job), or None."""
    condition, parameters = ("AND job_id = ? ", (job_id,)) if job_id else ("", ())
    row = connection.exec_driver_sql(
        f"{_SELECT}WHERE status NOT IN {ACTIVE} {condition}ORDER BY id DESC LIMIT 1", parameters
    ).first()
    return _report(row) if row else None


def last_sweep(connection: Connection) -> RunReport | None:
    """The newest run of more than single pages that began and is over, or None: the one that may be gone on with."""
    row = connection.exec_driver_sql(
        f"{_SELECT}WHERE status NOT IN {ACTIVE} AND started_at IS NOT NULL AND kind <> ? ORDER BY id DESC LIMIT 1",
        (RunKind.PAGE,),
    ).first()
    return _report(row) if row else None


def awaiting_approval(connection: Connection) -> RunReport | None:
    """The newest blocked run, unless a later sweep succeeded: what it would have removed waits for an answer."""
    row = connection.exec_driver_sql(
        f"{_SELECT}WHERE status = ? AND id > (SELECT coalesce(max(id), 0) FROM sync_runs "
        "WHERE status = ? AND kind <> ?) ORDER BY id DESC LIMIT 1",
        (RunStatus.BLOCKED, RunStatus.SUCCEEDED, RunKind.PAGE),
    ).first()
    return _report(row) if row else None


def active_run(connection: Connection) -> RunReport | None:
    """The run that is active, or None."""
    row = connection.exec_driver_sql(f"{_SELECT}WHERE status IN {ACTIVE}").first()
    return _report(row) if row else None


def select_runs(connection: Connection, rest: str, values: tuple[object, ...] = ()) -> list[RunReport]:
    """The runs of a statement of which only the `rest`, from WHERE on, is missing."""
    return [_report(row) for row in connection.exec_driver_sql(_SELECT + rest, values)]


def _report(row: Row[Any]) -> RunReport:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    return RunReport(
        run_id=values["id"],
        kind=RunKind(values["kind"]),
        trigger=Trigger(values["trigger"]),
        status=RunStatus(values["status"]),
        requested_by=values["requested_by"],
        started_at=read_time(values["started_at"]),
        finished_at=read_time(values["finished_at"]),
        duration_seconds=values["duration_seconds"],
        counts=RunCounts(**{name: values[name] for name in _COUNT_COLUMNS}),
        errors=tuple(msgspec.json.decode(values["errors"] or "[]", type=list[RunError])),
        error=values["error"],
        job_id=values["job_id"],
        slot=read_time(values["slot"]),
        continues_run_id=values["continues_run_id"],
    )
