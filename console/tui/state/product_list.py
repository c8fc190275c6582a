"""The products that were found, as far as somebody has looked at them, and the one that is chosen."""

from console.operations.products import Found, ProductLine, Query
from console.tui.state.page_cache import PAGE, PageCache


class ProductList:
    """Holds the pages around what is seen. `total` is None until it is known; `reach` is how many are known of."""

    def __init__(self) -> None:
        self.query = Query()
        self.total: int | None = None
        self.reach = 0
        self.top = 0
        self.at = 0
        self.is_fresh = False
        self._pages: PageCache[ProductLine] = PageCache()

    def look_for(self, query: Query) -> None:
        """Another query begins at its first product. What was found before stays in sight until there is an answer."""
        self.query, self.total, self.is_fresh = query, None, False
        self._pages.renew()

    def take(self, query: Query, page: int, found: Found) -> None:
        """A page came; one of another query is let go. Those that are farthest from what is seen make room."""
        if query != self.query:
            return
        if not self.is_fresh:
            self._pages.clear()
            self.top, self.at, self.reach, self.is_fresh = 0, 0, 0, True
        self._pages.put(page, found.products, self.top)
        end = page * PAGE + len(found.products)
        if found.total is not None:
            self.count(query, found.total)
        elif 0 < len(found.products) < PAGE or (not found.products and page == 0):
            self.count(query, end)
        else:
            self.reach = max(self.reach, end)

    def count(self, query: Query, total: int) -> None:
        """So many there are."""
        if query == self.query:
            self.total = self.reach = total

    def renew(self) -> None:
        """Ask for all anew: the catalogue has changed. What is seen stays in sight meanwhile, and so does the place."""
        self._pages.renew()

    def ask(self, count: int) -> list[int]:
        """The pages to fetch so that so many products can be seen; each is told once."""
        if not self.is_fresh:
            return self._pages.ask([0])
        last = max(min(self.top + max(count, 1), max(self.reach, 1)) - 1, self.top)
        return self._pages.ask(range(self.top // PAGE, last // PAGE + 1))

    def ask_again(self) -> None:
        """Pages that did not come may be asked for anew."""
        self._pages.ask_again()

    def visible(self, count: int) -> list[ProductLine | None]:
        """So many products from the top on; None where they have not come yet."""
        return [self._pages.item(place) for place in range(self.top, min(self.top + count, self.reach))]

    @property
    def chosen(self) -> ProductLine | None:
        """The product under the cursor."""
        return self._pages.item(self.at)

    def move(self, by: int, count: int) -> None:
        """Choose another product; so many are seen at once."""
        self.at = max(min(self.at + by, self.reach - 1), 0)
        self.keep_in_sight(count)

    def keep_in_sight(self, count: int) -> None:
        """Scroll so that the chosen one is among those seen."""
        count = max(count, 1)
        self.at = max(min(self.at, self.reach - 1), 0)
        self.top = max(min(max(self.top, self.at - count + 1), self.at, self.reach - 1), 0)
        self.top = max(min(self.top, self.reach - count), 0)
