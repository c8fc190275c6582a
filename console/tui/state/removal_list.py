"""The products that a blocked run would have removed, as far as somebody has looked at them."""

from collections.abc import Sequence

from console.operations.protocol import Removal, Removals

PAGE = 200
"""Products that are asked for at once."""

_PAGES_KEPT = 10


class RemovalList:
    """Holds the pages around what is seen; `total` is None until the engine has told. `top` is the first seen."""

    def __init__(self) -> None:
        self.total: int | None = None
        self.due = 0
        self.top = 0
        self._pages: dict[int, Sequence[Removal]] = {}
        self._asked: set[int] = set()

    def take(self, page: int, told: Removals) -> None:
        """A page came; those that are farthest from what is seen make room for it."""
        self.total, self.due = told.total, told.due
        self._asked.discard(page)
        self._pages[page] = told.products
        while len(self._pages) > _PAGES_KEPT:
            del self._pages[max(self._pages, key=lambda each: abs(each - self.top // PAGE))]

    def ask(self, count: int) -> list[int]:
        """The pages to fetch so that so many products can be seen; each is told once."""
        last = min(self.top + max(count, 1), self.total or 1) - 1
        wanted = range(self.top // PAGE, max(last, self.top) // PAGE + 1)
        missing = [page for page in wanted if page not in self._pages and page not in self._asked]
        self._asked.update(missing)
        return missing

    def ask_again(self) -> None:
        """Pages that did not come may be asked for anew."""
        self._asked.clear()

    def visible(self, count: int) -> list[Removal | None]:
        """So many products from the top on; None where they have not come yet."""
        return [self._at(place) for place in range(self.top, min(self.top + count, self.total or 0))]

    def _at(self, place: int) -> Removal | None:
        page = self._pages.get(place // PAGE, ())
        return page[place % PAGE] if place % PAGE < len(page) else None

    def scroll(self, by: int, count: int) -> None:
        """Go down by so many products, or up where negative; so many are seen at once."""
        self.top = max(min(self.top + by, (self.total or 0) - count), 0)
