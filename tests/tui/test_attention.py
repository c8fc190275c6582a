"""The title and the end of a run, for whoever looks at something else."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from console.operations.events import EngineFailed, RunFinished
from console.operations.protocol import Snapshot
from console.run import RunStatus
from console.tui.drawing.look import Look
from console.tui.drawing.title import title
from console.tui.glyphs import ASCII
from console.tui.state.attention import RunEnds, TitleLine
from console.tui.state.model import Model
from console.tui.state.notices import Severity
from console.tui.terminal.title import has_title, title_sequence
from tests.tui.conftest import Open
from tests.tui.fake import NOW, snapshot
from tests.tui.scenes import cancelling, failed, finished_progress, idle, running


def model_of(told: Snapshot) -> Model:
    model = Model()
    model.load(told)
    return model


# -- the title -----------------------------------------------------------------------------------------------------


def test_the_title_tells_the_percent_of_a_run_and_the_word_at_rest() -> None:
    assert title(Model(), Look(), NOW) == "g2a-console"
    refused = Model()
    refused.failure = "Another console holds the lock."
    assert title(refused, Look(), NOW) == "✗ failed · g2a-console"
    assert title(model_of(running().told), Look(), NOW) == "● 47 % · shop · g2a-console"
    assert title(model_of(cancelling().told), Look(), NOW) == "● cancelling · shop · g2a-console"
    assert title(model_of(idle().told), Look(), NOW) == "✓ healthy · shop · g2a-console"
    assert title(model_of(failed().told), Look(), NOW) == "✗ failed · shop · g2a-console"


def test_the_title_is_ascii_where_all_must_be_and_harmless_whatever_the_home_is_called() -> None:
    hostile = replace(idle().told, home="/srv/\x1b]52;c;AAAA\x07\x9c漢字" + "x" * 1_000)
    words = title(model_of(hostile), Look(glyphs=ASCII), NOW)
    assert words.isascii()
    sequence = title_sequence(title(model_of(hostile), Look(), NOW) + "\x1b\\\x07\x9d")
    inner = sequence.removeprefix("\x1b]2;").removesuffix("\x1b\\")
    assert inner.isprintable()
    assert len(sequence) < 120


def test_the_title_is_said_when_it_changes_and_at_most_once_a_second() -> None:
    line = TitleLine()
    assert line.due("a", 100.0)
    assert not line.due("a", 200.0)
    assert line.due("b", 200.0)
    assert not line.due("c", 200.9)
    assert line.due("c", 201.0)


@pytest.mark.parametrize(
    ("term", "expected"), [("xterm-256color", True), ("tmux", True), ("linux", False), ("dumb", False), ("", False)]
)
def test_only_terminals_that_have_a_title_are_told_one(
    monkeypatch: pytest.MonkeyPatch, term: str, *, expected: bool
) -> None:
    monkeypatch.setenv("TERM", term)
    assert has_title() is expected


# -- the end of a run ----------------------------------------------------------------------------------------------


def ended(run_id: int = 42, status: RunStatus = RunStatus.SUCCEEDED) -> RunFinished:
    report = finished_progress().report
    assert report is not None
    return RunFinished(run_id=run_id, report=replace(report, run_id=run_id, status=status))


def test_a_run_that_was_seen_to_end_is_told_once() -> None:
    model, ends = model_of(running().told), RunEnds()
    assert ends.ended(model) is None
    model.apply([ended()])
    report = ends.ended(model)
    assert report is not None
    assert report.run_id == 42
    assert ends.ended(model) is None


def test_a_slot_that_never_ran_and_a_run_that_ended_before_we_looked_ring_nothing() -> None:
    ends = RunEnds()
    model = model_of(idle().told)
    assert ends.ended(model) is None
    last = model.last_report
    assert last is not None
    missed = replace(last, run_id=43, status=RunStatus.MISSED, started_at=None, finished_at=NOW - timedelta(hours=1))
    model.load(snapshot(last_run=missed))
    assert ends.ended(model) is None


def test_an_engine_that_is_lost_in_the_middle_has_ended_no_run() -> None:
    model, ends = model_of(running().told), RunEnds()
    ends.ended(model)
    model.apply([EngineFailed("The disk is gone.")])
    assert ends.ended(model) is None


async def test_the_end_of_a_run_is_told_on_top_of_whatever_is_open_and_kept(opened: Open) -> None:
    operations = running()
    async with opened(operations) as console:
        await console.press("h")
        operations.tell(ended(status=RunStatus.FAILED))
        await console.shows("Manual sync 42 failed after 1 m 18 s.")
        await console.press("escape", "escape")
        assert console.app.board.notices.history[0].severity is Severity.ERROR


async def test_the_main_screen_says_it_itself_and_the_notice_is_kept_alone(opened: Open) -> None:
    operations = running()
    async with opened(operations) as console:
        operations.tell(ended())
        await console.until(lambda: console.app.board.notices.history)
        assert console.app.board.notices.shown is None
        await console.press("exclamation_mark")
        await console.shows("Manual sync 42 succeeded after 1 m 18 s.")


async def test_an_engine_that_stops_is_told_on_every_screen(opened: Open) -> None:
    operations = idle()
    async with opened(operations) as console:
        await console.press("b")
        operations.tell(EngineFailed("The database file is damaged."))
        await console.shows("The engine stopped by itself: The database file is damaged.")
