"""The field in which the words of a search are typed."""

from textual import events, on
from textual.widgets import Input

from console.text import clean

_LIMIT = 200
"""Characters of a search: far above any name that somebody types."""


class SearchInput(Input):
    """Takes a line of text. What is pasted is cleaned first: it would reach the terminal as it is."""

    def __init__(self, *, id: str, placeholder: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, max_length=_LIMIT, compact=True, select_on_focus=False, placeholder=placeholder)
        self.cursor_blink = False

    @on(events.Paste)
    def _pasted(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        room = _LIMIT - len(self.value) + abs(self.selection.end - self.selection.start)
        self.replace(clean(event.text.strip(), max(room, 0)), *self.selection)
