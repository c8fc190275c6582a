"""The dialog that asks for a range of prices."""

from decimal import Decimal, InvalidOperation
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.widgets import Input, Static

from console.tui.dialogs.dialog import Dialog
from console.tui.drawing.look import Look
from console.tui.drawing.products import price

Range = tuple[Decimal | None, Decimal | None]


class PriceRangeDialog(Dialog[Range]):
    """Returns the lowest and the highest price in EUR; an empty field is no limit. None changes nothing."""

    TITLE_WORDS = "Prices in EUR"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "app.focus_previous", "back", id="price_previous", tooltip="The other price"),
        Binding("down", "app.focus_next", "on", id="price_next", tooltip="The other price"),
    ]

    def __init__(self, low: Decimal | None, high: Decimal | None, look: Look) -> None:
        super().__init__()
        self._low, self._high, self._look = low, high, look

    def content(self) -> ComposeResult:
        """The two fields."""
        with Container(id="prices"):
            yield Static(Content("from "))
            yield _PriceInput(self._low, id="price-from")
            yield Static(Content("  to "))
            yield _PriceInput(self._high, id="price-to")
        yield Static(Content.styled("Leave a field empty for no limit.", "$muted"), id="hint")

    def start(self) -> None:
        self.query_one("#box").border_subtitle = "Enter filters, Esc changes nothing"
        self.query_one("#price-from", Input).focus()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        low, high = (self.query_one(name, _PriceInput).amount for name in ("#price-from", "#price-to"))
        if low is not None and high is not None and low > high:
            told = f"{self._look.glyphs.bad} The first price must not be above the second."
            self.query_one("#hint", Static).update(Content.styled(told, "$error"))
            return
        self.dismiss((low, high))


class _PriceInput(Input):
    """Takes an amount with at most two decimals."""

    def __init__(self, amount: Decimal | None, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(
            price(amount).replace(",", ""), id=id, restrict=r"[0-9]{0,7}([.,][0-9]{0,2})?", max_length=10, compact=True
        )
        self.cursor_blink = False

    @property
    def amount(self) -> Decimal | None:
        """What stands in the field, if it is an amount."""
        try:
            return Decimal(self.value.replace(",", "."))
        except InvalidOperation:
            return None
