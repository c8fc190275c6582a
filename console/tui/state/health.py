"""The one word for how it stands."""

import enum
from datetime import datetime, timedelta

from console.run import RunStatus
from console.tui.state.model import Model


class Health(enum.StrEnum):
    """How it stands, in the word the screen shows."""

    STARTING = "starting"
    HEALTHY = "healthy"
    RUNNING = "running"
    CANCELLING = "cancelling"
    PAUSED = "paused"
    LATE = "late"
    FAILED = "failed"
    PARTIAL = "partial"
    BLOCKED = "blocked"
    INTERRUPTED = "interrupted"
    MISSED = "missed"
    EMPTY = "empty"
    NO_CREDENTIALS = "no credentials"
    READ_ONLY = "read-only"
    ENGINE_LOST = "engine lost"


SILENT_SECONDS = 60
"""A heartbeat longer ago than this, which is several that did not come, is told as a warning."""

_DUE = timedelta(minutes=2)
"""How long after its slot a daily sync may begin before it is late: the scheduler starts it within seconds."""

_STALE = timedelta(hours=25)
"""Older than a day, and an hour of grace for the sync itself, nothing that succeeded is from the last slot."""

_LASTING = {
    RunStatus.FAILED: Health.FAILED,
    RunStatus.BLOCKED: Health.BLOCKED,
    RunStatus.PARTIAL: Health.PARTIAL,
    RunStatus.INTERRUPTED: Health.INTERRUPTED,
    RunStatus.MISSED: Health.MISSED,
}
"""Endings of a run that stay on the screen until another run ends better."""

_URGENT = (Health.FAILED, Health.BLOCKED)
"""States that are said even while the schedule is paused."""


def health(model: Model, now: datetime) -> Health:
    """The word for how it stands now: of all that is the case, what an operator must know first."""
    if model.snapshot is None:
        return Health.STARTING if model.failure is None else Health.FAILED
    if model.failure is not None or silent_for(model, now) is not None:
        return Health.ENGINE_LOST
    if model.active_run is not None:
        return Health.CANCELLING if model.is_cancelling else Health.RUNNING
    if model.snapshot.notice is not None:
        return Health.NO_CREDENTIALS
    return _at_rest(model, now)


def _at_rest(model: Model, now: datetime) -> Health:
    """The word while nothing runs."""
    report = model.last_report
    lasting = _LASTING.get(report.status) if report else None
    nothing_yet = Health.READ_ONLY if model.read_only is not None else Health.EMPTY
    candidates = (
        (model.blocked is not None, Health.BLOCKED),  # whatever came since, somebody must look at it
        (lasting in _URGENT, lasting),
        (model.paused is not None, Health.PAUSED),
        (overdue(model, now), Health.LATE),
        (lasting is not None, lasting),
        (is_stale(model, now), Health.LATE),
        (report is None, nothing_yet),
    )
    return next((word for holds, word in candidates if holds and word), Health.HEALTHY)


def silent_for(model: Model, now: datetime) -> int | None:
    """How many seconds the process that runs the engine has been silent, where that is too long."""
    holder = model.read_only.holder if model.read_only else None
    seconds = holder.silent_seconds(now) if holder else None
    return seconds if seconds is not None and seconds >= SILENT_SECONDS else None


def overdue(model: Model, now: datetime) -> bool:
    """Whether the time of the next sync has passed without one."""
    return model.next_run_at is not None and now - model.next_run_at > _DUE


def is_stale(model: Model, now: datetime) -> bool:
    """Whether the last sync of all pages that succeeded is older than the schedule allows."""
    last = model.past.last_success_at
    return last is not None and now - last > _STALE
