"""What every screen asks of the app about the looks."""

import enum
from typing import TypeVar

from textual.message import Message

from console.tui.closing import Closing

_Result = TypeVar("_Result")


class LookWish(enum.Enum):
    """What can be asked."""

    THEME = enum.auto()
    SIGNS = enum.auto()
    MOUSE = enum.auto()
    BELL = enum.auto()


class LookRequests(Closing[_Result]):
    """The part of a screen that changes how the console looks; the app does it, on all screens at once."""

    class LookAsked(Message):
        """The operator wants it to look otherwise."""

        def __init__(self, wish: LookWish) -> None:
            super().__init__()
            self.wish = wish

    def action_theme(self) -> None:
        """Choose other colours."""
        self.post_message(self.LookAsked(LookWish.THEME))

    def action_signs(self) -> None:
        """Draw with the other set of signs."""
        self.post_message(self.LookAsked(LookWish.SIGNS))

    def action_mouse(self) -> None:
        """Leave the mouse to the terminal, or listen to it again."""
        self.post_message(self.LookAsked(LookWish.MOUSE))

    def action_bell(self) -> None:
        """Ring when a run ends out of sight, or do not."""
        self.post_message(self.LookAsked(LookWish.BELL))
