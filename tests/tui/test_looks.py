"""The looks: what the operator chooses shows at once and everywhere, and is remembered."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from console.preferences import PreferenceKeeper, Preferences
from console.tui.app import ConsoleApp
from console.tui.dialogs.choose import ChooseDialog
from console.tui.glyphs import ASCII, UNICODE
from console.tui.screens.history import HistoryScreen
from console.tui.screens.main import MainScreen
from console.tui.theme import CALM, COLOURLESS, CONTRAST, LIGHT, TERMINAL, Palette
from tests.clock import FakeClock
from tests.tui.conftest import Opened
from tests.tui.fake import NOW
from tests.tui.scenes import running

Dressed = Callable[..., AbstractAsyncContextManager[Opened]]


@pytest.fixture(autouse=True)
def _many_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture
def dressed() -> Dressed:
    """Opens the console as its operator likes it."""

    @asynccontextmanager
    async def open_console(keeper: PreferenceKeeper | None = None) -> AsyncIterator[Opened]:
        clock = FakeClock(NOW, by_hand=True)
        app = ConsoleApp(running().connect, clock=clock, preferences=keeper)
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            console = Opened(app, pilot, clock)
            await console.until(lambda: app.main.model.snapshot is not None, "a snapshot")
            await pilot.pause()
            yield console

    return open_console


def colours(console: Opened) -> set[str]:
    """Every colour on the screen."""
    styles = [segment.style for strip in console.app.screen._compositor.render_strips() for segment in strip]
    found = [colour for style in styles if style for colour in (style.color, style.bgcolor) if colour]
    return {colour.triplet.hex if colour.triplet else colour.name for colour in found}


def is_drawn_in(console: Opened, palette: Palette) -> bool:
    """Whether the ground is this theme's, and no other's is seen anywhere."""
    seen = colours(console)
    return palette.ground in seen and not {each.ground for each in (CALM, LIGHT, CONTRAST)} - {palette.ground} & seen


def is_ascii(console: Opened) -> bool:
    """Whether nothing else is on the screen."""
    return console.text.isascii()


async def find(console: Opened, words: str) -> None:
    """Do what the palette finds by these words."""
    await console.press("ctrl+p", *(word if word != " " else "space" for word in words))
    await console.until(lambda: words in console.text.lower().split("what to do")[-1], words)
    await console.pilot.pause(0.2)
    await console.press("enter")


async def test_a_theme_is_shown_as_one_goes_to_it_and_escape_takes_it_back(dressed: Dressed) -> None:
    keeper = PreferenceKeeper()
    async with dressed(keeper) as console:
        assert is_drawn_in(console, CALM)
        await console.press("T")
        assert console.is_open(ChooseDialog)
        await console.press("down")
        await console.until(lambda: is_drawn_in(console, LIGHT), "the light theme, on the main screen below too")
        await console.press("down")
        await console.until(lambda: is_drawn_in(console, CONTRAST))
        await console.press("escape")
        await console.until(lambda: is_drawn_in(console, CALM), "the theme as it was")
        assert console.is_open(MainScreen)
        assert keeper.current == Preferences(), "nothing was chosen"


async def test_a_chosen_theme_is_worn_by_every_open_screen_and_every_later_dialog_and_is_remembered(
    dressed: Dressed, tmp_path: Path
) -> None:
    keeper = PreferenceKeeper(tmp_path / "console.json")
    async with dressed(keeper) as console:
        await console.press("h", "T", "2")
        assert console.is_open(HistoryScreen)
        await console.until(lambda: is_drawn_in(console, LIGHT), "the screen on top")
        await console.press("escape")
        await console.until(lambda: is_drawn_in(console, LIGHT), "the main screen, which was out of sight")
        for key in ("question_mark", "c", "e", "colon"):
            await console.press(key)
            assert not console.is_open(MainScreen)
            assert LIGHT.ground in colours(console)
            assert CALM.ground not in colours(console)
            await console.press("escape")
    keeper.close()
    async with dressed(PreferenceKeeper(tmp_path / "console.json")) as console:
        assert is_drawn_in(console, LIGHT), "at the next start"


async def test_the_terminals_own_theme_sends_no_colour_of_ours(dressed: Dressed) -> None:
    keeper = PreferenceKeeper()
    keeper.change(theme="terminal")
    async with dressed(keeper) as console:
        for keys in ((), ("T",), ("escape", "e"), ("escape", "colon"), ("escape", "question_mark"), ("escape", "b")):
            await console.press(*keys)
            assert not [colour for colour in colours(console) if colour.startswith("#")], keys
        assert console.app.looks.look.palette is TERMINAL


async def test_a_theme_that_this_console_does_not_know_stops_nothing(dressed: Dressed) -> None:
    keeper = PreferenceKeeper()
    keeper.change(theme="[bold]solarized[/]")
    async with dressed(keeper) as console:
        assert is_drawn_in(console, CALM)


async def test_without_colours_there_is_no_theme_to_choose_and_the_screen_says_why(
    dressed: Dressed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with dressed() as console:
        await console.press("T")
        await console.shows("NO_COLOR is set")
        assert console.is_open(MainScreen)
        assert console.app.looks.look.palette is COLOURLESS
        assert not colours(console)


async def test_an_empty_no_color_asks_for_nothing(dressed: Dressed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "")
    async with dressed() as console:
        assert is_drawn_in(console, CALM)


async def test_the_signs_change_at_once_everywhere_and_are_remembered(dressed: Dressed, tmp_path: Path) -> None:
    keeper = PreferenceKeeper(tmp_path / "console.json")
    async with dressed(keeper) as console:
        assert "╭▸ Sync" in console.text
        await find(console, "ascii")
        await console.until(lambda: is_ascii(console), "nothing but ASCII")
        assert "+> Sync" in console.text
        await find(console, "ascii")
        await console.until(lambda: "╭▸ Sync" in console.text)
        await find(console, "ascii")
    keeper.close()
    async with dressed(PreferenceKeeper(tmp_path / "console.json")) as console:
        assert console.app.looks.look.glyphs is ASCII


async def test_the_signs_change_on_a_screen_on_top_with_its_field_and_on_the_one_below(dressed: Dressed) -> None:
    async with dressed() as console:
        await console.press("h", "slash", "x", "enter")
        await find(console, "ascii")
        await console.until(lambda: is_ascii(console), "nothing but ASCII on the screen on top")
        await console.press("escape", "escape")
        await console.until(lambda: console.is_open(MainScreen) and is_ascii(console), "nor on the one below")


async def test_signs_that_were_chosen_count_more_than_what_the_terminal_seems_to_show(
    dressed: Dressed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("locale.getencoding", lambda: "ANSI_X3.4-1968")
    async with dressed() as console:
        assert console.text.isascii()
    keeper = PreferenceKeeper()
    keeper.change(signs="unicode")
    async with dressed(keeper) as console:
        assert console.app.looks.look.glyphs is UNICODE
