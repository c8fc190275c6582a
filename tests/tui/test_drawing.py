"""The drawings as functions: for every width, height and text, what comes out fits and says the truth."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from console.operations.events import PageProgress, PageRank, Pages
from console.run import PageState, RunKind, RunStatus, Trigger
from console.sync.pages import PENDING
from console.tui.drawing import jobs, page_map, words
from console.tui.drawing.line import (
    Line,
    Span,
    change,
    clip,
    clip_line,
    clip_start,
    pad,
    spread,
    text,
    width,
    window,
    wrap,
)
from console.tui.drawing.look import Look
from console.tui.drawing.outcome import ending, run_name
from console.tui.drawing.page_map import Grid
from console.tui.drawing.run_pages import RunPages, describe
from console.tui.state.model import Model
from console.tui.theme import Role
from tests.tui.fake import NOW
from tests.tui.scenes import PAGES, counts, never_ran, report

TEXTS = st.lists(st.sampled_from([*"ab c.…日本─■é[]", "e\u0301", "👩\u200d👩"]), max_size=60).map("".join)
LINES = st.lists(st.builds(Span, TEXTS, st.sampled_from(list(Role))), max_size=6).map(tuple)
CELLS = st.integers(0, 90)


# -- lines -------------------------------------------------------------------------------------------------------------


@given(TEXTS, CELLS)
def test_a_clipped_text_fits_and_is_untouched_where_it_fits(value: str, cells: int) -> None:
    for clipped in (clip(value, cells, "…"), clip_start(value, cells, "…")):
        assert cell_len(clipped) <= cells
        if cell_len(value) <= cells:
            assert clipped == value


@given(TEXTS, CELLS, CELLS)
def test_a_window_shows_no_more_than_its_cells(value: str, start: int, cells: int) -> None:
    assert cell_len(window(value, start, cells)) <= cells


@given(LINES, CELLS)
def test_a_clipped_line_fits(line: Line, cells: int) -> None:
    assert width(clip_line(line, cells, "…")) <= cells
    assert width(pad(line, cells)) == max(width(line), cells)


@given(LINES, LINES, CELLS)
def test_both_ends_of_a_line_fit(left: Line, right: Line, cells: int) -> None:
    drawn = spread(left, right, cells, "…")
    assert width(drawn) <= max(cells, width(right))


@given(TEXTS, st.integers(1, 40), st.integers(1, 8))
def test_wrapped_text_fits_and_loses_no_letter_unless_it_says_so(value: str, cells: int, rows: int) -> None:
    lines = wrap(value, cells, rows, "…")
    assert len(lines) <= rows
    assert all(cell_len(line) <= max(cells, 2) for line in lines)
    if not any(line.endswith("…") for line in lines):
        assert "".join("".join(lines).split()) == "".join(value.split())


def test_text_is_wrapped_at_spaces() -> None:
    assert wrap("one two three four", 9, 9, "…") == ["one two", "three", "four"]
    assert wrap("one two three four", 9, 2, "…") == ["one two", "three fo…"]
    assert wrap("abcdefghij", 4, 9, "…") == ["abcd", "efgh", "ij"]


@given(LINES, LINES)
def test_repainting_where_a_line_changed_makes_the_new_line(old: Line, new: Line) -> None:
    cells = change(old, new)
    size = max(width(old), width(new))
    before, after = text(pad(old, size)), text(pad(new, size))
    if cells is None:
        assert before.rstrip() == after.rstrip()
        return
    start, end = cells
    assert 0 <= start < end <= size
    assert window(before, 0, start) == window(after, 0, start)


def test_a_change_of_colour_alone_is_a_change() -> None:
    assert change((Span("ab", Role.TEXT),), (Span("a", Role.TEXT), Span("b", Role.BAD))) == (1, 2)
    assert change((Span("ab"),), (Span("a"), Span("b"))) is None


# -- words -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0.0 s"),
        (0.44, "0.4 s"),
        (9.96, "10 s"),
        (59.6, "1 m 00 s"),
        (77.4, "1 m 17 s"),
        (3_599.7, "1 h 00 m"),
        (42_998, "11 h 56 m"),
        (183_600, "2 d 3 h"),
        (-5, "0.0 s"),
        (float("nan"), "?"),
        (float("inf"), "?"),
    ],
)
def test_a_duration_is_told_in_two_units(seconds: float, told: str) -> None:
    assert words.duration(seconds) == told


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0 s"),
        (0.2, "1 s"),
        (59, "59 s"),
        (61, "1 m 01 s"),
        (42_998, "11 h 56 m 38 s"),
        (90_061, "1 d 1 h 01 m 01 s"),
    ],
)
def test_a_countdown_is_told_to_the_second(seconds: float, told: str) -> None:
    assert words.countdown(seconds) == told


def test_every_time_names_its_zone() -> None:
    at = datetime(2026, 11, 24, 2, tzinfo=UTC)
    kathmandu = words.LocalZone(timezone(timedelta(hours=5, minutes=45), "+0545"))
    assert words.moment(at) == "Tue 24 Nov 02:00 UTC"
    assert words.short_moment(at, NOW) == "Tue 02:00 UTC"
    assert words.short_moment(at, NOW - timedelta(days=30)) == "24 Nov 02:00 UTC"
    assert words.clock(at) == "02:00:00 UTC"
    assert kathmandu.moment(at) == "Tue 24 Nov 07:45 +0545"
    assert words.LocalZone(UTC).is_utc(at)


@pytest.mark.parametrize(
    ("kind", "trigger", "told"),
    [
        (RunKind.FULL, Trigger.SCHEDULED, "Daily sync"),
        (RunKind.PAGE, Trigger.MANUAL, "Manual sync of single pages"),
        (RunKind.RETRY, Trigger.MANUAL, "Manual retry"),
        (RunKind.FULL, Trigger.RESUME, "Resumed sync"),
        (RunKind.RETRY, Trigger.RESUME, "Resumed sync"),
    ],
)
def test_a_run_is_called_by_what_it_does_and_why(kind: RunKind, trigger: Trigger, told: str) -> None:
    assert run_name(kind, trigger) == told


def test_how_a_run_ended_names_only_what_went_wrong() -> None:
    for counted, told in (
        (counts(PAGES - 3, failed=3, rejected=2), "ended partial: 3 pages failed"),
        (counts(PAGES, rejected=2), "ended partial: 2 products rejected"),
        (counts(PAGES), "ended partial"),
    ):
        assert ending(report(RunStatus.PARTIAL, counted)) == told


# -- the page map ------------------------------------------------------------------------------------------------------

STATES = {
    "p": PageProgress(),
    "i": PageProgress(state=PageState.IN_FLIGHT, attempts=1),
    "w": PageProgress(state=PageState.WAITING, attempts=1, asked_seconds=60),
    "r": PageProgress(state=PageState.RETRYING, attempts=1, error="HTTP 429"),
    "d": PageProgress(state=PageState.DONE, attempts=1),
    "D": PageProgress(state=PageState.DONE, attempts=3),
    "f": PageProgress(state=PageState.FAILED, attempts=6, error="HTTP 500"),
}


def pages(letters: str) -> RunPages:
    """A run with pages in these states."""
    return RunPages(Pages.of(STATES[letter] for letter in letters))


@given(st.integers(0, 60_000), st.integers(-5, 220), st.integers(-5, 60))
def test_every_page_has_its_place_in_any_room(count: int, cells: int, rows: int) -> None:
    grid = Grid.fit(count, 4, cells, rows)
    if count < 1 or cells < 1 or rows < 1:
        assert grid is None
        return
    assert grid is not None
    assert grid.rows <= rows
    assert (grid.cells - 1) * grid.per_cell < count <= grid.cells * grid.per_cell


@given(st.text(st.sampled_from("pirdDf"), min_size=1, max_size=400), st.integers(1, 120), st.integers(1, 20))
def test_the_map_fits_and_has_a_sign_for_every_cell(letters: str, cells: int, rows: int) -> None:
    grid = Grid.fit(len(letters), 4, cells, rows)
    assert grid is not None
    drawn = page_map.draw(grid, pages(letters), None, Look())
    assert len(drawn) == grid.rows
    assert all(width(line) <= max(cells, 1) for line in drawn)
    signs = sum(character in "·○▲■◆✗" for line in drawn for character in text(line))
    assert signs == grid.cells


@given(st.integers(1, 900), st.integers(1, 160), st.integers(1, 30))
def test_a_click_on_a_cell_finds_the_page_that_is_drawn_there(count: int, cells: int, rows: int) -> None:
    grid = Grid.fit(count, 4, cells, rows)
    assert grid is not None
    drawn = page_map.draw(grid, pages("d" * count), None, Look())
    found = []
    for y, line in enumerate(drawn):
        row = text(line)
        for x in range(cells + 5):
            page = grid.page_at(x, y)
            assert (page is not None) == (x < len(row) and row[x] == "■"), (x, y)
            if page is not None:
                found.append(page)
    assert found == [cell * grid.per_cell for cell in range(grid.cells)]


def test_a_cell_of_several_pages_shows_what_an_operator_must_know_first() -> None:
    ranks = pages("ddfp" + "ddrp" + "ddwi" + "ddip" + "dddp" + "ddDd" + "dddd").progress.ranks
    assert list(page_map.together(ranks, 4)) == list(PageRank)


def test_the_map_says_state_by_sign_and_by_colour() -> None:
    grid = Grid.fit(6, 4, 20, 1)
    assert grid is not None
    (line,) = page_map.draw(grid, pages("pirdDf"), None, Look())
    assert text(line) == "· ○ ▲ ■ ◆ ✗"
    assert len({span.role for span in line}) == 6


def test_the_legend_names_what_is_on_the_map_even_where_there_is_little_room() -> None:
    grid = Grid.fit(6, 4, 20, 1)
    assert grid is not None
    told = pages("dddddf")
    by_room = {
        110: "· 0 pending   ○ 0 in flight   ■ 5 done   ◆ 0 retried   ▲ 0 retrying   ✗ 1 failed   1 page a cell",
        50: "■ 5 done   ✗ 1 failed   1 page a cell",
        34: "■ 5 done ✗ 1 failed 1 page a cell",
        30: "■ 5 done ✗ 1 failed ",
        22: "■ 5 done ✗ 1 failed ",
        16: "■ done ✗ failed ",
        14: "1 page a cell",
    }
    assert {room: text(page_map.legend(grid, told, Look(), room)) for room in by_room} == by_room


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (PENDING, "page 1: pending"),
        (PageProgress(PageState.WAITING, 1, asked_seconds=60), "page 1: waiting (G2A asks for 60 s), 1 attempt"),
        (PageProgress(PageState.IN_FLIGHT, 2), "page 1: in flight, 2 attempts"),
        (PageProgress(PageState.RETRYING, 1, "HTTP 429"), "page 1: retrying, 1 attempt: HTTP 429"),
        (PageProgress(PageState.DONE, 1, None, 420), "page 1: done, 1 attempt, 0.4 s"),
        (PageProgress(PageState.DONE, 3, None, 2_100), "page 1: retried, 3 attempts, 2.1 s"),
        (PageProgress(PageState.FAILED, 6, "HTTP 500", 12_400), "page 1: failed, 6 attempts, 12 s: HTTP 500"),
    ],
    ids=lambda value: value.state.value if isinstance(value, PageProgress) else "",
)
def test_of_a_page_its_state_attempts_time_and_error_are_told(page: PageProgress, told: str) -> None:
    assert describe(RunPages(Pages.of([page])), 0, 1)[0] == told


def test_of_pages_that_share_a_cell_the_worst_is_named_with_its_error() -> None:
    shared = Pages.of([PageProgress(PageState.DONE, 1, None, 420), *[PENDING] * 2, STATES["r"], STATES["f"]])
    words, role = describe(RunPages(shared), 0, 5)
    assert words == ("pages 1 to 5: 1 failed, 1 retrying, 2 pending, 1 done, the slowest in 0.4 s; page 5: HTTP 500")
    assert role is Role.WARNING
    assert describe(RunPages(shared), 3, 5)[0] == "page 4: retrying, 1 attempt: HTTP 429", "the chosen one has its own"


def test_the_cursor_stands_on_the_cell_of_the_chosen_page() -> None:
    grid = Grid.fit(8, 4, 4, 1)
    assert grid is not None
    assert grid.per_cell == 2
    (line,) = page_map.draw(grid, pages("d" * 8), 5, Look())
    assert [span.role for span in line if span.text == "■"][-2:] == [Role.CURSOR, Role.GOOD_QUIET]


# -- the jobs ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(46, 4), (84, 5), (160, 5)], ids=str)
def test_a_job_that_never_ran_is_named_once(size: tuple[int, int]) -> None:
    model = Model()
    model.load(never_ran().told)
    drawn = "\n".join(map(text, jobs.draw(model, Look(), NOW, *size)))
    assert "never ran" in drawn
    assert drawn.lower().replace("_", " ").count("daily product sync") == 1
