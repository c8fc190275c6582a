"""The runs that there were: some of them by what is asked for, and their figures over time."""

from typing import Any

from sqlalchemy import Connection

from console.history import RunFilter, RunPoint
from console.run import RunReport, RunStatus
from console.store.dialect import Dialect, dialect_of
from console.store.rows import read_time, stored_time
from console.store.runs import select_runs

_BEGAN = "coalesce(started_at, slot, finished_at)"
"""When a run began, or should have."""

_TOLD = (
    "(id || ' ' || kind || ' ' || trigger || ' ' || status || ' ' || coalesce(requested_by, '') || ' ' || "
    "{minute} || ' ' || coalesce(error, ''))"
)
"""What the list tells of a run, as one text."""


def find_runs(connection: Connection, wanted: RunFilter, limit: int, offset: int = 0) -> list[RunReport]:
    """These runs, newest first."""
    where, values = _where(dialect_of(connection), wanted)
    return select_runs(connection, f"{where}ORDER BY id DESC LIMIT ? OFFSET ?", (*values, limit, offset))


def count_runs(connection: Connection, wanted: RunFilter) -> int:
    """How many there are of these runs."""
    where, values = _where(dialect_of(connection), wanted)
    return int(connection.exec_driver_sql(f"SELECT count(*) FROM sync_runs {where}", values).scalar_one())


def find_neighbour(connection: Connection, run_id: int, wanted: RunFilter, *, newer: bool) -> RunReport | None:
    """The next newer or older of these runs."""
    where, values = _where(dialect_of(connection), wanted, ("id > ?" if newer else "id < ?", run_id))
    found = select_runs(connection, f"{where}ORDER BY id {'ASC' if newer else 'DESC'} LIMIT 1", values)
    return found[0] if found else None


def run_figures(connection: Connection, wanted: RunFilter, limit: int) -> list[RunPoint]:
    """The figures of the newest of these runs, oldest first."""
    where, values = _where(dialect_of(connection), wanted)
    rows = connection.exec_driver_sql(
        f"SELECT id, {_BEGAN}, status, duration_seconds, products_seen, "
        f"products_new + products_changed + products_discontinued FROM sync_runs {where}ORDER BY id DESC LIMIT ?",
        (*values, limit),
    )
    return [_point(row) for row in reversed(rows.all())]


def people_of_runs(connection: Connection) -> list[str]:
    """Everybody who ever asked for a run."""
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT requested_by FROM sync_runs WHERE requested_by IS NOT NULL AND requested_by <> '' "
        "ORDER BY requested_by"
    )
    return [person for (person,) in rows]


def _where(dialect: Dialect, wanted: RunFilter, *more: tuple[str, object]) -> tuple[str, tuple[object, ...]]:
    """The WHERE of a query, with `more` conditions of one value each, and the values."""
    parts: list[tuple[str, tuple[object, ...]]] = [(condition, (value,)) for condition, value in more]
    choices = (("status", wanted.statuses), ("trigger", wanted.triggers), ("kind", wanted.kinds))
    parts += [(f"{column} IN ({', '.join('?' * len(some))})", some) for column, some in choices if some]
    if wanted.person is not None:
        parts.append(("coalesce(requested_by, '') = ?", (wanted.person,)))
    if wanted.since is not None:
        parts.append((f"{_BEGAN} >= ?", (stored_time(wanted.since),)))
    if wanted.until is not None:
        parts.append((f"{_BEGAN} < ?", (stored_time(wanted.until),)))
    if wanted.words:
        told = f"lower({_TOLD.format(minute=dialect.minute.format(_BEGAN))})"
        parts += [(dialect.contains.format(told, "?"), (word.lower(),)) for word in wanted.words]
    if not parts:
        return "", ()
    return f"WHERE {' AND '.join(part for part, _ in parts)} ", tuple(value for _, some in parts for value in some)


def _point(row: Any) -> RunPoint:
    run_id, at, status, seconds, products, changes = row
    return RunPoint(
        run_id=run_id,
        at=read_time(at),
        status=RunStatus(status),
        duration_seconds=seconds,
        products=products,
        changes=changes,
    )
