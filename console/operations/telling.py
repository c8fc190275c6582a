"""How the schedule and its job are told to faces, by whoever runs the engine and by whoever watches it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from console.operations.protocol import Job, Schedule
from console.run import RunReport
from console.scheduling.daily import DAILY_JOB_ID, DailySchedule


def told_schedule(daily: DailySchedule) -> Schedule:
    """When the daily sync runs, as faces see it."""
    return msgspec.convert(daily, Schedule, from_attributes=True)


def told_jobs(daily: DailySchedule, next_runs: Sequence[datetime], last_run: RunReport | None) -> tuple[Job, ...]:
    """The jobs; `next_runs` are empty while the schedule is paused."""
    return (
        Job(
            job_id=DAILY_JOB_ID,
            name="Daily product sync",
            trigger=f"daily {daily.time} UTC",
            next_run_at=next_runs[0] if next_runs else None,
            last_run=last_run,
        ),
    )
