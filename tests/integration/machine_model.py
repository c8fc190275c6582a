"""What is known of the API without asking the engine: what it offers, what it offered once, who saw what since."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from console.run import PRODUCTS_PER_PAGE, RunStatus
from console.simulator.faults import parse_fault
from console.sync.events import PageStored, RunEvent
from tests.integration.agreement import Entry, entries_of
from tests.integration.truth import Document

DENYING = ("total-drop", "total-zero")
"""The API denies products that it has, even when it is asked for one of them by its id."""
HIDING = (*DENYING, "empty-middle", "repeat-pages", "shuffle")
"""Its pages leave out products that it has."""
TWISTING = ("bad-product", "hostile-names")
"""It shows products other than they are."""

MAX_REMOVED_PERCENT = 20.0
"""The default of SYNC_MAX_REMOVED_PERCENT."""


def strikes(faults: Collection[str], kinds: Sequence[str]) -> bool:
    """Whether one of the faults is of these kinds."""
    return any(parse_fault(fault).name.startswith(tuple(kinds)) for fault in faults)


@dataclass
class Model:
    """The promise of the API, kept by hand."""

    entries: dict[str, Entry] = field(default_factory=dict)
    """What the API offers now, as the tables must hold it."""
    order: list[str] = field(default_factory=list)
    """The ids of that, in the order of the pages."""
    withdrawn: dict[str, Document] = field(default_factory=dict)
    """What it offered once and does not now."""
    ever: set[str] = field(default_factory=set)
    ever_gone: set[str] = field(default_factory=set)
    """The ids that it has ever stopped to offer."""
    excused: set[str] = field(default_factory=set)
    """Products that are discontinued though the API has them: it denied them, or somebody approved."""
    generation: int = 0
    """How often the catalogue has moved."""
    seen_in: dict[str, int] = field(default_factory=dict)
    """The newest run that is known to have seen a product."""
    offered_since: dict[int, set[str]] = field(default_factory=dict)
    """Of each blocked run: what the API has offered at any time since."""
    honest: dict[int, int] = field(default_factory=dict)
    """Runs that saw one generation alone, as it truly is, and so did those that they go on with."""
    _documents: dict[str, Document] = field(default_factory=dict)

    def look(self, documents: Mapping[str, Document]) -> None:
        """The catalogue has moved: this is what it offers now."""
        gone = self._documents.keys() - documents.keys()
        self.ever_gone |= gone
        self.withdrawn.update({product_id: self._documents[product_id] for product_id in gone})
        for product_id in documents:
            self.withdrawn.pop(product_id, None)
        self._documents = dict(documents)
        self.entries = entries_of(documents)
        self.order = sorted(documents)
        self.ever |= documents.keys()
        for offered in self.offered_since.values():
            offered.update(documents)
        self.generation += 1

    def document(self, product_id: str) -> Document:
        """What the API says of a product that it offers."""
        return self._documents[product_id]

    def on_page(self, page: int) -> list[str]:
        """The ids of a page."""
        return self.order[(page - 1) * PRODUCTS_PER_PAGE : page * PRODUCTS_PER_PAGE]

    def saw(self, told: Sequence[RunEvent]) -> None:
        """An honest run has told which pages it has stored."""
        for event in told:
            if isinstance(event, PageStored) and not event.window:
                self.seen_in.update(dict.fromkeys(self.on_page(event.page), event.run_id))

    def ending(self, active: Collection[str]) -> RunStatus:
        """How a run over everything must end, where nothing goes wrong: with those products active before it."""
        gone = len(set(active) - self.entries.keys())
        percent = 100 * gone / max(len(self.entries.keys() | set(active)), 1)
        too_many = gone and (not self.entries or percent > MAX_REMOVED_PERCENT)
        return RunStatus.BLOCKED if too_many else RunStatus.SUCCEEDED
