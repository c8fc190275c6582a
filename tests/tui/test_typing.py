"""While something is typed, letters are what is typed; and keys that come in one go close no more than they opened."""

from dataclasses import replace as with_changes

from textual.events import Key

from console.tui.actions.common import BACK, HELP, PALETTE
from console.tui.actions.history import ACTIONS
from console.tui.dialogs.choose import ChooseDialog
from console.tui.dialogs.help import HelpDialog
from console.tui.palette import Palette
from console.tui.screens.history import HistoryScreen
from console.tui.screens.main import MainScreen
from tests.tui.conftest import Open, Opened
from tests.tui.scenes import idle
from tests.tui.scenes_history import history, years


def test_an_action_without_the_keys_of_a_field_keeps_the_others() -> None:
    told = [each.without({"enter"}) for each in (PALETTE, HELP, BACK)]
    assert [(each.keys, each.shown) for each in told if each] == [
        ("ctrl+p", "Ctrl+P"),
        ("f1", "F1"),
        ("escape", "Esc"),
    ]
    assert ACTIONS[0].without({"enter"}) is None


async def test_while_words_are_typed_footer_and_help_name_only_keys_that_work(opened: Open) -> None:
    async with opened(years()) as console:
        await console.press("h")
        await console.shows("Enter open run")
        await console.press("slash")
        await console.shows("F1 help")
        footer = console.text.splitlines()[-1]
        assert "Esc back" in footer
        assert "outcome" not in footer
        await console.press("question_mark")
        assert not console.is_open(HelpDialog), "it is a character of the words"
        await console.press("f1")
        assert console.is_open(HelpDialog)
        assert "Show runs that ended in one way" not in console.text
        await console.press("escape", "ctrl+p")
        await console.shows("Show runs that ended in one way")


async def _at_once(console: Opened, *keys: str) -> None:
    """Press keys so fast that all of them are on the way before the first is answered."""
    for key in keys:
        console.app.post_message(Key(key, key if len(key) == 1 else None))
    await console.pilot.pause()


async def test_two_digits_in_one_go_choose_once_and_leave_the_history_open(opened: Open) -> None:
    async with opened(years()) as console:
        await console.press("h")
        await console.shows("Enter open run")
        await console.press("o")
        assert console.is_open(ChooseDialog)
        await _at_once(console, "2", "3", "3", "1")
        assert console.is_open(HistoryScreen)


async def test_enter_held_down_in_the_palette_does_one_thing(opened: Open) -> None:
    async with opened(years()) as console:
        await console.press("h")
        await console.shows("Enter open run")
        await console.press("ctrl+p")
        await console.shows("See all about the chosen run")
        await _at_once(console, *["enter"] * 5)
        await console.until(lambda: not console.is_open(Palette))
        assert type(console.app.screen_stack[1]) is HistoryScreen


async def test_esc_held_down_ends_on_the_main_screen(opened: Open) -> None:
    async with opened(with_changes(idle(), history=history())) as console:
        await console.press("h")
        await console.shows("Enter open run")
        await console.press("enter", "o")
        await _at_once(console, *["escape"] * 20)
        assert console.app.screen is console.main
        assert console.app.is_running


async def test_a_dialog_that_is_left_before_all_of_it_is_there_ends_nothing(opened: Open) -> None:
    async with opened(idle()) as console:
        dialog = ChooseDialog("Outcome", ["all", "failed"], 0)
        console.app.push_screen(dialog)
        await dialog.query("#box").remove()
        dialog.dismiss(None)
        await console.until(lambda: console.is_open(MainScreen))
        dialog._begin()
        assert console.app.is_running
