"""Clocks that the engine is given in place of the machine's own."""

import asyncio
import time
from datetime import UTC, datetime, timedelta


class FastClock:
    """The machine's clock, `speed` times as fast: the pauses between retries are real, but short."""

    def __init__(self, speed: float = 200.0) -> None:
        self._speed = speed
        self._began = time.monotonic()
        self._began_at = datetime.now(UTC)

    def now(self) -> datetime:
        """The time of day that this clock shows."""
        return self._began_at + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Seconds of this clock since it was made."""
        return (time.monotonic() - self._began) * self._speed

    async def sleep(self, seconds: float) -> None:
        """Wait that many seconds of this clock."""
        await asyncio.sleep(seconds / self._speed)
