"""The window on the files of the log: wherever one goes, what is held is a piece of it, and nothing is there twice."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from console.logs import LogLine
from console.operations.logbook import Level, LogQuery
from console.tui.state import log_window
from console.tui.state.log_filter import LogFilter, LogView
from console.tui.state.log_window import LogWindow, Want, Way
from tests.tui.fake_logbook import FakeLogBook
from tests.tui.test_log import START, chosen, record, records, texts

ROWS = 5


def answer(book: FakeLogBook, window: LogWindow, want: Want | None) -> None:
    """Bring what is wanted, and all that is wanted because of it."""
    for _ in range(200):
        want = want or window.need(ROWS)
        if want is None:
            return
        read = book.earlier if want.is_back else book.later
        page = asyncio.run(read(want.wanted.query, want.place, log_window.PAGE, want.owed))
        assert window.take(want, page, ROWS)
        want = None
    raise AssertionError("it is never content")


def opened(book: FakeLogBook, wanted: LogFilter | None = None, way: Way = Way.END) -> LogWindow:
    """A window on this log."""
    window = LogWindow(wanted)
    answer(book, window, window.ask(way))
    return window


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_window, "PAGE", 20)
    monkeypatch.setattr(log_window, "_KEPT", 40)
    monkeypatch.setattr(log_window, "_NEAR", 3)


def test_it_opens_at_the_end_and_follows_what_is_written() -> None:
    book = FakeLogBook(records(0, 100))
    window = opened(book)
    assert window.is_following
    assert texts(window, 2) == ["line 98", "line 99"]
    book.lines = records(0, 130)
    window.grew()
    answer(book, window, None)
    assert texts(window, 2) == ["line 128", "line 129"]


def test_the_oldest_is_reached_page_by_page_and_the_newest_again() -> None:
    book = FakeLogBook(records(0, 300))
    window = opened(book)
    for number in range(298, -1, -1):
        window.move(-1, ROWS)
        answer(book, window, None)
        assert chosen(window) == f"line {number}"
        assert window.end - window.first <= 60
    assert window.is_oldest
    assert not window.keeps_up
    for number in range(1, 299):
        window.move(1, ROWS)
        answer(book, window, None)
        assert chosen(window) == f"line {number}"
    window.move(1, ROWS)
    assert window.is_following


def test_one_key_goes_to_either_end() -> None:
    book = FakeLogBook(records(0, 300))
    window = opened(book)
    answer(book, window, window.ask(Way.BEGINNING))
    assert chosen(window) == "line 0"
    assert len(book.asked) < 8
    answer(book, window, window.ask(Way.END))
    assert window.is_following
    assert texts(window, 1) == ["line 299"]


def test_what_comes_while_it_is_paused_is_counted_and_moves_nothing() -> None:
    book = FakeLogBook(records(0, 100))
    window = opened(book)
    window.move(-1, ROWS)
    answer(book, window, None)
    seen = texts(window, ROWS)
    book.lines = records(0, 110)
    window.grew()
    answer(book, window, None)
    assert window.news == 10
    assert texts(window, ROWS) == seen
    assert window.keeps_up


def test_another_level_is_shown_at_the_same_place() -> None:
    book = FakeLogBook([record(number, level="ERROR" if number % 10 == 0 else "INFO") for number in range(500)])
    window = opened(book)
    for _ in range(30):
        window.scroll(-10, ROWS)
        answer(book, window, None)
    here = int(chosen(window).removeprefix("line "))
    answer(book, window, window.show(LogFilter(LogView(level=Level.ERROR))))
    assert chosen(window) == f"line {-(-here // 10) * 10}"
    assert texts(window, ROWS)[0] != chosen(window), "what was before it is seen too"


def test_what_is_given_up_leaves_what_was_held_and_is_not_asked_for_again_by_itself() -> None:
    book = FakeLogBook(records(0, 100))
    window = opened(book)
    want = window.show(LogFilter(LogView(level=Level.ERROR)))
    assert want
    window.give_up()
    assert window.filter == LogFilter()
    assert not window.take(want, asyncio.run(book.earlier(want.wanted.query, None, 20)), ROWS)
    assert texts(window, 1) == ["line 99"]
    window.scroll(-90, ROWS)
    window.need(ROWS)
    window.give_up()
    assert window.need(ROWS) is None
    window.try_again()
    assert window.need(ROWS)


def test_a_place_is_shown_in_the_middle_with_its_match_chosen() -> None:
    book = FakeLogBook([*records(0, 100), record(100, "first\nneedle"), *records(101, 200)])
    window = opened(book, LogFilter(words="needle"))
    place = asyncio.run(book.later(LogQuery(words="needle"), None, 1)).entries[0].place
    answer(book, window, window.ask(Way.PLACE, place))
    assert chosen(window) == "needle"
    assert texts(window, ROWS) == ["line 99", "first", "needle", "line 101", "line 102"]


def test_the_log_of_some_time_begins_and_ends_with_it_and_does_not_grow() -> None:
    book = FakeLogBook(records(0, 100))
    times = LogFilter(since=START + timedelta(seconds=20), until=START + timedelta(seconds=60))
    window = opened(book, times, Way.BEGINNING)
    assert chosen(window) == "line 20"
    answer(book, window, window.ask(Way.END))
    assert chosen(window) == "line 60"
    assert not window.is_following
    window.grew()
    assert window.is_newest
    window.move(1, ROWS)
    assert not window.is_following


def hay(count: int) -> list[LogLine]:
    """Every seventh record is a needle, every third an error."""
    texts_of = [f"needle {number}" if number % 7 == 0 else f"hay {number}" for number in range(count)]
    return [record(at, text, "ERROR" if at % 3 == 0 else "INFO") for at, text in enumerate(texts_of)]


def go(book: FakeLogBook, window: LogWindow, step: str) -> None:
    """Do what this key does."""
    wanted = window.filter
    match step:
        case "up" | "down":
            window.move(-7 if step == "up" else 7, ROWS)
        case "wheel up" | "wheel down":
            window.scroll(-4 if step == "wheel up" else 4, ROWS)
        case "g" | "G":
            answer(book, window, window.ask(Way.BEGINNING if step == "g" else Way.END))
        case "level":
            level = Level.ERROR if wanted.view.level is Level.DEBUG else Level.DEBUG
            answer(book, window, window.show(replace(wanted, view=LogView(level=level))))
        case "only":
            answer(book, window, window.show(replace(wanted, words="needle", only=not wanted.only)))
        case _:
            book.lines = hay(len(book.lines) + 9)
            window.grew()
    answer(book, window, None)


def assert_gaps_are_marked(window: LogWindow, taken: list[LogLine]) -> None:
    """Between two rows stands a gap where records are left out, and nowhere else."""
    places = {line.message: at for at, line in enumerate(taken)}
    rows = [row for _, row in window.visible(10_000)]
    for before, after in pairwise(rows):
        if before.line and after.line:
            assert places[after.text] == places[before.text] + 1
    for before, gap, after in zip(rows, rows[1:], rows[2:], strict=False):
        if gap.line is None:
            assert before.line, "one gap at a time"
            assert after.line
            assert places[after.text] > places[before.text] + 1


@given(
    st.lists(
        st.sampled_from(["up", "down", "wheel up", "wheel down", "g", "G", "level", "only", "write"]), max_size=25
    ),
    st.integers(0, 120),
)
@settings(deadline=None, max_examples=60)
def test_wherever_one_goes_what_is_held_is_a_piece_of_what_is_wanted(steps: list[str], length: int) -> None:
    book = FakeLogBook(hay(length))
    window = opened(book)
    for step in steps:
        go(book, window, step)
        shown = [row.text for _, row in window.visible(10_000) if row.line is not None]
        everything = asyncio.run(book.later(window.filter.query, None, 10_000)).entries
        wanted = [entry.line.message for entry in everything]
        assert not wanted or shown
        at = wanted.index(shown[0]) if shown else 0
        assert shown == wanted[at : at + len(shown)]
        assert not window.is_following or not wanted or shown[-1] == wanted[-1]
        assert window.chosen is not None or not wanted
        if window.filter.is_narrowed:
            assert_gaps_are_marked(window, [line for line in book.lines if window.filter.query.takes(line)])
