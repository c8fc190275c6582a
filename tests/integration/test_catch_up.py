"""Slots that passed while nothing ran."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from console.run import RunStatus, Trigger
from console.scheduling.daily import DAILY_JOB_ID
from console.scheduling.runner import Runner, RunRequest
from console.scheduling.service import SchedulerService
from console.settings import Settings
from console.store.database import Database
from console.sync.product_service import ProductService
from tests.clock import FakeClock

_SLOT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class _Night:
    """A home in which the daily sync of the 22nd ran, and a scheduler that starts later."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database = database
        self.settings = settings

    async def start_at(self, now: datetime) -> list[tuple[str, str, str]]:
        """Start the scheduler at that time, let what it starts end, and return (slot, trigger, status) of each row."""
        clock = FakeClock(now)
        service = ProductService(self.settings, self.database, clock, lambda _event: None)
        runner = Runner(service, self.database, clock)
        scheduler = SchedulerService(self.settings, self.database, runner, clock, lambda: None)
        try:
            await scheduler.start()
            await runner.wait()
        finally:
            scheduler.stop()
        return await self.database.read(_rows)


def _rows(connection: Connection) -> list[tuple[str, str, str]]:
    query = "SELECT slot, trigger, status FROM sync_runs WHERE slot IS NOT NULL ORDER BY slot"
    return [(slot[:16], trigger, status) for slot, trigger, status in connection.exec_driver_sql(query)]


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[_Night]:
    # nobody listens there: a caught-up run fails at once, which is all these tests need of it
    settings = Settings(g2a_base_url="http://127.0.0.1:9", g2a_client_id="x", g2a_auth="hash", g2a_email="x")
    database = Database.open(tmp_path / "catalog.db")
    clock = FakeClock(_SLOT - timedelta(days=1))
    runner = Runner(ProductService(settings, database, clock, lambda _event: None), database, clock)
    yesterday = RunRequest(
        trigger=Trigger.SCHEDULED, requested_by=None, job_id=DAILY_JOB_ID, slot=_SLOT - timedelta(days=1)
    )
    await runner.record(yesterday, RunStatus.SKIPPED, "a row like any other")
    yield _Night(database, settings)
    await database.close()


async def test_a_slot_missed_by_less_than_the_catch_up_time_is_run_at_the_next_start(night: _Night) -> None:
    rows = await night.start_at(_SLOT + timedelta(hours=5, minutes=59))
    assert rows[1:] == [("2026-11-23 02:00", "catch_up", "failed")]


async def test_a_slot_missed_by_more_than_the_catch_up_time_is_recorded_as_missed(night: _Night) -> None:
    rows = await night.start_at(_SLOT + timedelta(hours=6, minutes=1))
    assert rows[1:] == [("2026-11-23 02:00", "catch_up", "missed")]


async def test_of_several_missed_slots_only_the_latest_is_caught_up(night: _Night) -> None:
    rows = await night.start_at(_SLOT + timedelta(days=2, hours=1))
    assert [row[2] for row in rows[1:]] == ["missed", "missed", "failed"]


async def test_a_second_start_does_not_account_for_a_slot_twice(night: _Night) -> None:
    first = await night.start_at(_SLOT + timedelta(hours=1))
    assert await night.start_at(_SLOT + timedelta(hours=2)) == first


async def test_before_the_first_slot_there_is_nothing_to_catch_up(night: _Night) -> None:
    rows = await night.start_at(_SLOT - timedelta(minutes=1))
    assert len(rows) == 1


async def test_a_new_home_has_missed_nothing(tmp_path: Path, night: _Night) -> None:
    other = Database.open(tmp_path / "other.db")
    try:
        assert await _Night(other, night.settings).start_at(_SLOT + timedelta(hours=1)) == []
    finally:
        await other.close()
