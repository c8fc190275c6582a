"""What the database needs once a day, half a day away from the daily sync."""

import asyncio
import logging
from datetime import timedelta

from console.clock import Clock
from console.store.database import Database
from console.store.errors import StoreError
from console.store.retention import forget_before, optimize

logger = logging.getLogger("scheduler")

MAINTENANCE_JOB_ID = "maintenance"
KEPT = timedelta(days=90)
"""How long the tables tell what changed, which pages a run fetched, and what it rejected."""
_HOURS_AWAY = 12


def quiet_hour(daily_hour: int) -> int:
    """The hour (UTC) furthest from the daily sync."""
    return (daily_hour + _HOURS_AWAY) % 24


async def maintain(database: Database, clock: Clock) -> int:
    """Forget what is older than 90 days, a few rows at a time; returns how many rows that were."""
    moment, forgotten = clock.now() - KEPT, 0
    try:
        while deleted := await database.write(forget_before, moment):
            forgotten += deleted
            await asyncio.sleep(0)  # a page that waits for the writer goes first
        await database.write(optimize)
    except StoreError as error:
        logger.warning("The daily maintenance stopped: %s", error)
    if forgotten:
        logger.info("Maintenance forgot %s rows from before %s", f"{forgotten:,}", f"{moment:%Y-%m-%d}")
    return forgotten
