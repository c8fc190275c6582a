"""Moved keys: what the file says is what works and what is shown, and no mistake in it takes a way out."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from console import tui
from console.tui.actions.screens import SCREENS, name_of
from console.tui.app import ConsoleApp
from console.tui.dialogs.confirm import Confirm
from console.tui.dialogs.help import HelpDialog
from console.tui.keys import KeyMap, read_keys
from console.tui.keys.names import key_named, shown_key
from console.tui.keys.writing import listed, write_keys
from console.tui.screens.action_screen import ActionScreen
from console.tui.screens.history import HistoryScreen
from console.tui.screens.main import MainScreen
from tests.clock import FakeClock
from tests.tui.conftest import Opened
from tests.tui.fake import NOW
from tests.tui.scenes import failed, idle


def said(tmp_path: Path, text: str) -> KeyMap:
    """What the console understands of this file."""
    path = tmp_path / "keys.toml"
    path.write_text(text)
    return read_keys(path)


def keys_of(keymap: KeyMap, screen: str, action_id: str) -> list[str]:
    """The keys of an action."""
    return next(each.pressed for each in keymap.of(SCREENS[screen]) if each.id == action_id)


# -- the file ----------------------------------------------------------------------------------------------------------


def test_without_a_file_all_keys_are_as_usual(tmp_path: Path) -> None:
    keymap = read_keys(tmp_path / "keys.toml")
    assert keymap == KeyMap(path=tmp_path / "keys.toml")
    assert keymap.of(SCREENS["main"]) is SCREENS["main"]


def test_a_key_is_moved_on_all_screens_or_on_one(tmp_path: Path) -> None:
    keymap = said(tmp_path, '[main]\nsync_now = "Y"\ndown = "z"\nzoom = "Z"\n[keys]\ndown = ["J", "down"]')
    assert not keymap.problems
    assert keys_of(keymap, "main", "sync_now") == ["Y"]
    assert keys_of(keymap, "main", "down") == ["z"], "what is said of one screen counts more"
    assert keys_of(keymap, "history", "down") == ["J", "down"]
    assert keys_of(keymap, "main", "retry") == ["r"]


def test_two_keys_can_change_places_and_actions_that_shared_a_key_can_share_another(tmp_path: Path) -> None:
    keymap = said(tmp_path, '[main]\nsync_now = "r"\nretry = "s"\npause_schedule = "P"\nresume_schedule = "P"')
    assert not keymap.problems
    assert keys_of(keymap, "main", "sync_now") == ["r"]
    assert keys_of(keymap, "main", "resume_schedule") == ["P"]


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ('[main]\nsync_nw = "S"', "[main] sync_nw: there is no such action"),
        ('[history]\nsync_now = "Y"', "[history] sync_now: there is no such action"),
        ('[keys]\nsync_nw = "S"', "[keys] sync_nw: there is no such action"),
        ('[mian]\nsync_now = "Y"', "[mian] is no screen; there are keys, main, history"),
        ('main = "S"', "main must be a table, [main]"),
        ('[main]\nsync_now = "ctrl+nothing"', '[main] sync_now: there is no key "ctrl+nothing"'),
        ('[main]\nsync_now = ["S", ""]', '[main] sync_now: there is no key ""'),
        ("[main]\nsync_now = 5", "[main] sync_now: say a key"),
        ("[main]\nsync_now = []", "[main] sync_now: say a key"),
        ('[main]\nsync_now = "esc"', "[main] sync_now: Esc goes back or leaves, and stays so"),
        ('[main]\nsync_now = "ctrl+q"', "[main] sync_now: Ctrl+Q goes back or leaves, and stays so"),
        ('[keys]\nsync_now = ["S", "Ctrl+C"]', "[keys] sync_now: Ctrl+C goes back or leaves, and stays so"),
        ('[main]\nsync_now = "r"', "[main] sync_now: r is retry already"),
        ('[main]\nsync_now = "X"\nretry = "X"', "X is "),
        ('[main]\n"[bold]\\u001b[31m" = "S"', "[main] [bold]␛[31m: there is no such action"),
    ],
)
def test_what_makes_no_sense_is_told_in_plain_words_and_ignored_while_the_rest_counts(
    tmp_path: Path, entry: str, problem: str
) -> None:
    keymap = said(tmp_path, f'{entry}\n[removals]\ndown = "J"')
    assert len(keymap.problems) == 1
    assert keymap.problems[0].startswith("keys.toml: ")
    assert problem in keymap.problems[0]
    assert keys_of(keymap, "removals", "down") == ["J"]
    if "X" not in entry:
        assert keys_of(keymap, "main", "sync_now") == ["s"]


@pytest.mark.parametrize(
    "content",
    [b"[main", b"\xff\xfe", b"a = " + b"[" * 50_000, b"# " + b"x" * 200_000],
    ids=["no TOML", "no text", "deep", "huge"],
)
def test_a_file_that_cannot_be_read_leaves_all_keys_as_they_are(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "keys.toml"
    path.write_bytes(content)
    keymap = read_keys(path)
    assert not keymap.moved
    (problem,) = keymap.problems
    assert problem.startswith("keys.toml: it is ")
    assert problem.endswith("all keys are as usual.")


def test_a_folder_in_its_place_leaves_all_keys_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "keys.toml").mkdir()
    assert read_keys(tmp_path / "keys.toml").problems == ("keys.toml: this is no file: all keys are as usual.",)


def test_the_ways_back_and_out_stay_when_their_other_keys_are_moved(tmp_path: Path) -> None:
    keymap = said(tmp_path, '[keys]\nback = "B"\nleave = "Q"\n[main]\nclose = "W"')
    assert not keymap.problems
    assert keys_of(keymap, "history", "back") == ["B", "escape"]
    assert keys_of(keymap, "main", "leave") == ["Q", "ctrl+q", "ctrl+c"]
    assert keys_of(keymap, "main", "close") == ["W", "escape"]


# -- the names ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("screen", SCREENS)
def test_every_key_of_every_action_can_be_written_as_it_is_shown(screen: str) -> None:
    for action in SCREENS[screen]:
        assert action.shown.split() == [shown_key(key) for key in action.pressed]
        assert [key_named(each) for each in action.shown.split()] == action.pressed


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("S", "S"),
        ("?", "question_mark"),
        ("Ctrl+S", "ctrl+s"),
        ("F5", "f5"),
        ("PgDn", "pagedown"),
        (" ", "space"),
        ("é", "é"),
        ("+", "plus"),
        ("-", "minus"),
        ("_", "underscore"),
        ("alt+x", "alt+x"),
        ("ctrl+i", "tab"),
        *((each, None) for each in ("f25", "foo", "", "\x1b", "\u202e", "ctrl+", "alt+é", "<any>")),
    ],
)
def test_a_key_is_known_by_what_people_write(written: str, key: str | None) -> None:
    assert key_named(written) == key


def _screens(of: type[ActionScreen[Any]]) -> set[type[ActionScreen[Any]]]:
    return {of} | {each for subclass in of.__subclasses__() for each in _screens(subclass)}


def test_every_screen_can_have_its_keys_moved() -> None:
    for screen in _screens(ActionScreen):
        assert not screen.ACTIONS or name_of(screen.ACTIONS), f"{screen.__name__} is missing in actions/screens.py"


# -- the file that is written ------------------------------------------------------------------------------------------


def test_the_written_file_changes_nothing_and_names_every_action_that_has_a_key_to_move(tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    write_keys(path, KeyMap())
    assert read_keys(path) == KeyMap(path=path)
    uncommented = "\n".join(
        line.removeprefix("# ") if " = " in line else line for line in path.read_text().splitlines()
    )
    tables = tomllib.loads(uncommented)
    assert set(tables) == {"keys", *SCREENS}
    assert "sync_now" in tables["main"]
    path.write_text(uncommented)
    again = read_keys(path)
    assert not again.problems
    for actions in SCREENS.values():
        assert [sorted(each.pressed) for each in again.of(actions)] == [sorted(each.pressed) for each in actions]


def test_the_written_file_says_the_keys_as_they_are_now(tmp_path: Path) -> None:
    assert '# sync_now = "Y"' in listed(said(tmp_path, '[main]\nsync_now = "Y"'))


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        write_keys(path, KeyMap())
    assert path.read_text() == "mine"


# -- the screens -------------------------------------------------------------------------------------------------------

MOVED = '[main]\nsync_now = "Y"\nretry = "F5"\nhelp = ["H", "f1"]\n[history]\nchoose_outcome = "O"\nback = "B"'


async def test_moved_keys_work_and_their_old_places_do_not_and_footer_help_and_palette_show_them(
    tmp_path: Path,
) -> None:
    app = ConsoleApp(idle().connect, clock=FakeClock(NOW, by_hand=True))
    app.main.use_keys(said(tmp_path, MOVED))
    async with app.run_test(size=(120, 36)) as pilot:
        console = Opened(app, pilot, FakeClock(NOW, by_hand=True))
        await console.until(lambda: app.main.model.snapshot is not None)
        await console.shows("Y sync now")
        assert "H help" in console.text
        await console.press("s", "question_mark")
        assert console.is_open(MainScreen)
        await console.press("Y")
        assert console.is_open(Confirm)
        await console.press("escape", "H")
        assert console.is_open(HelpDialog)
        line = next(each for each in console.text.splitlines() if "Fetch the whole catalogue" in each)
        assert " Y " in line
        await console.press("H")
        assert console.is_open(MainScreen), "the key that opened the help closes it"
        await console.press("ctrl+p")
        await console.shows("asks first (Y)")
        await console.press("escape", "h")
        assert console.is_open(HistoryScreen)
        await console.shows("O outcome")
        assert "B back" in console.text
        await console.press("q")
        assert console.is_open(HistoryScreen)
        await console.press("B")
        assert console.is_open(MainScreen)
        await console.press("h", "escape")
        assert console.is_open(MainScreen), "Esc goes back, whatever the file says"


async def test_sentences_name_the_keys_as_they_are_now(tmp_path: Path) -> None:
    app = ConsoleApp(failed().connect, clock=FakeClock(NOW, by_hand=True))
    app.main.use_keys(said(tmp_path, MOVED))
    async with app.run_test(size=(100, 30)) as pilot:
        console = Opened(app, pilot, FakeClock(NOW, by_hand=True))
        await console.shows("F5 goes on with it")
        await console.shows("Press F5 to fetch what is missing, or Y to sync anew")


def test_sentences_name_only_actions_that_there_are() -> None:
    named = [
        found
        for path in sorted(Path(tui.__file__).parent.rglob("*.py"))
        for found in re.findall(r"""look\.key\(["'](\w+)["'](?:, ["'](\w+)["'])?\)""", path.read_text())
    ]
    assert len(named) > 10
    for action_id, screen in named:
        assert KeyMap().first(action_id, screen or "main")


async def test_the_palette_writes_the_file_and_tells_where(tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    app = ConsoleApp(idle().connect, clock=FakeClock(NOW, by_hand=True))
    app.main.use_keys(read_keys(path))
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        console = Opened(app, pilot, FakeClock(NOW, by_hand=True))
        await console.until(lambda: app.main.model.snapshot is not None)
        app.main.action_write_keys()
        await console.shows("All keys are listed in")
        app.main.action_write_keys()
        await console.shows("There is a keys.toml")
    assert not read_keys(path).problems


async def test_what_is_wrong_in_the_file_is_said_on_the_screen(tmp_path: Path) -> None:
    app = ConsoleApp(idle().connect, clock=FakeClock(NOW, by_hand=True))
    app.main.use_keys(said(tmp_path, '[main]\nsync_nw = "S"\nretry = "ctrl+c"'))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        console = Opened(app, pilot, FakeClock(NOW, by_hand=True))
        await console.shows("there is no such action")
        assert app.board.notices.history[0].words.endswith("The log tells of 1 more.")
