"""What earlier runs tell: how long a sync usually takes, when one last succeeded, when the catalogue last changed."""

from datetime import datetime

from sqlalchemy import Connection

from console.run import DURATIONS_KEPT, Past, RunKind, RunStatus
from console.store.rows import read_time


def read_past(connection: Connection) -> Past:
    """The past as it is now."""
    durations = connection.exec_driver_sql(
        "SELECT duration_seconds FROM sync_runs WHERE status = ? AND kind = ? AND continues_run_id IS NULL "
        "AND duration_seconds IS NOT NULL ORDER BY id DESC LIMIT ?",
        (RunStatus.SUCCEEDED, RunKind.FULL, DURATIONS_KEPT),
    )
    return Past(
        durations=tuple(seconds for (seconds,) in durations)[::-1],
        last_success_at=_last(connection, "status = ? AND kind <> ?", RunStatus.SUCCEEDED, RunKind.PAGE),
        last_change_at=_last(connection, "products_new + products_changed + products_discontinued > 0"),
    )


def _last(connection: Connection, condition: str, *parameters: str) -> datetime | None:
    """When the newest run ended of which this holds."""
    row = connection.exec_driver_sql(
        f"SELECT finished_at FROM sync_runs WHERE finished_at IS NOT NULL AND {condition} ORDER BY id DESC LIMIT 1",
        parameters,
    ).first()
    return read_time(row[0]) if row else None
