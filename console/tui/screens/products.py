"""The screen on which products are looked for: words on top, what is found below, and beside it the chosen one."""

from typing import ClassVar

from msgspec.structs import asdict, replace
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.message import Message
from textual.widgets import Input

from console.operations.products import Found, Overtaken, Query
from console.text import clean
from console.tui.actions import bindings, products
from console.tui.link import Unanswered, ask
from console.tui.screens.overlay import Context
from console.tui.screens.product import ProductScreen
from console.tui.screens.product_filters import ProductFilters
from console.tui.screens.product_questions import ProductQuestions
from console.tui.state.model import Part
from console.tui.state.page_cache import PAGE
from console.tui.state.remembered import products_query
from console.tui.state.situation import Access
from console.tui.widgets.moving import MovingFrame
from console.tui.widgets.products import Chips, ProductFrame, SheetFrame
from console.tui.widgets.search_input import SearchInput

_BESIDE = 140
"""Columns from which the chosen product is shown beside the list."""


class ProductsSituation(Access, frozen=True, kw_only=True):
    """What decides which keys work here: those that are letters only where they are not typed."""

    typing: bool
    has_problem: bool
    can_move: bool
    has_chosen: bool
    is_filtered: bool


class ProductsScreen(ProductFilters, ProductQuestions):
    """Searches as one types. What is overtaken by another search is never shown."""

    ACTIONS = products.ACTIONS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(products.ACTIONS)]
    AUTO_FOCUS = "SearchInput"

    class PageFetched(Message):
        """A page of what is found came."""

        def __init__(self, query: Query, page: int, found: Found) -> None:
            super().__init__()
            self.query, self.page, self.found = query, page, found

    class Counted(Message):
        """So many products are found, and so many cannot be yet."""

        def __init__(self, query: Query, total: int, unindexed: int) -> None:
            super().__init__()
            self.query, self.total, self.unindexed = query, total, unindexed

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.input = SearchInput(id="words", placeholder="type words of a name, or an id")
        self.chips = Chips(context.look)
        self.frame = ProductFrame(context.look)
        self.sheet = SheetFrame(context.look, context.clock)
        self._last_run = self._ended_run()
        self._beside: str | None = None

    def content(self) -> ComposeResult:
        """From top to bottom."""
        yield self.input
        yield self.chips
        with Container(id="found"):
            yield self.frame
            yield self.sheet

    @property
    def moved(self) -> MovingFrame:
        """The list."""
        return self.frame

    @property
    def situation(self) -> ProductsSituation:
        """What decides which keys work."""
        query = self.frame.list.query
        return ProductsSituation(
            **asdict(self.model.access),
            typing=self.focused is self.input,
            has_problem=self.frame.problem is not None or self.sheet.problem is not None,
            can_move=self.frame.can_move,
            has_chosen=self.frame.list.chosen is not None,
            is_filtered=query != Query(),
        )

    def engine_told(self, parts: Part) -> None:
        """After a run has ended the catalogue is another one."""
        super().engine_told(parts)
        ended = self._ended_run()
        if ended != self._last_run:
            self._last_run = ended
            self._beside = None
            self.frame.active_products = self._active_products
            self.frame.renew()
            self._count(self.frame.list.query)
            self._follow()

    def _ended_run(self) -> tuple[object, int]:
        snapshot = self.model.snapshot
        return (snapshot.last_run if snapshot else None, self._active_products)

    @property
    def _active_products(self) -> int:
        return self.model.snapshot.active_products if self.model.snapshot else 0

    # -- asking ----------------------------------------------------------------------------------------------------

    @on(events.Mount)
    def _start(self) -> None:
        self.frame.first_run = self.first_run
        self.frame.active_products = self._active_products
        kept = self.context.preferences.current
        query = products_query(kept.products)
        self.chips.category = None if kept.category is None or query.category is None else clean(kept.category)
        if query != Query(sort=query.sort):
            key = self.look.key("clear_typing", "products")
            self.notify(f"The filters of the last time are in force, in the line below the words. {key} clears them.")
        self.look_for(query)

    @on(Input.Changed, "#words")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.look_for(replace(self.frame.list.query, text=event.value))

    def look_for(self, query: Query) -> None:
        """Show what is found for this query."""
        if query == self.frame.list.query and self.frame.list.is_fresh:
            return
        self.chips.asked = query
        self.chips.redraw()
        self.frame.look_for(query)
        self._remember(replace(query, text=""))

    def _remember(self, query: Query) -> None:
        preferences, category = self.context.preferences, self.chips.category
        if query != preferences.current.products or category != preferences.current.category:
            preferences.change(products=query, category=category)

    @on(ProductFrame.Wanted)
    def _fetch(self, message: ProductFrame.Wanted) -> None:
        message.stop()
        if message.query == self.frame.list.query:
            self._ask_for(message.query, message.page)

    @work(group="products", exit_on_error=False)
    async def _ask_for(self, query: Query, page: int) -> None:
        try:
            found = await self._answer(query, page)
        except Overtaken:
            return
        except Unanswered as answer:
            self.post_message(self.Refused(query, str(answer)))
        else:
            self.post_message(self.PageFetched(query, page, found))

    async def _answer(self, query: Query, page: int) -> Found:
        return await ask(self.operations.products.search(query, PAGE, page * PAGE), passing=Overtaken)

    @on(PageFetched)
    def _show(self, message: PageFetched) -> None:
        shown = self.frame.list
        if message.query != shown.query:
            return
        is_first = not shown.is_fresh
        self.frame.take(message.query, message.page, message.found)
        if is_first and shown.total is None:
            self._count(message.query)

    @work(group="counting", exclusive=True, exit_on_error=False)
    async def _count(self, query: Query) -> None:
        try:
            total = await ask(self.operations.products.count(query), passing=Overtaken)
            unindexed = await ask(self.operations.products.unindexed())
        except (Overtaken, Unanswered):
            return  # the list is there, and says that there are more
        self.post_message(self.Counted(query, total, unindexed))

    @on(Counted)
    def _show_count(self, message: Counted) -> None:
        self.frame.unindexed = message.unindexed
        self.frame.count(message.query, message.total)

    @on(ProductFilters.Refused)
    def _say(self, message: ProductFilters.Refused) -> None:
        if message.query == self.frame.list.query:
            self.frame.fail(message.reason)
            self.footer().redraw()

    # -- the product beside the list -------------------------------------------------------------------------------

    @on(ProductFrame.Chosen)
    def _follow(self) -> None:
        self.footer().redraw()
        chosen = self.frame.list.chosen
        if not self.has_class("-beside") or (chosen and chosen.product_id == self._beside):
            return
        self._beside = chosen.product_id if chosen else None
        if chosen is None:
            self.sheet.show(None, "No product is chosen.")
        else:
            self.ask_for_product(chosen.product_id)

    @on(ProductQuestions.ProductFetched)
    def _show_product(self, message: ProductQuestions.ProductFetched) -> None:
        self.sheet.show(message.product, message.remark, message.problem)
        self.footer().redraw()

    @on(events.Resize)
    def _arrange(self) -> None:
        self.set_class(self.app.size.width >= _BESIDE, "-beside")
        self.call_after_refresh(self._follow)

    # -- the list --------------------------------------------------------------------------------------------------

    @on(Input.Submitted, "#words")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_to_list()

    def action_to_list(self) -> None:
        """Go to the list."""
        self.frame.focus()

    def action_type(self) -> None:
        """Go to the words."""
        self.input.focus()

    @on(ProductFrame.Opened)
    def action_open(self) -> None:
        """Show the chosen product in full."""
        chosen = self.frame.list.chosen
        if chosen is not None:
            self.app.push_screen(ProductScreen(self.context, chosen.product_id))

    def action_ask_again(self) -> None:
        """Ask again for what did not come."""
        self.frame.ask_again()
        self._beside = None
        self._follow()

    def action_copy(self) -> None:
        """Copy the id of the chosen product."""
        chosen = self.frame.list.chosen
        if chosen is not None:
            self.copy(chosen.product_id)

    def action_up(self) -> None:
        """Choose the product before; before the first are the words."""
        if self.frame.list.at == 0:
            self.action_type()
        else:
            super().action_up()
