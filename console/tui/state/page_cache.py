"""The pages of a long list that have been fetched, around the place that is looked at."""

from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")

PAGE = 200
"""Items that are asked for at once."""

_PAGES_KEPT = 10


class PageCache(Generic[T]):
    """Holds some pages, and knows which ones are on the way. A stale page is shown until its successor comes."""

    def __init__(self) -> None:
        self._pages: dict[int, Sequence[T]] = {}
        self._stale: set[int] = set()
        self._asked: set[int] = set()

    def put(self, page: int, items: Sequence[T], top: int) -> None:
        """A page came; those that are farthest from the item `top` make room for it."""
        self._asked.discard(page)
        self._stale.discard(page)
        self._pages[page] = items
        while len(self._pages) > _PAGES_KEPT:
            del self._pages[max(self._pages, key=lambda each: abs(each - top // PAGE))]

    def ask(self, pages: Iterable[int]) -> list[int]:
        """Those of them that must be fetched; each is told once."""
        missing = [page for page in pages if not self._has(page) and page not in self._asked]
        self._asked.update(missing)
        return missing

    def _has(self, page: int) -> bool:
        return page in self._pages and page not in self._stale

    def ask_again(self) -> None:
        """Pages that did not come may be asked for anew."""
        self._asked.clear()

    def renew(self) -> None:
        """Everything is to be asked for anew; what is there stays in sight meanwhile."""
        self._asked.clear()
        self._stale = set(self._pages)

    def clear(self) -> None:
        """Forget the pages; those on the way may still come."""
        self._pages.clear()
        self._stale.clear()

    def item(self, place: int) -> T | None:
        """The item at this place; None where it has not come yet."""
        page = self._pages.get(place // PAGE, ())
        return page[place % PAGE] if place % PAGE < len(page) else None
