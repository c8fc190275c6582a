"""Text from outside is shown as it is: never markup, never an action, never out of line."""

import pytest
from msgspec.structs import replace

from console.logs import LogLine
from console.operations.events import LogWritten, PageProgress
from console.run import PageState, RunStatus
from console.text import clean
from console.tui.dialogs.confirm import Confirm
from console.tui.screens.main import MainScreen
from tests.tui.conftest import Open
from tests.tui.fake import NOW, FakeOperations, job, next_runs, snapshot
from tests.tui.scenes import counts, idle, report, running, succeeded

HOSTILE = [
    "a[/b] Game [PC] [EU]",
    "[@click=app.quit]x[/]",
    "[bold red]x",
    "[link=https://x]y[/link]",
    "$accent [$primary]{0} %s \\[x]",
    "\x1b]52;c;aGk=\x07\x1b[2J\x1b[31mred",
    "日本語のゲーム [限定版]",
    "👩‍👩‍👧‍👦 family 🏴‍☠️ e\u0301",
    "\u202egnp.exe\u200b\u0007",
]


def visible(value: str) -> str:
    """What a reader must see of a value, whatever becomes of joined emoji."""
    return clean(value).split("👩")[0].strip() or "family"


async def test_in_the_log_it_is_literal(opened: Open) -> None:
    operations = idle()
    async with opened(operations, (120, 36)) as console:
        for value in HOSTILE:
            operations.tell(LogWritten(LogLine(NOW, clean(value), "INFO", f"<{clean(value)}>")))
        for value in HOSTILE:
            await console.shows(visible(value))
        assert console.app.is_running


@pytest.mark.parametrize("value", HOSTILE)
async def test_in_every_field_of_the_engine_it_is_literal_and_the_frames_stay_whole(opened: Open, value: str) -> None:
    text = clean(value)
    told = report(RunStatus.FAILED, counts(3), error=f"!{text}")
    told = replace(told, requested_by=text)
    hostile = snapshot(last_run=told)
    hostile = replace(
        hostile,
        home=text,
        api_host=text,
        database=text,
        jobs=(replace(job(told, next_runs()[0]), job_id=text, name=text, trigger=text),),
        schedule=replace(hostile.schedule, updated_by=text, pause_reason=text),
    )
    async with opened(FakeOperations(hostile), (200, 60)) as console:
        for size in ((120, 36), (80, 24), (40, 12)):
            await console.resize(*size)
            if visible(value) != "family":
                await console.shows(f"!{visible(value)}"[:20])
        await console.press("s", "escape", "e", "escape", "question_mark", "escape")
        assert console.app.is_running
        await console.press("q")
        assert not console.app.is_running, "only q leaves"


@pytest.mark.parametrize("value", HOSTILE[:6])
async def test_in_the_reason_and_the_name_of_a_pause_it_is_literal(opened: Open, value: str) -> None:
    text = clean(value)
    told = snapshot(last_run=succeeded(), paused=f"!{text}")
    told = replace(told, schedule=replace(told.schedule, paused_by=text))
    async with opened(FakeOperations(told), (120, 36)) as console:
        await console.shows(f"paused by {visible(value)}"[:20])
        await console.shows(f"!{visible(value)}"[:20])
        await console.press("p")
        await console.until(lambda: console.is_open(Confirm))
        await console.shows(f"!{visible(value)}"[:20])
        for size in ((80, 24), (40, 12)):
            await console.resize(*size)
        assert console.app.is_running


@pytest.mark.parametrize("value", HOSTILE[:6])
async def test_in_a_dialog_and_in_a_notice_it_is_literal(opened: Open, value: str) -> None:
    operations = FakeOperations(replace(idle().told, api_host=clean(value)), refusal=f"no: {value}")
    async with opened(operations, (120, 36)) as console:
        await console.press("s")
        assert console.is_open(Confirm)
        await console.shows(visible(value))
        await console.press("enter")
        await console.shows(f"no: {visible(value)}"[:24])


async def test_a_page_error_in_the_map_is_literal(opened: Open) -> None:
    operations = running()
    assert operations.told.run is not None
    operations.told.run.pages.put(112, PageProgress(PageState.FAILED, 6, "<html>[/b] 503 [@click=app.exit]"))
    async with opened(operations, (200, 60)) as console:
        await console.press("n")
        assert console.text.count("<html>[/b] 503 [@click=app.exit]") == 2, "in the list and in the footnote"


async def test_a_click_on_what_looks_like_an_action_does_nothing(opened: Open) -> None:
    operations = idle()
    operations.log = [LogLine(NOW, "x", "INFO", "[@click=app.exit]leave[/]")]
    async with opened(operations) as console:
        await console.pilot.click("#log", offset=(30, 1))
        assert console.app.is_running


async def test_a_value_of_a_megabyte_neither_stops_the_console_nor_leaves_its_line(opened: Open) -> None:
    operations = idle()
    operations.log = [LogLine(NOW, "x", "INFO", "é" * 1_000_000), LogLine(NOW, "x", "INFO", "after")]
    async with opened(operations) as console:
        await console.shows("after")
        assert all(len(line) == 80 for line in console.text.splitlines())


async def test_a_pasted_megabyte_is_no_time_of_day(opened: Open) -> None:
    from textual.events import Paste

    async with opened(idle()) as console:
        console.app.post_message(Paste("12" * 500_000))
        await console.press("e")
        assert console.app.focused is not None
        console.app.focused.post_message(Paste("\n" + "9" * 1_000_000))
        console.app.focused.post_message(Paste("x" * 1_000_000))
        await console.pilot.pause()
        await console.press("escape")
        assert console.is_open(MainScreen)
