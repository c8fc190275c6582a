"""The keys by which the products that are looked for become fewer: lists to pick from, a range of prices, the order."""

from typing import TypeVar

from msgspec.structs import replace
from textual import on, work
from textual.message import Message
from textual.widgets import Input

from console.operations.products import Facet, FacetValue, Overtaken, Query, Sort, Standing
from console.tui.dialogs.pick import PickDialog
from console.tui.dialogs.price_range import PriceRangeDialog, Range
from console.tui.link import Unanswered, ask
from console.tui.screens.overlay import OverlayScreen
from console.tui.widgets.products import Chips, ProductFrame
from console.tui.widgets.search_input import SearchInput

_T = TypeVar("_T")

_ALL = FacetValue(key="", name="all of them", count=0)


class ProductFilters(OverlayScreen[None]):
    """The part of the products screen that asks what to leave out."""

    input: SearchInput
    chips: Chips
    frame: ProductFrame

    class Refused(Message):
        """The engine did not tell; `reason` says why."""

        def __init__(self, query: Query, reason: str) -> None:
            super().__init__()
            self.query, self.reason = query, reason

    class FacetListed(Message):
        """What can be picked came."""

        def __init__(self, facet: Facet, values: tuple[FacetValue, ...]) -> None:
            super().__init__()
            self.facet, self.values = facet, values

    def look_for(self, query: Query) -> None:
        """Show what is found for this query."""
        raise NotImplementedError

    def action_platform(self) -> None:
        """Pick a platform."""
        self._list_facet(Facet.PLATFORM)

    def action_region(self) -> None:
        """Pick a region."""
        self._list_facet(Facet.REGION)

    def action_category(self) -> None:
        """Pick a category."""
        self._list_facet(Facet.CATEGORY)

    @work(group="facet", exclusive=True, exit_on_error=False)
    async def _list_facet(self, facet: Facet) -> None:
        query = self.frame.list.query
        try:
            values = await ask(self.operations.products.facet(query, facet), passing=Overtaken)
        except Overtaken:
            return
        except Unanswered as answer:
            self.post_message(self.Refused(query, str(answer)))
        else:
            self.post_message(self.FacetListed(facet, values))

    @on(FacetListed)
    def _pick(self, message: FacetListed) -> None:
        if not self.is_current:  # the operator has gone elsewhere meanwhile
            return
        every = replace(_ALL, count=sum(each.count for each in message.values))
        choices = (every, *message.values)

        def picked(value: FacetValue | None) -> None:
            if value is not None:
                self._filter_by(message.facet, None if value is every else value)

        self.app.push_screen(PickDialog(f"Which {message.facet}?", choices), picked)

    def _filter_by(self, facet: Facet, value: FacetValue | None) -> None:
        query = self.frame.list.query
        if facet is Facet.CATEGORY:
            self.chips.category = value.name if value else None
            self.look_for(replace(query, category=int(value.key) if value else None))
        elif facet is Facet.PLATFORM:
            self.look_for(replace(query, platform=value.key if value else None))
        else:
            self.look_for(replace(query, region=value.key if value else None))

    def action_standing(self) -> None:
        """Active products, those that are gone, or all."""
        query = self.frame.list.query
        self.look_for(replace(query, standing=_next(list(Standing), query.standing)))

    def action_sort(self) -> None:
        """The next order."""
        query = self.frame.list.query
        self.look_for(replace(query, sort=_next(list(Sort), query.sort)))

    def action_price(self) -> None:
        """Ask for a range of prices."""
        query = self.frame.list.query

        def told(prices: Range | None) -> None:
            if prices is not None:
                self.look_for(replace(self.frame.list.query, price_from=prices[0], price_to=prices[1]))

        self.app.push_screen(PriceRangeDialog(query.price_from, query.price_to, self.look), told)

    def action_clear_typing(self) -> None:
        """The same, while one types."""
        self.action_clear()

    def action_clear(self) -> None:
        """Everything, by name."""
        self.chips.category = None
        with self.input.prevent(Input.Changed):
            self.input.value = ""
        self.look_for(Query())


def _next(values: list[_T], value: _T) -> _T:
    return values[(values.index(value) + 1) % len(values)]
