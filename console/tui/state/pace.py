"""How fast a run goes."""

from collections import deque

_WINDOW_SECONDS = 12.0
"""How far back the rate looks: long enough to be calm, short enough to show a throttled API."""

_SMOOTHING = 0.35
"""The weight of the newest rate, once a second."""

_SECONDS_TO_JUDGE = 2.0

_STANDSTILL = 1 / 600
"""Pages per second below which nothing moves."""


class Pace:
    """The recent rate of a run in pages per second, from how many pages were settled when."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, int]] = deque()
        self._rate: float | None = None

    def note(self, at: float, pages: int) -> None:
        """`pages` were settled at this moment (monotonic seconds). Samples within a second of each other count once."""
        if self._samples and at - self._samples[-1][0] < 1.0:
            return
        self._samples.append((at, pages))
        while at - self._samples[0][0] > _WINDOW_SECONDS and len(self._samples) > 1:
            self._samples.popleft()
        (first_at, first), (last_at, last) = self._samples[0], self._samples[-1]
        if last_at - first_at < _SECONDS_TO_JUDGE:
            return
        newest = max(last - first, 0) / (last_at - first_at)
        self._rate = newest if self._rate is None else self._rate + _SMOOTHING * (newest - self._rate)

    @property
    def rate(self) -> float | None:
        """Pages per second, 0 while nothing moves, or None until there is enough to judge by."""
        return self._rate if self._rate is None or self._rate > _STANDSTILL else 0.0
