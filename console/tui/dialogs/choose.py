"""The dialog in which one of a few things is chosen."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from console.text import clean
from console.tui.dialogs.dialog import Dialog
from console.tui.widgets.options import Options

_NAME_LIMIT = 60
_DIGITS = "1234567890"


class ChooseDialog(Dialog[int]):
    """Returns the place of what was chosen, or None. A digit takes the one that it stands beside.

    `preview` is told of each one that is gone to; whoever previews takes it back when nothing is chosen.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "step(1)", "down", id="choose_down", tooltip="The next one"),
        Binding("k", "step(-1)", "up", id="choose_up", tooltip="The one before"),
    ]

    def __init__(
        self, title: str, names: Sequence[str], chosen: int, preview: Callable[[int], None] | None = None
    ) -> None:
        super().__init__()
        self._title, self._names, self._chosen = title, names, chosen
        self._preview = preview
        self.set_class(preview is not None, "-previewing")

    def content(self) -> ComposeResult:
        """What there is to choose from, each with its digit."""
        options = [
            Option(Content(f"{_DIGITS[place] if place < len(_DIGITS) else ' '}  {clean(name, _NAME_LIMIT)}"))
            for place, name in enumerate(self._names)
        ]
        yield Options(*options, id="choose-names", markup=False)

    def start(self) -> None:
        box = self.query_one("#box")
        box.border_title = self._title
        box.border_subtitle = (
            "Enter takes it, Esc leaves it" if self.is_narrow else "Enter or the digit takes it, Esc changes nothing"
        )
        self._options.highlighted = self._chosen
        self._options.focus()

    @property
    def _options(self) -> Options:
        return self.query_one("#choose-names", Options)

    def action_step(self, by: int) -> None:
        """Choose the next one, or the one before."""
        self._options.highlighted = max(min((self._options.highlighted or 0) + by, len(self._names) - 1), 0)

    @on(events.Key)
    def _typed(self, event: events.Key) -> None:
        place = _DIGITS.find(event.key) if len(event.key) == 1 else -1
        if 0 <= place < len(self._names):
            event.stop()
            self.dismiss(place)

    @on(OptionList.OptionHighlighted)
    def _gone_to(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if self._preview is not None:
            self._preview(event.option_index)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(event.option_index)
