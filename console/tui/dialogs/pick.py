"""The dialog in which one of many values is picked, by typing some of it."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from console.operations.products import FacetValue, is_found, sought_words
from console.text import legible
from console.tui.dialogs.dialog import Dialog
from console.tui.drawing.words import number
from console.tui.widgets.options import Options
from console.tui.widgets.search_input import SearchInput


class PickDialog(Dialog[FacetValue]):
    """Returns the value, or None. Typing keeps those with the typed words; Up and Down choose, Enter takes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "step(1)", "down", id="pick_down", tooltip="The next value"),
        Binding("up", "step(-1)", "up", id="pick_up", tooltip="The value before"),
    ]

    def __init__(self, title: str, values: Sequence[FacetValue]) -> None:
        super().__init__()
        self._title = title
        self._values = values
        self._shown: list[FacetValue] = []

    def content(self) -> ComposeResult:
        """The field, and the values."""
        yield SearchInput(id="pick-words", placeholder="type some of it")
        yield Options(id="pick-values")

    def start(self) -> None:
        box = self.query_one("#box")
        box.border_title = self._title
        box.border_subtitle = (
            "Enter takes it, Esc leaves it" if self.is_narrow else "Enter takes it, Esc changes nothing"
        )
        self._fill("")
        self.query_one("#pick-words", SearchInput).focus()

    @property
    def _options(self) -> Options:
        return self.query_one("#pick-values", Options)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._fill(event.value)

    def _fill(self, typed: str) -> None:
        words = sought_words(typed)
        self._shown = [each for each in self._values if is_found(words, each.name)]
        width = max((len(number(each.count)) for each in self._shown), default=1)
        options = self._options
        options.clear_options()
        options.add_options(
            [Option(Content(f"{number(each.count):>{width}}  {legible(each.name)}")) for each in self._shown]
        )
        if not self._shown:
            options.add_option(Option(Content("None has these words."), disabled=True))
        options.highlighted = 0 if self._shown else None

    def action_step(self, by: int) -> None:
        """Choose the next value, or the one before."""
        if self._shown:
            self._options.highlighted = max(min((self._options.highlighted or 0) + by, len(self._shown) - 1), 0)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._shown:
            self.dismiss(self._shown[self._options.highlighted or 0])

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._shown[event.option_index])
