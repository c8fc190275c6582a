"""An AsyncIOScheduler that cannot fall asleep."""

import logging
from collections.abc import Callable
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

logger = logging.getLogger("scheduler")

LONGEST_SLEEP_SECONDS = 30.0


class SteadyScheduler(AsyncIOScheduler):  # type: ignore[misc]  # APScheduler 3 has no types
    """Wakes at least every 30 seconds, whatever happens.

    APScheduler 3.11 never arms its timer again after an exception in `_process_jobs`, though its state still says
    running; and its timer does not notice that the clock was set or the machine slept. `on_wake` is called whenever it
    wakes, before it looks for jobs.
    """

    def __init__(self, on_wake: Callable[[], None] = lambda: None, **options: Any) -> None:
        super().__init__(**options)
        self._on_wake = on_wake

    def _process_jobs(self) -> float:
        seconds: Any = None
        try:
            self._on_wake()
            seconds = super()._process_jobs()
        except Exception:
            logger.exception("The scheduler stumbled; it goes on.")
        return LONGEST_SLEEP_SECONDS if seconds is None else min(seconds, LONGEST_SLEEP_SECONDS)
