"""A clock that a test moves."""

import asyncio
from datetime import UTC, datetime, timedelta

_TURNS_TO_SETTLE = 20


class FakeClock:
    """Stands in for the machine's clock.

    A sleep moves the time on at once; with `by_hand` sleepers wait for `advance`. `slept` is what was asked of it.
    """

    def __init__(self, now: datetime = datetime(2026, 11, 23, 1, 0, tzinfo=UTC), *, by_hand: bool = False) -> None:
        self._now = now
        self._monotonic = 1_000.0
        self._by_hand = by_hand
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []
        self.slept: list[float] = []

    def now(self) -> datetime:
        """The wall clock."""
        return self._now

    def monotonic(self) -> float:
        """Seconds that only go forward."""
        return self._monotonic

    async def sleep(self, seconds: float) -> None:
        """Move the time on and give the others a turn; by hand, wait for `advance`."""
        self.slept.append(seconds)
        if not self._by_hand:
            self._pass(max(seconds, 0.0))
            await asyncio.sleep(0)
            return
        wake: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        sleeper = (self._monotonic + seconds, wake)
        self._sleepers.append(sleeper)
        try:
            await wake
        finally:
            self._sleepers.remove(sleeper)

    @property
    def sleepers(self) -> int:
        """How many are asleep now."""
        return len(self._sleepers)

    def jump(self, now: datetime) -> None:
        """Somebody sets the wall clock; durations do not notice."""
        self._now = now

    async def advance(self, seconds: float) -> None:
        """Let the time pass, waking each sleeper at its moment."""
        until = self._monotonic + seconds
        await settle()
        while due := [each for each in self._sleepers if each[0] <= until and not each[1].done()]:
            moment, wake = min(due, key=lambda each: each[0])
            self._pass(max(moment - self._monotonic, 0.0))
            wake.set_result(None)
            await settle()
        self._pass(until - self._monotonic)
        await settle()

    def _pass(self, seconds: float) -> None:
        self._monotonic += seconds
        self._now += timedelta(seconds=seconds)


async def settle() -> None:
    """Give everything on this loop the turns that it needs to come to a stop."""
    for _ in range(_TURNS_TO_SETTLE):
        await asyncio.sleep(0)
