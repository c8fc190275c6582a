"""Which pages a run fetches: each once, as many as there are, and never without end."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.run import PRODUCTS_PER_PAGE
from console.sync.plan import FullPlan, PagePlan

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
    while (page := plan.take()) is not None:
        taken.append(page)
        assert len(taken) <= 10_000, "without end"
        if page == 1:
            plan.first_page_came(total)
        elif page > plan.pages_total and not documents(page):
            continue  # the look beyond the last page
        plan.page_came(page, documents(page), brought_products=brings(page))
    return taken


def honest(total: int) -> Callable[[int], int]:
    """The products that each page of an honest API holds."""
    return lambda page: max(0, min(PRODUCTS_PER_PAGE, total - (page - 1) * PRODUCTS_PER_PAGE))


def test_the_first_page_goes_alone_because_it_tells_how_many_there_are() -> None:
    plan = FullPlan()
    assert [plan.take(), plan.take()] == [1, None]
    plan.first_page_came(60)
    assert [plan.take(), plan.take(), plan.take()] == [2, 3, None]


@given(totals)
def test_every_page_is_fetched_exactly_once(total: int) -> None:
    plan = FullPlan()
    taken = sweep(plan, total, honest(total))
    pages = expected_pages(total)
    looks_beyond = total > 0 and total % PRODUCTS_PER_PAGE == 0
    assert taken == list(range(1, pages + 1 + looks_beyond))
    assert plan.pages_total == pages


@given(totals, st.integers(0, 5_000))
def test_products_that_come_while_the_sweep_goes_are_found_within_the_bound(total: int, more: int) -> None:
    plan = FullPlan()
    taken = sweep(plan, total, honest(total + more))
    reached = min(expected_pages(total + more), most_pages(total))
    assert taken[:reached] == list(range(1, reached + 1))
    assert plan.pages_total == reached
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
    waiting: list[int] = []
    stored: list[int] = []
    page = plan.take()
    while page is not None or waiting:
        if page is not None:
            waiting.append(page)
        if page == 1 or (waiting and (page is None or random.random() < 0.5)):
            done = waiting.pop(random.randrange(len(waiting)))
            stored.append(done)
            if done == 1:
                plan.first_page_came(total)
            if done <= plan.pages_total or honest(total)(done):
                plan.page_came(done, honest(total)(done), brought_products=True)
        page = plan.take()
    assert len(stored) == len(set(stored))
    assert set(range(1, expected_pages(total) + 1)) <= set(stored)


def test_it_says_when_it_goes_a_page_further() -> None:
    plan = FullPlan()
    plan.take()
    plan.first_page_came(40)
    assert not plan.page_came(1, 20, brought_products=True), "it was not the last one"
    assert plan.page_came(2, 20, brought_products=True)
    assert plan.pages_total == 2, "the look beyond is no page yet"
    assert [plan.take(), plan.take(), plan.take()] == [2, 3, None]
    assert not plan.page_came(3, 7, brought_products=True), "it was short"
    assert plan.pages_total == 3


@pytest.mark.parametrize("page", [1, 7, 771])
def test_one_page_alone_is_fetched_once_and_nothing_follows(page: int) -> None:
    plan = PagePlan(page)
    assert plan.take() == page
    plan.first_page_came(15_420)
    assert not plan.page_came(page, 20, brought_products=True)
    assert plan.take() is None
    assert plan.pages_total == 1
