"""A screen that closes once, whatever is typed on."""

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import Screen

_Result = TypeVar("_Result")


class Closing(Screen[_Result]):
    """What is on top of another screen. Keys typed in one go may all find it open, and each would close a screen.

    It stands last among the bases of a class: Textual takes a class's styles from the first.
    """

    def dismiss(self, result: _Result | None = None) -> AwaitComplete:
        """Close, unless that has been done, or something else is on top of it."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
