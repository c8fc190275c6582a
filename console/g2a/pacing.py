"""How fast requests may go out: evenly, never above the allowed rate, and slower after G2A said "too many"."""

from collections import deque

from console.clock import Clock

_DOCUMENTED_RATE = 10.0
"""Requests a second that G2A is said to allow: what is fallen back to at the fastest where nothing was measured."""
_SLOWEST = 0.2
"""Requests a second that are always tried."""
_DECREASE = 0.5
_INCREASE_SHARE = 0.02
"""A success gives back this share of the rate before: fifty in a row bring back all of it."""
_SETTLING_SECONDS = 1.0
"""Refusals this close together are one: they answer requests that went out at the old rate."""
_MEASURED_SECONDS = 1.0
_LEAST_MEASURED_SECONDS = 0.05


class Pacer:
    """Gives every request its turn, `60 / per_minute` seconds apart (0 = no limit).

    A 429 halves the rate for everybody, each success gives a little back (additive increase, multiplicative decrease).
    Where there is no limit, the rate is what was measured just before, until twice of that has gone well.
    """

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._clock = clock
        self._allowed = per_minute / 60 if per_minute else None
        self._rate: float | None = self._allowed
        self._rate_before = self._allowed or _DOCUMENTED_RATE
        self._next_turn = clock.monotonic()
        self._pause_ends = float("-inf")
        self._last_decrease = float("-inf")
        self._turns: deque[float] = deque()

    @property
    def rate(self) -> float | None:
        """Requests a second now; None where nothing limits them."""
        return self._rate

    async def turn(self) -> None:
        """Wait until the next request may go out."""
        now = self._clock.monotonic()
        if self._rate is None:
            wait = self._next_turn - now
            self._measure(now)
        else:
            turn = max(self._next_turn, now)
            self._next_turn = turn + 1 / self._rate
            wait = turn - now
        if wait > 0:
            await self._clock.sleep(wait)

    async def pause_over(self) -> None:
        """Wait until the pause is over that G2A asked for, if one lasts: nobody has a turn before."""
        while (wait := self._pause_ends - self._clock.monotonic()) > 0:
            await self._clock.sleep(wait)

    @property
    def is_paused(self) -> bool:
        """Whether a pause that G2A asked for lasts."""
        return self._pause_ends > self._clock.monotonic()

    def _measure(self, now: float) -> None:
        self._turns.append(now)
        while self._turns[0] < now - _MEASURED_SECONDS:
            self._turns.popleft()

    def _measured(self, now: float) -> float:
        """Requests a second lately."""
        seconds = now - self._turns[0] if self._turns else 0.0
        return len(self._turns) / seconds if seconds > _LEAST_MEASURED_SECONDS else 0.0

    def refused(self, pause_seconds: float) -> None:
        """G2A said "too many": everybody pauses, and goes on at half the rate."""
        now = self._clock.monotonic()
        self._pause_ends = max(self._pause_ends, now + pause_seconds)
        self._next_turn = max(self._next_turn, self._pause_ends)
        if now - self._last_decrease < _SETTLING_SECONDS:
            return
        self._last_decrease = now
        if self._rate is None:
            self._rate_before = max(self._measured(now), _DOCUMENTED_RATE / _DECREASE)
        rate = self._rate if self._rate is not None else self._rate_before
        self._rate = max(rate * _DECREASE, min(_SLOWEST, rate))  # never faster than before

    def accepted(self) -> None:
        """A request was answered: a little faster, up to the allowed rate."""
        if self._rate is None or self._rate == self._allowed:
            return
        self._rate += _INCREASE_SHARE * self._rate_before
        if self._allowed is not None:
            self._rate = min(self._rate, self._allowed)
        elif self._rate >= 2 * self._rate_before:
            self._rate = None
