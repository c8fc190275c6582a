"""The runs: planned, going, over; one at a time, and one for each slot."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from console.run import ACTIVE_STATUSES, PageState, RunCounts, RunError, RunKind, RunReport, RunStatus, Trigger
from console.store.errors import StoreError
from console.store.findings import list_pages
from console.store.pages import PageKey, write_failed_page
from console.store.runs import (
    NewRun,
    active_run,
    create_run,
    finish_run,
    get_run,
    interrupt_active_runs,
    last_finished_run,
    set_cancelling,
)
from tests.unit.store.conftest import NOW, Shop, doc

SLOT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
FINAL = [status for status in RunStatus if status not in ACTIVE_STATUSES]


def new_run(**changes: Any) -> NewRun:
    """A run about to begin."""
    usual: dict[str, Any] = {
        "kind": RunKind.FULL,
        "trigger": Trigger.SCHEDULED,
        "status": RunStatus.RUNNING,
        "requested_by": None,
        "job_id": "daily_product_sync",
        "at": NOW,
    }
    return NewRun(**(usual | changes))


async def create(shop: Shop, **changes: Any) -> int:
    """Record a run."""
    return await shop.database.write(create_run, new_run(**changes))


async def get(shop: Shop, run_id: int) -> RunReport:
    """A run that there is."""
    report = await shop.database.read(get_run, run_id)
    assert report is not None
    return report


async def test_a_run_is_recorded_with_who_and_why(shop: Shop) -> None:
    run_id = await create(shop, requested_by="alice", slot=SLOT)
    assert await get(shop, run_id) == RunReport(
        run_id=run_id,
        kind=RunKind.FULL,
        trigger=Trigger.SCHEDULED,
        status=RunStatus.RUNNING,
        requested_by="alice",
        started_at=NOW,
        finished_at=None,
        duration_seconds=None,
        counts=RunCounts(),
        job_id="daily_product_sync",
        slot=SLOT,
    )
    assert await shop.value("SELECT heartbeat_at FROM sync_runs") == "2026-11-23 02:00:00.123456"


@pytest.mark.parametrize("status", FINAL)
async def test_a_slot_that_does_not_run_is_recorded_as_over(shop: Shop, status: RunStatus) -> None:
    run = await get(shop, await create(shop, status=status, slot=SLOT, error="because"))
    assert (run.status, run.started_at, run.finished_at, run.error) == (status, None, NOW, "because")
    assert await shop.database.read(active_run) is None


@pytest.mark.parametrize("status", ACTIVE_STATUSES)
async def test_at_most_one_run_is_active_whatever_its_status(shop: Shop, status: RunStatus) -> None:
    first = await create(shop, status=status)
    with pytest.raises(StoreError, match=r"(?i)unique constraint"):
        await create(shop)
    active = await shop.database.read(active_run)
    assert active is not None
    assert active.run_id == first
    await shop.end_run(first)
    assert await create(shop) > first


async def test_runs_that_are_over_may_be_many(shop: Shop) -> None:
    assert len({await create(shop, status=status) for status in FINAL for _ in range(2)}) == 2 * len(FINAL)


async def test_of_two_that_begin_together_one_is_refused(shop: Shop) -> None:
    results = await asyncio.gather(create(shop), create(shop), return_exceptions=True)
    assert sorted(type(each).__name__ for each in results) == ["StoreError", "int"]


async def test_a_slot_has_at_most_one_run(shop: Shop) -> None:
    await create(shop, slot=SLOT, status=RunStatus.SKIPPED)
    with pytest.raises(StoreError, match=r"(?i)unique constraint"):
        await create(shop, slot=SLOT)
    await create(shop, slot=SLOT + timedelta(days=1), status=RunStatus.MISSED)
    await create(shop, slot=SLOT, job_id="another_job", status=RunStatus.SKIPPED)


async def test_runs_without_a_slot_may_be_many(shop: Shop) -> None:
    for _ in range(3):
        await create(shop, status=RunStatus.FAILED)
    assert await shop.value("SELECT count(*) FROM sync_runs") == 3


async def test_a_finished_run_is_read_as_it_was_reported(shop: Shop) -> None:
    run_id = await create(shop, slot=SLOT)
    counts = RunCounts(**{name: number for number, name in enumerate(RunCounts.__struct_fields__, 1)})
    report = replace(
        await get(shop, run_id),
        status=RunStatus.PARTIAL,
        finished_at=NOW + timedelta(seconds=77.4),
        duration_seconds=77.4,
        counts=counts,
        errors=(RunError(page=3, error="a\nb ␛ é"), RunError(page=None, error="x")),
        error="2 of 4 pages failed.",
    )
    await shop.database.write(finish_run, report)
    assert await get(shop, run_id) == report


async def test_a_run_that_is_asked_to_stop_says_so_unless_it_is_over(shop: Shop) -> None:
    run_id = await create(shop)
    await shop.database.write(set_cancelling, run_id)
    assert (await get(shop, run_id)).status is RunStatus.CANCELLING
    await shop.end_run(run_id, RunStatus.CANCELLED)
    await shop.database.write(set_cancelling, run_id)
    assert (await get(shop, run_id)).status is RunStatus.CANCELLED


@pytest.mark.parametrize("status", ACTIVE_STATUSES)
async def test_what_a_dead_process_left_is_interrupted_at_its_last_heartbeat(shop: Shop, status: RunStatus) -> None:
    run_id = await create(shop, status=status)
    await shop.put(run_id, doc("1"), at=NOW + timedelta(seconds=90))
    await shop.put(run_id, doc("2", qty=-1), page=2, at=NOW + timedelta(seconds=100))
    assert await shop.database.write(interrupt_active_runs) == [run_id]
    run = await get(shop, run_id)
    assert run.status is RunStatus.INTERRUPTED
    assert run.finished_at == NOW + timedelta(seconds=100)
    assert run.duration_seconds == pytest.approx(100, abs=0.01)
    assert run.error == "The process that ran it ended without finishing it."
    assert (run.counts.pages_done, run.counts.products_new, run.counts.products_rejected) == (2, 1, 1)


async def test_nothing_left_behind_is_nothing_to_do(shop: Shop) -> None:
    finished = await create(shop, status=RunStatus.FAILED)
    assert await shop.database.write(interrupt_active_runs) == []
    assert (await get(shop, finished)).status is RunStatus.FAILED


async def test_the_last_finished_run_is_the_newest_that_is_over(shop: Shop) -> None:
    assert await shop.database.read(last_finished_run) is None
    daily = await create(shop, status=RunStatus.SUCCEEDED)
    manual = await create(shop, status=RunStatus.FAILED, job_id="manual")
    await create(shop)

    async def last(*job: str) -> int | None:
        run = await shop.database.read(last_finished_run, *job)
        return run.run_id if run else None

    assert await last() == manual
    assert await last("daily_product_sync") == daily
    assert await last("no_such_job") is None


async def test_an_unknown_run_is_none(shop: Shop) -> None:
    assert await shop.database.read(get_run, 4711) is None


async def test_the_failed_pages_of_a_run_come_in_order_with_their_reason(shop: Shop) -> None:
    run_id = await create(shop)
    await shop.database.write(write_failed_page, run_id, PageKey(page=9), 6, 1, "nine")
    await shop.database.write(write_failed_page, run_id, PageKey(page=2), 6, 1, "two")
    await shop.put(run_id, doc("1"), page=1)
    pages = await shop.database.read(list_pages, run_id, 10, 0, PageState.FAILED)
    assert [RunError(page=each.page, error=str(each.error)) for each in pages] == [
        RunError(page=2, error="two"),
        RunError(page=9, error="nine"),
    ]
