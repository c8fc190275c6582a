"""Whether and when a failed request is tried again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from console.clock import Clock
from console.g2a.errors import G2AError, TooManyRequests

T = TypeVar("T")


@dataclass(frozen=True)
class RetryPolicy:
    """Transient errors are tried again with full jitter: a random pause below a limit that doubles.

    `uniform(low, high)` is the source of randomness, `random.uniform` in production. All times are seconds.
    """

    uniform: Callable[[float, float], float]
    attempts: int = 6
    first_limit_seconds: float = 0.5
    highest_limit_seconds: float = 30.0
    longest_retry_after_seconds: float = 120.0

    def pause(self, attempt: int, error: G2AError) -> float | None:
        """The seconds to wait after attempt number `attempt` (from 1) failed so; None to give up."""
        if not error.is_transient or attempt >= self.attempts:
            return None
        limit = min(self.highest_limit_seconds, self.first_limit_seconds * 2 ** (attempt - 1))
        jitter = self.uniform(0, limit)
        if isinstance(error, TooManyRequests) and error.retry_after is not None:
            return min(max(error.retry_after, 0.0), self.longest_retry_after_seconds) + jitter
        return jitter

    async def carry_out(
        self, ask: Callable[[], Awaitable[T]], clock: Clock, retrying: Callable[[G2AError, float], None]
    ) -> T:
        """The answer to `ask`, which is tried again as often as its errors allow.

        `retrying(error, seconds)` is called before each pause.

        Raises:
            G2AError: the error of the last attempt.
        """
        attempt = 0
        while True:
            attempt += 1
            try:
                return await ask()
            except G2AError as error:
                pause = self.pause(attempt, error)
                if pause is None:
                    raise
                retrying(error, pause)
            await clock.sleep(pause)
