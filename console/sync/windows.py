"""Cutting the catalogue into price windows, where the API shows no page beyond some number.

A window that holds more products than its pages can show is split at a price, until each fits. Neighbours overlap by a
cent, so that nothing is lost between them whichever ends the API includes; the cut is made where few products lie, so
that few come twice. No window shows a product without a price.
"""

from collections import Counter, deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from console.run import PRODUCTS_PER_PAGE
from console.sync.page_ref import PageRef, PageSpan, Window

_CENT = Decimal("0.01")
_NARROW = 4 * _CENT
"""A window no wider than this is cut without overlap: there is no room for one."""
_FIRST_GUESS = Decimal(10)
_MOST_WINDOWS = 2_000


@dataclass
class _Open:
    """A window whose first page came."""

    window: Window
    pages: int


class PriceWindows:
    """The windows of a run: to be opened, open, to be split. `done` are (window, page) that an earlier run stored."""

    def __init__(self, windows: Sequence[Window], done: Collection[tuple[int, int]], reach_pages: int) -> None:
        self._done = done
        self._reach_pages = reach_pages
        self._opening: deque[Window] = deque(_covering(windows))
        self._highest = max((each.number for each in self._opening), default=0)
        self._open: dict[int, _Open] = {}
        self._pages: deque[PageRef] = deque()
        self.oversized: list[Window] = []
        self.unreachable: list[Window] = []

    @classmethod
    def cut(cls, reach_pages: int) -> "PriceWindows":
        """The whole catalogue, to be split."""
        windows = cls((), (), reach_pages)
        windows._opening.clear()
        windows.oversized.append(Window())
        return windows

    def reach(self, pages: int) -> None:
        """A page of a lower number was refused as well."""
        self._reach_pages = min(self._reach_pages, pages)

    def refused(self, ref: PageRef) -> bool:
        """A page of a window was refused: a run that goes on with another one does not know yet which are."""
        self.reach(ref.page - 1)
        self._pages = deque(each for each in self._pages if each.page <= self._reach_pages)
        for each in self._open.values():
            if each.pages > self._reach_pages:
                each.pages = self._reach_pages
                self._cannot_hold(each.window)
        return True

    def _cannot_hold(self, window: Window) -> bool:
        """A window holds more than can be reached: it is split, unless that is impossible."""
        can_split = window.low != window.high and self._highest < _MOST_WINDOWS
        (self.oversized if can_split else self.unreachable).append(window)
        return can_split

    @property
    def spans(self) -> tuple[PageSpan, ...]:
        """The pages of the windows that are open."""
        return tuple(PageSpan(1, each.pages, each.window) for each in self._open.values())

    def take(self) -> PageRef | None:
        """The next page: first of each window its first, which tells whether it must be split."""
        if self._opening:
            return PageRef(1, self._opening.popleft())
        return self._pages.popleft() if self._pages else None

    def came(self, ref: PageRef, total: int) -> None:
        """The first page of a window says how many products it holds."""
        if ref.page != 1 or ref.window.number in self._open:
            return
        window = ref.window
        pages = max(-(-total // PRODUCTS_PER_PAGE), 1)
        if pages > self._reach_pages:
            pages = 1 if self._cannot_hold(window) else self._reach_pages
        self._open[window.number] = _Open(window, pages)
        self._pages.extend(
            PageRef(page, window) for page in range(2, pages + 1) if (window.number, page) not in self._done
        )

    def split(self, window: Window, prices: Sequence[Decimal]) -> None:
        """Make two windows of one, each with about half of the given prices."""
        self.oversized.remove(window)
        for low, high in cut_in_two(window.low, window.high, prices):
            self._highest += 1
            self._opening.append(Window(self._highest, low, high))


def cut_in_two(
    low: Decimal | None, high: Decimal | None, prices: Sequence[Decimal]
) -> tuple[tuple[Decimal | None, Decimal | None], tuple[Decimal | None, Decimal | None]]:
    """Two narrower windows that hold everything between `low` and `high`."""
    least = _whole_cents(low or Decimal(0))
    if high is not None and high - least <= _NARROW:
        middle = _whole_cents((least + high) / 2)
        return (low, middle), (middle + _CENT, high)
    at = _best_cut(least, high, prices)
    return (low, at), (at - _CENT, high)


def _best_cut(least: Decimal, high: Decimal | None, prices: Sequence[Decimal]) -> Decimal:
    """A price to cut at, strictly inside, with half of the products on each side and as few as can be on it."""
    inside = Counter(price for price in prices if price >= least and (high is None or price <= high))
    costs: dict[Decimal, tuple[int, Decimal]] = {}
    below, everything = 0, inside.total()
    for price, count in sorted(inside.items()):
        for at, under in ((price - _CENT, below), (price + 2 * _CENT, below + count)):
            cut = _whole_cents(at)
            if least + _CENT < cut and (high is None or cut < high):
                uneven = 2 * under - everything
                twice = inside[cut] + inside[cut - _CENT]
                costs[cut] = (abs(uneven) + 2 * twice, cut if uneven > 0 else -cut)  # of equals, close to the many
        below += count
    if costs:
        return min(costs, key=costs.__getitem__)
    return least * 2 + _FIRST_GUESS if high is None else _whole_cents((least + high) / 2)


def _whole_cents(price: Decimal) -> Decimal:
    return (price / _CENT).to_integral_value(ROUND_FLOOR) * _CENT


def _covering(windows: Sequence[Window]) -> Sequence[Window]:
    """These windows, and such as fill the gaps between them: an earlier run may have been cut off at any moment."""
    filled: list[Window] = []
    number = max((each.number for each in windows), default=0)
    reached: Decimal | None = Decimal(0)
    whole = [window for window in windows if not any(_is_part(other, window) for other in windows)]
    for window in sorted(whole, key=lambda each: each.low or Decimal(0)):
        if reached is not None and (window.low or Decimal(0)) > reached + _CENT:
            number += 1
            filled.append(Window(number, reached, window.low))
        filled.append(window)
        if reached is not None:
            reached = None if window.high is None else max(reached, window.high)
    if reached is not None:
        number += 1
        filled.append(Window(number, reached, None))
    return filled


def _is_part(part: Window, window: Window) -> bool:
    """Whether one window lies in another, which was split then."""
    if (part.low, part.high) == (window.low, window.high):
        return False
    above = (part.low or Decimal(0)) >= (window.low or Decimal(0))
    below = window.high is None or (part.high is not None and part.high <= window.high)
    return above and below
