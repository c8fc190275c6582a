"""The list of what a blocked run would have removed; it asks for the products that come into sight."""

from collections.abc import Sequence

from textual.message import Message

from console.operations.protocol import Removals
from console.run import RunReport
from console.tui.drawing import removals
from console.tui.drawing.line import BLANK, Line, Span, line
from console.tui.drawing.look import Look
from console.tui.drawing.outcome import products
from console.tui.drawing.trouble import trouble
from console.tui.drawing.words import number, part_of
from console.tui.state.removal_list import RemovalList
from console.tui.theme import Role
from console.tui.widgets.moving import MovingFrame

_BORDER = 9
"""Cells of the upper border that are neither title nor remark."""


class RemovalFrame(MovingFrame):
    """Why the run was blocked, and the products; it scrolls by products, not by lines."""

    class Wanted(Message):
        """Products came into sight that have not been fetched."""

        def __init__(self, page: int) -> None:
            super().__init__()
            self.page = page

    def __init__(self, report: RunReport, look: Look) -> None:
        super().__init__(look, f"What run {report.run_id} would remove", id="removals")
        self.list = RemovalList()
        self._report = report
        self.problem: str | None = None
        self._seen = 1

    def take(self, page: int, told: Removals) -> None:
        """A page of products came."""
        self.list.take(page, told)
        self.problem = None
        self.redraw()

    def ask_again(self) -> None:
        """Ask for what did not come."""
        self.problem = None
        self.list.ask_again()
        self.redraw()

    def fail(self, reason: str) -> None:
        """A page did not come; moving asks again."""
        self.problem = reason
        self.redraw()

    # -- drawing ---------------------------------------------------------------------------------------------------

    def content(self, cells: int, rows: int) -> Sequence[Line]:
        """The head stays, the products scroll below it."""
        shown, look = self.list, self.look
        head = removals.head(self._report, shown, look, cells, rows)
        if self.problem is not None:
            head += trouble(self.problem, look, "removals", cells)
        elif shown.total is None:
            head.append(line(Span(f"asking the engine{look.glyphs.ellipsis}", Role.MUTED)))
        self._seen = max((rows - len(head)) // removals.lines_each(cells), 1)
        shown.scroll(0, self._seen)
        for page in shown.ask(self._seen):
            self.post_message(self.Wanted(page))
        return [*head, *removals.rows_of(shown.visible(self._seen), look, cells)]

    def remark(self) -> Line:
        """How many products there are."""
        total = self.list.total
        if total is None:
            return BLANK
        told = products(total)
        fits = len(told) + len(self.title_words) + _BORDER <= self.size.width
        return (Span(told if fits else number(total), Role.TEXT),)

    def footnote(self) -> Line:
        """Which products are seen."""
        shown = self.list
        if not shown.total:
            return BLANK
        return (Span(part_of(shown.top, self._seen, shown.total), Role.MUTED),)

    # -- moving ----------------------------------------------------------------------------------------------------

    @property
    def can_move(self) -> bool:
        """Whether up and down do something: there are more products than are seen, or they must be asked for again."""
        return self.problem is not None or (self.list.total or 0) > self._seen

    @property
    def page(self) -> int:
        """The products that are seen at once."""
        return self._seen

    def move(self, by: int) -> None:
        """Go down by so many products, or up where negative."""
        if self.problem is not None:
            self.ask_again()
        self.list.scroll(by, self._seen)
        self.redraw()

    def move_to_end(self, *, first: bool) -> None:
        """Go to the first product, or to the last."""
        total = self.list.total or 0
        self.move(-total if first else total)
