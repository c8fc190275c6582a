"""Which pages a run fetches: each once, as many as there are, and never without end."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.run import PRODUCTS_PER_PAGE
from console.sync.page_ref import PageRef
from console.sync.plan import FullPlan, RangePlan

totals = st.integers(0, 3_000)


def expected_pages(total: int) -> int:
    """Pages that hold that many products; one at least."""
    return max(1, -(-total // PRODUCTS_PER_PAGE))


def most_pages(total: int) -> int:
    """Pages after which a sweep ends whatever the API says: twice what it promised, and fifty."""
    return 2 * -(-total // PRODUCTS_PER_PAGE) + 50


def sweep(
    plan: FullPlan, total: int, documents: Callable[[int], int], *, brings: Callable[[int], bool] = lambda _: True
) -> list[int]:
    """Fetch one page after the other as the sweep does; returns the pages in the order in which they were taken."""
    taken = []
    while (ref := plan.take()) is not None:
        page = ref.page
        taken.append(page)
        assert len(taken) <= 10_000, "without end"
        plan.came(ref, total)
        if plan.is_beyond(ref) and not documents(page):
            continue
        plan.stored(ref, documents(page), brought_products=brings(page))
    return taken


def numbers(plan: FullPlan | RangePlan, count: int) -> list[int | None]:
    """The next pages that the plan gives."""
    return [ref.page if ref else None for ref in (plan.take() for _ in range(count))]


def pages_total(plan: FullPlan | RangePlan) -> int:
    """How many pages hold products, as far as the plan knows."""
    return sum(map(len, plan.spans))


def honest(total: int) -> Callable[[int], int]:
    """The products that each page of an honest API holds."""
    return lambda page: max(0, min(PRODUCTS_PER_PAGE, total - (page - 1) * PRODUCTS_PER_PAGE))


def test_the_first_page_goes_alone_because_it_tells_how_many_there_are() -> None:
    plan = FullPlan()
    assert numbers(plan, 2) == [1, None]
    plan.came(PageRef(1), 60)
    assert numbers(plan, 3) == [2, 3, None]


@given(totals)
def test_every_page_is_fetched_exactly_once(total: int) -> None:
    plan = FullPlan()
    taken = sweep(plan, total, honest(total))
    pages = expected_pages(total)
    looks_beyond = total > 0 and total % PRODUCTS_PER_PAGE == 0
    assert taken == list(range(1, pages + 1 + looks_beyond))
    assert pages_total(plan) == pages


@given(totals, st.integers(0, 5_000))
def test_products_that_come_while_the_sweep_goes_are_found_within_the_bound(total: int, more: int) -> None:
    plan = FullPlan()
    taken = sweep(plan, total, honest(total + more))
    reached = min(expected_pages(total + more), most_pages(total))
    assert taken[:reached] == list(range(1, reached + 1))
    assert pages_total(plan) == reached
    assert len(taken) <= most_pages(total)


@given(st.integers(1, 3_000).flatmap(lambda total: st.tuples(st.just(total), st.integers(0, total - 1))))
def test_an_api_that_shrinks_is_asked_for_what_it_promised_and_no_more(total_and_left: tuple[int, int]) -> None:
    total, left = total_and_left
    assert sweep(FullPlan(), total, honest(left)) == list(range(1, expected_pages(total) + 1))


@given(totals)
def test_an_api_without_end_is_left_at_a_bound(total: int) -> None:
    taken = sweep(FullPlan(), total, lambda _: PRODUCTS_PER_PAGE)
    assert taken == list(range(1, most_pages(total) + 1))


@given(totals)
def test_pages_that_repeat_for_ever_are_left_at_the_first_that_brings_nothing_new(total: int) -> None:
    pages = expected_pages(total)
    taken = sweep(FullPlan(), total, lambda _: PRODUCTS_PER_PAGE, brings=lambda page: page <= pages)
    assert taken == list(range(1, pages + 2))


@given(totals, st.sets(st.integers(2, 150)))
def test_empty_and_short_pages_in_the_middle_do_not_end_the_sweep(total: int, empty: set[int]) -> None:
    pages = expected_pages(total)
    taken = sweep(FullPlan(), total, lambda page: 0 if page in empty and page < pages else honest(total)(page))
    assert taken[:pages] == list(range(1, pages + 1))


@given(totals, st.randoms(use_true_random=False))
def test_pages_may_come_in_any_order(total: int, random: Random) -> None:
    plan = FullPlan()
    waiting: list[PageRef] = []
    stored: list[int] = []
    ref = plan.take()
    while ref is not None or waiting:
        if ref is not None:
            waiting.append(ref)
        if (ref and ref.page == 1) or (waiting and (ref is None or random.random() < 0.5)):
            done = waiting.pop(random.randrange(len(waiting)))
            stored.append(done.page)
            plan.came(done, total)
            if not plan.is_beyond(done) or honest(total)(done.page):
                plan.stored(done, honest(total)(done.page), brought_products=True)
        ref = plan.take()
    assert len(stored) == len(set(stored))
    assert set(range(1, expected_pages(total) + 1)) <= set(stored)


def test_it_goes_a_page_further_where_the_last_one_was_full() -> None:
    plan = FullPlan()
    plan.take()
    plan.came(PageRef(1), 40)
    plan.stored(PageRef(1), 20, brought_products=True)
    assert numbers(plan, 2) == [2, None], "page 1 was not the last one"
    plan.stored(PageRef(2), 20, brought_products=True)
    assert pages_total(plan) == 2, "the look beyond is no page yet"
    assert numbers(plan, 2) == [3, None]
    assert plan.is_beyond(PageRef(3))
    plan.stored(PageRef(3), 7, brought_products=True)
    assert numbers(plan, 1) == [None], "it was short"
    assert pages_total(plan) == 3


@given(totals, st.sets(st.integers(1, 150)))
def test_a_run_that_goes_on_fetches_what_is_missing_and_page_1_that_tells_the_total(total: int, done: set[int]) -> None:
    plan = FullPlan(done={(0, page) for page in done})
    taken = sweep(plan, total, honest(total))
    pages = expected_pages(total)
    assert [page for page in taken if page <= pages] == [1, *(p for p in range(2, pages + 1) if p not in done)]
    assert pages_total(plan) == pages


def test_of_a_large_catalogue_the_first_page_beyond_the_promised_is_tried_at_once() -> None:
    plan = FullPlan()
    plan.take()
    plan.came(PageRef(1), 15_420)
    assert numbers(plan, 3) == [501, 2, 3]
    assert [page for page in numbers(plan, 1_000) if page] == [*range(4, 501), *range(502, 772)]
    assert pages_total(plan) == 771


@pytest.mark.parametrize("page", [1, 7, 771])
def test_one_page_alone_is_fetched_once_and_nothing_follows(page: int) -> None:
    plan = RangePlan(page, page)
    assert numbers(plan, 1) == [page]
    plan.came(PageRef(page), 15_420)
    plan.stored(PageRef(page), 20, brought_products=True)
    assert plan.take() is None
    assert pages_total(plan) == 1


@given(st.integers(1, 60), st.integers(0, 60), totals)
def test_a_range_ends_where_the_catalogue_does(first: int, more: int, total: int) -> None:
    plan = RangePlan(first, first + more)
    assert numbers(plan, 2) == [first, None], "the first page goes alone, because it tells how many there are"
    plan.came(PageRef(first), total)
    last = min(first + more, -(-total // PRODUCTS_PER_PAGE))
    assert numbers(plan, more + 2) == [*range(first + 1, last + 1), *[None] * (more + 2 - max(last - first, 0))]
    assert plan.is_beyond(PageRef(first)) is (first > last)
