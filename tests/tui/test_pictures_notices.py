"""Pictures of notices, and of what is empty or failed. What they promise in words is held by the other tests.

After a wanted change: `pytest -n 0 tests/tui/test_pictures_notices.py --snapshot-update`, and look at what changed.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.notifications import SeverityLevel
from textual.pilot import Pilot

from console.tui.app import ConsoleApp
from console.tui.glyphs import ASCII
from tests.tui.conftest import console_app
from tests.tui.fake import FakeOperations
from tests.tui.scenes import failed, idle
from tests.tui.scenes_history import empty
from tests.tui.test_empty_states import catalogue, histories, removals
from tests.tui.test_pictures import Snap, by_size, then

SIZES = [(80, 24), (160, 45)]

_LONG = (
    "The engine did not take the command: another sync has been running since 14:02 UTC, started by bob. Wait for it, "
    "or cancel it with c."
)

Said = tuple[str, SeverityLevel]

PICTURES: dict[str, tuple[Callable[[], FakeOperations], list[Said], list[str]]] = {
    "warning": (idle, [(_LONG, "warning")] * 3, []),
    "error": (failed, [("Nothing was removed: the run is not blocked any more.", "error")], []),
    "above-a-dialog": (idle, [(_LONG, "warning")], ["s"]),
    "list": (idle, [("Copied 10000000001004.", "information"), (_LONG, "error"), ("Busy.", "warning")], ["!"]),
    "list-empty": (idle, [], ["!"]),
}

STATES = {
    "history-refused": (histories, ["h"]),
    "removals-refused": (removals, ["a"]),
    "products-refused": (catalogue, ["b"]),
}


def saying(said: list[Said], keys: list[str]) -> Callable[[Pilot[Any]], Awaitable[None]]:
    """Say this once the engine has answered, and press these keys."""

    async def run(pilot: Pilot[Any]) -> None:
        await then()(pilot)
        app = pilot.app
        assert isinstance(app, ConsoleApp)
        for words, severity in said:
            app.notify(words, severity=severity)
        await pilot.pause()
        await then(*["exclamation_mark" if key == "!" else key for key in keys])(pilot)
        await pilot.pause(0.3)
        await pilot.pause()

    return run


@pytest.mark.parametrize("size", SIZES, ids=by_size)
@pytest.mark.parametrize("name", PICTURES)
def test_picture_of_a_notice(snap_compare: Snap, name: str, size: tuple[int, int]) -> None:
    scene, said, keys = PICTURES[name]
    assert snap_compare(console_app(scene().connect), terminal_size=size, run_before=saying(said, keys))


@pytest.mark.parametrize("name", ["warning", "above-a-dialog", "list"])
def test_picture_of_a_notice_in_little_room_and_in_ascii(snap_compare: Snap, name: str) -> None:
    scene, said, keys = PICTURES[name]
    app = console_app(scene().connect, glyphs=ASCII)
    assert snap_compare(app, terminal_size=(40, 12), run_before=saying(said, keys))


@pytest.mark.parametrize("size", SIZES, ids=by_size)
@pytest.mark.parametrize("name", STATES)
def test_picture_of_what_did_not_come(snap_compare: Snap, name: str, size: tuple[int, int]) -> None:
    scene, keys = STATES[name]
    operations, _ = scene()
    assert snap_compare(console_app(operations.connect), terminal_size=size, run_before=saying([], keys))


@pytest.mark.parametrize("size", SIZES, ids=by_size)
def test_picture_of_a_history_without_a_run(snap_compare: Snap, size: tuple[int, int]) -> None:
    assert snap_compare(console_app(empty().connect), terminal_size=size, run_before=saying([], ["h"]))
