"""The one word for how it stands, in every combination, and the clause that says why and what to do."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from console.operations.events import EngineFailed, LockHolder
from console.operations.protocol import ReadOnly
from console.run import Past, RunCounts, RunKind, RunStatus
from console.tui.drawing.line import text, width
from console.tui.drawing.look import Look
from console.tui.drawing.state_line import draw
from console.tui.state.health import Health, health
from console.tui.state.model import Model
from tests.tui.fake import NOW, PAST, snapshot
from tests.tui.scenes import NO_CREDENTIALS, SCENES, counts, report, running_progress, succeeded

HOLDER = LockHolder(4711, "web1", NOW - timedelta(hours=13), "alice", NOW - timedelta(seconds=3))
SILENT = LockHolder(4711, "web1", NOW - timedelta(hours=13), "alice", NOW - timedelta(minutes=3))
STALE = Past(last_success_at=NOW - timedelta(hours=26))
FRESH = Past(last_success_at=NOW - timedelta(hours=24, minutes=30))
EARLIER: dict[str, object] = {"next_runs": (NOW - timedelta(minutes=3),)}
JUST_NOW: dict[str, object] = {"next_runs": (NOW - timedelta(seconds=30),)}


def last(status: RunStatus) -> dict[str, object]:
    """A last run that ended so."""
    return {"last_run": report(status, counts(300, failed=12))}


def ended(*, paused: str | None = None, **told: object) -> Model:
    """A model of an engine that tells this."""
    model = Model()
    base = snapshot(last_run=succeeded(), paused=paused)
    model.load(replace(base, **told))
    return model


PAUSED = {"paused": "holiday"}
RUNNING = {"run": running_progress()}
NOTICE = {"notice": NO_CREDENTIALS}
WATCHING = {"read_only": ReadOnly(holder=HOLDER)}
LOST = {"read_only": ReadOnly(holder=SILENT)}
NEVER: dict[str, object] = {"last_run": None, "past": Past()}


@pytest.mark.parametrize(
    ("word", "told"),
    [
        (Health.HEALTHY, {}),
        (Health.HEALTHY, last(RunStatus.CANCELLED)),
        (Health.HEALTHY, last(RunStatus.SKIPPED)),
        (Health.HEALTHY, {"past": FRESH}),
        (Health.HEALTHY, JUST_NOW),
        (Health.HEALTHY, {"past": Past()}),
        (Health.HEALTHY, WATCHING),
        (Health.HEALTHY, {"read_only": ReadOnly(holder=None)}),
        (Health.EMPTY, NEVER),
        (Health.READ_ONLY, NEVER | WATCHING),
        (Health.NO_CREDENTIALS, NEVER | NOTICE),
        (Health.NO_CREDENTIALS, last(RunStatus.FAILED) | NOTICE),
        (Health.NO_CREDENTIALS, EARLIER | NOTICE),
        (Health.NO_CREDENTIALS, PAUSED | NOTICE),
        (Health.RUNNING, RUNNING),
        (Health.RUNNING, RUNNING | NOTICE),
        (Health.RUNNING, RUNNING | PAUSED),
        (Health.RUNNING, RUNNING | EARLIER),
        (Health.RUNNING, RUNNING | {"past": STALE}),
        (Health.RUNNING, RUNNING | WATCHING),
        (Health.RUNNING, RUNNING | last(RunStatus.FAILED)),
        (Health.ENGINE_LOST, RUNNING | LOST),
        (Health.ENGINE_LOST, LOST),
        (Health.ENGINE_LOST, LOST | PAUSED),
        (Health.ENGINE_LOST, LOST | last(RunStatus.BLOCKED)),
        (Health.FAILED, last(RunStatus.FAILED)),
        (Health.FAILED, last(RunStatus.FAILED) | PAUSED),
        (Health.FAILED, last(RunStatus.FAILED) | EARLIER),
        (Health.FAILED, last(RunStatus.FAILED) | {"past": STALE}),
        (Health.BLOCKED, last(RunStatus.BLOCKED)),
        (Health.BLOCKED, last(RunStatus.BLOCKED) | PAUSED),
        (Health.BLOCKED, last(RunStatus.BLOCKED) | WATCHING),
        (Health.PAUSED, PAUSED),
        (Health.PAUSED, PAUSED | {"past": STALE}),
        (Health.PAUSED, PAUSED | last(RunStatus.PARTIAL)),
        (Health.PAUSED, PAUSED | last(RunStatus.MISSED)),
        (Health.PAUSED, PAUSED | NEVER),
        (Health.PAUSED, PAUSED | WATCHING),
        (Health.PARTIAL, last(RunStatus.PARTIAL)),
        (Health.PARTIAL, last(RunStatus.PARTIAL) | {"past": STALE}),
        (Health.INTERRUPTED, last(RunStatus.INTERRUPTED)),
        (Health.MISSED, last(RunStatus.MISSED)),
        (Health.MISSED, last(RunStatus.MISSED) | {"past": STALE}),
        (Health.LATE, EARLIER),
        (Health.LATE, EARLIER | last(RunStatus.PARTIAL)),
        (Health.LATE, EARLIER | NEVER),
        (Health.LATE, {"past": STALE}),
        (Health.LATE, {"past": STALE} | last(RunStatus.CANCELLED)),
        (Health.LATE, {"past": STALE} | WATCHING),
        (Health.LATE, {"past": STALE, "last_run": replace(succeeded(), kind=RunKind.PAGE)}),
    ],
)
def test_the_word_is_what_an_operator_must_know_first(word: Health, told: dict[str, object]) -> None:
    assert health(ended(**told), NOW) is word  # type: ignore[arg-type]


def test_before_the_engine_has_answered_it_starts_and_after_it_broke_it_is_lost_whatever_else_is_the_case() -> None:
    assert health(Model(), NOW) is Health.STARTING
    refused = Model()
    refused.failure = "the database is damaged."
    assert health(refused, NOW) is Health.FAILED
    assert "the database is damaged; q leaves" in text(draw(refused, Look(), NOW, 80))
    for told in ({}, RUNNING, PAUSED, NOTICE, WATCHING, last(RunStatus.BLOCKED)):
        model = ended(**told)
        model.apply([EngineFailed("the disk is gone")])
        assert health(model, NOW) is Health.ENGINE_LOST


def test_a_run_that_was_asked_to_stop_is_cancelling() -> None:
    run = running_progress()
    run.status = RunStatus.CANCELLING
    assert health(ended(run=run), NOW) is Health.CANCELLING


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("cells", [1, 20, 36, 40, 64, 80, 120, 200])
def test_the_line_fits_and_says_the_word_first(scene: str, cells: int) -> None:
    model = Model()
    model.load(SCENES[scene]().told)
    drawn = draw(model, Look(), NOW, cells)
    assert width(drawn) <= cells
    assert cells < 20 or str(health(model, NOW)) in text(drawn)


@pytest.mark.parametrize(
    ("scene", "told"),
    [
        ("idle", "✓ healthy  daily sync succeeded Mon 02:01 UTC in 1 m 17 s"),
        ("running", "● running  manual sync by alice: 47 % of 771 pages, 1 page failed; c cancels"),
        ("cancelling", "● cancelling  it stops at the next page boundary; what was stored stays"),
        ("failed", "✗ failed  daily sync failed: HTTP 503 on 12 pages; r goes on with it"),
        ("partial", "▲ partial  daily sync is incomplete: HTTP 500 on 3 pages; r retries them"),
        ("interrupted", "▲ interrupted  cut off after 371 of 771 pages; r goes on with it"),
        ("blocked", "⊘ blocked  too many products would be removed; a shows them"),
        ("paused", "‖ paused  by bob: G2A moves house until Thursday; p resumes it"),
        ("never", "○ empty  nothing was synced yet"),
    ],
)
def test_eighty_columns_say_why_and_what_to_do(scene: str, told: str) -> None:
    model = Model()
    model.load(SCENES[scene]().told)
    assert told in text(draw(model, Look(), NOW, 80))


def test_a_block_that_waits_is_told_although_a_page_was_synced_since() -> None:
    model = Model()
    page = replace(succeeded(), kind=RunKind.PAGE, run_id=42)
    model.load(replace(SCENES["idle"]().told, last_run=page, blocked=SCENES["blocked"]().told.last_run))
    told = text(draw(model, Look(), NOW, 120))
    assert "⊘ blocked  4,312 of 15,416 active products (28.0 %) would be removed; a" in told


def test_a_console_that_only_watches_is_told_of_no_key_that_does_nothing_there() -> None:
    for told in (RUNNING, last(RunStatus.FAILED), PAUSED, {"past": STALE}):
        drawn = text(draw(ended(**told, **WATCHING), Look(), NOW, 200))  # type: ignore[arg-type]
        assert not drawn.endswith(("cancels", "retries them", "goes on with it", "resumes it", "now"))


def test_being_late_says_since_when() -> None:
    assert "was due Mon 14:00 UTC, 3 m 00 s ago, and has not begun; s starts one" in text(
        draw(ended(next_runs=(NOW - timedelta(minutes=3),)), Look(), NOW, 120)
    )
    assert "no full sync has succeeded for 1 d 2 h, since Sun 12:03 UTC; s syncs now" in text(
        draw(ended(past=STALE), Look(), NOW, 120)
    )


def test_the_usual_time_is_the_median_of_full_syncs_that_succeeded() -> None:
    assert Past().usual_seconds is None
    assert PAST.usual_seconds == 80.0
    assert Past(durations=(1.0, 900.0, 3.0)).usual_seconds == 3.0
    assert PAST.after(succeeded()).durations[-1] == 77.4
    for told in (
        replace(succeeded(), kind=RunKind.PAGE),
        replace(succeeded(), continues_run_id=40),
        replace(succeeded(), status=RunStatus.PARTIAL),
    ):
        assert PAST.after(told).durations == PAST.durations
    assert len(Past(durations=(1.0,) * 10).after(succeeded()).durations) == 10


def test_a_run_that_changed_nothing_leaves_the_catalogue_as_old_as_it_was() -> None:
    unchanged = replace(succeeded(), counts=RunCounts(products_seen=20), finished_at=NOW)
    assert PAST.after(unchanged).last_change_at == PAST.last_change_at
    assert PAST.after(unchanged).last_success_at == NOW
