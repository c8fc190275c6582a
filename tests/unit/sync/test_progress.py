"""How a run stands, derived from its events."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from console.run import PageState, RunCounts, RunKind, RunReport, RunStatus, Trigger
from console.sync.events import (
    PageFailed,
    PageHeldBack,
    PageRequested,
    PageRetrying,
    PageStored,
    RunCancelling,
    RunEvent,
    RunFinished,
    RunPlanned,
    RunStarted,
)
from console.sync.page_ref import PageSpan, Window
from console.sync.pages import PageProgress, Pages
from console.sync.progress import RunProgress

CHEAP = Window(7, None, Decimal(2))
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
STARTED = RunStarted(1, RunKind.FULL, Trigger.MANUAL, "alice", AT)
REPORT = RunReport(
    run_id=1,
    kind=RunKind.FULL,
    trigger=Trigger.MANUAL,
    status=RunStatus.SUCCEEDED,
    requested_by="alice",
    started_at=AT,
    finished_at=AT,
    duration_seconds=1.0,
    counts=RunCounts(pages_total=3, pages_done=3),
)


def after(*events: RunEvent) -> RunProgress:
    """How the run stands after these events."""
    progress = RunProgress.begin(STARTED)
    for event in (STARTED, *events):
        progress.apply(event)
    return progress


def states(progress: RunProgress) -> list[str]:
    """The states of its pages."""
    return [page.state.value for page in progress.pages]


def test_a_run_begins_with_nothing_known() -> None:
    progress = after()
    assert (progress.run_id, progress.kind, progress.trigger) == (1, RunKind.FULL, Trigger.MANUAL)
    assert (progress.requested_by, progress.started_at) == ("alice", AT)
    assert (progress.status, progress.pages, progress.report) == (RunStatus.RUNNING, Pages(), None)


def test_a_plan_makes_pending_pages() -> None:
    progress = after(RunPlanned(1, (PageSpan(1, 3),), 60))
    assert states(progress) == ["pending"] * 3
    assert (progress.products_total, progress.counts.pages_total) == (60, 3)


def test_a_plan_that_changes_keeps_what_is_known_of_its_pages() -> None:
    stored = PageStored(1, 1, 1, 20, 5, RunCounts(pages_total=2, pages_done=1))
    progress = after(RunPlanned(1, (PageSpan(1, 2),), 40), stored, RunPlanned(1, (PageSpan(1, 3),), 60))
    assert states(progress) == ["done", "pending", "pending"]
    assert progress.counts == RunCounts(pages_total=3, pages_done=1)
    progress.apply(RunPlanned(1, (PageSpan(1, 1), PageSpan(1, 2, CHEAP)), 60))
    assert states(progress) == ["done", "pending", "pending"]
    progress.apply(PageStored(1, 2, 1, 20, 5, RunCounts(pages_done=2), 7))
    assert states(progress) == ["done", "pending", "done"]
    assert [progress.page_name(place) for place in range(3)] == ["1", "1 of 2 EUR and less", "2 of 2 EUR and less"]


def test_pages_that_an_earlier_run_had_stored_are_done_from_the_start() -> None:
    progress = after(RunPlanned(1, (PageSpan(1, 4),), 80, done=(PageSpan(1, 1), PageSpan(3, 3))))
    assert states(progress) == ["done", "pending", "done", "pending"]


def test_a_page_goes_through_its_states() -> None:
    progress = after(RunPlanned(1, (PageSpan(1, 3),), 60))
    events: list[RunEvent] = [
        PageRequested(1, 2, 1),
        PageRetrying(1, 2, 1, 0.5, "G2A has a fault of its own (500)."),
        PageHeldBack(1, 2, 2, 60.0),
        PageRequested(1, 2, 2),
        PageStored(1, 2, 2, 20, 1_234, RunCounts(pages_done=1, retries=1)),
    ]
    seen = []
    for event in events:
        progress.apply(event)
        seen.append(msgspec.structs.astuple(progress.pages[1]))
    assert seen == [
        (PageState.IN_FLIGHT, 1, None, 0, 0),
        (PageState.RETRYING, 1, "G2A has a fault of its own (500).", 0, 0),
        (PageState.WAITING, 2, None, 0, 60),
        (PageState.IN_FLIGHT, 2, None, 0, 0),
        (PageState.DONE, 2, None, 1_234, 0),
    ]
    assert progress.counts == RunCounts(pages_done=1, retries=1)
    assert states(progress) == ["pending", "done", "pending"]


def test_a_failed_page_keeps_its_error() -> None:
    progress = after(
        RunPlanned(1, (PageSpan(1, 1),), 20), PageFailed(1, 1, 6, "gone", RunCounts(pages_failed=1), duration_ms=30)
    )
    assert list(progress.pages) == [PageProgress(PageState.FAILED, 6, "gone", 30)]
    assert progress.counts.pages_failed == 1


def test_one_page_alone_is_the_first_of_one() -> None:
    progress = after(RunPlanned(1, (PageSpan(7, 7),), 15_420), PageStored(1, 7, 1, 20, 5, RunCounts(pages_done=1)))
    assert progress.page_name(0) == "7"
    assert states(progress) == ["done"]


@pytest.mark.parametrize("page", [0, 4, 1_000_000])
def test_a_page_beyond_the_plan_changes_no_page(page: int) -> None:
    assert states(after(RunPlanned(1, (PageSpan(1, 3),), 60), PageRequested(1, page, 1))) == ["pending"] * 3


def test_asking_to_stop_and_the_end_are_statuses() -> None:
    progress = after(RunPlanned(1, (PageSpan(1, 3),), 60), RunCancelling(1))
    assert progress.status is RunStatus.CANCELLING
    progress.apply(RunFinished(1, REPORT, 15_420))
    assert (progress.status.value, progress.report, progress.counts) == ("succeeded", REPORT, REPORT.counts)


def of_another_run() -> list[RunEvent]:
    """Every kind of event, of run 2."""
    counts = RunCounts(pages_done=9)
    return [
        RunPlanned(2, (PageSpan(5, 13),), 180),
        PageHeldBack(2, 1, 1, 60.0),
        PageRequested(2, 1, 1),
        PageRetrying(2, 1, 1, 0.5, "x"),
        PageStored(2, 1, 1, 20, 5, counts),
        PageFailed(2, 1, 6, "x", counts),
        RunCancelling(2),
        RunFinished(2, REPORT),
    ]


@pytest.mark.parametrize("event", of_another_run(), ids=lambda event: type(event).__name__)
def test_events_of_another_run_change_nothing(event: Any) -> None:
    progress = after(RunPlanned(1, (PageSpan(1, 2),), 40), event)
    assert progress == after(RunPlanned(1, (PageSpan(1, 2),), 40))


def test_a_snapshot_does_not_change_any_more() -> None:
    progress = after(RunPlanned(1, (PageSpan(1, 2),), 40), PageRequested(1, 1, 1))
    snapshot = progress.snapshot()
    assert snapshot == progress
    for event in (
        PageStored(1, 1, 1, 20, 5, RunCounts(pages_done=1)),
        RunPlanned(1, (PageSpan(1, 9),), 180),
        RunCancelling(1),
    ):
        progress.apply(event)
    assert snapshot == after(RunPlanned(1, (PageSpan(1, 2),), 40), PageRequested(1, 1, 1))


def test_two_runs_share_nothing() -> None:
    after(RunPlanned(1, (PageSpan(1, 2),), 40))
    assert list(after().pages) == []


def test_progress_can_be_sent_and_read_again() -> None:
    progress = after(
        RunPlanned(1, (PageSpan(1, 2),), 40),
        PageFailed(1, 1, 6, "x", RunCounts(pages_failed=1)),
        RunFinished(1, REPORT),
    )
    assert msgspec.json.decode(msgspec.json.encode(progress), type=RunProgress) == progress


@pytest.mark.parametrize("event", [STARTED, *of_another_run()], ids=lambda event: type(event).__name__)
def test_every_event_can_be_sent_and_read_again(event: Any) -> None:
    assert msgspec.json.decode(msgspec.json.encode(event), type=RunEvent) == event
