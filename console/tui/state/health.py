"""The one word for how it stands."""

import enum

from console.run import RunStatus


class Health(enum.StrEnum):
    """How it stands, in the word the header shows."""

    STARTING = "starting"
    HEALTHY = "healthy"
    RUNNING = "running"
    PAUSED = "paused"
    FAILED = "failed"
    PARTIAL = "partial"
    BLOCKED = "blocked"
    INTERRUPTED = "interrupted"
    MISSED = "missed"
    NO_CREDENTIALS = "no credentials"


LASTING = {
    RunStatus.FAILED: Health.FAILED,
    RunStatus.BLOCKED: Health.BLOCKED,
    RunStatus.PARTIAL: Health.PARTIAL,
    RunStatus.INTERRUPTED: Health.INTERRUPTED,
    RunStatus.MISSED: Health.MISSED,
}
"""Endings of a run that stay on the screen until another run ends better."""

URGENT = (Health.FAILED, Health.BLOCKED)
"""States that are said even while the schedule is paused."""
