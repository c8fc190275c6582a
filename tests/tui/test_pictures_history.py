"""Pictures of the run history and of one run. What they promise in words is held by the other tests.

After a wanted change: `pytest tests/tui/test_pictures_history.py --snapshot-update`, and look at what changed.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from console.tui.app import ConsoleApp
from console.tui.glyphs import ASCII
from tests.tui.conftest import console_app
from tests.tui.fake import FakeOperations
from tests.tui.scenes_history import after_blocked, after_partial, empty, years
from tests.tui.test_pictures import Snap, by_size

SIZES = [(80, 24), (160, 45)]

PICTURES: dict[str, tuple[Callable[[], FakeOperations], list[str]]] = {
    "runs": (years, ["h", "j", "j"]),
    "runs-filtered": (years, ["h", "o", "2", "v"]),
    "runs-words": (years, ["h", "slash", *"alice"]),
    "runs-none": (empty, ["h"]),
    "outcomes": (years, ["h", "o"]),
    "people": (years, ["h", "w"]),
    "summary": (after_partial, ["h", "enter"]),
    "summary-blocked": (after_blocked, ["h", "enter"]),
    "pages": (years, ["h", "enter", "2"]),
    "errors": (years, ["h", "enter", "3"]),
    "rejected": (years, ["h", "enter", "4", "j"]),
    "rejected-document": (years, ["h", "enter", "4", "enter"]),
    "changes": (years, ["h", "enter", "5", "s", "s"]),
}


def then(*keys: str) -> Callable[[Pilot[Any]], Awaitable[None]]:
    """Wait until the engine has answered, and after each key for all that it asked for."""

    async def run(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, ConsoleApp)
        app.animation_level = "none"
        while app.main.model.snapshot is None:
            await pilot.pause(0.01)
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
            await app.workers.wait_for_complete()
            await pilot.pause()

    return run


@pytest.mark.parametrize("size", SIZES, ids=by_size)
@pytest.mark.parametrize("name", PICTURES)
def test_picture_of_the_history(snap_compare: Snap, name: str, size: tuple[int, int]) -> None:
    scene, keys = PICTURES[name]
    assert snap_compare(console_app(scene().connect), terminal_size=size, run_before=then(*keys))


@pytest.mark.parametrize("name", ["runs", "summary", "errors", "changes"])
def test_picture_of_the_history_in_little_room_and_in_ascii(snap_compare: Snap, name: str) -> None:
    scene, keys = PICTURES[name]
    app = console_app(scene().connect, glyphs=ASCII)
    assert snap_compare(app, terminal_size=(40, 12), run_before=then(*keys))


def test_picture_of_the_chart_in_ascii(snap_compare: Snap) -> None:
    scene, keys = PICTURES["runs"]
    assert snap_compare(console_app(scene().connect, glyphs=ASCII), terminal_size=(120, 36), run_before=then(*keys))
