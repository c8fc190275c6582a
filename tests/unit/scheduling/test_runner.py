"""The single runner: one run at a time, recorded before it begins, stopped when somebody asks."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from console.run import RunKind, RunReport, RunStatus, Trigger
from console.scheduling.runner import NoRunActive, NotStarted, RunActive, Runner, RunRequest
from console.store.database import Database
from console.store.errors import StoreError
from console.store.runs import NewRun, create_run, get_run
from console.sync.ticket import Ticket
from tests.clock import FakeClock, settle
from tests.unit.scheduling.idle import IdleService

SLOT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def runner(idle: IdleService, database: Database, clock: FakeClock) -> Runner:
    """A runner of idle runs."""
    return Runner(idle, database, clock)


def request(**changes: Any) -> RunRequest:
    """A run that somebody wants."""
    usual: dict[str, Any] = {"trigger": Trigger.MANUAL, "requested_by": "alice", "job_id": "manual"}
    return RunRequest(**(usual | changes))


async def get(database: Database, run_id: int) -> RunReport:
    """A run that there is."""
    report = await database.read(get_run, run_id)
    assert report is not None
    return report


async def test_a_run_is_recorded_and_begins(runner: Runner, idle: IdleService, database: Database) -> None:
    idle.may_end.clear()
    run_id = await runner.start(request())
    assert runner.active_run_id == run_id
    assert (await get(database, run_id)).status is RunStatus.RUNNING
    ticket = await idle.began.get()
    assert (ticket.run_id, ticket.kind, ticket.trigger) == (run_id, RunKind.FULL, Trigger.MANUAL)
    assert ticket.requested_by == "alice"
    idle.may_end.set()
    report = await runner.wait()
    assert report is not None
    assert report.status is RunStatus.SUCCEEDED
    assert runner.active_run_id is None


async def test_some_pages_alone_are_a_run_of_their_own_kind(
    runner: Runner, idle: IdleService, database: Database
) -> None:
    run_id = await runner.start(request(pages=(7, 9)))
    await runner.wait()
    assert idle.pages == [(7, 9)]
    assert (await get(database, run_id)).kind is RunKind.PAGE


async def test_a_second_run_is_refused_with_the_first_one_named(
    runner: Runner, idle: IdleService, database: Database
) -> None:
    idle.may_end.clear()
    run_id = await runner.start(request())
    with pytest.raises(RunActive, match=rf"^Run {run_id} is active; only one can be\.$"):
        await runner.start(request())
    idle.may_end.set()
    await runner.wait()
    assert await runner.start(request()) == run_id + 1
    await runner.wait()


async def test_of_many_that_start_together_one_runs(runner: Runner, idle: IdleService) -> None:
    idle.may_end.clear()
    results = await asyncio.gather(*(runner.start(request()) for _ in range(8)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in results) == ["RunActive"] * 7 + ["int"]
    assert idle.began.qsize() == 1
    idle.may_end.set()
    await runner.wait()


async def test_a_run_that_cannot_be_recorded_does_not_begin(runner: Runner, idle: IdleService) -> None:
    await runner.start(request(slot=SLOT))
    await runner.wait()
    with pytest.raises(StoreError, match="UNIQUE"):
        await runner.start(request(slot=SLOT))
    assert runner.active_run_id is None
    assert idle.began.qsize() == 1


async def test_what_could_not_be_closed_does_not_block_the_next(runner: Runner, database: Database) -> None:
    stale = NewRun(
        kind=RunKind.FULL, trigger=Trigger.MANUAL, status=RunStatus.RUNNING, requested_by=None, job_id="x", at=SLOT
    )
    stale_id = await database.write(create_run, stale)
    await runner.start(request())
    await runner.wait()
    assert (await get(database, stale_id)).status is RunStatus.INTERRUPTED


async def test_a_run_whose_end_the_database_refused_is_closed_as_it_ended_when_it_can_be(
    runner: Runner, idle: IdleService, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def end_unclosed(ticket: Ticket, *_: object) -> RunReport:
        report = await get(database, ticket.run_id)
        return replace(report, status=RunStatus.FAILED, error="The disk is full.", finished_at=SLOT)

    with monkeypatch.context() as patch:
        patch.setattr(idle, "sync_all_products_paginated", end_unclosed)
        first = await runner.start(request())
        await runner.wait()
    assert (await get(database, first)).status is RunStatus.RUNNING
    assert not await runner.recover(), "no process has died"
    closed = await get(database, first)
    assert (closed.status, closed.error, closed.finished_at) == (RunStatus.FAILED, "The disk is full.", SLOT)


async def test_new_products_are_written_down_unless_the_catalogue_is_empty(
    runner: Runner, idle: IdleService, database: Database
) -> None:
    await runner.start(request())
    await runner.wait()
    assert not (await idle.began.get()).record_new
    await database.write(
        lambda connection: connection.exec_driver_sql(
            "INSERT INTO products (id, name, qty, is_active, first_seen_at, last_changed_at, last_seen_run_id, "
            "content_hash) VALUES ('1', 'a', 0, 1, '2026-11-23', '2026-11-23', 1, x'00')"
        )
    )
    await runner.start(request())
    await runner.wait()
    assert (await idle.began.get()).record_new


async def test_a_cancelled_run_says_so_until_it_has_ended(
    runner: Runner, idle: IdleService, database: Database
) -> None:
    idle.may_end.clear()
    run_id = await runner.start(request())
    assert await runner.cancel() == run_id
    report = await runner.wait()
    assert report is not None
    assert report.status is RunStatus.CANCELLED


async def test_who_asks_first_decides_how_the_run_is_called(runner: Runner, idle: IdleService) -> None:
    idle.may_end.clear()
    await runner.start(request())
    await idle.began.get()
    runner.ask_to_stop(RunStatus.INTERRUPTED)
    runner.ask_to_stop(RunStatus.CANCELLED)
    report = await runner.wait()
    assert report is not None
    assert report.status is RunStatus.INTERRUPTED


async def test_where_nothing_runs_there_is_nothing_to_cancel(runner: Runner) -> None:
    with pytest.raises(NoRunActive):
        await runner.cancel()
    assert await runner.wait() is None
    await runner.start(request())
    await runner.wait()
    with pytest.raises(NoRunActive):
        runner.ask_to_stop(RunStatus.CANCELLED)


async def test_who_stops_waiting_does_not_stop_the_run(runner: Runner, idle: IdleService) -> None:
    idle.may_end.clear()
    await runner.start(request())
    waiting = asyncio.create_task(runner.wait())
    await idle.began.get()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert runner.active_run_id is not None
    idle.may_end.set()
    report = await runner.wait()
    assert report is not None
    assert report.status is RunStatus.SUCCEEDED


async def test_after_the_end_no_run_begins(runner: Runner, idle: IdleService) -> None:
    await runner.close(RunStatus.INTERRUPTED)
    with pytest.raises(NotStarted, match="g2a-console is ending: no more runs begin"):
        await runner.start(request())
    assert idle.began.empty()


async def test_at_the_end_the_active_run_is_stopped_and_waited_for(
    runner: Runner, idle: IdleService, database: Database
) -> None:
    idle.may_end.clear()
    run_id = await runner.start(request())
    await runner.close(RunStatus.INTERRUPTED)
    assert runner.active_run_id is None
    assert (await get(database, run_id)).status is RunStatus.INTERRUPTED


async def test_a_run_that_is_just_being_recorded_at_the_end_is_not_left_behind(
    runner: Runner, idle: IdleService, database: Database
) -> None:
    idle.may_end.clear()
    starting = asyncio.create_task(runner.start(request()))
    await settle()
    await runner.close(RunStatus.INTERRUPTED)
    assert (await get(database, await starting)).status is RunStatus.INTERRUPTED
    assert runner.active_run_id is None


@pytest.mark.parametrize("status", [RunStatus.SKIPPED, RunStatus.MISSED])
async def test_a_slot_that_does_not_run_is_recorded_with_the_reason(
    runner: Runner, database: Database, status: RunStatus
) -> None:
    run = await get(database, await runner.record(request(slot=SLOT), status, "because"))
    assert (run.status, run.slot, run.error, run.started_at) == (status, SLOT, "because", None)
    assert runner.active_run_id is None
