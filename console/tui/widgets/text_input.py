"""A field for a line of the operator's own. What is pasted is cleaned first: it would reach the terminal as it is."""

from textual import events, on
from textual.widgets import Input

from console.text import clean


class TextInput(Input):
    """Takes a line of at most `limit` characters; with `secret`, nobody sees which."""

    def __init__(self, value: str = "", *, limit: int, id: str, secret: bool = False, hint: str = "") -> None:  # noqa: A002
        super().__init__(
            value, id=id, max_length=limit, password=secret, placeholder=hint, compact=True, select_on_focus=False
        )
        self._limit = limit
        self.cursor_blink = False

    @on(events.Paste)
    def _pasted(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        room = self._limit - len(self.value) + abs(self.selection.end - self.selection.start)
        self.replace(clean(event.text.strip(), max(room, 0)), *self.selection)
