"""The log screen: the whole log is a key away, is searched until one gives up, and a run shows its own part."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import pytest

from console.logs import LogLine
from console.operations.events import LogWritten
from console.operations.logbook import Level, LogPage, LogQuery, Place, Told
from console.tui.screens.log import LogScreen
from console.tui.screens.run_detail import RunDetailScreen
from tests.tui.conftest import Open, Opened
from tests.tui.fake import FakeOperations
from tests.tui.fake_logbook import FakeLogBook
from tests.tui.scenes import idle
from tests.tui.scenes_history import after_partial
from tests.tui.test_log import START, record, records


def with_log(lines: Sequence[LogLine]) -> FakeOperations:
    """An engine with these records in its files, the newest of them in memory."""
    operations = idle()
    operations.log = list(lines)[-50:]
    operations.logbook = FakeLogBook(lines)
    return operations


class SlowLogBook(FakeLogBook):
    """Tells how far it is when it searches, and waits to be let go on."""

    def __init__(self, lines: Sequence[LogLine], advance: Callable[[], Awaitable[None]]) -> None:
        super().__init__(lines)
        self._advance = advance

    async def earlier(
        self, query: LogQuery, before: Place | None, count: int, owed: int = 0, told: Told | None = None
    ) -> LogPage:
        """The records before this one."""
        if query.words:
            await self._advance()
            assert told
            told(0.75)
            await asyncio.Event().wait()
        return await super().earlier(query, before, count, owed)


async def test_the_whole_log_opens_at_its_end_and_one_key_goes_to_the_oldest(opened: Open) -> None:
    async with opened(with_log(records(0, 3_000))) as console:
        await console.press("l")
        assert console.is_open(LogScreen)
        await console.shows("11-23 02:49:59 INFO  line 2999")
        assert "following" in console.text
        await console.press("g")
        await console.shows("▸line 0 ")
        assert "the oldest record" in console.text
        await console.press("G")
        await console.shows("line 2999")
        await console.press("pageup", "pageup", "k")
        await console.shows("line 2950")
        await console.press("escape")
        assert console.is_open(type(console.main))


async def test_the_log_screen_follows_what_is_written(opened: Open) -> None:
    operations = with_log(records(0, 100))
    async with opened(operations) as console:
        await console.press("l")
        await console.shows("line 99")
        assert isinstance(operations.logbook, FakeLogBook)
        operations.logbook.lines = records(0, 120)
        operations.tell(*(LogWritten(line) for line in records(100, 120)))
        await console.shows("line 119")
        await console.press("k")
        operations.logbook.lines = records(0, 123)
        operations.tell(*(LogWritten(line) for line in records(120, 123)))
        await console.shows("+3 lines")
        assert "line 122" not in console.text
        await console.press("f")
        await console.shows("line 122")


async def test_a_search_goes_on_in_the_files_and_comes_back(opened: Open) -> None:
    lines = [record(number, f"needle {number}" if number in (7, 1_990) else None) for number in range(2_000)]
    async with opened(with_log(lines)) as console:
        await console.press("l")
        await console.shows("line 1999")
        await console.press("slash", *"needle", "enter")
        await console.shows("▸needle 1990")
        await console.press("N")
        await console.shows("▸needle 7 ")
        await console.shows("line 3 ")
        await console.press("N")
        await console.shows("none above")
        await console.press("n")
        await console.shows("▸needle 1990")
        await console.press("n")
        await console.shows("none below")
        await console.press("slash", *"xyz", "enter")
        await console.shows("/needlexyz  none so far  found nowhere")
        await console.press("slash", *["backspace"] * 3, "enter", "m")
        await console.shows("needle 7 ")
        await console.shows("line 1992 ")
        assert "line 1993 " not in console.text


async def test_a_search_in_the_pane_goes_on_in_the_whole_log(opened: Open) -> None:
    lines = [record(number, f"needle {number}" if number in (7, 1_990) else None) for number in range(2_000)]
    async with opened(with_log(lines), (80, 25)) as console:
        await console.press("slash", *"needle", "enter", "N")
        assert "/needle  1 of 1  none above" in console.text
        await console.press("l")
        await console.shows("line 1999")
        await console.press("N")
        await console.shows("▸needle 1990")
        await console.press("N")
        await console.shows("▸needle 7 ")


async def test_a_long_search_tells_how_far_it_is_and_escape_stops_it(opened: Open) -> None:
    operations = with_log(records(0, 2_000))
    async with opened(operations) as console:
        operations.logbook = SlowLogBook(records(0, 2_000), lambda: console.clock.advance(1))
        await console.press("l")
        await console.shows("line 1999")
        await console.press("slash", *"nowhere", "enter")
        await console.shows("searching 25 %  Esc stops")
        await console.press("escape")
        assert "searching" not in console.text
        assert "line 1999" in console.text
        assert console.is_open(LogScreen)
        await console.press("escape", "escape")
        assert console.is_open(type(console.main))


async def test_what_is_older_and_takes_long_can_be_given_up_and_what_there_is_stays(opened: Open) -> None:
    operations = with_log(records(0, 2_000))
    async with opened(operations) as console:
        operations.logbook = SlowLogBook(records(0, 2_000), lambda: console.clock.advance(1))
        await console.press("l")
        await console.shows("line 1999")
        await console.press("slash", *"line 1999", "enter", "m")
        await console.shows("reading 25 %")
        await console.press("escape")
        assert "reading" not in console.text
        assert "▸line 1999" in console.text
        assert "· matches" in console.text


async def test_the_view_is_shared_with_the_main_screen(opened: Open) -> None:
    operations = with_log([record(number, level="ERROR" if number % 100 == 0 else "INFO") for number in range(1_000)])
    async with opened(operations) as console:
        await console.press("l", "4")
        await console.shows("Whole log (UTC) · ERROR+")
        await console.shows("line 100 ")
        await console.press("escape")
        assert "Log (UTC) · ERROR+" in console.text
        assert console.main.preferences.current.log_level == "ERROR"


async def test_what_the_screen_shows_is_saved(opened: Open) -> None:
    operations = with_log(records(0, 100))
    async with opened(operations) as console:
        await console.press("l", "2", "S")
        await console.shows("Saved 100 records")
    assert isinstance(operations.logbook, FakeLogBook)
    assert operations.logbook.saved == [LogQuery(level=Level.INFO)]


@pytest.mark.parametrize("key", ["G", "ctrl+r"])
async def test_why_the_log_cannot_be_read_is_said_and_a_key_asks_again(opened: Open, key: str) -> None:
    operations = with_log(records(0, 100))
    operations.logbook = book = FakeLogBook(records(0, 100), refusal="The log cannot be read (Permission denied).")
    async with opened(operations) as console:
        await console.press("l")
        await console.shows("✗ The log cannot be read (Permission denied). Ctrl+R asks again.")
        book.refusal = None
        await console.press(key)
        await console.shows("line 99")
        assert "asks again" not in console.text


async def open_run(console: Opened) -> None:
    """Open the newest run."""
    await console.press("h")
    await console.until(lambda: console.app.screen.situation.has_chosen, "a run")  # type: ignore[attr-defined]
    await console.press("enter")
    assert console.is_open(RunDetailScreen)


@pytest.mark.parametrize("key", ["l", "6"])
async def test_a_run_opens_what_was_logged_during_it(opened: Open, key: str) -> None:
    operations = after_partial()
    lines = [record(number) for number in range(-100, 400)]
    operations.logbook = FakeLogBook(lines)
    async with opened(operations) as console:
        await open_run(console)
        screen = console.app.screen
        assert isinstance(screen, RunDetailScreen)
        report = screen.shown.report
        assert report.started_at
        assert report.finished_at
        await console.press(key)
        assert console.is_open(LogScreen)
        await console.shows(f"Log of run {report.run_id} (UTC)")
        seconds = (report.started_at - START) / timedelta(seconds=1)
        first = math.ceil(seconds)
        await console.shows(f"▸line {first} ")
        await console.press("G")
        last = int((report.finished_at - START) / timedelta(seconds=1)) + 2
        await console.shows(f"▸line {last} ")
        assert "following" not in console.text
        await console.press("escape")
        assert console.is_open(RunDetailScreen)
