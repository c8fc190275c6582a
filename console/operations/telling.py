"""How the schedule and its job are told to faces, by whoever runs the engine and by whoever watches it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from console.operations.protocol import CatalogueChanged, Job, Schedule, ScheduleUndo
from console.operations.standing import Standing
from console.run import Past, RunReport
from console.scheduling.daily import DAILY_JOB_ID, DailySchedule, default_schedule
from console.scheduling.maintenance import MAINTENANCE_JOB_ID, quiet_hour
from console.scheduling.slots import next_slots
from console.scheduling.undo import Undo
from console.settings import Settings


def told_schedule(daily: DailySchedule, settings: Settings) -> Schedule:
    """When the daily sync runs, as faces see it."""
    told = msgspec.convert(daily, Schedule, from_attributes=True)
    return msgspec.structs.replace(told, settings_time=default_schedule(settings).time)


def told_undo(undo: Undo | None, settings: Settings) -> ScheduleUndo | None:
    """What undoing would restore, as faces see it."""
    if undo is None:
        return None
    event = undo.event
    return ScheduleUndo(
        event_id=event.id,
        action=event.action.rpartition(".")[2],
        actor=event.actor,
        at=event.at,
        is_of_pause=event.before.enabled is not None,
        restored=told_schedule(undo.restored, settings),
    )


def told_catalogue(active_products: int, standing: Standing, past: Past) -> CatalogueChanged:
    """What the catalogue is, and which runs tell so, as faces see it."""
    return CatalogueChanged(
        active_products,
        standing.last_run,
        last_sweep=standing.last_sweep,
        blocked=standing.blocked,
        past=past,
    )


def told_jobs(
    daily: DailySchedule, next_runs: Sequence[datetime], last_run: RunReport | None, now: datetime
) -> tuple[Job, ...]:
    """The jobs, the daily sync first; `next_runs` are empty while the schedule is paused, the maintenance goes on."""
    quiet = quiet_hour(daily.hour)
    return (
        Job(
            job_id=DAILY_JOB_ID,
            name="Daily product sync",
            trigger=f"daily {daily.time} UTC",
            next_run_at=next_runs[0] if next_runs else None,
            last_run=last_run,
        ),
        Job(
            job_id=MAINTENANCE_JOB_ID,
            name="Maintenance",
            trigger=f"daily {quiet:02}:{daily.minute:02} UTC",
            next_run_at=next(next_slots(now, quiet, daily.minute)),
            last_run=None,
            keeps_runs=False,
        ),
    )
