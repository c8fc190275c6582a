"""The screen of a console that only watches: it says so, says who works, and greys what cannot be done."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from console.operations.events import ReadOnlyChanged
from console.operations.protocol import ReadOnly
from console.scheduling.lock import LockHolder
from console.tui.actions import barred, enabled
from console.tui.actions.main import ACTIONS
from console.tui.dialogs.help import HelpDialog
from console.tui.drawing.line import text
from console.tui.drawing.look import Look
from console.tui.drawing.read_only import draw
from console.tui.drawing.words import LocalZone
from console.tui.glyphs import ASCII, UNICODE
from console.tui.screens.main import MainScreen
from console.tui.state.situation import Situation
from console.tui.theme import CALM
from console.tui.wish import ExitWish
from tests.tui.conftest import Open
from tests.tui.fake import NOW, FakeOperations
from tests.tui.scenes import blocked, idle, running

HOLDER = LockHolder(4711, "web1", NOW - timedelta(hours=13), "alice", NOW - timedelta(seconds=3))
WORDS = "process 4711 of alice on web1, since 2026-11-23 01:03 UTC, last heartbeat 3 s ago"


def watching(operations: FakeOperations) -> FakeOperations:
    """The same engine, run by another process."""
    operations.told = replace(operations.told, read_only=ReadOnly(holder=HOLDER))
    return operations


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60), (64, 18)])
async def test_it_says_that_it_is_read_only_and_who_runs_the_engine(opened: Open, size: tuple[int, int]) -> None:
    async with opened(watching(running()), size) as console:
        header, state, bar = console.text.splitlines()[:3]
        assert "⊘ read-only" in header
        assert "● running" in state
        assert "process 4711 of alice on web1" in bar
        assert "heartbeat 3 s ago" in bar


@pytest.mark.parametrize("scene", [idle, running, blocked])
async def test_little_room_has_the_sign_and_how_it_stands(opened: Open, scene: Callable[[], FakeOperations]) -> None:
    async with opened(watching(scene()), (40, 12)) as console:
        header, bar = console.text.splitlines()[:2]
        assert "⊘" in header
        assert any(word in header for word in ("healthy", "running", "blocked"))
        assert "process 4711, heartbeat 3 s ago" in bar


async def test_a_key_that_is_barred_is_grey_and_says_why_when_it_is_pressed(opened: Open) -> None:
    operations = watching(idle())
    async with opened(operations, (120, 36)) as console:
        assert "s sync now  e edit time" in console.text.splitlines()[-1]
        await console.press("s")
        await console.shows("This console is read-only: the engine is run by")
        assert console.is_open(MainScreen)
        await console.pilot.click("#footer", offset=(console.text.splitlines()[-1].index("e edit"), 0))
        assert console.is_open(MainScreen)
        assert operations.asked == ["snapshot"]


async def test_the_help_names_what_is_barred_and_the_reason(opened: Open) -> None:
    async with opened(watching(idle()), (120, 40)) as console:
        await console.press("question_mark")
        assert console.is_open(HelpDialog)
        await console.shows("This console is read-only")
        assert "Fetch the whole catalogue; asks first" in console.text
        assert "Change the time of the daily sync" in console.text


async def test_leaving_asks_nothing(opened: Open) -> None:
    async with opened(watching(running())) as console:
        await console.press("q")
        assert console.app.return_value is ExitWish.QUIT


async def test_it_names_no_key_that_does_nothing(opened: Open) -> None:
    async with opened(watching(blocked()), (120, 36)) as console:
        assert "Press a to review" not in console.text


async def test_a_sign_of_life_and_another_holder_are_shown(opened: Open) -> None:
    operations = watching(idle())
    async with opened(operations, (120, 36)) as console:
        other = LockHolder(815, "web2", NOW, "carol", NOW)
        operations.tell(ReadOnlyChanged(ReadOnly(holder=other)))
        await console.shows("process 815 of carol on web2")
        operations.tell(ReadOnlyChanged(ReadOnly(holder=other, trouble="It could not take over: the disk is full.")))
        await console.shows("It could not take over: the disk is full.")


async def test_taking_over_is_said_and_the_keys_work_again(opened: Open) -> None:
    operations = watching(idle())
    async with opened(operations, (120, 36)) as console:
        operations.told = replace(operations.told, read_only=None)
        operations.tell(lost=True)
        await console.shows("The other process is gone")
        assert "read-only" not in console.text
        assert "process 4711" not in console.text
        assert not console.main.situation.read_only
        await console.press("s")
        await console.shows("Start the sync")


def test_what_is_barred_is_what_would_work_otherwise() -> None:
    for now in (
        Situation(connected=True),
        Situation(connected=True, running=True),
        Situation(connected=True, blocked=True),
    ):
        here = replace_read_only(now)
        assert {each.id for each in barred(ACTIONS, here)} | {each.id for each in enabled(ACTIONS, here)} == {
            each.id for each in enabled(ACTIONS, now)
        }
        assert barred(ACTIONS, now) == []
    assert {each.id for each in barred(ACTIONS, Situation(connected=True, read_only=True))} == {
        "sync_now",
        "edit_time",
        "pause_schedule",
    }


def replace_read_only(now: Situation) -> Situation:
    return replace(now, read_only=True)


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=lambda glyphs: glyphs.name)
@pytest.mark.parametrize("cells", [1, 20, 40, 60, 80, 100, 200])
def test_the_line_fits_and_tells_the_most_that_it_can(cells: int, glyphs: object) -> None:
    look = Look(glyphs, CALM, LocalZone(None))  # type: ignore[arg-type]
    for told in (
        ReadOnly(holder=HOLDER),
        ReadOnly(holder=None),
        ReadOnly(holder=replace(HOLDER, host="h" * 200)),
        ReadOnly(holder=HOLDER, trouble="It could not take over: " + "x" * 300),
    ):
        drawn = text(draw(told, look, NOW, cells))
        assert cell_len(drawn) <= cells
    if cells >= 100:
        assert WORDS in text(draw(ReadOnly(holder=HOLDER), look, NOW, cells))
    silent = text(draw(ReadOnly(holder=HOLDER), look, NOW + timedelta(minutes=5), 200))
    assert "last heartbeat 5 m 03 s ago" in silent
    assert silent.count(look.glyphs.warning) == 1
