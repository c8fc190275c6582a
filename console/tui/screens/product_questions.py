"""What several screens do with one product: ask for it, and copy its id."""

from textual import work
from textual.message import Message

from console.operations.products import Overtaken, Product
from console.tui.link import Unanswered, ask
from console.tui.screens.overlay import OverlayScreen

_COPIED_SECONDS = 3.0


class ProductQuestions(OverlayScreen[None]):
    """The part of a screen that shows a product in full."""

    class ProductFetched(Message):
        """The product came, or a `remark` that there is none, or the `problem` why it did not."""

        def __init__(self, product: Product | None, remark: str | None = None, problem: str | None = None) -> None:
            super().__init__()
            self.product, self.remark, self.problem = product, remark, problem

    @work(group="product", exclusive=True, exit_on_error=False)
    async def ask_for_product(self, product_id: str) -> None:
        """Fetch it; the answer comes as `ProductFetched`, unless another product is asked for meanwhile."""
        try:
            product = await ask(self.operations.products.product(product_id), passing=Overtaken)
        except Overtaken:
            return
        except Unanswered as answer:
            self.post_message(self.ProductFetched(None, problem=str(answer)))
        else:
            self.post_message(self.ProductFetched(product, None if product else "There is no such product any more."))

    def copy(self, product_id: str) -> None:
        """Put the id into the clipboard of the terminal."""
        self.app.copy_to_clipboard(product_id)
        self.notify(f"Copied {product_id}.", timeout=_COPIED_SECONDS, markup=False)
