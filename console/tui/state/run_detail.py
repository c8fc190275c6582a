"""What somebody looks at of one run: a section, its list, and the item of it that is opened."""

import enum
from typing import Any

import msgspec

from console.history import ChangeOrder, ProductChange, Rejected
from console.operations.history import Fault, Page
from console.run import Change, RunReport
from console.tui.state.paged_list import PagedList

Item = Page | Fault | Rejected | ProductChange


class Section(enum.StrEnum):
    """The sections of a run, in the order of their keys."""

    SUMMARY = "summary"
    PAGES = "pages"
    ERRORS = "errors"
    REJECTED = "rejected"
    CHANGES = "changes"


LISTS = (Section.PAGES, Section.ERRORS, Section.REJECTED, Section.CHANGES)

_ORDERS = tuple(ChangeOrder)


class Question(msgspec.Struct, frozen=True):
    """A list that is asked for: an answer to any other one came too late."""

    run_id: int
    section: Section
    kind: Change | None = None
    order: ChangeOrder = ChangeOrder.FOUND


class RunDetail:
    """`is_open`: the chosen item has the room of the list, scrolled by `scroll` lines, as the summary is."""

    def __init__(self, report: RunReport, order: ChangeOrder = ChangeOrder.FOUND) -> None:
        self.section = Section.SUMMARY
        self.kind: Change | None = None
        self.order = order
        self.show(report)

    def show(self, report: RunReport) -> None:
        """Look at another run, in the same section."""
        self.report = report
        self.kind = None
        self.by_kind: dict[Change, int] | None = None
        self.lists: dict[Section, PagedList[Any]] = {section: PagedList() for section in LISTS}
        self.is_open = False
        self.scroll = 0
        self.problem: str | None = None

    def update(self, report: RunReport) -> None:
        """The same run has got on: its lists are asked for anew."""
        self.report = report
        for each in self.lists.values():
            each.renew()

    @property
    def list(self) -> PagedList[Any] | None:
        """The list of the section, where it has one."""
        return self.lists.get(self.section)

    @property
    def chosen(self) -> Item | None:
        """The chosen item of the list."""
        return self.list.chosen if self.list is not None else None

    @property
    def question(self) -> Question:
        """What the list of the section asks for."""
        if self.section is not Section.CHANGES:
            return Question(self.report.run_id, self.section)
        return Question(self.report.run_id, self.section, self.kind, self.order)

    def go(self, section: Section) -> None:
        """Look at another section."""
        self.section, self.is_open, self.scroll, self.problem = section, False, 0, None

    def go_on(self, steps: int) -> None:
        """Look at the next section, or the one before; after the last comes the first."""
        sections = tuple(Section)
        self.go(sections[(sections.index(self.section) + steps) % len(sections)])

    def sort(self) -> None:
        """Put the changes into the next order."""
        self._ask_anew(_ORDERS[(_ORDERS.index(self.order) + 1) % len(_ORDERS)], self.kind)

    def next_kind(self) -> None:
        """Show the next kind of changes that there is, after the last all of them."""
        kinds = [None, *(self.by_kind or {})]
        self._ask_anew(self.order, kinds[(kinds.index(self.kind) + 1) % len(kinds)])

    def _ask_anew(self, order: ChangeOrder, kind: Change | None) -> None:
        self.order, self.kind = order, kind
        self.lists[Section.CHANGES] = PagedList()
        self.is_open, self.scroll, self.problem = False, 0, None

    def open(self) -> None:
        """Give the chosen item the room."""
        self.is_open, self.scroll = True, 0

    def close(self) -> None:
        """Go back to the list."""
        self.is_open, self.scroll = False, 0

    def ask_again(self) -> None:
        """Ask for what did not come."""
        if self.problem is not None and self.list is not None:
            self.problem = None
            self.list.ask_again()

    def count(self, section: Section) -> int | None:
        """How many items the section has; as the run tells until they were asked for, None where it does not."""
        known = self.lists[section].total if section in self.lists else None
        if section is Section.CHANGES and self.by_kind is not None:
            return sum(self.by_kind.values())
        counts = self.report.counts
        told = {
            Section.PAGES: counts.pages_done + counts.pages_failed,
            Section.ERRORS: max(counts.pages_failed, len(self.report.errors)),
            Section.REJECTED: counts.products_rejected,
        }
        return known if known is not None else told.get(section)
