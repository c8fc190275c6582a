"""Which pages a run still has to fetch."""

from console.run import PRODUCTS_PER_PAGE

_SPARE_PAGES = 50
"""Pages beyond twice the expected number at which a sweep ends, whatever the API says."""


class FullPlan:
    """All pages: as many as `total` promises, and then on until one is empty, short, or brings nothing new."""

    def __init__(self) -> None:
        self._next = 1
        self._last = 1
        self._limit = _SPARE_PAGES
        self.pages_total = 1
        """Pages that hold products, as far as is known; the look beyond the last one is not among them."""

    def take(self) -> int | None:
        """The next page to fetch; None when there is none at the moment."""
        if self._next > self._last:
            return None
        self._next += 1
        return self._next - 1

    def first_page_came(self, total: int) -> None:
        """Page 1 says how many products there are."""
        expected = -(-total // PRODUCTS_PER_PAGE)
        self._limit = 2 * expected + _SPARE_PAGES
        self._last = self.pages_total = max(expected, 1)

    def page_came(self, page: int, documents: int, *, brought_products: bool) -> bool:
        """A page is stored; True where it was the last one and full, so that the plan now goes a page further."""
        is_beyond = page > self.pages_total
        if is_beyond and documents:
            self.pages_total = page
        goes_on = documents >= PRODUCTS_PER_PAGE and (brought_products or not is_beyond)
        if page == self._last and goes_on and page < self._limit:
            self._last = page + 1
            return True
        return False


class PagePlan:
    """One page alone."""

    def __init__(self, page: int) -> None:
        self._page: int | None = page
        self.pages_total = 1

    def take(self) -> int | None:
        """The page, once."""
        page, self._page = self._page, None
        return page

    def first_page_came(self, total: int) -> None:
        """Nothing follows from it."""

    def page_came(self, page: int, documents: int, *, brought_products: bool) -> bool:
        """Nothing follows from it."""
        del page, documents, brought_products
        return False


Plan = FullPlan | PagePlan
