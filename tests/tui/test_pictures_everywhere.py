"""Pictures of every screen and dialog where room or signs are few, and of a console that may not do everything.

After a wanted change: `pytest -n 0 tests/tui/test_pictures_everywhere.py --snapshot-update`, and look at what changed.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from msgspec.structs import replace

from console.operations.credentials import Trial
from console.operations.protocol import ReadOnly, ScheduleUndo
from console.run import RunStatus
from console.tui.glyphs import ASCII
from tests.tui.conftest import console_app
from tests.tui.fake import NOW, PAST, FakeOperations, schedule
from tests.tui.scenes import (
    blocked,
    counts,
    edited,
    failed,
    idle,
    never_ran,
    no_credentials,
    report,
    running,
)
from tests.tui.scenes_history import after_partial, empty, years
from tests.tui.test_pictures import Snap, by_size
from tests.tui.test_pictures_history import then
from tests.tui.test_pictures_products import stocked
from tests.tui.test_read_only import HOLDER, watching

Scene = Callable[[], FakeOperations]

SIGN_IN = [*"shop", "enter", *"s3cret", "enter", *"me@shop", "enter", "enter"]


def silent() -> FakeOperations:
    """A console that watches an engine which gives no sign of life."""
    operations = idle()
    holder = replace(HOLDER, heartbeat_at=NOW - timedelta(minutes=5))
    operations.told = replace(operations.told, read_only=ReadOnly(holder=holder))
    return operations


def late() -> FakeOperations:
    """The daily sync should have begun long ago."""
    operations = idle()
    due = NOW - timedelta(hours=1, minutes=3)
    jobs = tuple(replace(each, next_run_at=due) for each in operations.told.jobs)
    operations.told = replace(operations.told, next_runs=(due, *operations.told.next_runs[:2]), jobs=jobs)
    return operations


def missed() -> FakeOperations:
    """Nothing ran last night, because the console was not running."""
    operations = idle()
    error = "g2a-console was not running at 02:00 UTC, and not within SYNC_CATCH_UP_HOURS after it."
    told = replace(report(RunStatus.MISSED, counts(0), error=error), started_at=None, duration_seconds=None)
    operations.told = replace(operations.told, last_run=told, past=PAST)
    return operations


def undoable() -> FakeOperations:
    """Bob has changed the time, and that can be undone."""
    operations = edited()
    undo = ScheduleUndo(
        event_id=7, action="set", actor="bob", at=NOW - timedelta(hours=5), is_of_pause=False, restored=schedule()
    )
    operations.told = replace(operations.told, undo=undo)
    return operations


def refused() -> FakeOperations:
    """G2A does not take the credentials."""
    operations = no_credentials()
    operations.trial = Trial(accepted=False, words="G2A does not accept the credentials (401): check both fields.")
    return operations


def unreachable() -> FakeOperations:
    """G2A cannot be asked about the credentials."""
    operations = no_credentials()
    operations.trial = Trial(accepted=False, words="api.g2a.com does not answer: no route to host.", is_open=True)
    return operations


STANDING: dict[str, tuple[Scene, list[str]]] = {
    "watching": (lambda: watching(idle()), []),
    "watching-running": (lambda: watching(running()), []),
    "watching-silent": (silent, []),
    "watching-never": (lambda: watching(never_ran()), []),
    "unsigned": (no_credentials, ["escape"]),
    "late": (late, []),
    "palette": (failed, ["colon"]),
}
"""What differs on the main screen, and what lies over it, in all sizes."""

LITTLE: dict[str, tuple[Scene, list[str]]] = {
    "watching-help": (lambda: watching(idle()), ["question_mark"]),
    "sign-in-refused": (refused, SIGN_IN),
    "sign-in-unreachable": (unreachable, SIGN_IN),
    "missed": (missed, []),
    "undo": (undoable, ["u"]),
    "reset": (edited, ["R"]),
    "history-days": (years, ["h", "d"]),
    "history-trigger": (years, ["h", "t"]),
    "products-region": (stocked, ["b", "down", "r"]),
    "products-help": (stocked, ["b", "down", "question_mark"]),
}
"""What has no other picture: where there is the usual room, and where there is little."""

SMALL: dict[str, tuple[Scene, list[str]]] = {
    "history-outcomes": (years, ["h", "o"]),
    "history-none": (empty, ["h"]),
    "history-words": (years, ["h", "slash", *"alice"]),
    "run-pages": (years, ["h", "enter", "2"]),
    "run-rejected": (years, ["h", "enter", "4", "j"]),
    "run-document": (years, ["h", "enter", "4", "enter"]),
    "products-everything": (stocked, ["b"]),
    "products-nothing": (stocked, ["b", *"zzz"]),
    "products-pick": (stocked, ["b", "down", "p"]),
    "products-price": (stocked, ["b", "down", "m", *"10"]),
    "notices-none": (idle, ["exclamation_mark"]),
}
"""What has pictures in larger sizes."""

PLAIN: dict[str, tuple[Scene, list[str]]] = {
    "blocked": (blocked, []),
    "watching": (lambda: watching(idle()), []),
    "sign-in": (no_credentials, []),
    "palette": (idle, ["colon"]),
    "help": (idle, ["question_mark"]),
    "daily-time": (idle, ["e"]),
    "pause": (idle, ["p", "enter"]),
    "approve": (blocked, ["a", "enter"]),
    "run": (after_partial, ["h", "enter"]),
    "products": (stocked, ["b", *"witcher", "down"]),
    "product": (stocked, ["b", *"bald", "enter", "enter"]),
    "pick": (stocked, ["b", "down", "p"]),
}
"""What is drawn with ASCII alone."""


@pytest.mark.parametrize("size", [(80, 24), (160, 45), (40, 12)], ids=by_size)
@pytest.mark.parametrize("name", STANDING)
def test_picture_of_a_standing(snap_compare: Snap, name: str, size: tuple[int, int]) -> None:
    scene, keys = STANDING[name]
    assert snap_compare(console_app(scene().connect), terminal_size=size, run_before=then(*keys))


@pytest.mark.parametrize("size", [(80, 24), (40, 12)], ids=by_size)
@pytest.mark.parametrize("name", LITTLE)
def test_picture_in_usual_and_in_little_room(snap_compare: Snap, name: str, size: tuple[int, int]) -> None:
    scene, keys = LITTLE[name]
    assert snap_compare(console_app(scene().connect), terminal_size=size, run_before=then(*keys))


@pytest.mark.parametrize("name", SMALL)
def test_picture_in_little_room(snap_compare: Snap, name: str) -> None:
    scene, keys = SMALL[name]
    assert snap_compare(console_app(scene().connect), terminal_size=(40, 12), run_before=then(*keys))


@pytest.mark.parametrize("name", PLAIN)
def test_picture_in_ascii_alone(snap_compare: Snap, name: str) -> None:
    scene, keys = PLAIN[name]
    assert snap_compare(console_app(scene().connect, glyphs=ASCII), run_before=then(*keys))
