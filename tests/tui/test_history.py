"""The run history and the detail of a run: every key does what it says, and what is shown is what the engine told."""

import asyncio
from dataclasses import replace as with_changes

import pytest
from msgspec.structs import replace
from textual.binding import Binding
from textual.events import MouseScrollDown
from textual.widgets import OptionList

from console.history import RunFilter
from console.operations.events import RunFinished, RunStarted
from console.operations.history import RunList
from console.run import RunKind, RunReport, RunStatus, Trigger
from console.tui.actions import enabled, run_detail
from console.tui.actions import history as history_actions
from console.tui.dialogs.choose import ChooseDialog
from console.tui.dialogs.confirm import Confirm
from console.tui.dialogs.help import HelpDialog
from console.tui.drawing.history_chart import Measure
from console.tui.screens.history import HistoryScreen
from console.tui.screens.main import MainScreen
from console.tui.screens.removals import RemovalsScreen
from console.tui.screens.run_detail import RunDetailScreen
from console.tui.state.run_detail import LISTS, Section
from tests.tui.conftest import Open, Opened
from tests.tui.fake import NOW, FakeOperations
from tests.tui.fake_history import FakeHistory
from tests.tui.scenes_history import after_blocked, after_partial, empty, history, runs, years


def told(operations: FakeOperations) -> FakeHistory:
    """The history that the engine tells of."""
    assert isinstance(operations.history, FakeHistory)
    return operations.history


async def look_back(console: Opened) -> HistoryScreen:
    """Open the history and wait for its first page."""
    await console.press("h")
    screen = console.app.screen
    assert isinstance(screen, HistoryScreen)
    await console.until(lambda: screen.runs.list.total is not None, "the runs")
    await console.until(lambda: screen.chart.points or not screen.runs.list.total, "the chart")
    await console.pilot.pause()
    return screen


async def open_run(console: Opened) -> RunDetailScreen:
    """Open the chosen run."""
    await console.press("enter")
    screen = console.app.screen
    assert isinstance(screen, RunDetailScreen)
    return screen


async def go_to(console: Opened, section: Section) -> RunDetailScreen:
    """Open the newest run at a section, and wait for its list."""
    await look_back(console)
    screen = await open_run(console)
    await console.press(str(tuple(Section).index(section) + 1))
    await console.until(lambda: screen.shown.list is None or screen.shown.list.total is not None, section)
    await console.pilot.pause()
    return screen


def chosen(screen: HistoryScreen) -> int:
    """The number of the chosen run."""
    assert screen.runs.list.chosen is not None
    return screen.runs.list.chosen.run_id


# -- the list ----------------------------------------------------------------------------------------------------------


async def test_h_lists_the_runs_newest_first_with_a_chart_of_the_last_ones(opened: Open) -> None:
    async with opened(years()) as console:
        screen = await look_back(console)
        assert "412 runs" in console.text
        assert "▸ 412 23 Nov 02:00 ✓ succeeded" in console.text
        assert "Duration" in console.text
        assert len(screen.chart.points) == 200
        await console.press("escape")
        assert console.is_open(MainScreen)


async def test_runs_are_fetched_by_200_as_they_come_into_sight_and_each_page_once(opened: Open) -> None:
    operations = years()
    async with opened(operations) as console:
        screen = await look_back(console)
        await console.press("G")
        await console.until(lambda: "runs 200 400" in told(operations).asked)
        await console.until(lambda: screen.runs.list.chosen is not None)
        assert chosen(screen) == 1
        await console.press("g")
        asked = [asked for asked in told(operations).asked if asked.startswith("runs")]
        assert asked == ["runs 200 0", "runs 200 200", "runs 200 400"], "each once, what is there not again"


@pytest.mark.parametrize(
    ("keys", "run_id"),
    [
        (["j", "j", "k"], 411),
        (["down", "down", "up"], 411),
        (["pagedown"], 396),
        (["pagedown", "pageup"], 412),
        (["k", "pageup"], 412),
        (["end", "home"], 412),
    ],
)
async def test_the_list_moves_by_the_keys_of_the_main_screen(opened: Open, keys: list[str], run_id: int) -> None:
    async with opened(years()) as console:
        screen = await look_back(console)
        await console.press(*keys)
        assert chosen(screen) == run_id


async def test_the_mouse_scrolls_chooses_and_opens(opened: Open) -> None:
    async with opened(years()) as console:
        screen = await look_back(console)
        wheel = MouseScrollDown(
            screen.runs, x=5, y=5, delta_x=0, delta_y=1, button=0, shift=False, meta=False, ctrl=False
        )
        screen.runs.post_message(wheel)
        await console.until(lambda: chosen(screen) == 409)
        await console.pilot.click("#runs", offset=(10, 2))
        await console.until(lambda: chosen(screen) == 412)
        await console.pilot.click("#runs", offset=(10, 2))
        await console.until(lambda: console.is_open(RunDetailScreen))


async def test_missed_and_skipped_slots_are_told_with_their_reason(opened: Open) -> None:
    async with opened(years(), (160, 45)) as console:
        await look_back(console)
        await console.shows("▲ missed       g2a-console was not running at 02:00 UTC")
        await console.shows("○ skipped      The schedule was paused by bob: G2A moves house until Thursday")


async def test_the_chart_shows_duration_products_and_changes_in_turn(opened: Open) -> None:
    async with opened(years()) as console:
        screen = await look_back(console)
        for key, measure in (("v", Measure.PRODUCTS), ("tab", Measure.CHANGES), ("v", Measure.DURATION)):
            await console.press(key)
            assert screen.chart.measure is measure
            assert measure.value.capitalize() in console.text.splitlines()[0]


async def test_the_list_says_what_to_do_where_nothing_has_run(opened: Open) -> None:
    async with opened(empty()) as console:
        await look_back(console)
        assert "No sync has run here yet." in console.text
        await console.press("enter")
        assert console.is_open(HistoryScreen), "there is nothing to open"


async def test_what_the_engine_refuses_is_told_and_moving_asks_again(opened: Open) -> None:
    operations = years()
    told(operations).refusal = "The database refused: it is locked."
    async with opened(operations) as console:
        await console.press("h")
        await console.shows("The database refused: it is locked. Ctrl+R asks again.")
        told(operations).refusal = None
        await console.press("j")
        await console.shows("412 runs")


# -- filters -----------------------------------------------------------------------------------------------------------


async def choose(console: Opened, key: str, digit: str) -> None:
    """Open a choice, and take the one beside the digit."""
    await console.press(key)
    await console.until(lambda: console.is_open(ChooseDialog))
    await console.press(digit)
    await console.until(lambda: console.is_open(HistoryScreen))


async def test_filters_are_chosen_by_key_shown_in_the_border_and_cleared(opened: Open) -> None:
    async with opened(years()) as console:
        screen = await look_back(console)
        await choose(console, "o", "3")
        await choose(console, "t", "4")
        await choose(console, "d", "5")
        await console.shows("succeeded · manual · last 90 days: 7 runs")
        await choose(console, "w", "4")
        await console.shows("manual · by alice")
        await console.until(lambda: screen.runs.list.chosen)
        found = screen.runs.list.visible(9)
        assert {run.requested_by for run in found if run} == {"alice"}
        assert [point.run_id for point in screen.chart.points] == [run.run_id for run in reversed(found) if run]
        await console.press("x")
        await console.shows(" 412 runs ")


async def test_a_filter_that_leaves_nothing_says_how_to_clear_it(opened: Open) -> None:
    async with opened(years()) as console:
        await look_back(console)
        await choose(console, "t", "5")
        await console.shows("No run is like that. x clears the filters.")


async def test_words_filter_as_one_types_enter_keeps_them_and_escape_lets_go_of_them(opened: Open) -> None:
    async with opened(years()) as console:
        screen = await look_back(console)
        await console.press("slash", *"miss")
        await console.shows('"miss": 10 runs')
        await console.press("enter", "j")
        assert screen.runs.list.at == 1, "keys are keys again"
        assert '"miss"' in console.text
        await console.press("slash", "escape")
        await console.shows(" 412 runs ")
        assert console.is_open(HistoryScreen)
        await console.press("escape")
        assert console.is_open(MainScreen)


class Slow(FakeHistory):
    """A history whose answers to the first word come last."""

    released: asyncio.Event

    async def runs(self, wanted: RunFilter, limit: int, offset: int = 0) -> RunList:
        """Wait where the word is short."""
        if wanted.words == ("m",):
            await self.released.wait()
        return await super().runs(wanted, limit, offset)


async def test_an_answer_that_was_overtaken_is_not_shown(opened: Open) -> None:
    slow = Slow(told=runs())
    slow.released = asyncio.Event()
    async with opened(with_changes(years(), history=slow)) as console:
        screen = await look_back(console)
        await console.press("slash", "m", "i", "s", "s")
        await console.shows('"miss": 10 runs')
        slow.released.set()
        await console.app.workers.wait_for_complete()
        await console.pilot.pause()
        assert screen.runs.list.total == 10


# -- keeping current ---------------------------------------------------------------------------------------------------


async def test_a_run_that_ends_meanwhile_comes_into_the_list_and_the_chosen_one_stays(opened: Open) -> None:
    operations = years()
    async with opened(operations) as console:
        screen = await look_back(console)
        await console.press("j", "j")
        newest = replace(
            runs(1)[0], run_id=413, started_at=NOW, trigger=Trigger.MANUAL, requested_by="alice", slot=None
        )
        begun = RunStarted(run_id=413, kind=RunKind.FULL, trigger=Trigger.MANUAL, requested_by="alice", started_at=NOW)
        active = replace(newest, status=RunStatus.RUNNING, finished_at=None, duration_seconds=None)
        told(operations).told = (active, *runs())
        operations.tell(begun)
        await console.shows("● running")
        told(operations).told = (newest, *runs())
        operations.tell(RunFinished(run_id=413, report=newest))
        await console.shows("413 23 Nov 14:03 ✓ succeeded")
        assert chosen(screen) == 410


# -- one run -----------------------------------------------------------------------------------------------------------


async def test_enter_opens_a_run_and_its_sections_are_reached_by_digit_and_by_tab(opened: Open) -> None:
    async with opened(years()) as console:
        await look_back(console)
        screen = await open_run(console)
        assert "Daily sync succeeded" in console.text
        for key, section in zip("12345", Section, strict=True):
            await console.press(key)
            assert screen.shown.section.value == section.value
        for key, section in (("tab", Section.SUMMARY), ("shift+tab", Section.CHANGES)):
            await console.press(key)
            assert screen.shown.section.value == section.value
        await console.press("escape")
        assert console.is_open(HistoryScreen)


@pytest.mark.parametrize(
    ("section", "words"),
    [
        (Section.PAGES, ["page 1 ", "✓ done", "1 to 9 of 771"]),
        (Section.ERRORS, ["page 113 after 6 tries", "<h1>502 Bad", "page 9"]),
        (Section.REJECTED, ["qty is -3", '▸   "qty": -3,', "10000000788018"]),
        (Section.CHANGES, ["Baldur's Gate 3", "14.99 → 13.34", "-11.0 %", "5 changes 600"]),
    ],
)
async def test_a_section_shows_what_the_run_found(opened: Open, section: Section, words: list[str]) -> None:
    async with opened(years()) as console:
        await go_to(console, section)
        assert [word for word in words if word not in console.text] == []


@pytest.mark.parametrize("section", LISTS)
async def test_a_line_is_opened_scrolled_and_left_again(opened: Open, section: Section) -> None:
    async with opened(years()) as console:
        screen = await go_to(console, section)
        for keys, is_open in ((["enter"], True), (["j", "G", "escape"], False)):
            await console.press(*keys)
            assert screen.shown.is_open == is_open
        assert console.is_open(RunDetailScreen)


async def test_changes_are_sorted_and_filtered_by_key(opened: Open) -> None:
    operations = years()
    async with opened(operations) as console:
        await go_to(console, Section.CHANGES)
        await console.press("s", "s")
        await console.shows("by how far the price moved")
        await console.until(lambda: "changes 412 200 0 all price" in told(operations).asked)
        await console.shows("+48.0 %")
        await console.press("f")
        await console.shows("only new")
        await console.until(lambda: "changes 412 200 0 new price" in told(operations).asked)


async def test_the_neighbours_of_a_run_are_a_key_away_within_the_filter(opened: Open) -> None:
    async with opened(years()) as console:
        await look_back(console)
        await choose(console, "o", "5")
        await console.shows("failed: 10 runs")
        screen = await open_run(console)
        first = screen.shown.report.run_id
        await console.press("n")
        await console.shows("This is the newest run of these.")
        await console.press("p")
        await console.until(lambda: screen.shown.report.run_id == first - 41)
        await console.press("right_square_bracket")
        await console.until(lambda: screen.shown.report.run_id == first)


async def test_the_last_run_is_gone_on_with_from_here_once_it_is_confirmed(opened: Open) -> None:
    operations = after_partial()
    async with opened(operations) as console:
        await look_back(console)
        await open_run(console)
        assert "Press r to fetch what is missing." in console.text
        await console.press("r")
        assert console.is_open(Confirm)
        assert console.choice == "Cancel"
        await console.press("right", "enter")
        await console.until(lambda: "retry 41" in operations.asked)
        await console.shows("Run 43 fetches what is missing")


async def test_an_older_run_is_not_offered_to_be_gone_on_with(opened: Open) -> None:
    operations = after_partial()
    async with opened(operations) as console:
        await look_back(console)
        await console.press("j")
        await open_run(console)
        await console.press("r")
        assert console.is_open(RunDetailScreen)
        assert "retry" not in console.text


async def test_a_removal_is_reviewed_and_approved_from_here(opened: Open) -> None:
    operations = after_blocked()
    async with opened(operations) as console:
        await look_back(console)
        screen = await open_run(console)
        assert "Press a to review what it would have removed" in console.text
        await console.press("a")
        removals = console.app.screen
        assert isinstance(removals, RemovalsScreen)
        await console.until(lambda: removals.frame.list.total is not None)
        approved = replace(screen.shown.report, status=RunStatus.SUCCEEDED)
        told(operations).told = (approved, *told(operations).told[1:])
        await console.press("enter", *"They left", "enter", "right", "enter")
        await console.until(lambda: "approve 41 They left" in operations.asked)
        await console.until(lambda: screen.shown.report.status is RunStatus.SUCCEEDED, "what became of it")
        await console.shows("were removed from the catalogue")


async def test_a_section_that_is_refused_says_so_and_moving_asks_again(opened: Open) -> None:
    operations = years()
    async with opened(operations) as console:
        await look_back(console)
        await open_run(console)
        told(operations).refusal = "The database refused: it is locked."
        await console.press("3")
        await console.shows("The database refused: it is locked. Ctrl+R asks again.")
        told(operations).refusal = None
        await console.press("j")
        await console.shows("page 113")


# -- keys --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("owner", [HistoryScreen, RunDetailScreen])
def test_every_action_has_a_method_an_own_id_and_a_binding_that_explains_itself(
    owner: type[HistoryScreen] | type[RunDetailScreen],
) -> None:
    ids = [action.id for action in owner.ACTIONS]
    assert len(ids) == len(set(ids))
    for action in owner.ACTIONS:
        assert callable(getattr(owner, f"action_{action.id}"))
    for binding in (*owner.BINDINGS, *ChooseDialog.BINDINGS):
        assert isinstance(binding, Binding)
        assert binding.id
        assert binding.tooltip


@pytest.mark.parametrize("actions", [history_actions.ACTIONS, run_detail.ACTIONS], ids=["history", "run"])
def test_no_key_means_two_things(actions: tuple[object, ...]) -> None:
    pressed = [key for action in actions for key in action.pressed]  # type: ignore[attr-defined]
    assert len(pressed) == len(set(pressed))


async def test_every_key_of_both_screens_can_be_pressed_and_escape_leads_back(opened: Open) -> None:
    async with opened(after_blocked(), (120, 36)) as console:
        for depth in (1, 2):
            await look_back(console)
            if depth == 2:
                await open_run(console)
            screen = console.app.screen
            assert isinstance(screen, HistoryScreen | RunDetailScreen)
            for action in enabled(screen.ACTIONS, screen.situation):
                for key in action.pressed:
                    if action.id != "back":
                        await console.press(key)
                    await console.app.workers.wait_for_complete()
                    while console.app.screen is not screen and not isinstance(console.app.screen, MainScreen):
                        await console.press("escape")
                    assert console.app.screen is screen, key
            while not console.is_open(MainScreen):
                await console.press("escape")
        assert console.app.is_running


async def test_help_and_palette_tell_of_what_works_here(opened: Open) -> None:
    async with opened(years(), (120, 36)) as console:
        await look_back(console)
        await console.press("question_mark")
        assert console.is_open(HelpDialog)
        await console.shows("Show runs that ended in one way")
        await console.press("escape", "colon")
        await console.until(lambda: console.app.screen.query(OptionList))
        await console.press(*"outcome")
        await console.shows("Show runs that ended in one way")
        await console.press("enter")
        await console.until(lambda: console.is_open(ChooseDialog))


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 60), (20, 6)])
async def test_both_screens_keep_to_any_size(opened: Open, size: tuple[int, int]) -> None:
    async with opened(years(), size) as console:
        screen = await go_to(console, Section.CHANGES)
        assert len(console.text.splitlines()) == size[1]
        await console.resize(100, 30)
        assert "600" in console.text
        assert screen.shown.list is not None


def test_the_history_of_the_tests_tells_of_runs_as_an_engine_would() -> None:
    assert all(isinstance(run, RunReport) for run in history().told)
