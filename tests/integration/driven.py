"""An engine that a synchronous program drives: one step after the other, on an event loop of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import Any, TypeVar

from console.operations.engine import Engine
from console.run import RunReport, RunStatus
from console.scheduling.runner import NoRunActive
from console.simulator.server import Simulator
from console.sync.events import PageStored, RunEvent
from tests.integration.bench import Bench
from tests.integration.clocks import FastClock
from tests.integration.kill_point import KillPoint

T = TypeVar("T")
Start = Callable[[Engine], Awaitable[int]]
"""How a run begins."""
Step = Callable[[], None]

DEADLINE_SECONDS = 60.0
_SPEED = 2_000.0
"""An outage of five minutes, which a run sits out, takes 150 ms."""
_LONG_AGO_HOURS = 8_760
"""No run is too old to be gone on with, however fast the clock is."""


class DrivenEngine:
    """A home, a simulator, and one engine between them that stays open from step to step."""

    def __init__(self, root: Path, fetchers: int, **choices: Any) -> None:
        self._threads = ExitStack()
        self._loop = self._threads.enter_context(asyncio.Runner())
        self._bench = Bench(root, self._threads)
        self._clock = FastClock(_SPEED)
        self._fetchers = fetchers
        self._closing = AsyncExitStack()
        self._engine: Engine | None = None
        self._bench.simulate(**choices)

    @property
    def sim(self) -> Simulator:
        """The simulator that the engine asks."""
        return self._bench.sim

    @property
    def database(self) -> Path:
        """The file of the catalogue."""
        return self._bench.database

    def run(self, start: Start, page: int = 0, then: Step | None = None) -> tuple[RunReport, list[RunEvent]]:
        """Let a run begin and wait for its end; once so many pages are stored, `then` is called on the loop.

        Raises:
            NotStarted: the run cannot begin.
        """
        told: list[RunEvent] = []
        waiting = [then] if then else []

        def tell(event: RunEvent) -> None:
            told.append(event)
            if waiting and isinstance(event, PageStored) and _stored_pages(told) >= page:
                waiting.pop()()

        return self._do(lambda engine: _run(engine, start, tell)), told

    def stop(self) -> None:
        """Ask the active run to stop, as the end of the process does; to be called on the loop."""
        assert self._engine is not None
        self._engine.runner.ask_to_stop(RunStatus.INTERRUPTED)

    def cancel(self) -> None:
        """Ask the active run to stop, as somebody at the console does; to be called on the loop."""
        assert self._engine is not None
        self._cancelling = asyncio.ensure_future(_cancel(self._engine))

    def run_and_kill(self, start: Start, transactions: int) -> list[RunEvent]:
        """Let a run begin, and go on from what kill -9 leaves behind right after that many transactions.

        Returns what was told before. Where the run ends earlier, the process dies after it.
        """
        told: list[RunEvent] = []

        async def live(engine: Engine) -> KillPoint:
            def tell(event: RunEvent) -> None:
                if not point.is_reached:
                    told.append(event)

            point = KillPoint(engine, transactions, lambda: _stop(engine))
            with point.armed():
                await _run(engine, start, tell)
            if not point.is_reached:
                point.reach()
            return point

        point = self._do(live)
        self.close_engine()
        point.restore()
        self.open_engine()
        return told

    def ask(self, work: Callable[[Engine], Awaitable[T]]) -> T:
        """Ask something of the engine, which is opened where it is not."""
        return self._do(work)

    def open_engine(self) -> None:
        """Start the engine, unless it runs."""

        async def open_it() -> Engine:
            choices = {"sync_concurrency": self._fetchers, "sync_catch_up_hours": _LONG_AGO_HOURS}
            opening = self._bench.open(self._clock, **choices)
            return await self._closing.enter_async_context(opening)

        if self._engine is None:
            self._engine = self._loop.run(open_it())

    def close_engine(self) -> None:
        """End the engine cleanly."""
        self._engine = None
        self._loop.run(self._closing.aclose())

    def close(self) -> None:
        """End everything."""
        with self._threads:
            self.close_engine()

    def _do(self, work: Callable[[Engine], Awaitable[T]]) -> T:
        self.open_engine()
        engine = self._engine
        assert engine is not None

        async def in_time() -> T:
            async with asyncio.timeout(DEADLINE_SECONDS):
                return await work(engine)

        return self._loop.run(in_time())


async def _run(engine: Engine, start: Start, tell: Callable[[RunEvent], None]) -> RunReport:
    engine.listen(tell, lambda: None)
    await start(engine)
    report = await engine.runner.wait()
    assert report is not None
    return report


async def _cancel(engine: Engine) -> None:
    try:
        await engine.runner.cancel()
    except NoRunActive:
        return


def _stop(engine: Engine) -> None:
    if engine.runner.active_run_id is not None:
        engine.runner.ask_to_stop(RunStatus.INTERRUPTED)


def _stored_pages(told: list[RunEvent]) -> int:
    return sum(isinstance(event, PageStored) for event in told)
