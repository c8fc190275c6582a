"""Which page is meant: its number, and the price window that it is a page of, where the catalogue is cut into such."""

from decimal import Decimal

import msgspec


class Window(msgspec.Struct, frozen=True):
    """Products by their price in EUR, both ends included; None is no limit. Number 0 is the whole catalogue."""

    number: int = 0
    low: Decimal | None = None
    high: Decimal | None = None

    def __str__(self) -> str:
        if self.low is None and self.high is None:
            return "all prices"
        if self.low is None:
            return f"{self.high} EUR and less"
        if self.high is None:
            return f"{self.low} EUR and more"
        return f"{self.low} to {self.high} EUR" if self.low != self.high else f"{self.low} EUR"


WHOLE = Window()


class PageRef(msgspec.Struct, frozen=True):
    """A page of a window."""

    page: int
    window: Window = WHOLE

    @property
    def name(self) -> str:
        """How people are told of it: `page 57`, or `page 3 of 1.99 to 5.00 EUR`."""
        return f"page {self.page} of {self.window}" if self.window.number else f"page {self.page}"


class PageSpan(msgspec.Struct, frozen=True):
    """The pages `first` to `last` of a window."""

    first: int
    last: int
    window: Window = WHOLE

    def __len__(self) -> int:
        return max(self.last - self.first + 1, 0)
