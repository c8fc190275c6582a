"""The heartbeat of the process that holds the lock."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from console.operations.heartbeat import Heartbeat
from console.scheduling.lock import RunnerLock, read_holder
from tests.clock import FakeClock
from tests.integration.waiting import until

NOW = datetime(2026, 11, 23, 2, 0, 42, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 2, 0, 52, tzinfo=UTC)


async def test_it_beats_until_it_is_stopped(tmp_path: Path) -> None:
    clock, lock = FakeClock(NOW), RunnerLock(tmp_path / "runner.lock")
    lock.take(NOW)
    beaten: list[datetime] = []

    async def beat_run() -> None:
        beaten.append(clock.now())

    heartbeat = Heartbeat(lock, clock, beat_run, seconds=0.001)
    heartbeat.start()
    clock.jump(LATER)

    def beat() -> datetime | None:
        holder = read_holder(tmp_path / "runner.lock")
        return holder.heartbeat_at if holder else None

    await until(lambda: beat() == LATER)
    await until(lambda: LATER in beaten)
    await heartbeat.stop()
    assert asyncio.all_tasks() == {asyncio.current_task()}
    lock.release()
