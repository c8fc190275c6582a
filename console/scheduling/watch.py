"""Noticing that the clock was set, or that the machine slept."""

import logging
from datetime import timedelta

from console.clock import Clock

logger = logging.getLogger("scheduler")

LEAST_JUMP = timedelta(seconds=5)
"""What the wall clock may gain or lose between two looks: time servers correct it by less than that."""


class ClockWatch:
    """Compares the wall clock, which can jump, with the one that only goes forward while the machine is awake."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wall, self._monotonic = clock.now(), clock.monotonic()

    def has_jumped(self) -> bool:
        """Whether the wall clock has jumped since the last look; if so, the log says by how much."""
        wall, monotonic = self._clock.now(), self._clock.monotonic()
        jump = (wall - self._wall) - timedelta(seconds=monotonic - self._monotonic)
        self._wall, self._monotonic = wall, monotonic
        if abs(jump) < LEAST_JUMP:
            return False
        told = timedelta(seconds=round(abs(jump).total_seconds()))
        if jump < timedelta(0):
            logger.warning("The clock was set back by %s, to %s UTC", told, f"{wall:%Y-%m-%d %H:%M:%S}")
        else:
            logger.warning(
                "The clock jumped ahead by %s, to %s UTC: this machine slept, or its clock was set",
                told,
                f"{wall:%Y-%m-%d %H:%M:%S}",
            )
        return True
