"""What a sweep has counted so far."""

from dataclasses import dataclass, field

from console.run import RunCounts
from console.store.pages import PageOutcome
from console.store.unfinished import Unfinished
from console.sync.page_ref import PageRef


@dataclass
class Tally:
    """The counts of a run while it goes; `requests` are those of the client."""

    pages_total: int = 1
    pages_done: int = 0
    pages_failed: int = 0
    requests: int = 0
    requests_before: int = 0
    """Of the run that this one goes on with."""
    retries: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    unidentified: int = 0
    """Rejected products without an id: they cannot be told from products that are gone."""
    products_total: int = 0
    """The most products that any page of the sweep has said there are: a page that says fewer may be wrong."""
    is_moving: bool = False
    """Pages of the sweep said different totals: products come and go meanwhile."""
    done: set[tuple[int, int]] = field(default_factory=set)
    """The pages that are stored, as (window, page)."""

    @classmethod
    def going_on(cls, unfinished: Unfinished) -> "Tally":
        """The counts of a run that goes on with another one."""
        counts = unfinished.report.counts
        return cls(
            pages_total=counts.pages_total,
            pages_done=len(unfinished.done),
            requests_before=counts.requests,
            retries=counts.retries,
            new=counts.products_new,
            changed=counts.products_changed,
            unchanged=counts.products_unchanged,
            rejected=counts.products_rejected,
            unidentified=unfinished.unidentified,
            done=set(unfinished.done),
        )

    @property
    def found(self) -> int:
        """Distinct products that came, rejected ones included."""
        return self.new + self.changed + self.unchanged + self.rejected

    def total_told(self, total: int) -> None:
        """A page said how many products there are."""
        self.is_moving |= self.products_total not in (0, total)
        self.products_total = max(self.products_total, total)

    def total_is(self, total: int) -> None:
        """So many products there are now, whatever the pages before have said."""
        self.products_total, self.is_moving = total, False

    def is_new(self, ref: PageRef) -> bool:
        """Whether the page was not stored before."""
        return (ref.window.number, ref.page) not in self.done

    def page_stored(self, ref: PageRef) -> None:
        """A page is in the database."""
        if self.is_new(ref):
            self.done.add((ref.window.number, ref.page))
            self.pages_done += 1

    def add(self, outcome: PageOutcome) -> None:
        """Products were stored."""
        self.new += outcome.new
        self.changed += outcome.changed
        self.unchanged += outcome.unchanged
        self.rejected += outcome.rejected
        self.unidentified += outcome.unidentified

    @property
    def counts(self) -> RunCounts:
        """As they are told."""
        return RunCounts(
            pages_total=self.pages_total,
            pages_done=self.pages_done,
            pages_failed=self.pages_failed,
            requests=self.requests_before + self.requests,
            retries=self.retries,
            products_seen=self.new + self.changed + self.unchanged,
            products_new=self.new,
            products_changed=self.changed,
            products_unchanged=self.unchanged,
            products_rejected=self.rejected,
        )
