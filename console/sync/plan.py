"""Which pages a run still has to fetch."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Protocol

from console.run import PRODUCTS_PER_PAGE
from console.sync.page_ref import PageRef, PageSpan, Window
from console.sync.windows import PriceWindows

REACH_PAGES = 500
"""The last page that G2A's documentation promises; those beyond are tried, and may be refused."""

_SAMPLE_PAGES = 25
"""Enough to see how the prices lie, so that the windows come out even."""

_SPARE_PAGES = 50
"""Pages beyond twice the expected number at which a sweep ends, whatever the API says."""


class Plan(Protocol):
    """Says which page is next, and learns from the pages that came."""

    @property
    def spans(self) -> tuple[PageSpan, ...]:
        """The pages that hold products, as far as is known; the look beyond the last one is not among them."""
        ...

    @property
    def first_page(self) -> int:
        """The page that comes first, alone: without it the run cannot go on."""
        ...

    def take(self) -> PageRef | None:
        """The next page to fetch; None when there is none at the moment."""
        ...

    def came(self, ref: PageRef, total: int) -> None:
        """A page was fetched; it says that its window holds `total` products."""
        ...

    def stored(self, ref: PageRef, documents: int, *, brought_products: bool) -> None:
        """A page of so many products is stored; `brought_products`: some of them were new to this run."""
        ...

    def is_beyond(self, ref: PageRef) -> bool:
        """Whether the page lies behind the last one that is known to hold products."""
        ...

    def refused(self, ref: PageRef) -> bool:
        """The API refuses the number of this page; True where the plan knows another way to its products."""
        ...

    def oversized(self) -> Sequence[Window]:
        """Windows of more products than can be reached, to be split before anything else can be taken."""
        ...

    def split(self, window: Window, prices: Sequence[Decimal]) -> None:
        """Split a window, in the light of some prices of products in it."""
        ...


class FullPlan:
    """All pages: as many as `total` promises, and then on until one is empty, short, or brings nothing new.

    Where the API refuses pages beyond some number, the catalogue is cut into price windows of no more pages than that.
    `done` are pages that an earlier run has stored, `windows` those that it had cut.
    """

    def __init__(self, done: Collection[tuple[int, int]] = (), windows: Sequence[Window] = ()) -> None:
        self._done = frozenset(done)
        self._next = 1
        self._last = 1
        self._pages_total = 1
        self._limit = _SPARE_PAGES
        self._must_try = (0, REACH_PAGES + 1) not in self._done
        self._tried = 0
        self._windows = PriceWindows(windows, self._done, REACH_PAGES) if windows else None
        self._whole_pages = 1
        """Pages of the whole that are fetched although it is cut: those of before, and a sample of its prices."""
        self._lowest_refused: int | None = None

    @property
    def spans(self) -> tuple[PageSpan, ...]:
        """The pages of the whole, or those that came before it was cut, and the pages of the windows."""
        whole = PageSpan(1, self._pages_total)
        return (whole, *self._windows.spans) if self._windows else (whole,)

    @property
    def first_page(self) -> int:
        """Page 1."""
        return 1

    def take(self) -> PageRef | None:
        """The next page; page 1 alone at first, because it tells how many there are."""
        if self._windows and self._next > self._whole_pages:
            return self._windows.take()
        if self._must_try and self._last > REACH_PAGES:  # is it refused? Better known before those below it are fetched
            self._must_try, self._tried = False, REACH_PAGES + 1
            return PageRef(self._tried)
        while self._next <= (self._whole_pages if self._windows else self._last):
            page, self._next = self._next, self._next + 1
            if page == 1 or (page != self._tried and (0, page) not in self._done):
                return PageRef(page)
        return None

    def came(self, ref: PageRef, total: int) -> None:
        """Page 1 says how many products there are, of the catalogue and of each window."""
        if ref.window.number and self._windows:
            self._windows.came(ref, total)
        elif ref.page == 1 and self._next == 2:  # noqa: PLR2004 - the first time
            expected = -(-total // PRODUCTS_PER_PAGE)
            self._limit = 2 * expected + _SPARE_PAGES
            self._last = self._pages_total = max(expected, 1)

    def stored(self, ref: PageRef, documents: int, *, brought_products: bool) -> None:
        """Where the last page was full, the plan goes a page further."""
        if ref.window.number or self._windows:
            return
        is_beyond = ref.page > self._pages_total
        if is_beyond and documents:
            self._pages_total = ref.page
        goes_on = documents >= PRODUCTS_PER_PAGE and (brought_products or not is_beyond)
        if ref.page == self._last and goes_on and ref.page < self._limit:
            self._last = ref.page + 1

    def is_beyond(self, ref: PageRef) -> bool:
        """Whether it is a look behind the last page."""
        return not ref.window.number and ref.page > self._pages_total

    def refused(self, ref: PageRef) -> bool:
        """The first pages stay as they are; all the rest is reached through price windows."""
        if ref.page == 1:
            return False
        if ref.window.number:
            return self._windows is not None and self._windows.refused(ref)
        self._lowest_refused = min(ref.page, self._lowest_refused or ref.page)
        if self._windows is None:
            self._whole_pages = max(self._next - 1, _SAMPLE_PAGES)
            self._windows = PriceWindows.cut(self.reach_pages)
        self._whole_pages = self._pages_total = min(self._whole_pages, self._pages_total, self.reach_pages)
        self._windows.reach(self.reach_pages)
        return True

    def oversized(self) -> Sequence[Window]:
        """Windows to be split."""
        return self._windows.oversized if self._windows else ()

    def split(self, window: Window, prices: Sequence[Decimal]) -> None:
        """Split one."""
        if self._windows:
            self._windows.split(window, prices)

    @property
    def unreachable(self) -> Sequence[Window]:
        """Windows of one price that hold more products than can be reached."""
        return self._windows.unreachable if self._windows else ()

    @property
    def reach_pages(self) -> int:
        """The last page that the API shows."""
        return min(REACH_PAGES, (self._lowest_refused or REACH_PAGES + 1) - 1)

    @property
    def is_cut(self) -> bool:
        """Whether the catalogue was cut into price windows, which show no product without a price."""
        return self._windows is not None


class RangePlan:
    """The pages `first` to `last`, or to the end of the catalogue where that comes earlier."""

    def __init__(self, first: int, last: int) -> None:
        self._first = self._next = first
        self._last = last
        self._knows_total = False

    @property
    def spans(self) -> tuple[PageSpan, ...]:
        """The pages."""
        return (PageSpan(self._first, max(self._last, self._first)),)

    @property
    def first_page(self) -> int:
        """The first of the range."""
        return self._first

    def take(self) -> PageRef | None:
        """The next page; the first one alone, because it tells how many there are."""
        if self._next > self._last or (self._next > self._first and not self._knows_total):
            return None
        self._next += 1
        return PageRef(self._next - 1)

    def came(self, ref: PageRef, total: int) -> None:
        """No further than the catalogue goes."""
        del ref
        self._knows_total = True
        self._last = min(self._last, -(-total // PRODUCTS_PER_PAGE))

    def stored(self, ref: PageRef, documents: int, *, brought_products: bool) -> None:
        """Nothing follows from it."""

    def is_beyond(self, ref: PageRef) -> bool:
        """Whether the catalogue ends before it."""
        return self._knows_total and ref.page > self._last

    def refused(self, ref: PageRef) -> bool:
        """There is no other way to a page."""
        del ref
        return False

    def oversized(self) -> Sequence[Window]:
        """There are no windows."""
        return ()

    def split(self, window: Window, prices: Sequence[Decimal]) -> None:
        """There are no windows."""
