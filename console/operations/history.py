"""What can be asked about the runs that there were: which, how they went, and what each of them found."""

from typing import Protocol

import msgspec

from console.history import ChangeOrder, ProductChange, Rejected, RunFilter, RunPoint
from console.run import Change, PageState, RunReport


class RunList(msgspec.Struct, frozen=True, kw_only=True):
    """Some of the runs, newest first, and how many there are."""

    total: int
    runs: tuple[RunReport, ...]


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """How a page of a run went; `window` is its price window, such as `1.99 to 5.00 EUR`, where there were any."""

    page: int
    window: str | None
    state: PageState
    attempts: int
    products: int
    duration_ms: int
    error: str | None

    @property
    def name(self) -> str:
        """How people are told of it: `page 57`, or `page 3 of 1.99 to 5.00 EUR`."""
        return f"page {self.page} of {self.window}" if self.window else f"page {self.page}"


class PageList(msgspec.Struct, frozen=True, kw_only=True):
    """Some of a run's pages, in their order, and how many there are."""

    total: int
    pages: tuple[Page, ...]


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Something that went wrong in a run, with what G2A sent where it sent anything.

    `page` is None where it concerns the whole run, `attempts` where the page had been stored and only a second look
    at it failed.
    """

    page: int | None
    window: str | None
    attempts: int | None
    error: str

    @property
    def name(self) -> str:
        """How people are told where it was."""
        if self.page is None:
            return "the run"
        return f"page {self.page} of {self.window}" if self.window else f"page {self.page}"


class FaultList(msgspec.Struct, frozen=True, kw_only=True):
    """Some of what went wrong in a run, and how much there is."""

    total: int
    faults: tuple[Fault, ...]


class RejectedList(msgspec.Struct, frozen=True, kw_only=True):
    """Some of the products that a run could not store, and how many there are."""

    total: int
    products: tuple[Rejected, ...]


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What changed: how many products in which way, and some of them."""

    by_kind: dict[Change, int]
    listed: tuple[ProductChange, ...]

    @property
    def total(self) -> int:
        """How many there are of all kinds, listed or not."""
        return sum(self.by_kind.values())

    def count(self, kind: Change | None) -> int:
        """How many there are of this kind, or of all."""
        return self.total if kind is None else self.by_kind.get(kind, 0)


class History(Protocol):
    """What can be asked about runs, from any loop. Every method raises Refused where the answer is no."""

    async def runs(self, wanted: RunFilter, limit: int, offset: int = 0) -> RunList:
        """The runs, newest first."""
        ...

    async def trend(self, wanted: RunFilter, limit: int) -> tuple[RunPoint, ...]:
        """The newest runs, oldest first, as a chart shows them."""
        ...

    async def people(self) -> tuple[str, ...]:
        """Everybody who ever asked for a run."""
        ...

    async def run(self, run_id: int) -> RunReport:
        """One run. Refused where there is no such run."""
        ...

    async def neighbour(self, run_id: int, wanted: RunFilter, *, newer: bool) -> RunReport | None:
        """The next newer or older of these runs, or None where this one is the last of them."""
        ...

    async def pages(self, run_id: int, limit: int, offset: int = 0, state: PageState | None = None) -> PageList:
        """The run's pages (in this state)."""
        ...

    async def faults(self, run_id: int, limit: int, offset: int = 0) -> FaultList:
        """What went wrong in the run."""
        ...

    async def rejected(self, run_id: int, limit: int, offset: int = 0) -> RejectedList:
        """The products that the run could not store, each with its document."""
        ...

    async def changes(
        self,
        run_id: int,
        limit: int,
        offset: int = 0,
        *,
        kind: Change | None = None,
        order: ChangeOrder = ChangeOrder.FOUND,
    ) -> Changes:
        """What the run changed (in this way); all of it is counted."""
        ...
