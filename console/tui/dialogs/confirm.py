"""The dialog that asks one question and takes one of two answers."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.widgets import Button, Static

from console.tui.dialogs.dialog import Dialog
from console.tui.dialogs.questions import Question
from console.tui.drawing.line import wrap


class Confirm(Dialog[bool]):
    """Asks. Enter takes the focused answer; Esc is no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,up,k", "app.focus_previous", "other answer", id="confirm_previous", tooltip="The other answer"),
        Binding("right,down,j", "app.focus_next", "other answer", id="confirm_next", tooltip="The other answer"),
    ]

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question

    def content(self) -> ComposeResult:
        """The question, its facts and the two answers; the safe one stands first."""
        question = self.question
        yield Static(Content(question.text), id="question")
        if question.facts:
            yield Static(_table(question.facts, self.app.size.width - _EDGES), id="facts")
        with Container(id="choices"):
            yield Button(Content(question.no), id="no")
            yield Button(Content(question.yes), id="yes", classes="" if question.is_harmless else "-danger")

    def start(self) -> None:
        """Focus the answer that Enter shall take."""
        self.query_one("#box").border_title = self.question.title
        self.query_one("#yes" if self.question.go_ahead else "#no", Button).focus()

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss(event.button.id == "yes")


_EDGES = 5
"""Cells of the border, the space beside it and the scroll bar."""
_BROADEST = 66
_PIECES = 9


def _table(facts: tuple[tuple[str, str], ...], cells: int) -> Content:
    """Names and values in two columns. The values may come from outside: they are never read as markup."""
    size = max(len(name) for name, _ in facts) + 2
    room = max(min(cells, _BROADEST) - size, 1)
    lines = [
        Content.assemble(((name if at == 0 else "").ljust(size), "$muted"), (piece, "$bright"))
        for name, value in facts
        for at, piece in enumerate(wrap(value, room, _PIECES, "") or [""])
    ]
    return Content("\n").join(lines)
