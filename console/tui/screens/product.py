"""The screen that shows one product in full."""

from typing import ClassVar

from msgspec.structs import asdict
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType

from console.tui.actions import bindings
from console.tui.actions.products import SHEET_ACTIONS
from console.tui.screens.overlay import Context
from console.tui.screens.product_questions import ProductQuestions
from console.tui.state.situation import Access
from console.tui.widgets.moving import MovingFrame
from console.tui.widgets.products import SheetFrame


class SheetSituation(Access, frozen=True, kw_only=True):
    """What decides which keys work here."""

    can_move: bool
    has_problem: bool


class ProductScreen(ProductQuestions):
    """Fetches the product and shows it."""

    ACTIONS = SHEET_ACTIONS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(SHEET_ACTIONS)]

    def __init__(self, context: Context, product_id: str) -> None:
        super().__init__(context)
        self._product_id = product_id
        self.frame = SheetFrame(context.look, context.clock)

    def content(self) -> ComposeResult:
        """The sheet."""
        yield self.frame

    @property
    def moved(self) -> MovingFrame:
        """The sheet."""
        return self.frame

    @property
    def situation(self) -> SheetSituation:
        """What decides which keys work."""
        has_problem = self.frame.problem is not None
        return SheetSituation(**asdict(self.model.access), can_move=self.frame.can_move, has_problem=has_problem)

    @on(events.Mount)
    def _start(self) -> None:
        self.ask_for_product(self._product_id)

    @on(ProductQuestions.ProductFetched)
    def _show(self, message: ProductQuestions.ProductFetched) -> None:
        self.frame.show(message.product, message.remark, message.problem)
        self.footer().redraw()

    # -- actions ---------------------------------------------------------------------------------------------------

    def action_ask_again(self) -> None:
        """Ask again for what did not come."""
        self.ask_for_product(self._product_id)

    def action_copy(self) -> None:
        """Copy the id."""
        self.copy(self._product_id)
