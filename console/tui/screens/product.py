"""The screen that shows one product in full."""

from dataclasses import asdict, dataclass
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message

from console.operations.products import Overtaken, Product
from console.tui.actions import bindings
from console.tui.actions.products import SHEET_ACTIONS
from console.tui.link import Unanswered, ask
from console.tui.screens.overlay import Context, OverlayScreen
from console.tui.state.situation import Standing
from console.tui.widgets.moving import MovingFrame
from console.tui.widgets.products import SheetFrame

COPIED_SECONDS = 3.0


@dataclass(frozen=True, kw_only=True)
class SheetSituation(Standing):
    """What decides which keys work here."""

    can_move: bool


class ProductScreen(OverlayScreen[None]):
    """Fetches the product and shows it."""

    ACTIONS = SHEET_ACTIONS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(SHEET_ACTIONS)]

    class Fetched(Message):
        """The product came, or why it did not."""

        def __init__(self, product: Product | None, problem: str | None) -> None:
            super().__init__()
            self.product = product
            self.problem = problem

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
        return SheetSituation(**asdict(self.model.standing), can_move=self.frame.can_move)

    @on(events.Mount)
    def _start(self) -> None:
        self._fetch()

    @work(group="product", exclusive=True, exit_on_error=False)
    async def _fetch(self) -> None:
        try:
            product = await ask(self.operations.products.product(self._product_id), passing=Overtaken)
        except Overtaken:
            return
        except Unanswered as answer:
            self.post_message(self.Fetched(None, str(answer)))
        else:
            self.post_message(self.Fetched(product, None if product else "There is no such product any more."))

    @on(Fetched)
    def _show(self, message: Fetched) -> None:
        self.frame.show(message.product, message.problem)
        self.footer().redraw()

    # -- actions ---------------------------------------------------------------------------------------------------

    def action_copy(self) -> None:
        """Copy the id."""
        self.app.copy_to_clipboard(self._product_id)
        self.notify(f"Copied {self._product_id}.", timeout=COPIED_SECONDS, markup=False)
