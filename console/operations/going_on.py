"""Whether a run that did not simply succeed can be gone on with."""

from datetime import datetime, timedelta

from console.run import RunReport, RunStatus
from console.scheduling.resume import cannot_go_on_because
from console.settings import Settings
from console.store.database import Database
from console.store.unfinished import Unfinished, find_unfinished, newest_run_id


async def can_go_on(database: Database, run_id: int, settings: Settings, now: datetime) -> bool:
    """Whether a retry of the run would be started now.

    Raises:
        StoreError: the database refused.
    """
    found = await database.read(find_unfinished, run_id)
    return found is not None and _can(found, settings, now)


async def cut_off_run(database: Database, settings: Settings, now: datetime) -> RunReport | None:
    """The newest run, where it was interrupted, has stored something, and can be gone on with.

    Raises:
        StoreError: the database refused.
    """
    run_id = await database.read(newest_run_id)
    found = await database.read(find_unfinished, run_id) if run_id is not None else None
    if found is None or found.report.status is not RunStatus.INTERRUPTED or not found.done:
        return None
    return found.report if _can(found, settings, now) else None


def _can(unfinished: Unfinished, settings: Settings, now: datetime) -> bool:
    longest = timedelta(hours=settings.sync_catch_up_hours)
    return cannot_go_on_because(unfinished, settings.filters, now, longest) is None
