"""The time of the daily sync that somebody set: who that was, how it goes back to the settings, what a pause means."""

import pytest
from textual import events
from textual.widgets import Button

from console.tui.dialogs.confirm import Confirm
from console.tui.dialogs.daily_time import DailyTimeDialog
from console.tui.screens.main import MainScreen
from tests.tui.conftest import Open
from tests.tui.scenes import edited, idle, paused

SIZES = [(80, 24), (160, 45), (40, 12)]


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_an_edited_time_can_be_taken_from_the_settings_again(opened: Open, size: tuple[int, int]) -> None:
    operations = edited()
    async with opened(operations, size) as console:
        await console.press("e", "tab", "tab", "tab")
        assert console.choice == "Reset"
        await console.press("enter")
        await console.until(lambda: console.is_open(Confirm))
        assert console.choice == "Cancel"
        await console.press("right", "enter")
        await console.until(lambda: console.is_open(MainScreen))
        assert operations.asked == ["snapshot", "reset_schedule"]
        await console.shows("Tue 02:00 UTC")


async def test_after_the_way_back_it_is_said_that_the_settings_count(opened: Open) -> None:
    async with opened(edited()) as console:
        await console.press("e", "r")
        await console.until(lambda: console.is_open(Confirm))
        await console.press("right", "enter")
        await console.shows("The daily sync now runs at 02:00 UTC, as the")
        await console.shows("02:00 UTC from the settings")


async def test_who_set_the_time_and_when_stands_in_the_dialog(opened: Open) -> None:
    async with opened(edited()) as console:
        await console.press("e")
        assert "set by bob, Mon 23 Nov 09:03 UTC. Press r for" in console.text


async def test_the_way_back_says_from_what_to_what_and_is_in_the_palette_too(opened: Open) -> None:
    operations = edited()
    async with opened(operations) as console:
        await console.press("colon", *"reset")
        await console.shows("Reset the daily time")
        await console.press("enter")
        await console.until(lambda: console.is_open(Confirm))
        assert "UTC, set by bob" in console.text
        assert "02:00 UTC, as the settings say" in console.text
        await console.press("right", "enter")
        await console.shows("02:00 UTC from the settings")
        assert operations.asked == ["snapshot", "reset_schedule"]


async def test_there_is_no_way_back_where_the_time_is_from_the_settings(opened: Open) -> None:
    async with opened(idle()) as console:
        await console.press("e", "r")
        assert console.is_open(DailyTimeDialog)
        assert "Now 02:00 UTC, from the settings." in console.text
        assert [button.id for button in console.app.screen.query(Button)] == ["no", "yes"]


async def test_a_way_back_that_is_refused_says_why_and_stays(opened: Open) -> None:
    operations = edited()
    operations.refusal = "The database is locked by another program."
    async with opened(operations) as console:
        await console.press("e", "r")
        await console.until(lambda: console.is_open(Confirm))
        await console.press("right", "enter")
        await console.shows("The database is locked by another program.")
        assert console.is_open(DailyTimeDialog)


async def test_a_time_that_is_set_in_a_pause_is_said_to_count_only_after_it(opened: Open) -> None:
    operations = paused()
    async with opened(operations) as console:
        await console.press("e")
        await console.shows("The schedule stays paused; once resumed, it runs:")
        await console.press(*"430", "enter")
        await console.shows("The daily sync now runs at 04:30 UTC, once it is")
        assert not operations.told.schedule.enabled
        await console.shows("daily 04:30 UTC")
        await console.press("p")
        await console.shows("next run    Tue 24 Nov 04:30 UTC")


@pytest.mark.parametrize("typed", ["0430", "430", "4:30"])
async def test_a_time_that_comes_in_one_burst_loses_no_digit(opened: Open, typed: str) -> None:
    """As when it is pasted, or a slow line delivers several keys at once."""
    operations = idle()
    async with opened(operations) as console:
        await console.press("e")
        for character in typed:
            name = "colon" if character == ":" else character
            console.app.post_message(events.Key(name, character))
        await console.shows("Tue 24 Nov 04:30 UTC")
        await console.press("enter")
        await console.until(lambda: "set_daily_time 04:30" in operations.asked)
