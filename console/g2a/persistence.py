"""Asking until there is an answer: retries within a budget, and one look at a time while nothing works."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from console.clock import Clock
from console.g2a.breaker import Breaker
from console.g2a.budget import RetryBudget
from console.g2a.errors import G2AError
from console.g2a.retry import RetryPolicy

T = TypeVar("T")

Ask = Callable[[], Awaitable[T]]
Retrying = Callable[[G2AError, float], None]

_OPENS_AFTER = 10
_PATIENT_OPENS_AFTER = 4
"""Below the attempts for one page: a run that nobody waits for sits out an outage even on its first page."""


class Persistence:
    """How the requests of one run are tried again. All of them share the budget and the breaker.

    `probe` is a request that has worked before: what tells an API that is down from some pages that are broken.
    `is_patient`: nobody waits for the run. Otherwise it ends soon where not even its first page can be had.
    """

    def __init__(self, policy: RetryPolicy, clock: Clock, probe: Ask[object], *, is_patient: bool = False) -> None:
        self._policy = policy
        self._probe = probe
        self._clock = clock
        self._budget = RetryBudget()
        self._breaker = Breaker(clock, _PATIENT_OPENS_AFTER if is_patient else _OPENS_AFTER)

    async def carry_out(self, ask: Ask[T], retrying: Retrying) -> T:
        """The answer to `ask`, which is tried again as often as its errors and the budget allow.

        `retrying(error, seconds)` is called before each pause. Attempts while nothing works do not count.

        Raises:
            G2AError: the error of the last attempt, or GaveUp.
        """
        attempt = 0
        while True:
            async with self._breaker.turn() as is_look:
                if is_look:
                    failed = self._breaker.last_error
                    pause = self._policy.pause_below(self._breaker.pause_limit_seconds, failed)
                    await self._pause(failed, pause, retrying)
                else:
                    attempt += 1
                try:
                    if is_look and self._breaker.has_worked:
                        await self._attempt(self._probe)
                        continue
                    return await self._attempt(ask)
                except G2AError as error:
                    failed = _bare(error)
            if failed.is_transient and self._breaker.is_open():
                continue
            next_pause = self._policy.pause(attempt, failed)
            if next_pause is None or not self._budget.spend():
                raise failed
            await self._pause(failed, next_pause, retrying)

    async def _pause(self, failed: G2AError, seconds: float, retrying: Retrying) -> None:
        retrying(failed, seconds)
        await self._clock.sleep(seconds)

    async def _attempt(self, ask: Ask[T]) -> T:
        """Ask once, and note how it went."""
        try:
            answer = await ask()
        except G2AError as error:
            if error.is_outage:
                self._breaker.failed(error)
            else:
                self._breaker.succeeded()  # it answers, though not as it should
            raise
        self._breaker.succeeded()
        self._budget.earn()
        return answer


def _bare(error: G2AError) -> G2AError:
    """The error without the frames that it came through: they would keep a body of megabytes while it is waited."""
    error.__context__ = None
    return error.with_traceback(None)
