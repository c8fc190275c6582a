"""The limit on requests per minute."""

from collections.abc import Callable

_SECONDS_A_MINUTE = 60
_LARGEST_BURST = 10


class RateLimit:
    """A bucket that fills smoothly and holds about one second's worth, so a burst passes but a flood does not.

    Args:
        per_minute: requests a minute; 0 is no limit.
        clock: the time in seconds; only differences matter.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float]) -> None:
        self._rate = per_minute / _SECONDS_A_MINUTE
        self._capacity = max(1.0, min(_LARGEST_BURST, self._rate))
        self._level = self._capacity
        self._clock = clock
        self._filled_at = clock()

    def wait(self) -> float:
        """Take one request out of the bucket.

        Returns:
            0 when it may pass; otherwise how many seconds are left until the next one may.
        """
        if self._rate == 0:
            return 0
        now = self._clock()
        self._level = min(self._capacity, self._level + (now - self._filled_at) * self._rate)
        self._filled_at = now
        if self._level >= 1:
            self._level -= 1
            return 0
        return (1 - self._level) / self._rate
