"""A field for a sentence of the operator's own, such as why something was approved."""

from textual import events, on
from textual.widgets import Input

from console.text import clean

REASON_LIMIT = 500
"""Characters of a reason that the engine keeps."""


class ReasonInput(Input):
    """Takes a line of text. What is pasted is cleaned first: it would reach the terminal as it is."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, max_length=REASON_LIMIT, compact=True, select_on_focus=False)
        self.cursor_blink = False

    @on(events.Paste)
    def _pasted(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        room = REASON_LIMIT - len(self.value) + abs(self.selection.end - self.selection.start)
        self.replace(clean(event.text.strip(), max(room, 0)), *self.selection)
