"""The log: it follows, and it stands still for whoever reads, whatever is written meanwhile."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.events import MouseScrollUp

from console.logs import LogLine
from console.operations.events import LogWritten
from console.operations.logbook import Level, LogQuery
from console.tui.drawing.line import fold
from console.tui.drawing.log_record import COPIED_CHARACTERS, text_of
from console.tui.state.log_filter import LogFilter, LogView
from console.tui.state.log_lines import LogLines
from console.tui.state.log_scroll import LogScroll
from tests.tui.conftest import Open, Opened
from tests.tui.fake import FakeOperations
from tests.tui.fake_logbook import FakeLogBook
from tests.tui.scenes import idle

START = datetime(2026, 11, 23, 2, tzinfo=UTC)


def record(number: int, message: str | None = None, level: str = "INFO") -> LogLine:
    """A record of one line."""
    return LogLine(START + timedelta(seconds=number), "console.sync", level, message or f"line {number}")


def records(first: int, last: int) -> list[LogLine]:
    """Records with these numbers."""
    return [record(number) for number in range(first, last)]


def texts(lines: LogScroll, rows: int) -> list[str]:
    """What is seen."""
    return [row.text for _, row in lines.visible(rows)]


def chosen(lines: LogScroll) -> str:
    """The row that keys act on."""
    return lines.chosen.text if lines.chosen else ""


# -- the lines ---------------------------------------------------------------------------------------------------------


def test_the_newest_lines_are_seen_while_it_follows() -> None:
    lines = LogLines()
    lines.append(records(0, 10))
    assert texts(lines, 3) == ["line 7", "line 8", "line 9"]
    lines.append([record(10)])
    assert texts(lines, 3) == ["line 8", "line 9", "line 10"]


def test_going_up_chooses_a_line_pauses_and_counts_what_comes() -> None:
    lines = LogLines()
    lines.append(records(0, 10))
    assert chosen(lines) == "line 9"
    lines.move(-1, 3)
    assert (chosen(lines), texts(lines, 3)) == ("line 8", ["line 7", "line 8", "line 9"])
    lines.move(-1, 3)
    lines.append(records(10, 13))
    lines.move(-1, 3)
    assert (chosen(lines), texts(lines, 3)) == ("line 6", ["line 6", "line 7", "line 8"])
    assert lines.news == 3


def test_scrolling_up_pauses_and_the_chosen_line_stays_in_sight() -> None:
    lines = LogLines()
    lines.append(records(0, 10))
    lines.scroll(-2, 3)
    assert not lines.is_following
    lines.append(records(10, 15))
    assert texts(lines, 3) == ["line 5", "line 6", "line 7"]
    assert chosen(lines) == "line 7"
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


def test_whatever_comes_while_it_is_paused_what_is_read_stays() -> None:
    lines = LogLines(kept=10)
    lines.append(records(0, 10))
    lines.scroll(-3, 3)
    for number in range(10, 400, 7):
        lines.append(records(number, number + 7))
        assert texts(lines, 3) == ["line 4", "line 5", "line 6"]
    assert lines.news == 392
    lines.follow()
    assert texts(lines, 3) == ["line 399", "line 400", "line 401"]
    assert lines.end - lines.first == 10


def test_a_log_that_fits_is_not_paused_by_the_wheel() -> None:
    lines = LogLines()
    lines.append(records(0, 2))
    lines.scroll(-1, 3)
    assert lines.is_following


def test_a_block_has_a_line_for_each_of_its_lines_and_its_time_once() -> None:
    lines = LogLines()
    lines.append([record(1, "=== STARTED ===\nDuration: 3\nErrors: 0")])
    assert [(row.text, row.is_first) for _, row in lines.visible(9)] == [
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


@given(st.lists(st.tuples(st.integers(-30, 30), st.booleans(), st.integers(0, 25), st.integers(1, 12)), max_size=30))
def test_whatever_is_moved_and_written_what_is_seen_is_a_piece_of_the_log_with_the_chosen_line(
    steps: list[tuple[int, bool, int, int]],
) -> None:
    lines, written = LogLines(kept=40), 0
    for by, scrolls, news, rows in steps:
        (lines.scroll if scrolls else lines.move)(by, rows)
        lines.append(records(written, written + news))
        written += news
        lines.go_to(lines.here, rows) if not lines.is_following else None
        shown = texts(lines, rows)
        start = int(shown[0].removeprefix("line ")) if shown else 0
        assert shown == [f"line {number}" for number in range(start, start + len(shown))]
        assert len(shown) == min(rows, lines.end - lines.first)
        assert not shown or chosen(lines) in shown
        assert 0 <= lines.news <= written


# -- levels, matches, folded lines -------------------------------------------------------------------------------------


def mixed() -> list[LogLine]:
    """Forty records; every fourth is a warning, every tenth speaks of a needle."""
    return [
        record(number, f"needle {number}" if number % 10 == 0 else f"hay {number}", "INFO" if number % 4 else "WARNING")
        for number in range(40)
    ]


def test_a_level_hides_what_matters_less_and_keeps_the_place() -> None:
    lines = LogLines()
    lines.append(mixed())
    lines.go_to(lines.first + 21, 5)
    lines.show(LogFilter(LogView(level=Level.WARNING)), 5)
    assert chosen(lines) == "hay 24", "the first from there on that is shown"
    assert lines.end - lines.first == 10
    lines.append([record(40, "quiet"), record(41, "loud", "ERROR")])
    assert lines.news == 1
    lines.show(LogFilter(), 5)
    assert chosen(lines) == "hay 24"
    assert lines.end - lines.first == 42


def test_matches_are_counted_as_lines_come_and_go() -> None:
    lines = LogLines(kept=40)
    lines.append(mixed())
    lines.show(LogFilter(words="NEEDLE"), 5)
    assert lines.match_count == 0, "capitals are meant"
    lines.show(LogFilter(words="needle"), 5)
    assert (lines.match_count, lines.match_here) == (4, None)
    found = lines.previous_match(lines.here)
    assert found is not None
    lines.go_around(found, 5)
    assert (chosen(lines), lines.match_here) == ("needle 30", 4)
    assert texts(lines, 5) == ["hay 28", "hay 29", "needle 30", "hay 31", "hay 32"]
    assert lines.next_match(lines.here + 1) is None
    lines.follow()
    lines.append([record(40, "a Needle"), *records(41, 50)])
    assert lines.match_count == 4, "one came, one went"


def test_matches_alone_come_with_what_is_around_them_and_gaps_are_marked() -> None:
    lines = LogLines()
    lines.append(mixed())
    lines.show(LogFilter(LogView(context=1), words="needle", only=True), 99)
    shown = texts(lines, 99)
    assert shown[:6] == ["needle 0", "hay 1", "", "hay 9", "needle 10", "hay 11"]
    assert [row.line is None for _, row in lines.visible(99)].count(True) == 3
    lines.append([record(50, "needle 50"), record(51), record(52)])
    assert texts(lines, 99)[-4:] == ["", "hay 39", "needle 50", "line 51"]


@pytest.mark.parametrize(
    "text",
    [
        "x" * 95,
        "some words and a" + "n" * 50,
        "für 日本語 und more " * 9,
        "日本語" * 20,
        "é" * 33 + "👩‍🔬" * 7,
        "",
        "a\u0301" * 50,
    ],
)
def test_a_folded_text_is_whole_and_no_piece_is_wider_than_the_room(text: str) -> None:
    for cells in (1, 2, 7, 30, 200):
        pieces = fold(text, cells)
        assert (pieces[0][0], pieces[-1][1]) == (0, len(text))
        assert all(text[end:start] in ("", " ") for (_, end), (start, _) in pairwise(pieces))
        assert all(cell_len(text[start:end]) <= max(cells, 2) for start, end in pieces)


def test_a_text_is_folded_between_words() -> None:
    def folded(text: str, cells: int) -> list[str]:
        return [text[start:end] for start, end in fold(text, cells)]

    assert folded("the rate is now 480", 9) == ["the rate", "is now", "480"]
    assert folded("der Kurs für 日本 ist 480", 12) == ["der Kurs für", "日本 ist 480"]
    assert folded("a verylongword", 9) == ["a verylon", "gword"]


def test_folded_lines_fill_the_pane_and_the_newest_is_whole() -> None:
    lines = LogLines()
    lines.height = lambda row: len(row.text)
    lines.append([record(number, "x" * 3) for number in range(9)])
    assert len(texts(lines, 7)) == 2
    lines.append([record(9, "x" * 20)])
    assert texts(lines, 7) == ["x" * 20]
    lines.move(-1, 7)
    assert chosen(lines) == "xxx"
    assert "xxx" in texts(lines, 7)


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
        assert "lines 96 to 100 of 100" in console.text
        operations.tell(*(LogWritten(line) for line in records(100, 112)))
        await console.shows("+12 lines")
        assert "▸line 97" in console.text
        assert "line 111" not in console.text


@pytest.mark.parametrize("key", ["f", "G", "end"])
async def test_the_log_follows_again(opened: Open, key: str) -> None:
    operations = idle()
    operations.log = records(0, 100)
    async with opened(operations) as console:
        await reading(console)
        operations.tell(LogWritten(record(100)))
        await console.shows("+1 line")
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


def many() -> FakeOperations:
    """A log with warnings and needles."""
    operations = idle()
    operations.log = mixed()
    return operations


async def test_the_keys_of_the_levels_hide_what_matters_less_and_the_title_says_so(opened: Open) -> None:
    async with opened(many(), (80, 25)) as console:
        await console.press("3")
        assert "Log (UTC) · WARN+ ─" in console.text
        assert "hay 39" not in console.text
        assert "hay 36" in console.text
        await console.press("5")
        assert "no line is of level FATAL; 1 shows all levels" in console.text
        await console.press("1")
        assert "Log (UTC) ─" in console.text
        assert "hay 39" in console.text


async def test_what_is_searched_is_found_as_it_is_typed_and_walked_through(opened: Open) -> None:
    async with opened(many(), (80, 25)) as console:
        await console.press("slash", *"needle")
        assert "/needle  4" in console.text
        await console.press("enter")
        assert console.main.pane is console.main.log_pane
        assert "/needle  4 of 4" in console.text
        assert "▸needle 30" in console.text
        await console.press("N", "N")
        assert "▸needle 10" in console.text
        await console.press("n")
        assert "▸needle 20" in console.text
        await console.press("m")
        assert "Log (UTC) · matches" in console.text
        assert ["needle 20" in row for row in console.text.splitlines()].count(True) == 1
        await console.press("escape")
        assert "/needle" not in console.text
        assert "Log (UTC) ─" in console.text


async def test_what_is_not_there_is_said_and_escape_brings_back_the_words_before(opened: Open) -> None:
    async with opened(many(), (80, 25)) as console:
        await console.press("slash", *"needle", "enter", "n")
        assert "/needle  4 of 4  none below" in console.text
        await console.press("slash", *"xyz")
        assert "/needlexyz  none" in console.text
        await console.press("escape")
        assert "/needle  4 of 4" in console.text


async def test_letters_of_a_search_are_no_keys(opened: Open) -> None:
    async with opened(many()) as console:
        await console.press("slash", *"sync 1", "question_mark")
        assert console.main.log_pane.wanted.words == "sync 1?"
        assert console.is_open(type(console.main))


async def test_long_lines_are_folded(opened: Open) -> None:
    operations = idle()
    operations.log = [record(1, "begin " + "x" * 80 + " end of it")]
    async with opened(operations) as console:
        console.main.log_pane.focus()
        await console.press("w")
        assert "end of it" in console.text
        assert "begin" in console.text
        await console.press("w")
        assert "end of it" not in console.text


async def test_a_record_is_opened_whole_and_copied(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    operations = idle()
    trace = 'it broke | Traceback (most recent call last): |   File "a.py", line 3, in f | OSError: ␛[31m no'
    operations.log = [record(1), record(2, trace, "ERROR")]
    copied: list[str] = []
    async with opened(operations) as console:
        monkeypatch.setattr(console.app, "copy_to_clipboard", copied.append)
        console.main.log_pane.focus()
        await console.press("enter")
        assert "Mon 2026-11-23 02:00:02.000 UTC  03:00:02 CET" in console.text
        assert '│   File "a.py", line 3, in f ' in console.text
        await console.press("y")
        await console.press("escape")
        assert console.is_open(type(console.main))
        await console.press("y")
    assert copied == [f"2026-11-23 02:00:02,000 - console.sync - ERROR - {trace}"] * 2


def test_what_is_copied_is_bounded() -> None:
    assert len(text_of(record(1, "x" * 1_000_000))) == COPIED_CHARACTERS


async def test_what_the_pane_shows_is_saved_and_where_is_said(opened: Open) -> None:
    operations = many()
    operations.logbook = book = FakeLogBook(mixed())
    async with opened(operations) as console:
        console.main.log_pane.focus()
        await console.press("3", "S")
        await console.shows("/srv/shop/logs/excerpt-20261123-140322.log")
        assert "Saved 10 records" in console.text
    assert book.saved == [LogQuery(level=Level.WARNING, since=START)]


async def test_why_it_could_not_be_saved_is_said(opened: Open) -> None:
    operations = many()
    operations.logbook = FakeLogBook(refusal="The disk is full.")
    async with opened(operations) as console:
        console.main.log_pane.focus()
        await console.press("S")
        await console.shows("The disk is full.")


async def test_the_view_of_the_last_time_is_shown_and_every_change_is_remembered(opened: Open) -> None:
    async with opened(many(), (80, 25)) as console:
        console.main.preferences.change(log_level="WARNING", log_wrap=True)
        console.main.log_pane.adopt()
        assert "Log (UTC) · WARN+ · wrapped" in console.text
        console.main.log_pane.focus()
        await console.press("1", "w", "4")
        kept = console.main.preferences.current
        assert (kept.log_level, kept.log_wrap) == ("ERROR", False)


async def test_hostile_lines_are_drawn_in_their_room(opened: Open) -> None:
    operations = idle()
    hostile = [
        "[bold]a[/b] [@click=app.quit]x[/]",
        "عربي עברית " * 400,
        "👩‍🔬" * 3_000,
        "e\u0301" * 4_000,
        "日本" * 5_000,
    ]
    operations.log = [record(number, text) for number, text in enumerate(hostile)]
    for size in ((40, 12), (80, 24)):
        async with opened(operations, size) as console:
            console.main.log_pane.focus()
            await console.press("z", "w", "k", "k", "w", "right", "right", "slash", *"本", "enter", "enter")
            assert all(cell_len(row) == size[0] for row in console.text.splitlines())


async def test_a_click_chooses_a_line_and_another_opens_its_record(opened: Open) -> None:
    async with opened(many(), (80, 25)) as console:
        pane = console.main.log_pane
        await console.pilot.click(pane, offset=(20, 2))
        await console.pilot.pause()
        assert "▸hay 36" in console.text
        await console.pilot.click(pane, offset=(20, 2))
        await console.shows("Log record")
