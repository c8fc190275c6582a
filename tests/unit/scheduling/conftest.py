"""A runner whose runs only wait, and schedulers that go by a clock of ours."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Any, Self

import pytest
from apscheduler.schedulers import base
from apscheduler.triggers import interval

from console.scheduling.service import SchedulerService
from console.settings import Settings
from console.store.database import Database
from tests.clock import FakeClock
from tests.unit.scheduling.desk import SETTINGS, Desk, Open, at, stop
from tests.unit.scheduling.idle import IdleService


@pytest.fixture
def idle(database: Database, clock: FakeClock) -> IdleService:
    """The service that the runner asks."""
    return IdleService(database, clock)


@pytest.fixture
def apscheduler_clock(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """APScheduler takes the time from the clock of the test."""

    class Moved(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Self:
            return cls.fromtimestamp(clock.now().timestamp(), tz)

    for module in (base, interval):
        monkeypatch.setattr(module, "datetime", Moved)


@pytest.fixture
def desk(database: Database, clock: FakeClock, idle: IdleService) -> Desk:
    """A desk on the 23rd of November, an hour before the daily sync."""
    clock.jump(at("23 01:00"))
    return Desk(database, clock, idle)


@pytest.fixture
async def start(desk: Desk) -> AsyncIterator[Open]:
    """Starts schedulers; they are stopped with the test."""
    async with AsyncExitStack() as stack:

        async def begin(settings: Settings = SETTINGS) -> SchedulerService:
            service = SchedulerService(settings, desk.database, desk.runner, desk.clock, desk.changed)
            stack.push_async_callback(stop, service)
            await service.start()
            return service

        yield begin
