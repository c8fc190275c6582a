"""A field for a number of two digits, such as an hour."""

from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.widgets import Input

_DIGITS = 2


class NumberInput(Input):
    """Takes digits alone. Up and Down count, round after round; a colon, or the last digit there can be, goes on to
    `following`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(1)", "more", id="number_more", tooltip="One more"),
        Binding("down", "step(-1)", "less", id="number_less", tooltip="One less"),
    ]

    def __init__(self, value: int, largest: int, *, id: str, following: str | None = None) -> None:  # noqa: A002
        super().__init__(f"{value:02}", id=id, restrict=r"[0-9]*", max_length=_DIGITS, compact=True)
        self._largest = largest
        self._following = following
        self.cursor_blink = False

    @property
    def number(self) -> int | None:
        """What stands in the field, if it is a number."""
        return int(self.value) if self.value.isdecimal() else None

    def action_step(self, by: int) -> None:
        """Count up or down."""
        self.value = f"{((self.number or 0) + by) % (self._largest + 1):02}"
        self.action_select_all()

    @on(events.Key)
    def _typed(self, event: events.Key) -> None:
        character = event.character or ""
        if character.isalpha():
            event.prevent_default()  # nothing for a number: it is the dialog's
            return
        if not character.isdecimal() and character != ":":
            return
        # Done here and not by Textual's own handler: the next key must already find the next field.
        event.stop()
        event.prevent_default()
        if character.isdecimal():
            self.replace(character, *self.selection)
        if self._following and (character == ":" or self._is_complete):
            self.screen.query_one(self._following).focus()

    @property
    def _is_complete(self) -> bool:
        """Whether no digit can follow: 4 can only be four o'clock."""
        return len(self.value) == _DIGITS or (self.number or 0) * 10 > self._largest
