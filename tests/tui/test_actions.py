"""One list of actions: whatever is shown works, and whatever works is shown."""

import pytest
from textual.binding import Binding
from textual.dom import DOMNode
from textual.widgets import OptionList

from console.tui.actions import Group, enabled
from console.tui.actions.main import ACTIONS
from console.tui.app import ConsoleApp
from console.tui.dialogs.confirm import Confirm
from console.tui.dialogs.dialog import Dialog
from console.tui.dialogs.help import HelpDialog
from console.tui.dialogs.pause import PauseDialog
from console.tui.drawing.footer import keys
from console.tui.drawing.line import text, width
from console.tui.screens.main import MainScreen
from console.tui.state.situation import LogState, PaneName, Situation
from console.tui.widgets.number_input import NumberInput
from tests.tui.conftest import Open
from tests.tui.scenes import SCENES, idle, partial, running

PAUSED = LogState(is_seen=True, following=False)
SEARCHED = LogState(is_here=True, is_seen=True, has_chosen=True, has_words=True, following=False)
SITUATIONS = [
    Situation(),
    Situation(refused=True, engine_failed=True),
    Situation(connected=True, pane=PaneName.SYNC, can_move=True, can_move_sideways=True),
    Situation(connected=True, running=True, has_problems=True, log=PAUSED, zoomed=True, choosing=True),
    Situation(connected=True, notice=True),
    Situation(connected=True, unfinished=True, has_problems=True, log=PAUSED),
    Situation(connected=True, has_problems=True, pane=PaneName.LOG, can_move=True, log=SEARCHED),
    Situation(connected=True, has_problems=True, log=LogState(is_seen=True, typing=True)),
    Situation(connected=True, blocked=True),
    Situation(connected=True, paused=True),
    Situation(connected=True, engine_failed=True),
]


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_action_has_a_method_and_a_binding_that_explains_itself(action: object) -> None:
    assert action in ACTIONS
    binding = next(each for each in ACTIONS if each is action).binding()
    assert callable(getattr(MainScreen, f"action_{binding.action}"))
    assert binding.id
    assert binding.tooltip


@pytest.mark.parametrize("owner", [ConsoleApp, MainScreen, Dialog, Confirm, HelpDialog, PauseDialog, NumberInput])
def test_every_binding_has_an_id_to_be_remapped_by_and_a_tooltip(owner: type[DOMNode]) -> None:
    for binding in owner.BINDINGS:
        assert isinstance(binding, Binding)
        assert binding.id
        assert binding.tooltip


def test_no_key_means_two_things_at_once() -> None:
    for situation in SITUATIONS:
        pressed = [key for action in enabled(ACTIONS, situation) for key in action.pressed]
        assert len(pressed) == len(set(pressed)), situation


def test_ids_are_unique() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("cells", [1, 20, 40, 80, 200])
def test_the_footer_shows_what_works_and_always_the_way_out(situation: Situation, cells: int) -> None:
    line, places = keys(enabled(ACTIONS, situation), cells)
    assert width(line) <= max(cells, 18)
    assert all(place.action.works(situation) for place in places)
    if cells >= 20:
        assert "q quit" in text(line)
        assert "? help" in text(line)


def test_a_command_is_offered_only_where_it_can_be_carried_out() -> None:
    def offered(**now: bool) -> set[str]:
        return {action.id for action in enabled(ACTIONS, Situation(**now)) if action.group is Group.SYNC}  # type: ignore[arg-type]

    schedule = {"edit_time", "pause_schedule"}
    assert offered() == set()
    assert offered(connected=True) == {"sync_now", *schedule}
    assert offered(connected=True, running=True) == {"cancel", *schedule}
    assert offered(connected=True, running=True, cancelling=True) == schedule
    assert offered(connected=True, blocked=True) == {"sync_now", "removals", *schedule}
    assert offered(connected=True, blocked=True, running=True) == {"cancel", *schedule}
    assert offered(connected=True, blocked=True, engine_failed=True) == set()
    assert offered(connected=True, unfinished=True) == {"sync_now", "retry", *schedule}
    assert offered(connected=True, unfinished=True, running=True) == {"cancel", *schedule}
    assert offered(connected=True, unfinished=True, notice=True) == {"demo", "sign_in", *schedule}
    assert offered(connected=True, unfinished=True, engine_failed=True) == set()
    assert offered(connected=True, notice=True) == {"demo", "sign_in", *schedule}
    assert offered(connected=True, paused=True) == {"sync_now", "edit_time", "resume_schedule"}
    assert offered(connected=True, paused=True, running=True) == {"cancel", "edit_time", "resume_schedule"}
    assert offered(connected=True, paused=True, engine_failed=True) == set()
    assert offered(connected=True, engine_failed=True) == set()


async def test_the_help_lists_exactly_the_keys_that_work_here_and_now(opened: Open) -> None:
    async with opened(idle(), (120, 40)) as console:
        await console.press("question_mark")
        assert console.is_open(HelpDialog)
        for action in (each for each in ACTIONS if each.keys):
            works = action.works(console.main.situation)
            assert (action.told in console.text) == works, action.id
        await console.press("escape")
        assert console.is_open(MainScreen)


async def test_the_palette_runs_what_is_chosen_by_name(opened: Open) -> None:
    async with opened(idle()) as console:
        await console.press("colon")
        await console.until(lambda: console.app.screen.query(OptionList))
        await console.press(*"zoom")
        await console.shows("Zoom the focused pane in or out")
        await console.press("enter")
        await console.until(lambda: console.main.situation.zoomed)
        assert console.is_open(MainScreen)


async def test_the_palette_offers_nothing_that_does_not_work(opened: Open) -> None:
    async with opened(idle()) as console:
        await console.press("ctrl+p")
        await console.shows("Sync now")
        assert "Cancel" not in console.text
        assert "Try the demo" not in console.text
        for alien in ("Theme", "Screenshot", "Maximize"):
            assert alien not in console.text, "nothing of Textual's own"


async def test_a_key_that_is_not_offered_does_nothing(opened: Open) -> None:
    operations = running()
    async with opened(operations) as console:
        await console.press("s", "d")
        assert console.is_open(MainScreen)
        assert console.app.is_running
        assert operations.asked == ["snapshot"]


async def test_a_key_in_the_footer_can_be_clicked(opened: Open) -> None:
    async with opened(idle(), (120, 36)) as console:
        at = console.text.splitlines()[-1].index("z zoom")
        await console.pilot.click("#footer", offset=(at, 0))
        await console.until(lambda: console.main.situation.zoomed)


@pytest.mark.parametrize("scene", SCENES)
async def test_the_footer_on_the_screen_is_that_of_the_situation(opened: Open, scene: str) -> None:
    async with opened(SCENES[scene]()) as console:
        line, _ = keys(enabled(ACTIONS, console.main.situation), 80)
        assert console.text.splitlines()[-1].strip() == text(line).strip()


async def test_the_next_problem_is_shown_with_its_error_and_escape_lets_go_of_it(opened: Open) -> None:
    async with opened(partial()) as console:
        await console.press("n")
        assert "page 113: failed: HTTP 500 after 6 attempts" in console.text
        await console.press("n", "n")
        assert "page 602: failed" in console.text
        await console.press("n")
        assert "page 113: failed" in console.text, "after the last the first again"
        await console.press("escape")
        assert "page 113" not in console.text
        assert "✗ 3 failed   12 pages a cell" in console.text
