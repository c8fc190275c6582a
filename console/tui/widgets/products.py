"""The list of products that were found, the filters above it, and the sheet of one product."""

from collections.abc import Sequence

from textual import events, on
from textual.message import Message

from console.clock import Clock
from console.operations.products import Found, Product, Query, sought_words
from console.tui.drawing import product_sheet, products
from console.tui.drawing.line import BLANK, Line, Span, line, wrap
from console.tui.drawing.look import Look
from console.tui.drawing.trouble import trouble
from console.tui.drawing.words import number
from console.tui.state.product_list import ProductList
from console.tui.theme import Role
from console.tui.widgets.canvas import Canvas
from console.tui.widgets.moving import MovingFrame
from console.tui.widgets.scrolling import ScrollingFrame


class Chips(Canvas):
    """The filters and the order, in one line."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, id="chips")
        self.asked = Query()
        self.category: str | None = None

    def picture(self, cells: int, _rows: int) -> Sequence[Line]:
        """The one line."""
        return [products.chips(self.asked, self.category, self.look, cells)]


class ProductFrame(MovingFrame, can_focus=True):
    """The products, a line each; it asks for those that come into sight, and has a cursor."""

    class Wanted(Message):
        """Products came into sight that have not been fetched."""

        def __init__(self, query: Query, page: int) -> None:
            super().__init__()
            self.query = query
            self.page = page

    class Chosen(Message):
        """The cursor is on another product, or the products are others."""

        def can_replace(self, message: Message) -> bool:
            """Only the newest counts."""
            return isinstance(message, ProductFrame.Chosen)

    class Opened(Message):
        """A product was clicked that was chosen already."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Products", id="products")
        self.list = ProductList()
        self.first_run = ""
        """What to do where there is no product yet."""
        self.active_products = 0
        self.unindexed = 0
        self.problem: str | None = None
        self._seen = 1

    def look_for(self, query: Query) -> None:
        """Show what is found for another query, once it comes."""
        self.list.look_for(query)
        self.problem = None
        self.redraw()

    def take(self, query: Query, page: int, found: Found) -> None:
        """A page of products came."""
        self.list.take(query, page, found)
        self.problem = None
        self._moved()

    def count(self, query: Query, total: int) -> None:
        """So many are found."""
        self.list.count(query, total)
        self._moved()

    def ask_again(self) -> None:
        """Ask for what did not come."""
        self.problem = None
        self.list.ask_again()
        self.redraw()

    def fail(self, reason: str) -> None:
        """A page did not come; moving asks again."""
        self.problem = reason
        self.redraw()

    def renew(self) -> None:
        """The catalogue has changed."""
        self.problem = None
        self.list.renew()
        self.redraw()

    # -- drawing ---------------------------------------------------------------------------------------------------

    def content(self, cells: int, rows: int) -> Sequence[Line]:
        """The headings stay, the products scroll below them."""
        shown, look = self.list, self.look
        head: list[Line] = []
        if self.problem is not None:
            head = trouble(self.problem, look, "products", cells)
        elif shown.total == 0 and shown.is_fresh:
            told = products.nothing(shown.query, self.active_products, self.first_run, look)
            pieces = [piece for each in told for piece in wrap(each, cells, 3, look.glyphs.ellipsis)]
            head = [line(Span(piece, Role.STRONG if at == 0 else Role.MUTED)) for at, piece in enumerate(pieces)]
        elif not shown.reach:
            head = [line(Span(f"looking{look.glyphs.ellipsis}", Role.MUTED))]
        else:
            head = [products.headings(look, cells)]
        self._seen = max(rows - len(head), 1)
        shown.keep_in_sight(self._seen)
        for page in shown.ask(self._seen):
            self.post_message(self.Wanted(shown.query, page))
        words = sought_words(shown.query.text)
        return [
            *head,
            *(
                products.row(each, words, look, cells, is_chosen=self.has_focus and shown.top + at == shown.at)
                for at, each in enumerate(shown.visible(self._seen))
            ),
        ]

    def remark(self) -> Line:
        """How many products are found."""
        shown = self.list
        if not shown.is_fresh:
            return BLANK
        told = number(shown.total) if shown.total is not None else f"more than {number(shown.reach)}"
        late = f", {number(self.unindexed)} more can be found soon" if self.unindexed else ""
        return (Span(f"{told} found{late}", Role.TEXT),)

    def footnote(self) -> Line:
        """Which of them is chosen."""
        shown = self.list
        if not shown.reach:
            return BLANK
        total = number(shown.total) if shown.total is not None else f"more than {number(shown.reach)}"
        return (Span(f"{number(shown.at + 1)} of {total}", Role.MUTED),)

    # -- moving ----------------------------------------------------------------------------------------------------

    @property
    def can_move(self) -> bool:
        """Whether up and down do something."""
        return self.problem is not None or self.list.reach > 0

    @property
    def page(self) -> int:
        """The products that are seen at once."""
        return self._seen

    def move(self, by: int) -> None:
        """Choose the product so many further down, or up where negative."""
        if self.problem is not None:
            self.ask_again()
        self.list.move(by, self._seen)
        self._moved()

    def move_to_end(self, *, first: bool) -> None:
        """Choose the first product, or the last."""
        self.move(-self.list.reach if first else self.list.reach)

    def _moved(self) -> None:
        self.redraw()
        self.post_message(self.Chosen())

    def watch_has_focus(self, _has_focus: bool) -> None:
        """The border and the cursor show the focus."""
        self.draw_anew()
        self.post_message(self.Chosen())

    @on(events.Click)
    def _clicked(self, event: events.Click) -> None:
        place = self.list.top + event.y - 2
        if not 0 <= place < self.list.reach or event.y < 2:  # noqa: PLR2004 - the border and the headings
            return
        if place == self.list.at:
            self.post_message(self.Opened())
        else:
            self.move(place - self.list.at)


class SheetFrame(ScrollingFrame):
    """One product in full."""

    def __init__(self, look: Look, clock: Clock, *, id: str = "sheet") -> None:  # noqa: A002 - Textual's own name
        super().__init__(look, "Product", id=id)
        self.product: Product | None = None
        self.remarked: str | None = None
        self.problem: str | None = None
        self._clock = clock

    def show(self, product: Product | None, remarked: str | None = None, problem: str | None = None) -> None:
        """Show another product from its beginning, or say why there is none; a `problem` can be asked about again."""
        if product is None or self.product is None or product.line.product_id != self.product.line.product_id:
            self.top = 0
        self.product, self.remarked, self.problem = product, remarked, problem
        self.redraw()

    def content(self, cells: int, rows: int) -> Sequence[Line]:
        """All that is known of the product, or why there is nothing."""
        if self.problem is not None:
            return trouble(self.problem, self.look, "product", cells, rows)
        if self.product is None:
            told = self.remarked or f"looking{self.look.glyphs.ellipsis}"
            return [line(Span(piece, Role.MUTED)) for piece in wrap(told, cells, rows, self.look.glyphs.ellipsis)]
        return product_sheet.draw(self.product, self.look, self._clock.now(), cells)
