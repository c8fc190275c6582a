"""What a sweep has counted so far."""

from dataclasses import dataclass

from console.run import RunCounts
from console.store.pages import PageOutcome


@dataclass
class Tally:
    """The counts of a run while it goes; `requests` are those of the client."""

    pages_total: int = 1
    pages_done: int = 0
    pages_failed: int = 0
    requests: int = 0
    retries: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    unidentified: int = 0
    """Rejected products without an id: they cannot be told from products that are gone."""

    def add(self, outcome: PageOutcome) -> None:
        """A page was stored."""
        self.pages_done += 1
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
            requests=self.requests,
            retries=self.retries,
            products_seen=self.new + self.changed + self.unchanged,
            products_new=self.new,
            products_changed=self.changed,
            products_unchanged=self.unchanged,
            products_rejected=self.rejected,
        )
