"""What can be done next about a run that did not simply succeed."""

from datetime import datetime

from console.operations.going_on import can_go_on
from console.run import RunReport, RunStatus
from console.settings import Settings
from console.store.database import Database


async def way_on(database: Database, report: RunReport, settings: Settings, now: datetime) -> str | None:
    """The commands that go on from here, in one line; None where there is nothing to do.

    Raises:
        StoreError: the database refused.
    """
    run_id = report.run_id
    if report.status is RunStatus.BLOCKED:
        return (
            f"`g2a-console removals {run_id}` lists what would go, "
            f"and `g2a-console approve {run_id} --reason TEXT` removes it."
        )
    if report.counts.pages_done and await can_go_on(database, run_id, settings, now):
        return f"To go on with what is missing: g2a-console retry {run_id}"
    return None  # without a page there is nothing to go on with: that is a new sync
