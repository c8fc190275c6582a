"""An AsyncIOScheduler that cannot fall asleep."""

import logging
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

logger = logging.getLogger("scheduler")

LONGEST_SLEEP_SECONDS = 30.0


class SteadyScheduler(AsyncIOScheduler):  # type: ignore[misc]  # APScheduler 3 has no types
    """Wakes at least every 30 seconds, whatever happens.

    APScheduler 3.11 never arms its timer again after an exception in `_process_jobs`, though its state still says
    running; and its timer does not notice that the clock was set or the machine slept.
    """

    def _process_jobs(self) -> float:
        seconds: Any = None
        try:
            seconds = super()._process_jobs()
        except Exception:
            logger.exception("The scheduler stumbled; it goes on.")
        return LONGEST_SLEEP_SECONDS if seconds is None else min(seconds, LONGEST_SLEEP_SECONDS)
