"""Whether and when a failed request is tried again."""

from collections.abc import Callable
from dataclasses import dataclass

from console.g2a.errors import G2AError, TooManyRequests


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
        return self.pause_below(min(self.highest_limit_seconds, self.first_limit_seconds * 2 ** (attempt - 1)), error)

    def pause_below(self, limit_seconds: float, error: G2AError) -> float:
        """A random pause below the limit, after what the API has asked for."""
        jitter = self.uniform(0, limit_seconds)
        if isinstance(error, TooManyRequests) and error.retry_after is not None:
            return min(max(error.retry_after, 0.0), self.longest_retry_after_seconds) + jitter
        return jitter
