"""What the console makes of the engine's events: the same picture whatever arrives twice, late, or not at all."""

import pytest
from msgspec.structs import replace

from console.operations.events import (
    CatalogueChanged,
    EngineFailed,
    LogWritten,
    PageRequested,
    PageStored,
    RunCancelling,
    RunFinished,
    RunPlanned,
    RunProgress,
    RunStarted,
    ScheduleChanged,
)
from console.run import PageState, RunCounts, RunKind, RunReport, RunStatus, Trigger
from console.sync.page_ref import PageSpan
from console.tui.state.health import Health, health
from console.tui.state.model import Model, Part
from console.tui.state.pace import Pace
from tests.tui.fake import NOW, PAST, job, next_runs, schedule, snapshot
from tests.tui.scenes import (
    PAGES,
    blocked,
    counts,
    failed,
    finished,
    finished_progress,
    log_lines,
    no_credentials,
    partial,
    paused,
    report,
    running_progress,
    succeeded,
)
from tests.tui.scenes import running as running_engine


def loaded(**told: object) -> Model:
    """A model that has taken over a snapshot."""
    model = Model()
    model.load(snapshot(**told))  # type: ignore[arg-type]
    return model


def started(run_id: int = 42) -> RunStarted:
    """A run begins."""
    return RunStarted(run_id=run_id, kind=RunKind.FULL, trigger=Trigger.MANUAL, requested_by="alice", started_at=NOW)


def stored(page: int, told: RunCounts, run_id: int = 42) -> PageStored:
    """A page is in the database."""
    return PageStored(run_id=run_id, page=page, attempts=1, products=20, duration_ms=400, counts=told)


def test_the_word_in_the_header_is_the_most_urgent_one() -> None:
    assert health(Model(), NOW) is Health.STARTING
    assert health(loaded(last_run=succeeded()), NOW) is Health.HEALTHY
    for scene, word in (
        (running_engine, Health.RUNNING),
        (finished, Health.HEALTHY),
        (failed, Health.FAILED),
        (partial, Health.PARTIAL),
        (blocked, Health.BLOCKED),
        (paused, Health.PAUSED),
        (no_credentials, Health.NO_CREDENTIALS),
    ):
        model = Model()
        model.load(scene().told)
        assert health(model, NOW) is word


def test_a_failure_is_said_even_while_the_schedule_is_paused_but_a_partial_run_is_not() -> None:
    for status, word in ((RunStatus.FAILED, Health.FAILED), (RunStatus.PARTIAL, Health.PAUSED)):
        assert health(loaded(last_run=report(status, counts(10)), paused="holiday"), NOW) is word


def test_a_run_that_the_operator_cancelled_leaves_the_console_healthy() -> None:
    assert health(loaded(last_run=report(RunStatus.CANCELLED, counts(10))), NOW) is Health.HEALTHY


def test_a_run_is_followed_from_its_first_event_to_its_last() -> None:
    model = loaded()
    model.apply([started(), RunPlanned(run_id=42, spans=(PageSpan(1, 3),), products_total=60)])
    assert health(model, NOW) is Health.RUNNING
    model.apply([PageRequested(run_id=42, page=1, attempt=1)])
    run = model.active_run
    assert run is not None
    assert [page.state for page in run.pages] == [PageState.IN_FLIGHT, *[PageState.PENDING] * 2]
    told = RunCounts(pages_total=3, pages_done=1)
    model.apply([stored(1, told), RunCancelling(run_id=42)])
    assert model.is_cancelling
    assert run.counts == told
    model.apply([RunFinished(run_id=42, report=replace(succeeded(), run_id=42, status=RunStatus.CANCELLED))])
    assert model.active_run is None
    assert model.last_report is not None
    assert model.last_report.status is RunStatus.CANCELLED


def test_events_from_before_the_snapshot_change_nothing_when_they_come_after_it() -> None:
    """The feed is opened before the snapshot is taken, so that the first events may be in it already."""
    run = running_progress()
    model = loaded(run=run)
    told = model.run
    assert told is not None
    model.apply([started(41), RunFinished(run_id=41, report=succeeded()), started(42)])
    assert model.run is told, "neither an older run nor the same one begins again"
    assert health(model, NOW) is Health.RUNNING


def test_the_engines_own_progress_is_never_written_to() -> None:
    run = running_progress()
    model = loaded(run=run)
    model.apply([RunCancelling(run_id=42)])
    assert run.status is RunStatus.RUNNING


def test_a_newer_run_takes_the_place_of_the_one_shown() -> None:
    model = loaded(run=running_progress())
    model.apply([started(43)])
    assert model.run is not None
    assert model.run.run_id == 43


def test_events_without_any_run_are_ignored() -> None:
    model = loaded()
    model.apply([stored(1, counts(1)), RunFinished(run_id=7, report=succeeded())])
    assert model.run is None


def test_a_new_schedule_changes_the_next_runs_and_nothing_of_the_sync() -> None:
    model = loaded(last_run=succeeded())
    later = tuple(run.replace(hour=4) for run in next_runs())
    changed, _ = model.apply([ScheduleChanged(schedule=schedule(), next_runs=later, jobs=(job(None, later[0]),))])
    assert model.next_run_at == later[0]
    assert not changed & Part.SYNC


def test_the_catalogue_is_counted_anew_when_a_run_has_ended() -> None:
    model = loaded(last_run=succeeded())
    model.apply([CatalogueChanged(active_products=99, past=PAST, last_run=replace(succeeded(), run_id=50))])
    assert model.snapshot is not None
    assert model.snapshot.active_products == 99
    assert model.last_report is not None
    assert model.last_report.run_id == 50


def test_the_newer_report_counts_whether_it_was_told_by_the_run_or_by_the_snapshot() -> None:
    missed: RunReport = replace(report(RunStatus.MISSED, RunCounts()), run_id=60)
    run: RunProgress = finished().told.run or running_progress()
    model = loaded(run=run, last_run=missed)
    assert health(model, NOW) is Health.MISSED


def test_what_the_engine_tells_last_of_a_run_counts_because_approving_changes_its_status() -> None:
    run = finished_progress()
    assert run.report is not None
    run.status, run.report = RunStatus.BLOCKED, replace(run.report, status=RunStatus.BLOCKED)
    model = loaded(run=run, last_run=run.report)
    assert (health(model, NOW), model.blocked) == (Health.BLOCKED, run.report)
    model.apply(
        [CatalogueChanged(active_products=99, past=PAST, last_run=replace(run.report, status=RunStatus.SUCCEEDED))]
    )
    assert (health(model, NOW), model.blocked) == (Health.HEALTHY, None)


@pytest.mark.parametrize("status", [RunStatus.MISSED, RunStatus.SKIPPED])
def test_a_slot_that_did_not_run_hides_neither_an_approval_nor_what_can_be_gone_on_with(status: RunStatus) -> None:
    waits = replace(report(RunStatus.BLOCKED, counts(PAGES)), run_id=50)
    cut_off = replace(report(RunStatus.INTERRUPTED, counts(10)), run_id=51)
    missed = replace(report(status, RunCounts()), run_id=52, started_at=None)
    model = loaded(last_run=cut_off, last_sweep=cut_off, blocked=waits)
    model.apply([CatalogueChanged(active_products=9, last_run=missed, last_sweep=cut_off, blocked=waits)])
    assert (model.last_report, model.blocked, model.unfinished) == (missed, waits, cut_off)
    assert health(model, NOW) is Health.BLOCKED


def test_a_sweep_that_succeeds_settles_what_waited_and_a_single_page_does_not() -> None:
    waits = replace(report(RunStatus.BLOCKED, counts(PAGES)), run_id=50)
    page = replace(report(RunStatus.SUCCEEDED, counts(1)), run_id=51, kind=RunKind.PAGE)
    assert loaded(last_run=page, last_sweep=waits, blocked=waits).blocked == waits
    sweep = replace(report(RunStatus.SUCCEEDED, counts(PAGES)), run_id=52)
    assert loaded(last_run=sweep, last_sweep=waits, blocked=waits).blocked is None


@pytest.mark.parametrize(
    ("status", "kind", "done", "expected"),
    [
        (RunStatus.PARTIAL, RunKind.FULL, 768, True),
        (RunStatus.FAILED, RunKind.RETRY, 318, True),
        (RunStatus.INTERRUPTED, RunKind.FULL, 0, True),
        (RunStatus.CANCELLED, RunKind.FULL, 10, True),
        (RunStatus.PARTIAL, RunKind.FULL, PAGES, False),
        (RunStatus.PARTIAL, RunKind.PAGE, 1, False),
        (RunStatus.SUCCEEDED, RunKind.FULL, PAGES, False),
        (RunStatus.BLOCKED, RunKind.FULL, PAGES, False),
        (RunStatus.MISSED, RunKind.FULL, 0, False),
    ],
)
def test_a_run_can_be_gone_on_with_where_it_was_for_all_pages_and_lacks_some(
    status: RunStatus, kind: RunKind, done: int, expected: bool
) -> None:
    last = replace(report(status, counts(done)), kind=kind)
    model = loaded(last_run=last)
    assert model.unfinished == (last if expected else None)
    model.apply([started()])
    assert model.unfinished is None, "not while another one is active"


def test_an_engine_that_failed_stays_failed_whatever_comes_after() -> None:
    model = loaded(run=running_progress())
    model.apply([EngineFailed("the disk is gone"), started(43)])
    assert health(model, NOW) is Health.ENGINE_LOST
    assert model.active_run is None
    assert model.failure == "the disk is gone"


def test_log_lines_change_the_log_alone() -> None:
    model = loaded()
    changed, lines = model.apply([LogWritten(line) for line in log_lines()])
    assert changed is Part.LOG
    assert lines == log_lines()


def test_a_pace_is_judged_after_two_seconds_and_follows_slowly() -> None:
    pace, rates = Pace(), []
    for at, pages in ((100.0, 0), (100.5, 5), (102.0, 20), (103.0, 20)):
        pace.note(at, pages)
        rates.append(pace.rate)
    assert rates[:2] == [None, None], "half a second says nothing"
    assert rates[2] == 10.0
    assert 6 < (rates[3] or 0) < 10, "a pause of a second slows it down, but not to nothing"


def test_a_pace_falls_to_zero_when_nothing_moves() -> None:
    pace = Pace()
    for second in range(60):
        pace.note(float(second), min(second, 5))
    assert pace.rate == 0.0
