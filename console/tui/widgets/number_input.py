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
        self._has_handed_on = False
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
        following = self.screen.query_one(self._following, NumberInput) if self._following else None
        if character.isdecimal() and following and self._is_full:
            following.put(character)
        elif character.isdecimal():
            self.put(character)
        if following and (character == ":" or self._is_complete) and not self._has_handed_on:
            self._has_handed_on = True
            following.take_over()

    def put(self, digit: str) -> None:
        """Type a digit here: keys that come in a burst reach the field before, which is full already."""
        self.replace(digit, *self.selection)

    def take_over(self) -> None:
        """Go on here: the first digit takes the place of what stands in the field."""
        self.select_on_focus = False  # by the time the focus comes, digits of a burst may stand here already
        self.action_select_all()
        self.focus()

    @on(events.Focus)
    def _begin(self) -> None:
        self._has_handed_on = False

    @on(events.Blur)
    def _end(self) -> None:
        self.select_on_focus = True

    @property
    def _is_full(self) -> bool:
        return (len(self.value) == _DIGITS and self.selection.is_empty) or self._has_handed_on

    @property
    def _is_complete(self) -> bool:
        """Whether no digit can follow: 4 can only be four o'clock."""
        return len(self.value) == _DIGITS or (self.number or 0) * 10 > self._largest
