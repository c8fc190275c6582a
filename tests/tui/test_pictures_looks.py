"""Pictures of the themes: the main screen while a sync runs and after one that failed, and a dialog of each kind.

After a wanted change: `pytest -n 0 tests/tui/test_pictures_looks.py --snapshot-update`, and look at each that changed.
"""

import pytest

from console.tui.theme import CONTRAST, LIGHT, TERMINAL, Palette
from tests.tui.conftest import console_app
from tests.tui.scenes import SCENES
from tests.tui.test_pictures import Snap, by_size, then

THEMES = [LIGHT, CONTRAST, TERMINAL]
"""The dark one is in every other picture."""


@pytest.fixture(autouse=True)
def _many_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.mark.parametrize("scene", ["running", "failed"])
@pytest.mark.parametrize("palette", THEMES, ids=lambda palette: palette.name)
def test_picture_of_a_theme(snap_compare: Snap, palette: Palette, scene: str) -> None:
    assert snap_compare(console_app(SCENES[scene]().connect, palette=palette), run_before=then())


@pytest.mark.parametrize("scene", ["running", "failed"])
def test_picture_without_colours(snap_compare: Snap, scene: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(console_app(SCENES[scene]().connect), run_before=then())


@pytest.mark.parametrize("size", [(80, 24), (40, 12)], ids=by_size)
def test_picture_of_the_choice_of_a_theme(snap_compare: Snap, size: tuple[int, int]) -> None:
    app = console_app(SCENES["idle"]().connect)
    assert snap_compare(app, terminal_size=size, run_before=then("T", "down"))


@pytest.mark.parametrize("palette", [LIGHT, TERMINAL], ids=lambda palette: palette.name)
def test_picture_of_a_dialog_in_a_theme(snap_compare: Snap, palette: Palette) -> None:
    assert snap_compare(console_app(SCENES["idle"]().connect, palette=palette), run_before=then("e"))
