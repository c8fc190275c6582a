"""The pages of a run all together: what is kept of them is what walking them would tell."""

from hypothesis import given
from hypothesis import strategies as st

from console.run import PageState
from console.sync.pages import PENDING, PageProgress, PageRank, Pages

STATES = st.builds(
    PageProgress,
    state=st.sampled_from(PageState),
    attempts=st.integers(0, 3),
    error=st.sampled_from([None, "HTTP 500"]),
)


@given(st.lists(st.tuples(st.integers(0, 19), STATES), max_size=80))
def test_however_pages_change_what_is_kept_of_all_is_what_walking_them_tells(
    changes: list[tuple[int, PageProgress]],
) -> None:
    pages = Pages.alike(20, PENDING)
    for place, page in changes:
        pages.put(place, page)
    assert pages == Pages.of(list(pages))
    for rank in PageRank:
        alike = [page for page in pages if page.rank is rank]
        assert pages.counts[rank] == len(alike)
        assert pages.first(rank) == (alike[0] if alike else None)
    assert pages.before == sum(page.state is PageState.DONE and page.attempts == 0 for page in pages)
    in_trouble = (PageState.FAILED, PageState.RETRYING)
    assert pages.troubled == {place for place, page in enumerate(pages) if page.state in in_trouble}


@given(st.integers(0, 30), STATES)
def test_pages_that_all_stand_the_same_are_as_if_told_one_by_one(count: int, page: PageProgress) -> None:
    assert Pages.alike(count, page) == Pages.of([page] * count)


def test_a_copy_is_not_changed_by_what_comes_later() -> None:
    pages = Pages.of([PENDING, PageProgress(PageState.FAILED, 6, "gone")])
    copy = pages.copy()
    pages.put(0, PageProgress(PageState.DONE, 2))
    pages.put(1, PageProgress(PageState.DONE, 7))
    assert copy == Pages.of([PENDING, PageProgress(PageState.FAILED, 6, "gone")])


def test_a_page_that_needed_several_requests_is_retried_and_one_of_before_is_done() -> None:
    ranks = [PageProgress(PageState.DONE, attempts).rank for attempts in (0, 1, 2)]
    assert ranks == [PageRank.DONE, PageRank.DONE, PageRank.RETRIED]
