"""A bench: a home, simulators of the API over real HTTP, and real engines between them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from console.clock import Clock, SystemClock
from console.home import Home
from console.logs import Log
from console.operations.engine import Engine
from console.run import RunReport, Trigger
from console.scheduling.daily import DAILY_JOB_ID
from console.scheduling.runner import RunRequest
from console.settings import SecretStr, Settings
from console.simulator.config import SimulatorConfig
from console.simulator.server import Simulator
from console.simulator.thread import SimulatorThread
from console.sync.events import RunEvent
from tests.integration.clocks import FastClock


class Bench:
    """A home that nobody else uses, simulators in threads of their own, and engines on the test's loop."""

    def __init__(self, root: Path, threads: ExitStack) -> None:
        self.home = Home(root)
        self.home.prepare()
        self.database = root / "catalog.db"
        self.events: list[RunEvent] = []
        """What the engines opened here have told, oldest first."""
        self.threads = threads
        self._sim: Simulator | None = None

    @property
    def sim(self) -> Simulator:
        """The simulator that the engines ask."""
        assert self._sim is not None, "simulate() comes first"
        return self._sim

    def simulate(self, **choices: Any) -> Simulator:
        """Start a simulator with these choices; the engines opened from now on ask it."""
        self._sim = self.start_simulator(**choices)
        return self._sim

    def use(self, sim: Simulator) -> None:
        """Ask a simulator that runs already."""
        self._sim = sim

    def start_simulator(self, **choices: Any) -> Simulator:
        """Start a simulator that no engine asks."""
        return self.threads.enter_context(SimulatorThread(SimulatorConfig(**{"products": 300, **choices})))

    def settings(self, **changes: Any) -> Settings:
        """Settings with which the simulator can be asked at once and without limit."""
        config = self.sim.config
        usual: dict[str, Any] = {
            "g2a_base_url": self.sim.url,
            "g2a_client_id": config.client_id,
            "g2a_client_secret": SecretStr(config.client_secret),
            "g2a_email": config.email,
            "g2a_max_requests_per_minute": 0,
        }
        return Settings(**(usual | changes))

    @asynccontextmanager
    async def open(self, clock: Clock | None = None, **changes: Any) -> AsyncIterator[Engine]:
        """An engine on this home, and its log; both are closed at the end."""
        settings = self.settings(**changes)
        log = Log.open(self.home.log_file, settings.log_level, settings.secrets(), 10, 5)
        try:
            engine = await Engine.open(settings=settings, home=self.home, clock=clock or SystemClock(), log=log)
            engine.listen(self.events.append, lambda: None)
            try:
                yield engine
            finally:
                await engine.close()
        finally:
            log.close()

    async def sync(self, page: int | None = None, clock: Clock | None = None, **changes: Any) -> RunReport:
        """Open an engine, let it sync once, close it."""
        async with self.open(clock, **changes) as engine:
            return await run(engine, page)

    async def _sync_and_index(self) -> RunReport:
        async with self.open() as engine:
            report = await run(engine)
            await engine.indexing.finish()
            return report

    def sync_as_the_command(self) -> RunReport:
        """The same in a test that is no coroutine, with what `sync` does afterwards; without a process of its own."""
        return asyncio.run(self._sync_and_index())

    async def fast_sync(self, **changes: Any) -> RunReport:
        """The same with a clock that makes the pauses between retries short."""
        return await self.sync(clock=FastClock(), **changes)

    def log_text(self) -> str:
        """The log file."""
        return self.home.log_file.read_text("utf-8")


async def start_daily(engine: Engine) -> int:
    """Start the run of a slot, as the schedule does."""
    slot = engine.clock.now().replace(hour=2, minute=0, second=0, microsecond=0)
    request = RunRequest(trigger=Trigger.SCHEDULED, requested_by=None, job_id=DAILY_JOB_ID, slot=slot)
    return await engine.runner.start(request)


async def run(engine: Engine, page: int | None = None) -> RunReport:
    """Start a run by hand and wait for its end."""
    await engine.scheduler.trigger_manual_sync("alice", (page, page) if page else None)
    report = await engine.runner.wait()
    assert report is not None
    return report
