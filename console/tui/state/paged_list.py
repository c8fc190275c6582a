"""A long list of which only the pages around what is seen are held, and the place in it that is chosen."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from console.tui.state.page_cache import PAGE, PageCache

T = TypeVar("T")


class PagedList(Generic[T]):
    """`total` is None until it is known, `top` is the first that is seen, and `at` the chosen one."""

    def __init__(self) -> None:
        self.total: int | None = None
        self.top = 0
        self.at = 0
        self._pages: PageCache[T] = PageCache()
        self._grows_from: int | None = None

    def take(self, page: int, total: int, items: Sequence[T]) -> None:
        """A page came; those that are farthest from what is seen make room for it."""
        if self._grows_from is not None and self.at:  # new ones came first: the chosen one stays the same
            grown = total - self._grows_from
            self.at += grown
            self.top += grown if self.top else 0
        self._grows_from = None
        self.total = total
        self._pages.put(page, items, self.top)
        self.at = max(min(self.at, total - 1), 0)
        self.top = max(min(self.top, self.at), 0)

    def ask(self, count: int) -> list[int]:
        """The pages to fetch so that so many items can be seen; each is told once."""
        last = min(self.top + max(count, 1), self.total or 1) - 1
        return self._pages.ask(range(self.top // PAGE, max(last, self.top) // PAGE + 1))

    def ask_again(self) -> None:
        """Pages that did not come may be asked for anew."""
        self._pages.ask_again()

    def renew(self) -> None:
        """Everything is to be asked for anew: something has changed. What is seen stays in sight meanwhile."""
        self._pages.renew()
        self._grows_from = self.total

    def visible(self, count: int) -> list[T | None]:
        """So many items from the top on; None where they have not come yet."""
        return [self._pages.item(place) for place in range(self.top, min(self.top + count, self.total or 0))]

    @property
    def chosen(self) -> T | None:
        """The item at the chosen place."""
        return self._pages.item(self.at)

    def move(self, by: int, count: int) -> None:
        """Choose another item; so many are seen at once."""
        self.at = max(min(self.at + by, (self.total or 1) - 1), 0)
        self.keep_in_sight(count)

    def keep_in_sight(self, count: int) -> None:
        """Scroll so that the chosen item is among those seen, and no room is left empty."""
        count = max(count, 1)
        self.top = max(min(max(self.top, self.at - count + 1), self.at), 0)
        self.top = max(min(self.top, (self.total or 1) - count), 0)
