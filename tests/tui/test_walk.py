"""A walk through every key on every screen: none is dead, none does harm, and Esc leads back from everywhere."""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace as with_changes
from typing import Any

import pytest
from textual._compositor import Compositor
from textual.screen import Screen

from console.operations.events import EngineFailed
from console.operations.protocol import Operations, Refused
from console.tui import dialogs, screens
from console.tui.dialogs.approve import ApproveDialog
from console.tui.dialogs.choose import ChooseDialog
from console.tui.dialogs.confirm import Confirm
from console.tui.dialogs.daily_time import DailyTimeDialog
from console.tui.dialogs.help import HelpDialog
from console.tui.dialogs.pause import PauseDialog
from console.tui.dialogs.pick import PickDialog
from console.tui.dialogs.price_range import PriceRangeDialog
from console.tui.dialogs.sign_in import SignInDialog
from console.tui.palette import Palette
from console.tui.screens.history import HistoryScreen
from console.tui.screens.log import LogScreen
from console.tui.screens.log_record import RecordScreen
from console.tui.screens.main import MainScreen
from console.tui.screens.notices import NoticesScreen
from console.tui.screens.product import ProductScreen
from console.tui.screens.products import ProductsScreen
from console.tui.screens.removals import RemovalsScreen
from console.tui.screens.run_detail import RunDetailScreen
from tests.tui.conftest import Open
from tests.tui.fake import FakeOperations
from tests.tui.fake_history import FakeHistory
from tests.tui.fake_products import FakeProducts, lines
from tests.tui.scenes import blocked, edited, idle, interrupted, never_ran, no_credentials, paused, running
from tests.tui.scenes_history import after_blocked, history
from tests.tui.scenes_log import day
from tests.tui.test_read_only import watching
from tests.tui.test_undo import EDIT, with_undo
from tests.tui.walker import DEEPEST, Walk

OVERVIEWS = frozenset({"history", "products", "whole_log", "run_log"})
"""The actions that lead to the screens with walks of their own."""

Screens = frozenset[type[Screen[Any]]]
_SHARED: Screens = frozenset({HelpDialog, Palette})
"""What opens everywhere in the same way, and is walked through once."""
_DIALOGS: Screens = _SHARED | {Confirm, DailyTimeDialog, PauseDialog, ChooseDialog, PickDialog, PriceRangeDialog}
"""What is walked through in a scene of its own."""
_PASSED: Screens = _SHARED | {DailyTimeDialog, PauseDialog, NoticesScreen}
"""What is the same whatever the engine does."""
_ROOMY = 16
"""Rows from which a dialog need not scroll, which takes its keys."""
_LOOKED_AT = OVERVIEWS | {"zoom"}
_NEAR = 1
"""Keys to the places that a state makes new; further on there is what there is in every state."""
_ELSEWHERE = frozenset({"zoom", "next_pane", "previous_pane", "sync_now", "edit_time", "pause_schedule"})
"""Actions of the main screen that are followed in other scenes."""


@dataclass(frozen=True)
class Scene:
    """A console to walk through, the screens that there must be in it, and the actions that are not followed.

    The walk begins where the keys of `start` lead, and does not go through the screens `passed`.
    """

    operations: Callable[[], FakeOperations]
    leads_to: Screens = frozenset()
    start: tuple[str, ...] = ()
    size: tuple[int, int] = (80, 24)
    avoided: frozenset[str] = _LOOKED_AT
    passed: Screens = _PASSED
    deepest: int = _NEAR


def _full() -> FakeOperations:
    return with_changes(idle(), history=history(), products=FakeProducts(lines(60)))


def _refusing() -> FakeOperations:
    told = "The database is busy: try again in a moment."
    return with_changes(idle(), history=FakeHistory(refusal=told), products=FakeProducts(refusal=told))


SCENES = {
    "idle": Scene(
        _full,
        frozenset({MainScreen, Palette, Confirm, DailyTimeDialog, PauseDialog}),
        avoided=OVERVIEWS,
        passed=frozenset({HelpDialog}),
        deepest=DEEPEST,
    ),
    "notices": Scene(idle, frozenset({NoticesScreen}), ("exclamation_mark",), passed=_SHARED, deepest=DEEPEST),
    "help": Scene(idle, frozenset({HelpDialog}), ("question_mark",), (40, 12), passed=frozenset(), deepest=DEEPEST),
    "history": Scene(
        _full, frozenset({HistoryScreen, RunDetailScreen, ChooseDialog}), ("h",), passed=_SHARED, deepest=DEEPEST
    ),
    "log": Scene(day, frozenset({LogScreen, RecordScreen}), ("l",), passed=_SHARED, deepest=DEEPEST),
    "products": Scene(
        _full,
        frozenset({ProductsScreen, ProductScreen, PickDialog, PriceRangeDialog}),
        ("b",),
        passed=_SHARED,
        deepest=DEEPEST,
    ),
    "products on a large display": Scene(
        _full,
        frozenset({ProductsScreen}),
        ("b",),
        (160, 45),
        avoided=frozenset({"standing", "region", "category", "sort"}),
        passed=_DIALOGS | {ProductScreen},
        deepest=_NEAR + 1,
    ),
    "running": Scene(running, frozenset({Confirm})),
    "paused": Scene(paused, frozenset({Confirm}), avoided=_LOOKED_AT | {"sync_now"}),
    "edited": Scene(edited, frozenset({DailyTimeDialog}), avoided=_LOOKED_AT | {"sync_now"}),
    "undoable": Scene(
        lambda: with_undo(idle(), EDIT), frozenset({Confirm}), avoided=_LOOKED_AT | {"sync_now", "pause_schedule"}
    ),
    "interrupted": Scene(interrupted, frozenset({Confirm}), avoided=_LOOKED_AT | {"sync_now", "pause_schedule"}),
    "blocked": Scene(
        blocked,
        frozenset({RemovalsScreen, ApproveDialog}),
        avoided=_LOOKED_AT | {"sync_now", "pause_schedule"},
        deepest=_NEAR + 2,
    ),
    "a blocked run in the history": Scene(
        after_blocked,
        frozenset({RemovalsScreen}),
        ("h", "enter"),
        avoided=frozenset({"newer", "older", "next_section", "previous_section", "show_changes"}),
        passed=_SHARED | {ApproveDialog},
        deepest=_NEAR + 1,
    ),
    "read-only": Scene(lambda: watching(running())),
    "read-only and blocked": Scene(lambda: watching(blocked())),
    "no credentials": Scene(no_credentials, frozenset({SignInDialog})),
    "never ran": Scene(never_ran, frozenset({HistoryScreen, ProductsScreen}), avoided=_ELSEWHERE, passed=_DIALOGS),
    "refusing": Scene(_refusing, frozenset({HistoryScreen, ProductsScreen}), avoided=_ELSEWHERE, passed=_DIALOGS),
    "running in 40 by 12": Scene(running, size=(40, 12)),
    "room for one pane": Scene(idle, size=(30, 10), passed=_DIALOGS),
}
"""Who adds a screen or a dialog names it here, in the scene in which keys lead to it."""


def _defined() -> set[type[Screen[Any]]]:
    """Every screen and dialog there is: what others inherit from is none."""
    modules = [
        importlib.import_module(f"{package.__name__}.{module.name}")
        for package in (screens, dialogs)
        for module in pkgutil.iter_modules(package.__path__)
    ]
    found = {
        each
        for module in modules
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Screen) and each.__module__ == module.__name__
    }
    return {each for each in found if not any(each in other.__mro__[1:] for other in found)}


def test_there_is_a_way_to_every_screen_and_dialog() -> None:
    led_to = frozenset[type[Screen[Any]]]().union(*(scene.leads_to for scene in SCENES.values()))
    assert _defined() - led_to == set(), "name it in a scene in which keys lead to it"


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written to the terminal that there is not: it would take half of the time."""
    monkeypatch.setattr(Compositor, "render_update", lambda self, *_, **__: self._dirty_regions.clear())


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("name", SCENES)
async def test_every_key_does_what_is_said_of_it_and_esc_leads_back(opened: Open, name: str) -> None:
    scene = SCENES[name]
    operations = scene.operations()
    async with opened(operations, scene.size) as console:
        walk = Walk(console, operations, scene.avoided, scene.passed, scene.deepest)
        await walk.on_from(*scene.start)
        assert scene.leads_to - walk.found == set(), "no key leads there"
        assert not walk.faults, "\n".join(walk.faults)
        if scene.size[1] >= _ROOMY or HelpDialog in scene.leads_to:
            assert walk.dead_in_dialogs() == []


@pytest.mark.usefixtures("undrawn")
async def test_where_there_is_no_engine_every_key_still_does_what_is_said_of_it(opened: Open) -> None:
    async def refuse() -> Operations:
        raise Refused("Another runner holds the lock.")

    async with opened(connect=refuse) as console:
        await console.shows("Another runner holds the lock.")
        walk = Walk(console, None, passed=_SHARED)
        await walk.on_from()
        assert not walk.faults, "\n".join(walk.faults)


@pytest.mark.usefixtures("undrawn")
async def test_where_the_engine_has_failed_every_key_still_does_what_is_said_of_it(opened: Open) -> None:
    operations = running()
    async with opened(operations) as console:
        operations.tell(EngineFailed("The database file is damaged."))
        await console.until(lambda: console.main.model.access.engine_failed)
        walk = Walk(console, operations, passed=_PASSED, deepest=_NEAR)
        await walk.on_from()
        assert not walk.faults, "\n".join(walk.faults)
