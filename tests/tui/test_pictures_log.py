"""Pictures of the log, on the main screen and on its own. What they promise in words is held by the other tests.

After a wanted change: `pytest -n 0 tests/tui/test_pictures_log.py --snapshot-update`, and look at what changed.
"""

from collections.abc import Callable

import pytest

from console.tui.glyphs import ASCII
from tests.tui.conftest import console_app
from tests.tui.fake import FakeOperations
from tests.tui.scenes_log import day, hostile
from tests.tui.test_pictures import Snap, by_size
from tests.tui.test_pictures_history import then

SIZES = [(80, 24), (160, 45)]
FOCUS = ["tab"]
FIND = ["slash", *"HTTP 429", "enter"]

PICTURES: dict[str, tuple[Callable[[], FakeOperations], list[str]]] = {
    "pane-typing": (day, [*FOCUS, "slash", *"HTTP"]),
    "pane-found": (day, [*FOCUS, *FIND, "N"]),
    "pane-matches": (day, [*FOCUS, *FIND, "m", "w"]),
    "pane-errors": (day, [*FOCUS, "4", "k"]),
    "record": (day, [*FOCUS, "4", "enter"]),
    "screen": (day, ["l"]),
    "screen-oldest": (day, ["l", "g", "3", "w"]),
    "screen-matches": (day, ["l", *FIND, "N", "N", "m"]),
    "screen-nothing": (day, ["l", "5"]),
    "screen-record": (day, ["l", "4", "k", "enter"]),
    "hostile": (hostile, ["l", "w", "k", "k"]),
}


@pytest.mark.parametrize("size", SIZES, ids=by_size)
@pytest.mark.parametrize("name", PICTURES)
def test_picture_of_the_log(snap_compare: Snap, name: str, size: tuple[int, int]) -> None:
    scene, keys = PICTURES[name]
    assert snap_compare(console_app(scene().connect), terminal_size=size, run_before=then(*keys))


@pytest.mark.parametrize("name", ["screen-matches", "screen-record", "hostile"])
def test_picture_of_the_log_in_little_room_and_in_ascii(snap_compare: Snap, name: str) -> None:
    scene, keys = PICTURES[name]
    app = console_app(scene().connect, glyphs=ASCII)
    assert snap_compare(app, terminal_size=(40, 12), run_before=then(*keys))
