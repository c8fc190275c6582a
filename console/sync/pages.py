"""How the pages of a run stand, each by itself and all together: kept current, so that drawing them walks none."""

import enum
from collections.abc import Iterable, Iterator
from typing import Self, overload

import msgspec

from console.run import PageState


class PageRank(enum.IntEnum):
    """How a page stands, in the order of what an operator would want to know first.

    A retried page is done, but was not at the first try.
    """

    FAILED = 0
    RETRYING = 1
    WAITING = 2
    IN_FLIGHT = 3
    PENDING = 4
    RETRIED = 5
    DONE = 6

    @property
    def words(self) -> str:
        """In flight."""
        return self.name.lower().replace("_", " ")


_OF_STATE = {state: PageRank[state.name] for state in PageState}
_TROUBLES = (PageRank.FAILED, PageRank.RETRYING)


class PageProgress(msgspec.Struct, frozen=True, gc=False):
    """How one page stands. `attempts` counts the requests made for it.

    `asked_seconds` is the pause that G2A asks for, while the page waits for its end.
    """

    state: PageState = PageState.PENDING
    attempts: int = 0
    error: str | None = None
    duration_ms: int = 0
    asked_seconds: float = 0.0

    @property
    def rank(self) -> PageRank:
        """How it stands."""
        retried = self.state is PageState.DONE and self.attempts > 1
        return PageRank.RETRIED if retried else _OF_STATE[self.state]

    @property
    def is_of_before(self) -> bool:
        """Whether an earlier run stored it: it is done, and nobody has asked for it in this one."""
        return self.state is PageState.DONE and not self.attempts


PENDING = PageProgress()


class Pages(msgspec.Struct):
    """The pages of a run in their order, and what is known of all of them. Change them with `put` alone.

    `ranks` has a byte for each page, its PageRank; `counts` how many pages have each rank; `before` is how many an
    earlier run had stored, and `troubled` are the places of those that failed or are being tried again.
    """

    each: list[PageProgress] = []
    ranks: bytearray = msgspec.field(default_factory=bytearray)
    counts: list[int] = msgspec.field(default_factory=lambda: [0] * len(PageRank))
    before: int = 0
    troubled: set[int] = set()

    @classmethod
    def of(cls, pages: Iterable[PageProgress]) -> Self:
        """These pages."""
        each = list(pages)
        ranks = bytearray(page.rank for page in each)
        return cls(
            each=each,
            ranks=ranks,
            counts=[ranks.count(rank) for rank in PageRank],
            before=sum(page.is_of_before for page in each),
            troubled={place for place, rank in enumerate(ranks) if rank in _TROUBLES},
        )

    @classmethod
    def alike(cls, count: int, page: PageProgress) -> Self:
        """So many pages that all stand the same."""
        pages = cls(each=[page] * count, ranks=bytearray([page.rank]) * count, before=count * page.is_of_before)
        pages.counts[page.rank] = count
        if page.rank in _TROUBLES:
            pages.troubled = set(range(count))
        return pages

    def copy(self) -> Self:
        """The same, which later changes leave as it is."""
        return type(self)(self.each.copy(), self.ranks.copy(), self.counts.copy(), self.before, self.troubled.copy())

    def put(self, place: int, page: PageProgress) -> None:
        """The page at a place stands so now."""
        old, rank = self.each[place], page.rank
        self.each[place] = page
        self.counts[self.ranks[place]] -= 1
        self.counts[rank] += 1
        self.ranks[place] = rank
        self.before += page.is_of_before - old.is_of_before
        if rank in _TROUBLES:
            self.troubled.add(place)
        else:
            self.troubled.discard(place)

    def first(self, rank: PageRank) -> PageProgress | None:
        """The first page that stands so, if one does."""
        place = self.ranks.find(rank)
        return self.each[place] if place >= 0 else None

    def __len__(self) -> int:
        return len(self.each)

    def __iter__(self) -> Iterator[PageProgress]:
        return iter(self.each)

    @overload
    def __getitem__(self, place: int) -> PageProgress: ...

    @overload
    def __getitem__(self, place: slice) -> list[PageProgress]: ...

    def __getitem__(self, place: int | slice) -> PageProgress | list[PageProgress]:
        return self.each[place]
