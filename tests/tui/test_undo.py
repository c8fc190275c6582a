"""The last change of the schedule is undone with one key, once it is said what exactly that restores."""

from datetime import timedelta

from msgspec.structs import replace

from console.operations.events import ScheduleChanged
from console.operations.protocol import ReadOnly, ScheduleUndo
from console.tui.dialogs.confirm import Confirm
from console.tui.screens.main import MainScreen
from tests.tui.conftest import Open
from tests.tui.fake import NOW, FakeOperations, schedule
from tests.tui.scenes import edited, idle, paused

EDIT = ScheduleUndo(event_id=7, action="set", actor="alice", at=NOW, is_of_pause=False, restored=schedule())
RESUME = replace(
    EDIT,
    action="resume",
    at=NOW - timedelta(days=1),
    is_of_pause=True,
    restored=schedule(enabled=False, reason="stocktaking"),
)


def with_undo(operations: FakeOperations, undo: ScheduleUndo) -> FakeOperations:
    """The same, and this was the last change."""
    operations.told = replace(operations.told, undo=undo)
    return operations


def test_what_is_restored_is_said_to_the_word() -> None:
    assert EDIT.words(NOW) == "back to 02:00 UTC, from the settings, as before alice's edit at 14:03 UTC"
    assert RESUME.words(NOW) == (
        "back to the pause by bob (stocktaking), as before alice's resume on Sun 22 Nov at 14:03 UTC"
    )
    running = replace(RESUME, action="pause", at=NOW, restored=schedule())
    assert running.words(NOW) == "back to a schedule that runs, as before alice's pause at 14:03 UTC"


async def test_one_key_undoes_the_last_change_and_the_same_key_redoes_it(opened: Open) -> None:
    operations = with_undo(edited(), EDIT)
    async with opened(operations) as console:
        await console.press("u")
        await console.until(lambda: console.is_open(Confirm))
        assert "Back to 02:00 UTC, from the settings, as before alice's edit at" in console.text
        assert console.choice == "Cancel"
        await console.press("enter")
        assert operations.asked == ["snapshot"]
        await console.press("u", "right", "enter")
        await console.shows("02:00 UTC from the settings")
        await console.press("u")
        await console.shows("Redo it")
        assert "Back to 04:30 UTC, set by bob, as before alice's undo" in console.text
        await console.press("right", "enter")
        await console.shows("set by bob")
        assert operations.asked == ["snapshot", "undo_schedule 7", "undo_schedule 8"]


async def test_a_change_by_somebody_else_while_it_is_asked_is_not_undone(opened: Open) -> None:
    operations = with_undo(edited(), EDIT)
    async with opened(operations) as console:
        await console.press("u")
        await console.until(lambda: console.is_open(Confirm))
        newer = replace(EDIT, event_id=9, actor="bob")
        operations.told = replace(operations.told, undo=newer)
        told = operations.told
        operations.tell(ScheduleChanged(told.schedule, told.next_runs, told.jobs, newer))
        await console.press("right", "enter")
        await console.shows("Nothing was undone: bob has changed the schedule")
        assert operations.asked == ["snapshot"]


async def test_there_is_nothing_to_press_where_nothing_was_changed(opened: Open) -> None:
    operations = idle()
    async with opened(operations) as console:
        assert "u undo" not in console.text
        await console.press("u")
        assert console.is_open(MainScreen)


async def test_a_console_that_only_watches_undoes_nothing(opened: Open) -> None:
    operations = with_undo(paused(), EDIT)
    operations.told = replace(operations.told, read_only=ReadOnly(holder=None))
    async with opened(operations) as console:
        await console.press("u")
        await console.shows("This console is read-only")
        assert not console.is_open(Confirm)
        assert operations.asked == ["snapshot"]
