"""Pictures of every state and dialog. What they promise in words is held by the other tests; these hold the looks.

After a wanted change: `pytest -n 0 tests/tui/test_pictures.py --snapshot-update`, and look at each that changed.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from console.operations.events import EngineFailed
from console.operations.protocol import Operations, Refused
from console.tui.app import ConsoleApp
from console.tui.glyphs import ASCII
from tests.tui.conftest import console_app
from tests.tui.fake import FakeOperations
from tests.tui.scenes import SCENES, blocked, edited, failed, idle, partial, paused, running

SIZES = [(80, 24), (160, 45), (40, 12)]

_ANSWERS = ("preview", "save", "command", "removals", "products", "counting", "product", "facet")

Snap = Callable[..., bool]


def by_size(size: tuple[int, int]) -> str:
    """80x24."""
    return f"{size[0]}x{size[1]}"


def then(*keys: str) -> Callable[[Pilot[Any]], Awaitable[None]]:
    """Wait until the engine has answered, press these keys, and let the picture settle."""

    async def run(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, ConsoleApp)
        app.animation_level = "none"
        while app.main.model.snapshot is None and app.main.model.failure is None:
            await pilot.pause(0.01)
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
            await pilot.app.workers.wait_for_complete(
                [worker for worker in app.workers if worker.group in _ANSWERS and not worker.is_finished]
            )
            await pilot.pause()

    return run


@pytest.mark.parametrize("size", SIZES, ids=by_size)
@pytest.mark.parametrize("scene", SCENES)
def test_picture_of_a_state(snap_compare: Snap, scene: str, size: tuple[int, int]) -> None:
    app = console_app(SCENES[scene]().connect)
    assert snap_compare(app, terminal_size=size, run_before=then())


@pytest.mark.parametrize("size", SIZES, ids=by_size)
def test_picture_before_the_engine_has_answered(snap_compare: Snap, size: tuple[int, int]) -> None:
    async def never() -> Operations:
        await asyncio.Event().wait()
        raise AssertionError

    assert snap_compare(console_app(never), terminal_size=size)


@pytest.mark.parametrize("size", SIZES, ids=by_size)
def test_picture_without_an_engine(snap_compare: Snap, size: tuple[int, int]) -> None:
    async def refuse() -> Operations:
        raise Refused("Another console holds the lock: pid 4711 on shop-1, since Mon 23 Nov 02:00 UTC. Stop it first.")

    assert snap_compare(console_app(refuse), terminal_size=size, run_before=then())


class Breaking(FakeOperations):
    """An engine that fails as soon as it is listened to."""

    async def log_tail(self, limit: int) -> Any:
        """The last that is heard of it."""
        self.tell(EngineFailed("The database file is damaged: database disk image is malformed."))
        return await super().log_tail(limit)


@pytest.mark.parametrize("size", SIZES, ids=by_size)
def test_picture_of_an_engine_that_failed(snap_compare: Snap, size: tuple[int, int]) -> None:
    async def settled(pilot: Pilot[Any]) -> None:
        assert isinstance(pilot.app, ConsoleApp)
        while pilot.app.main.model.failure is None:
            await pilot.pause(0.01)
        await pilot.pause()

    assert snap_compare(console_app(Breaking(idle().told).connect), terminal_size=size, run_before=settled)


DIALOGS = {
    "sync": (idle, ["s"]),
    "daily-time": (idle, ["e"]),
    "daily-time-refused": (idle, ["e", "2", "5"]),
    "daily-time-edited": (edited, ["e"]),
    "pause": (idle, ["p", *"G2A moves house until Thursday", "enter"]),
    "pause-without-reason": (idle, ["p", "enter"]),
    "resume": (paused, ["p"]),
    "sync-while-paused": (paused, ["s"]),
    "cancel": (running, ["c"]),
    "retry": (failed, ["r"]),
    "removals": (blocked, ["a"]),
    "removals-end": (blocked, ["a", "G"]),
    "approve": (blocked, ["a", "enter", *"G2A dropped the publisher", "enter"]),
    "approve-without-reason": (blocked, ["a", "enter", "enter"]),
    "leave": (running, ["q"]),
    "help": (idle, ["question_mark"]),
    "problem": (partial, ["n"]),
    "zoom": (running, ["z"]),
    "log-paused": (idle, ["tab", "k", "k"]),
}


@pytest.mark.parametrize("size", SIZES, ids=by_size)
@pytest.mark.parametrize("name", DIALOGS)
def test_picture_of_a_dialog(snap_compare: Snap, name: str, size: tuple[int, int]) -> None:
    scene, keys = DIALOGS[name]
    assert snap_compare(console_app(scene().connect), terminal_size=size, run_before=then(*keys))


def test_picture_in_ascii(snap_compare: Snap) -> None:
    app = console_app(running().connect, glyphs=ASCII)
    assert snap_compare(app, run_before=then())


def test_picture_without_colour(snap_compare: Snap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(console_app(running().connect), run_before=then())
