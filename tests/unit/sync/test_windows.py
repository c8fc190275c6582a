"""Cutting a catalogue into price windows: nothing lost between them, none too large, and an end in any case."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.run import PRODUCTS_PER_PAGE
from console.sync.page_ref import PageRef, Window
from console.sync.windows import PriceWindows, cut_in_two

CENT = Decimal("0.01")
REACH_PAGES = 5
cents = st.integers(0, 3_000).map(lambda count: count * CENT)
catalogues = st.lists(
    st.one_of(cents, st.sampled_from([Decimal("1.99"), Decimal("2.00"), Decimal("0.01")])), max_size=600
)


def holds(window: Window, price: Decimal) -> bool:
    """Whether a window shows a product of this price, when it includes both ends."""
    return (window.low is None or price >= window.low) and (window.high is None or price <= window.high)


def sweep(windows: PriceWindows, prices: list[Decimal], sample: list[Decimal]) -> dict[Window, set[int]]:
    """Fetch until nothing is left; returns the pages that were fetched of each window."""
    fetched: dict[Window, set[int]] = {}
    for _ in range(20_000):
        ref = windows.take()
        if ref is not None:
            fetched.setdefault(ref.window, set()).add(ref.page)
            windows.came(ref, sum(holds(ref.window, price) for price in prices))
        elif windows.oversized:
            windows.split(windows.oversized[0], sample)
        else:
            return fetched
    raise AssertionError("without end")


def pages_of(window: Window, prices: list[Decimal]) -> int:
    """How many pages a window has."""
    return max(1, -(-sum(holds(window, price) for price in prices) // PRODUCTS_PER_PAGE))


@given(catalogues, st.booleans())
def test_every_product_that_can_be_reached_is_on_a_page_that_is_fetched(
    prices: list[Decimal], has_sample: bool
) -> None:
    windows = PriceWindows.cut(REACH_PAGES)
    fetched = sweep(windows, prices, sorted(prices)[::3] if has_sample else [])
    complete = [window for window, pages in fetched.items() if len(pages) == pages_of(window, prices)]
    for price in set(prices):
        alone = sum(each == price for each in prices)
        is_reached = any(holds(window, price) for window in complete)
        assert is_reached or alone > REACH_PAGES * PRODUCTS_PER_PAGE
    for window in windows.unreachable:
        assert window.low == window.high
        assert len(fetched[window]) == REACH_PAGES


@given(catalogues)
def test_no_page_beyond_the_reach_is_asked_for_and_none_twice(prices: list[Decimal]) -> None:
    windows = PriceWindows.cut(REACH_PAGES)
    fetched = sweep(windows, prices, sorted(prices)[::3])
    for window, pages in fetched.items():
        assert max(pages) <= REACH_PAGES
        assert pages == set(range(1, len(pages) + 1))
        assert window.number > 0


@given(st.one_of(st.none(), cents), st.one_of(st.none(), cents), st.lists(cents, max_size=30))
def test_two_halves_hold_everything_and_each_is_narrower(
    low: Decimal | None, high: Decimal | None, prices: list[Decimal]
) -> None:
    least = low or Decimal(0)
    if high is not None and high <= least:
        return
    (low1, high1), (low2, high2) = cut_in_two(low, high, prices)
    assert (low1, high2) == (low, high)
    assert high1 is not None
    assert low2 is not None
    assert low2 in (high1 + CENT, high1 - CENT), "neighbours touch, or overlap by a cent"
    assert least <= high1
    assert (high is None) or high1 < high or low2 > least
    assert low2 > least


def test_a_price_of_very_many_comes_into_one_window_alone() -> None:
    many = [Decimal("1.99")] * 500
    few = [Decimal(count) / 10 for count in range(1, 60)]
    windows = PriceWindows.cut(28)
    fetched = sweep(windows, many + few, many[:50] + few)
    with_many = [window for window, pages in fetched.items() if holds(window, Decimal("1.99")) and len(pages) > 1]
    assert len(with_many) == 1


@pytest.mark.parametrize("killed_after", range(1, 40, 3))
def test_a_run_that_goes_on_covers_all_prices_again(killed_after: int) -> None:
    prices = [Decimal(count % 37) + CENT * (count % 7) for count in range(600)]
    first = PriceWindows.cut(REACH_PAGES)
    done: set[tuple[int, int]] = set()
    known: dict[int, Window] = {}
    while len(done) < killed_after:
        ref = first.take()
        if ref is None:
            if not first.oversized:
                break
            first.split(first.oversized[0], sorted(prices)[::3])
            continue
        done.add((ref.window.number, ref.page))
        known[ref.window.number] = ref.window
        first.came(ref, sum(holds(ref.window, price) for price in prices))
    second = PriceWindows(list(known.values()), done, REACH_PAGES)
    fetched = sweep(second, prices, sorted(prices)[::3])
    both = {
        window: pages | {page for number, page in done if number == window.number} for window, pages in fetched.items()
    }
    for price in set(prices):
        assert any(holds(window, price) and len(pages) >= pages_of(window, prices) for window, pages in both.items())


def test_a_window_whose_page_came_is_not_opened_twice() -> None:
    windows = PriceWindows([], frozenset(), REACH_PAGES)
    ref = windows.take()
    assert ref == PageRef(1, Window(1, Decimal(0), None))
    windows.came(PageRef(1, Window(1, Decimal(0), None)), 30)
    windows.came(PageRef(1, Window(1, Decimal(0), None)), 30)
    assert [windows.take(), windows.take()] == [PageRef(2, Window(1, Decimal(0), None)), None]
