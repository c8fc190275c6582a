"""The products that a blocked run would have removed, as far as somebody has looked at them."""

from console.operations.protocol import Removals
from console.run import Removal
from console.tui.state.page_cache import PAGE, PageCache


class RemovalList:
    """Holds the pages around what is seen; `total` is None until the engine has told. `top` is the first seen."""

    def __init__(self) -> None:
        self.total: int | None = None
        self.due = 0
        self.top = 0
        self._pages: PageCache[Removal] = PageCache()

    def take(self, page: int, told: Removals) -> None:
        """A page came; those that are farthest from what is seen make room for it."""
        self.total, self.due = told.total, told.due
        self._pages.put(page, told.products, self.top)

    def ask(self, count: int) -> list[int]:
        """The pages to fetch so that so many products can be seen; each is told once."""
        last = min(self.top + max(count, 1), self.total or 1) - 1
        return self._pages.ask(range(self.top // PAGE, max(last, self.top) // PAGE + 1))

    def ask_again(self) -> None:
        """Pages that did not come may be asked for anew."""
        self._pages.ask_again()

    def visible(self, count: int) -> list[Removal | None]:
        """So many products from the top on; None where they have not come yet."""
        return [self._pages.item(place) for place in range(self.top, min(self.top + count, self.total or 0))]

    def scroll(self, by: int, count: int) -> None:
        """Go down by so many products, or up where negative; so many are seen at once."""
        self.top = max(min(self.top + by, (self.total or 0) - count), 0)
