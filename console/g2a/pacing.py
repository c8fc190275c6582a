"""How fast requests may go out: evenly, never above the allowed rate, and slower after G2A said "too many"."""

from console.clock import Clock

_FASTEST_UNLIMITED = 1_000.0
"""Requests a second above which an unlimited rate needs no more pacing."""
_START_WHEN_UNLIMITED = 10.0
"""Requests a second to fall back to when there was no limit: G2A's documented rate."""
_SLOWEST = 0.2
"""Requests a second that are always tried."""
_DECREASE = 0.5
_INCREASE_SHARE = 0.02
"""A success gives back this share of the allowed rate: fifty in a row bring back all of it."""
_SETTLING_SECONDS = 1.0
"""Refusals this close together are one: they answer requests that went out at the old rate."""


class Pacer:
    """Gives every request its turn, `60 / per_minute` seconds apart (0 = no limit).

    A 429 halves the rate for everybody, each success gives a little back (additive increase, multiplicative decrease).
    """

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._clock = clock
        self._allowed = per_minute / 60 if per_minute else None
        self._rate: float | None = self._allowed
        self._next_turn = clock.monotonic()
        self._last_decrease = float("-inf")

    @property
    def rate(self) -> float | None:
        """Requests a second now; None where nothing limits them."""
        return self._rate

    async def turn(self) -> None:
        """Wait until the next request may go out."""
        now = self._clock.monotonic()
        if self._rate is None:
            wait = self._next_turn - now
        else:
            turn = max(self._next_turn, now)
            self._next_turn = turn + 1 / self._rate
            wait = turn - now
        if wait > 0:
            await self._clock.sleep(wait)

    def refused(self, pause_seconds: float) -> None:
        """G2A said "too many": everybody pauses, and goes on at half the rate."""
        now = self._clock.monotonic()
        self._next_turn = max(self._next_turn, now + pause_seconds)
        if now - self._last_decrease < _SETTLING_SECONDS:
            return
        self._last_decrease = now
        rate = self._rate if self._rate is not None else _START_WHEN_UNLIMITED / _DECREASE
        self._rate = max(rate * _DECREASE, min(_SLOWEST, rate))  # never faster than before

    def accepted(self) -> None:
        """A request was answered: a little faster, up to the allowed rate."""
        if self._rate is None or self._rate == self._allowed:
            return
        step = _INCREASE_SHARE * (self._allowed or _START_WHEN_UNLIMITED * 5)
        self._rate += step
        if self._allowed is not None:
            self._rate = min(self._rate, self._allowed)
        elif self._rate >= _FASTEST_UNLIMITED:
            self._rate = None
