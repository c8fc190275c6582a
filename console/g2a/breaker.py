"""Noticing that nothing works any more, and giving up in time."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from console.clock import Clock
from console.g2a.errors import G2AError, GaveUp

_GIVES_UP_SECONDS = 300.0
_FIRST_PAUSE_LIMIT_SECONDS = 1.0
_HIGHEST_PAUSE_LIMIT_SECONDS = 30.0


class Breaker:
    """Open after `opens_after` failures in a row, until a request succeeds.

    While it is open only one request is under way, every so often, to see whether the API is back. After five minutes
    without a success it gives up.
    """

    def __init__(self, clock: Clock, opens_after: int) -> None:
        self._clock = clock
        self._opens_after = opens_after
        self._failures_in_a_row = 0
        self._last_success = clock.monotonic()
        self._one_at_a_time = asyncio.Lock()
        self.has_worked = False
        """Whether any request has succeeded."""
        self.last_error = G2AError()
        """Of the failures in a row."""

    def is_open(self) -> bool:
        """Whether nothing works at the moment."""
        return self._failures_in_a_row >= self._opens_after

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[bool]:
        """Make a request within; while nothing works, one at a time: then it gives True."""
        if self.is_open():
            async with self._one_at_a_time:
                if self.is_open():
                    yield True
                    return
        yield False

    @property
    def pause_limit_seconds(self) -> float:
        """How long to wait at most before the next look: longer each time."""
        doubled = min(self._failures_in_a_row - self._opens_after, 10)
        return float(min(_FIRST_PAUSE_LIMIT_SECONDS * 2**doubled, _HIGHEST_PAUSE_LIMIT_SECONDS))

    def succeeded(self) -> None:
        """A request was answered."""
        self.has_worked = True
        self._failures_in_a_row = 0
        self._last_success = self._clock.monotonic()

    def failed(self, error: G2AError) -> None:
        """A request failed.

        Raises:
            GaveUp: nothing has worked for too long.
        """
        self._failures_in_a_row += 1
        self.last_error = error
        seconds = self._clock.monotonic() - self._last_success
        if self.is_open() and seconds >= _GIVES_UP_SECONDS:
            minutes = round(seconds / 60)
            raise GaveUp(f"Nothing has worked for {minutes} minutes, the last request failed so: {error}") from error
