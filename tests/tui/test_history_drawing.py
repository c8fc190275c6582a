"""The history as pure functions: lists, filters, tables, the chart, and documents with their fault marked."""

import json
from datetime import UTC, datetime

import pytest

from console.history import NOBODY, ProductChange, Rejected, RunFilter, RunPoint
from console.run import Change, RunStatus
from console.text import clean
from console.tui.drawing import history, history_chart, run_detail, run_items
from console.tui.drawing.document import laid_out, offending
from console.tui.drawing.history_chart import Measure
from console.tui.drawing.line import text, width
from console.tui.drawing.look import Look
from console.tui.drawing.words import LocalZone
from console.tui.glyphs import ASCII, UNICODE
from console.tui.state.page_cache import PAGE
from console.tui.state.paged_list import PagedList
from console.tui.state.run_detail import LISTS, Item, RunDetail, Section
from console.tui.state.run_filter import ORIGINS, OUTCOMES, SPANS, HistoryFilter
from console.tui.theme import CALM, Role
from tests.tui.conftest import BERLIN_WINTER
from tests.tui.fake import NOW
from tests.tui.scenes_history import changes, faults, pages, rejected, runs
from tests.tui.test_hostile_text import HOSTILE, visible

LOOK = Look(UNICODE, CALM, LocalZone(BERLIN_WINTER))
PLAIN = Look(ASCII, CALM, LocalZone(BERLIN_WINTER))
WIDTHS = [20, 36, 60, 76, 116, 196]
ITEMS: dict[Section, tuple[Item, ...]] = {
    Section.PAGES: pages()[110:116],
    Section.ERRORS: faults(),
    Section.REJECTED: rejected(),
    Section.CHANGES: changes(60),
}


# -- lists -------------------------------------------------------------------------------------------------------------


def filled(total: int) -> PagedList[int]:
    """A list of numbers of which the first page has come."""
    numbers: PagedList[int] = PagedList()
    numbers.take(0, total, range(min(total, PAGE)))
    return numbers


def test_each_page_of_a_list_is_asked_for_once_as_it_comes_into_sight() -> None:
    numbers: PagedList[int] = PagedList()
    assert numbers.ask(20) == [0]
    assert numbers.ask(20) == []
    numbers.take(0, 1_000, range(PAGE))
    numbers.move(PAGE - 5, 20)
    assert numbers.ask(20) == []
    numbers.move(10, 20)
    assert numbers.ask(20) == [1]
    numbers.ask_again()
    assert numbers.ask(20) == [1]


def test_the_chosen_item_stays_in_sight_and_within_the_list() -> None:
    numbers = filled(50)
    numbers.move(30, 10)
    assert (numbers.at, numbers.top) == (30, 21)
    numbers.move(-100, 10)
    assert (numbers.at, numbers.top) == (0, 0)
    numbers.move(1_000, 10)
    assert (numbers.at, numbers.top, numbers.chosen) == (49, 40, 49)
    numbers.keep_in_sight(60)
    assert numbers.top == 0


def test_a_list_that_is_renewed_stays_in_sight_and_keeps_what_is_chosen() -> None:
    numbers = filled(50)
    numbers.move(3, 10)
    numbers.renew()
    assert numbers.visible(3) == [0, 1, 2]
    assert numbers.ask(10) == [0]
    numbers.take(0, 52, [-2, -1, *range(50)])
    assert (numbers.chosen, numbers.total) == (3, 52)


def test_a_list_that_shrank_or_is_empty_chooses_what_there_is() -> None:
    numbers = filled(50)
    numbers.move(49, 10)
    numbers.renew()
    numbers.take(0, 4, range(4))
    assert numbers.chosen is not None
    assert filled(0).chosen is None


def test_only_pages_around_what_is_seen_are_kept() -> None:
    numbers = filled(PAGE * 100)
    for page in range(1, 100):
        numbers.move(PAGE, 10)
        numbers.take(page, PAGE * 100, range(PAGE))
    assert len(numbers._pages._pages) <= 10
    assert numbers.chosen is not None


# -- filters -----------------------------------------------------------------------------------------------------------


def test_a_filter_asks_for_what_it_says() -> None:
    wanted = HistoryFilter(outcome=OUTCOMES[1], origin=ORIGINS[3], person="bob", span=SPANS[2], words=" fail  23 ")
    asked = wanted.wanted(NOW)
    assert RunStatus.FAILED in asked.statuses
    assert RunStatus.SUCCEEDED not in asked.statuses
    assert (asked.person, asked.words) == ("bob", ("fail", "23"))
    assert asked.since == datetime(2026, 11, 17, tzinfo=UTC)
    assert wanted.told == ["in trouble", "manual", "by bob", "last 7 days", '"fail  23"']


def test_no_filter_says_and_asks_for_nothing() -> None:
    assert (HistoryFilter().told, HistoryFilter().wanted(NOW)) == ([], RunFilter())
    assert HistoryFilter(person=NOBODY).told == ["by the schedule"]


def test_every_outcome_of_a_run_can_be_chosen() -> None:
    single = {each.statuses[0] for each in OUTCOMES if len(each.statuses) == 1}
    assert single == {status for status in RunStatus if not status.is_active}


# -- tables ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cells", WIDTHS)
def test_no_line_of_the_list_of_runs_is_wider_than_its_room(cells: int) -> None:
    told = [*runs(60), None]
    assert all(width(line) <= cells for line in history.rows_of(told, LOOK, NOW, cells, 3))


def test_a_row_tells_what_its_run_did_and_a_run_that_was_not_tells_why() -> None:
    rows = [text(line) for line in history.rows_of(runs(25), LOOK, NOW, 116, 0)]
    assert rows[0].startswith("  ▸ 25  23 Nov 02:00  ✓ succeeded")
    assert "Manual sync" in rows[4]
    assert "alice" in rows[4]
    assert "▲ missed" in rows[19]
    assert "g2a-console was not running at 02:00 UTC, and not within SYNC_CATCH_UP_HOURS" in rows[19]
    assert "○ skipped" in rows[20]
    assert "The schedule was paused by bob: G2A moves house until Thursday" in rows[20]


def test_at_eighty_columns_a_run_is_told_with_all_that_the_list_is_for() -> None:
    for word in ("RUN", "WHEN", "OUTCOME", "TOOK", "PRODUCTS", "NEW", "CHANGED", "GONE", "BY"):
        assert word in text(history.heads(LOOK, 76))


@pytest.mark.parametrize("cells", WIDTHS)
@pytest.mark.parametrize("section", LISTS)
def test_no_line_of_a_section_is_wider_than_its_room(section: Section, cells: int) -> None:
    items = ITEMS[section]
    lines = [*run_items.rows_of(section, [*items, None], LOOK, cells, 1), run_items.heads(section, LOOK, cells)]
    assert all(width(line) <= cells for line in lines)
    for item in items:
        assert all(width(line) <= cells for line in run_items.everything(item, LOOK, cells))


@pytest.mark.parametrize("cells", [36, 76, 196])
def test_a_change_is_told_with_its_product_and_its_price_in_any_room(cells: int) -> None:
    heads = text(run_items.heads(Section.CHANGES, LOOK, cells))
    assert "PRODUCT" in heads
    assert "PRICE EUR" in heads


def test_a_price_is_told_with_how_far_it_moved_in_both_directions() -> None:
    def row(old: float | None, new: float | None) -> str:
        change = ProductChange(product_id="1", name="A", change=Change.CHANGED, fields={"min_price": [old, new]})
        return text(run_items.rows_of(Section.CHANGES, [change], LOOK, 76, -1)[0])

    assert "10.00 → 7.50" in row(10, 7.5)
    assert "-25.0 %" in row(10, 7.5)
    assert "+100.0 %" in row(1, 2)
    assert "none → 2.00" in row(None, 2)
    assert "%" not in row(0, 2), "nothing can be said of a price that was zero"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_of_a_run_is_shown_harmlessly(hostile: str) -> None:
    change = ProductChange(
        product_id=hostile,
        name=hostile,
        change=Change.CHANGED,
        fields={"name": [hostile, hostile], "images": [[hostile], None]},
    )
    product = Rejected(page=1, product_id=hostile, reason=hostile, document=json.dumps({hostile: hostile}))
    drawn = [
        *run_items.rows_of(Section.CHANGES, [change], LOOK, 196, -1),
        *run_items.everything(change, LOOK, 76),
        *run_items.rows_of(Section.REJECTED, [product], LOOK, 76, -1),
        *run_items.everything(product, LOOK, 76),
    ]
    for line in drawn:
        assert clean(text(line), 10_000) == text(line), "nothing is left to be cleaned"
    assert any(visible(hostile)[:20] in text(line) for line in drawn)


# -- the chart ---------------------------------------------------------------------------------------------------------


def points(count: int) -> list[RunPoint]:
    """Runs that take longer and longer."""
    return [
        RunPoint(
            run_id=number,
            at=NOW,
            status=RunStatus.SUCCEEDED,
            duration_seconds=float(number),
            products=number,
            changes=0,
        )
        for number in range(1, count + 1)
    ]


@pytest.mark.parametrize("look", [LOOK, PLAIN], ids=["unicode", "ascii"])
@pytest.mark.parametrize("cells", WIDTHS)
@pytest.mark.parametrize("rows", [1, 2, 6, 12])
def test_the_chart_keeps_to_its_room(look: Look, cells: int, rows: int) -> None:
    lines = history_chart.draw(points(200), Measure.DURATION, look, cells, rows, 199)
    assert len(lines) <= rows
    assert all(width(line) <= cells for line in lines)
    if look is PLAIN:
        assert all(text(line).isascii() for line in lines)


def test_the_last_thirty_runs_are_charted_at_eighty_columns_each_with_its_outcome() -> None:
    *_, signs = history_chart.draw(points(200), Measure.DURATION, LOOK, 76, 2, None)
    assert text(signs).count("✓") >= 30


def test_a_longer_run_has_a_higher_bar_and_one_that_did_not_run_has_none() -> None:
    told = points(8)
    told[3] = RunPoint(run_id=4, at=NOW, status=RunStatus.MISSED, duration_seconds=None, products=0, changes=0)
    bars, signs = history_chart.draw(told, Measure.DURATION, LOOK, 76, 2, None)
    assert text(bars).split() == ["8.0", "s", "▁", "▂", "▃", "▅", "▆", "▇", "█"]
    assert "▲" in text(signs)


def test_the_chosen_run_is_marked_in_the_chart() -> None:
    *_, signs = history_chart.draw(points(8), Measure.DURATION, LOOK, 76, 2, 3)
    assert [span.role for span in signs if span.text == "✓"].index(Role.CURSOR) == 2


def test_every_measure_says_what_is_usual() -> None:
    assert history_chart.summary(points(9), Measure.DURATION) == "usually 5.0 s, at most 9.0 s"
    assert history_chart.summary(points(9), Measure.PRODUCTS) == "usually 5, at most 9"
    assert history_chart.summary(points(1), Measure.DURATION) == "1.0 s", "of one run nothing is usual"
    assert history_chart.summary([], Measure.CHANGES) == ""


# -- documents ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "path"),
    [
        ("qty is -3", ("qty",)),
        ("minPrice is not a number", ("minPrice",)),
        ("priceLimit.min is -1", ("priceLimit", "min")),
        ("qty: expected int or null, got str", ("qty",)),
        ("categories[...].id: expected int, got str", ("categories", "[...]", "id")),
        ("videos[0].url: expected str", ("videos", "[0]", "url")),
        ("its id is too long", ("id",)),
        ("it has no name", ("name",)),
        ("a category has the id -4", ("categories", "[...]", "id")),
        ("Object missing required field name", ("name",)),
        ("categories[...]: object missing required field id", ("categories", "[...]", "id")),
        ("JSON is malformed: invalid character (byte 3)", ("JSON",)),
        ("", ()),
    ],
)
def test_a_reason_says_where_the_fault_lies(reason: str, path: tuple[str, ...]) -> None:
    assert offending(reason) == path


def test_a_document_is_laid_out_with_exactly_the_fault_marked() -> None:
    document = json.dumps({"id": 1, "categories": [{"id": 5}, {"id": "x", "name": "y"}], "qty": {"a": [1]}})
    assert [line for line, marked in laid_out(document, ("categories", "[...]", "id")) if marked] == [
        '      "id": 5', '      "id": "x",',
    ]  # fmt: skip
    assert [line for line, marked in laid_out(document, ("qty",)) if marked] == [
        '  "qty": {', '    "a": [', "      1", "    ]", "  }",
    ]  # fmt: skip
    assert not any(marked for _, marked in laid_out(document, ()))
    assert "".join(line.strip() for line, _ in laid_out(document, ())).replace(" ", "") == document.replace(" ", "")


@pytest.mark.parametrize("document", ["", "no json", "[" * 5_000, "[" * 500 + "]" * 500, '"\\ud800"', "null"])
def test_any_document_is_laid_out_somehow(document: str) -> None:
    assert laid_out(document, ("qty",))


# -- sections ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cells", [20, 36, 76, 196])
def test_the_sections_fit_and_the_chosen_one_is_named(cells: int) -> None:
    shown = RunDetail(runs(3)[0])
    shown.go(Section.CHANGES)
    drawn = run_detail.tabs(shown, cells)
    assert width(drawn) <= max(cells, 26)
    assert "5 changes" in text(drawn)


def test_changes_can_be_put_in_every_order_and_filtered_by_the_kinds_that_there_are() -> None:
    shown = RunDetail(runs(3)[0])
    shown.go(Section.CHANGES)
    shown.by_kind = {Change.NEW: 2, Change.CHANGED: 5}
    asked = []
    for _ in range(4):
        shown.sort()
        asked.append(str(shown.question.order))
    kinds = []
    for _ in range(3):
        shown.next_kind()
        kinds.append(shown.question.kind)
    assert asked == ["name", "price", "percent", "found"]
    assert kinds == [Change.NEW, Change.CHANGED, None]


def test_an_empty_section_says_whether_there_was_nothing_or_it_was_forgotten() -> None:
    run = runs(60)[0]
    shown = RunDetail(run)
    shown.go(Section.CHANGES)
    assert "not kept" in run_detail.empty(shown)
    never = next(each for each in runs(60) if each.status is RunStatus.MISSED)
    shown = RunDetail(never)
    shown.go(Section.CHANGES)
    assert run_detail.empty(shown) == "This run changed nothing."
