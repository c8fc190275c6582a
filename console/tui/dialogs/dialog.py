"""What all dialogs share: a box with a title, and Esc that closes it."""

from typing import ClassVar, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from console.tui.closing import Closing

_Result = TypeVar("_Result")

NARROW = 64
"""Columns below which a dialog says less."""


_WIDTHS = [(0, "-narrow"), (NARROW, "-broad")]
_HEIGHTS = [(0, "-low"), (20, "-high")]


class Dialog(ModalScreen[_Result], Closing[_Result]):
    """A box in the middle of the screen; what is inside is `content`."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close", id="dialog_close", tooltip="Close and change nothing"),
    ]

    HORIZONTAL_BREAKPOINTS = _WIDTHS
    VERTICAL_BREAKPOINTS = _HEIGHTS
    TITLE_WORDS: ClassVar[str] = ""

    def content(self) -> ComposeResult:
        """The widgets in the box."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """The box."""
        box = VerticalScroll(id="box", can_focus=False)
        box.border_title = self.TITLE_WORDS
        with box:
            yield from self.content()

    def start(self) -> None:
        """Say what is said from the beginning on, and give the focus to what comes first."""

    @on(events.Mount)
    def _begin(self) -> None:
        if self in self.app.screen_stack:  # else it was left before all of it was there
            self.start()

    @property
    def is_narrow(self) -> bool:
        """Whether there is no room for more than the most important."""
        return self.app.size.width < NARROW

    def action_close(self) -> None:
        """Close and change nothing."""
        self.dismiss(None)
