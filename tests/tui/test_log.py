"""The log: it follows, and it stands still for whoever reads, whatever is written meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.events import MouseScrollUp

from console.logs import LogLine
from console.operations.events import LogWritten
from console.tui.state.log_lines import LogLines
from tests.tui.conftest import Open, Opened
from tests.tui.scenes import idle

START = datetime(2026, 11, 23, 2, tzinfo=UTC)


def record(number: int, message: str | None = None, level: str = "INFO") -> LogLine:
    """A record of one line."""
    return LogLine(START + timedelta(seconds=number), "console.sync", level, message or f"line {number}")


def records(first: int, last: int) -> list[LogLine]:
    """Records with these numbers."""
    return [record(number) for number in range(first, last)]


def texts(lines: LogLines, rows: int) -> list[str]:
    """What is seen."""
    return [row.text for row in lines.visible(rows)]


# -- the lines ---------------------------------------------------------------------------------------------------------


def test_the_newest_lines_are_seen_while_it_follows() -> None:
    lines = LogLines()
    lines.append(records(0, 10))
    assert texts(lines, 3) == ["line 7", "line 8", "line 9"]
    lines.append([record(10)])
    assert texts(lines, 3) == ["line 8", "line 9", "line 10"]


def test_scrolling_up_pauses_and_counts_what_comes() -> None:
    lines = LogLines()
    lines.append(records(0, 10))
    lines.scroll(-2, 3)
    assert not lines.is_following
    lines.append(records(10, 15))
    assert texts(lines, 3) == ["line 5", "line 6", "line 7"]
    assert lines.news == 5


def test_scrolling_down_to_the_end_follows_again() -> None:
    lines = LogLines()
    lines.append(records(0, 10))
    followed = []
    for by in (-2, 1, 1):
        lines.scroll(by, 3)
        followed.append(lines.is_following)
    assert followed == [False, False, True]
    assert lines.news == 0


def test_the_place_stays_while_old_lines_go() -> None:
    lines = LogLines(kept=10)
    lines.append(records(0, 10))
    lines.scroll(-3, 3)
    seen = texts(lines, 3)
    lines.append(records(10, 14))
    assert lines.first == 4
    assert texts(lines, 3) == seen == ["line 4", "line 5", "line 6"]
    lines.append(records(14, 16))
    assert texts(lines, 3) == ["line 6", "line 7", "line 8"], "what is gone cannot be seen: the oldest left is"


def test_a_log_that_fits_cannot_be_paused() -> None:
    lines = LogLines()
    lines.append(records(0, 2))
    lines.scroll(-1, 3)
    assert lines.is_following


def test_a_block_has_a_line_for_each_of_its_lines_and_its_time_once() -> None:
    lines = LogLines()
    lines.append([record(1, "=== STARTED ===\nDuration: 3\nErrors: 0")])
    assert [(row.text, row.is_first) for row in lines.visible(9)] == [
        ("=== STARTED ===", True),
        ("Duration: 3", False),
        ("Errors: 0", False),
    ]


def test_the_tail_goes_on_where_the_log_ended_and_its_events_are_not_shown_twice() -> None:
    lines = LogLines()
    lines.merge(records(0, 5), None)
    lines.append(records(3, 7))
    assert texts(lines, 99) == [f"line {number}" for number in range(7)]
    lines.merge(records(4, 10), record(6))
    assert texts(lines, 99) == [f"line {number}" for number in range(10)]


def test_after_a_gap_the_whole_tail_is_shown() -> None:
    lines = LogLines()
    lines.append(records(0, 2))
    lines.merge(records(50, 53), record(1))
    assert texts(lines, 99) == ["line 0", "line 1", "line 50", "line 51", "line 52"]


@given(st.lists(st.tuples(st.integers(-30, 30), st.integers(0, 25), st.integers(1, 12)), max_size=30))
def test_whatever_is_scrolled_and_written_what_is_seen_is_a_piece_of_the_log(
    steps: list[tuple[int, int, int]],
) -> None:
    lines, written = LogLines(kept=40), 0
    for scroll, news, rows in steps:
        lines.scroll(scroll, rows)
        lines.append(records(written, written + news))
        written += news
        start = lines.start(rows)
        shown = texts(lines, rows)
        assert lines.first <= start <= max(lines.end - rows, lines.first)
        assert shown == [f"line {number}" for number in range(start, start + len(shown))]
        assert len(shown) == min(rows, lines.end - lines.first)
        assert 0 <= lines.news <= lines.end


# -- the pane ----------------------------------------------------------------------------------------------------------


async def reading(console: Opened) -> None:
    """Focus the log and go up a little."""
    console.main.log_pane.focus()
    await console.press("k", "k")


async def test_the_pane_pauses_on_scrolling_up_and_marks_what_is_new(opened: Open) -> None:
    operations = idle()
    operations.log = records(0, 100)
    async with opened(operations, (80, 25)) as console:
        assert "following" in console.text
        await reading(console)
        assert "paused" in console.text
        assert "lines 94 to 98 of 100" in console.text
        operations.tell(*(LogWritten(line) for line in records(100, 112)))
        await console.shows("+12 new")
        assert "line 97" in console.text
        assert "line 111" not in console.text


@pytest.mark.parametrize("key", ["f", "G", "end"])
async def test_the_log_follows_again(opened: Open, key: str) -> None:
    operations = idle()
    operations.log = records(0, 100)
    async with opened(operations) as console:
        await reading(console)
        operations.tell(LogWritten(record(100)))
        await console.shows("+1 new")
        await console.press(key)
        assert "following" in console.text
        assert "line 100" in console.text


async def test_the_wheel_scrolls_the_log(opened: Open) -> None:
    operations = idle()
    operations.log = records(0, 100)
    async with opened(operations) as console:
        await console.pilot._post_mouse_events([MouseScrollUp], "#log")
        await console.shows("paused")


async def test_a_long_line_ends_in_an_ellipsis_and_can_be_read_to_its_end(opened: Open) -> None:
    operations = idle()
    operations.log = [record(1, "begin " + "x" * 80 + " end of it")]
    async with opened(operations) as console:
        row = next(line for line in console.text.splitlines() if "begin" in line)
        assert row.endswith("x… │")
        console.main.log_pane.focus()
        await console.press(*["right"] * 6)
        assert "end of it" in console.text
        assert "02:00:01 INFO" in console.text, "time and level stay"
        await console.press(*["left"] * 6)
        assert "begin" in console.text


async def test_the_level_is_a_word(opened: Open) -> None:
    operations = idle()
    operations.log = [
        record(at, level=level) for at, level in enumerate(("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
    ]
    async with opened(operations, (80, 25)) as console:
        for word in ("DEBUG", "INFO ", "WARN ", "ERROR", "FATAL"):
            assert f" {word} " in console.text


async def test_an_empty_log_says_so(opened: Open) -> None:
    operations = idle()
    operations.log = []
    async with opened(operations) as console:
        assert "nothing has been logged yet" in console.text
