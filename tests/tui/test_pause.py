"""The schedule is paused with a reason, seen to be paused, and resumed by the same key."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from textual.widgets import OptionList

from console.operations.events import ScheduleChanged
from console.tui.actions import enabled
from console.tui.actions.main import ACTIONS
from console.tui.dialogs.confirm import Confirm
from console.tui.dialogs.pause import PauseDialog
from console.tui.drawing.footer import keys
from console.tui.drawing.line import text
from console.tui.screens.main import MainScreen
from tests.tui.conftest import Open, Opened
from tests.tui.fake import FakeOperations, job, next_runs, schedule
from tests.tui.scenes import idle, never_ran, no_credentials, paused, running, succeeded

SIZES = [(80, 24), (160, 45), (40, 12)]


def edits(operations: FakeOperations) -> list[str]:
    """What the engine was asked to do to the schedule."""
    return [asked for asked in operations.asked if "schedule" in asked or "daily_time" in asked]


async def ask_to_resume(console: Opened) -> None:
    """Press p, and wait for the question: the engine is asked first when the next run would be."""
    await console.press("p")
    await console.until(lambda: console.is_open(Confirm))


# -- pausing -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_schedule_is_paused_once_there_is_a_reason_and_it_is_confirmed(
    opened: Open, size: tuple[int, int]
) -> None:
    operations = idle()
    async with opened(operations, size) as console:
        await console.press("p", *"G2A moves", "enter", "left")
        assert console.choice == "Cancel"
        await console.press("enter")
        assert console.is_open(MainScreen)
        assert edits(operations) == []
        await console.press("p", *" G2A moves ", "enter")
        assert console.choice == "Pause the schedule", "it can be undone: who gave a reason meant it"
        await console.press("enter")
        await console.shows("paused by alice")
        assert edits(operations) == ["pause_schedule G2A moves"]
        assert console.is_open(MainScreen)


async def test_before_a_pause_it_is_said_what_will_not_run_and_what_still_can(opened: Open) -> None:
    async with opened(idle()) as console:
        await console.press("p")
        assert console.is_open(PauseDialog)
        for words in (
            "From Tue 24 Nov 02:00 UTC on, each slot is recorded as skipped",
            "until somebody resumes the schedule. Syncs by hand stay possible.",
            "Everybody sees it, with your name.",
        ):
            assert words in console.text


@pytest.mark.parametrize("typed", [["enter"], ["space", "enter"], ["tab", "right", "enter"]])
async def test_without_a_reason_nothing_is_paused_and_the_dialog_says_what_to_do(
    opened: Open, typed: list[str]
) -> None:
    operations = idle()
    async with opened(operations) as console:
        await console.press("p", *typed)
        assert console.is_open(PauseDialog)
        assert "✗ Say why first: everybody sees it." in console.text
        await console.press(*"moving")
        assert "Say why first" not in console.text
        await console.press("escape")
        assert console.is_open(MainScreen)
        assert edits(operations) == []


async def test_a_pause_that_a_colleague_was_faster_with_is_refused_in_words(opened: Open) -> None:
    operations = idle()
    async with opened(operations, (120, 36)) as console:
        await console.press("p", *"moving", "enter")
        operations.told = paused().told
        await console.press("enter")
        await console.shows("The schedule is paused by bob: G2A moves house until")
        assert console.app.is_running


@pytest.mark.parametrize("scene", [running, no_credentials])
async def test_it_can_be_paused_whatever_else_is_going_on(opened: Open, scene: Callable[[], FakeOperations]) -> None:
    operations = scene()
    async with opened(operations) as console:
        await console.press("escape", "p", *"x", "enter", "enter")
        await console.until(lambda: edits(operations) == ["pause_schedule x"])


# -- resuming ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_it_is_resumed_once_that_is_confirmed(opened: Open, size: tuple[int, int]) -> None:
    operations = paused()
    async with opened(operations, size) as console:
        await ask_to_resume(console)
        assert console.choice == "Cancel"
        await console.press("enter")
        assert console.is_open(MainScreen)
        assert edits(operations) == []
        await ask_to_resume(console)
        await console.press("right", "enter")
        await console.shows("Tue 02:00 UTC")
        assert edits(operations) == ["resume_schedule"]
        assert "paused" not in console.text


async def test_before_it_is_resumed_one_sees_the_next_run_and_who_paused_it_and_why(opened: Open) -> None:
    async with opened(paused()) as console:
        await ask_to_resume(console)
        for words in (
            "next run    Tue 24 Nov 02:00 UTC",
            "local time  Tue 24 Nov 03:00 CET",
            "paused by   bob",
            "reason      G2A moves house until Thursday",
        ):
            assert words in console.text


async def test_nobody_is_asked_to_resume_what_was_resumed_meanwhile(opened: Open) -> None:
    operations = paused()
    async with opened(operations) as console:
        operations.tell(ScheduleChanged(schedule(), next_runs(), (job(succeeded(), next_runs()[0]),)))
        await console.shows("in 11 h 56 m")
        console.main.post_message(MainScreen.ResumptionPreviewed(next_runs()))
        await console.pilot.pause()
        assert console.is_open(MainScreen)


async def test_pressed_twice_the_key_asks_once(opened: Open) -> None:
    async with opened(paused()) as console:
        await console.press("p", "p")
        await console.until(lambda: console.is_open(Confirm))
        await console.app.workers.wait_for_complete()
        await console.pilot.pause()
        assert len(console.app.screen_stack) == 2


@pytest.mark.parametrize("when", ["asked", "confirmed"])
async def test_a_resumption_that_is_refused_says_why(opened: Open, when: str) -> None:
    operations = paused()
    async with opened(operations, (120, 36)) as console:
        if when == "confirmed":
            await ask_to_resume(console)
            operations.told = idle().told
            await console.press("right", "enter")
            await console.shows("The schedule is not paused: the daily sync runs")
        else:
            operations.told = replace(operations.told, schedule=replace(schedule(enabled=False), hour=24))
            console.main.model.load(operations.told)
            await console.press("p")
            await console.shows("24:00 is no time of day")
        assert console.app.is_running


# -- seeing it ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45), (200, 60)], ids=str)
async def test_a_pause_is_seen_with_who_and_why_in_every_pane_of_the_schedule(
    opened: Open, size: tuple[int, int]
) -> None:
    async with opened(paused(), size) as console:
        assert "‖ paused" in console.text.splitlines()[1]
        assert "‖ paused" in "\n".join(text(each) for each in console.main.jobs._content)
        told = " ".join(text(each) for each in console.main.next_run._content)
        assert told == "‖ paused by bob G2A moves house until Thursday Press p to resume it."


async def test_where_there_is_one_line_it_has_who_and_as_much_of_why_as_fits(opened: Open) -> None:
    async with opened(paused(), (40, 12)) as console:
        assert "‖ paused by bob: G2A moves house" in console.text
        assert "‖ paused " in console.text.splitlines()[0]


async def test_a_long_reason_leaves_room_for_the_key_and_is_told_in_full_by_the_dialog(opened: Open) -> None:
    operations = paused()
    long = " ".join(["because of the move"] * 9) + " end"
    operations.told = replace(operations.told, schedule=schedule(enabled=False, reason=long))
    async with opened(operations) as console:
        lines = [text(each) for each in console.main.next_run._content]
        assert lines[0] == "‖ paused by bob"
        assert lines[-2].endswith("…")
        assert lines[-1] == "Press p to resume it."
        await ask_to_resume(console)
        assert "move end" in console.text


async def test_before_the_first_sync_a_pause_takes_back_that_it_comes_by_itself(opened: Open) -> None:
    async with opened(never_ran()) as console:
        await console.shows("the first sync runs by itself")
        await console.press("p", *"x", "enter", "enter")
        await console.shows("paused by alice")
        assert "by itself" not in console.text


# -- the key -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("scene", "label", "other"), [(idle, "pause", "resume"), (paused, "resume", "pause")])
async def test_the_key_is_named_for_what_it_does_now(
    opened: Open, scene: Callable[[], FakeOperations], label: str, other: str
) -> None:
    async with opened(scene()) as console:
        assert f"p {label} " in console.text.splitlines()[-1]
        assert f"p {other} " not in console.text.splitlines()[-1]
        await console.press("question_mark")
        assert f"{label.capitalize()} the schedule" in console.text
        assert f"{other.capitalize()} the schedule" not in console.text
        await console.press("escape", "colon")
        await console.until(lambda: console.app.screen.query(OptionList))
        await console.shows(f"{label.capitalize()} the schedule")
        assert f"{other.capitalize()} the schedule" not in console.text


@pytest.mark.parametrize("scene", [idle, paused, running])
async def test_the_footer_has_room_for_the_key_at_80_columns(opened: Open, scene: Callable[[], FakeOperations]) -> None:
    async with opened(scene()) as console:
        _, places = keys(enabled(ACTIONS, console.main.situation), 80)
        assert {"pause_schedule", "resume_schedule"} & {place.action.id for place in places}
        assert {"help", "leave", "history", "products"} <= {place.action.id for place in places}
        assert all(place.end <= 80 for place in places)


# -- by hand, while it is paused --------------------------------------------------------------------------------------


async def test_a_sync_by_hand_says_that_the_schedule_stays_paused(opened: Open) -> None:
    operations = paused()
    async with opened(operations) as console:
        await console.press("s")
        assert "The schedule stays paused." in console.text
        await console.press("enter")
        await console.until(lambda: "sync_now" in operations.asked)
    async with opened(idle()) as console:
        await console.press("s")
        assert "paused" not in console.text
