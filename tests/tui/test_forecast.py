"""When a run will end: early by the runs before, then by its own pace, and with a word where the two differ widely."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from console.operations.events import PageProgress, Pages, RunProgress
from console.run import PageState, Past, RunCounts, RunKind, RunStatus, Trigger
from console.tui.drawing.figures import figures
from console.tui.drawing.line import text
from console.tui.drawing.look import Look
from console.tui.drawing.state_line import draw
from console.tui.drawing.sync import draw as draw_sync
from console.tui.state.forecast import Compared, Forecast, compare, forecast, looked_back
from console.tui.state.model import Model
from console.tui.state.pace import Pace
from tests.tui.fake import NOW, FakeOperations, snapshot
from tests.tui.scenes import held_back, running, succeeded

USUAL = Past(durations=(70.0, 80.0, 90.0))


def run(done: int, total: int = 800, *, before: int = 0, **told: object) -> RunProgress:
    """A full sync of 800 pages of which so many are done, some of them `before` it began."""
    progress = RunProgress(
        run_id=1,
        kind=RunKind.FULL,
        trigger=Trigger.MANUAL,
        requested_by=None,
        started_at=datetime(2026, 11, 23, tzinfo=UTC),
        counts=RunCounts(pages_total=total, pages_done=done),
    )
    if before:
        progress.pages = Pages.alike(before, PageProgress(PageState.DONE))
    return replace(progress, **told)


def pace(rate: float) -> Pace:
    """So many pages a second, for four seconds."""
    paced = Pace()
    for second in range(5):
        paced.note(second, int(second * rate))
    return paced


def test_early_in_a_run_the_runs_before_tell_when_it_ends() -> None:
    assert forecast(run(3), Pace(), USUAL, 1.5) == Forecast(2.0, 78.5, 80.0, Compared.ALIKE)


def test_as_soon_as_a_run_has_a_pace_that_tells() -> None:
    assert forecast(run(40), pace(10), USUAL, 4.0) == Forecast(10.0, 76.0, 80.0, Compared.ALIKE)


def test_who_comes_in_the_middle_is_told_by_the_average() -> None:
    assert forecast(run(400), Pace(), USUAL, 40.0) == Forecast(10.0, 40.0, 80.0, Compared.ALIKE)


def test_without_runs_before_only_the_run_itself_tells() -> None:
    assert forecast(run(0), Pace(), Past(), 0.5) == Forecast(None, None, None, Compared.ALIKE)
    assert forecast(run(40), pace(10), Past(), 4.0) == Forecast(10.0, 76.0, None, Compared.ALIKE)


@pytest.mark.parametrize(
    ("rate", "elapsed", "compared"),
    [
        (10, 4, Compared.ALIKE),
        (4, 10, Compared.SLOWER),
        (100, 4, Compared.FASTER),
        (0, 60, Compared.ALIKE),
        (0, 200, Compared.SLOWER),
    ],
)
def test_a_run_that_will_take_much_longer_or_shorter_is_said_to(
    rate: float, elapsed: float, compared: Compared
) -> None:
    assert forecast(run(40), pace(rate), USUAL, elapsed).compared is compared


def test_a_run_that_goes_on_with_another_or_fetches_single_pages_has_no_usual_time() -> None:
    assert forecast(run(400, before=390, continues_run_id=7), Pace(), USUAL, 5).usual_seconds is None
    assert forecast(run(400, before=390, continues_run_id=7), Pace(), USUAL, 5).rate == 2.0
    assert forecast(run(4, kind=RunKind.PAGE), Pace(), USUAL, 1).usual_seconds is None


@pytest.mark.parametrize(
    ("seconds", "usual", "compared"),
    [
        (80, 80, Compared.ALIKE),
        (119, 80, Compared.ALIKE),
        (121, 80, Compared.SLOWER),
        (54, 80, Compared.ALIKE),
        (53, 80, Compared.FASTER),
        (11, 2, Compared.ALIKE),
        (13, 2, Compared.SLOWER),
    ],
)
def test_only_what_differs_widely_is_worth_a_word(seconds: float, usual: float, compared: Compared) -> None:
    assert compare(seconds, usual) is compared


def test_a_finished_run_is_compared_only_where_it_got_to_its_end() -> None:
    slow = replace(succeeded(), duration_seconds=240.0)
    assert looked_back(slow, USUAL) is Compared.SLOWER
    assert looked_back(replace(slow, status=RunStatus.PARTIAL), USUAL) is Compared.ALIKE
    assert looked_back(replace(slow, kind=RunKind.RETRY), USUAL) is Compared.ALIKE
    assert looked_back(slow, Past()) is Compared.ALIKE


# -- on the screen -----------------------------------------------------------------------------------------------------


def model(operations: FakeOperations) -> Model:
    """What the console knows of this engine."""
    known = Model()
    known.load(operations.told)
    return known


@pytest.mark.parametrize("size", [(76, 8), (116, 14), (156, 30)], ids=str)
def test_the_usual_time_stands_beside_the_time_so_far_in_every_room(size: tuple[int, int]) -> None:
    drawn = "\n".join(map(text, draw_sync(model(running()), Look(), NOW, *size, None).lines))
    assert "usually" in drawn
    assert "1 m 20 s" in drawn
    drawn = "\n".join(map(text, draw_sync(model(held_back()), Look(), NOW, *size, None).lines))
    assert "slower than" in drawn
    assert "1 m 20 s" in drawn


def test_the_state_line_says_why_a_run_does_not_get_on() -> None:
    for cells in (80, 110):
        assert "waiting: G2A asks for 60 s" in text(draw(model(held_back()), Look(), NOW, cells))
    slow = held_back()
    assert slow.told.run is not None
    for page in range(372, 378):
        slow.told.run.pages.put(page, PageProgress(PageState.IN_FLIGHT, 1))
    assert "slower than usual" in text(draw(model(slow), Look(), NOW, 110))
    assert "usual" not in text(draw(model(running()), Look(), NOW, 110))


def test_a_night_that_took_long_says_so_in_the_morning() -> None:
    slow = FakeOperations(snapshot(last_run=replace(succeeded(), duration_seconds=240.0)))
    told = figures(model(slow), Look(), NOW)
    assert told is not None
    assert told.usual_words == "slower than the usual 1 m 20 s"
