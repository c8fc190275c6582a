"""The dialog that asks why, and then whether that is really meant."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.widgets import Button, Input, Static

from console.tui.dialogs.dialog import Dialog
from console.tui.drawing.look import Look
from console.tui.widgets.text_input import TextInput

_REASON_LIMIT = 500
"""Characters of a reason that the engine keeps."""


class ReasonDialog(Dialog[str]):
    """Returns the reason, or None. Enter after the reason goes on to the answers, to Cancel unless `CAN_BE_UNDONE`.

    `HINT` says what becomes of the reason, `DEMAND` what to do where there is none.
    """

    HINT: ClassVar[str]
    DEMAND: ClassVar[str]
    CAN_BE_UNDONE: ClassVar[bool] = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,up", "app.focus_previous", "back", id="reason_previous", tooltip="The other answer"),
        Binding("right,down", "app.focus_next", "on", id="reason_next", tooltip="The other answer"),
    ]

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look

    @property
    def question(self) -> str:
        """What will happen."""
        raise NotImplementedError

    @property
    def yes(self) -> str:
        """The answer that lets it happen."""
        raise NotImplementedError

    def content(self) -> ComposeResult:
        """What will happen, the reason, and the answers; the safe one stands first."""
        yield Static(Content(self.question))
        with Container(id="reason-line"):
            yield Static(Content("Reason "))
            yield TextInput(id="reason", limit=_REASON_LIMIT)
        yield Static(self._hint, id="hint")
        with Container(id="choices"):
            yield Button(Content("Cancel"), id="no")
            yield Button(Content(self.yes), id="yes", classes="" if self.CAN_BE_UNDONE else "-danger")

    def start(self) -> None:
        """Begin with the reason."""
        self.query_one("#box").border_subtitle = "Enter goes on, Esc cancels"
        self._reason.focus()

    @property
    def _hint(self) -> Content:
        return Content.styled(self.HINT, "$muted")

    @property
    def _reason(self) -> TextInput:
        return self.query_one("#reason", TextInput)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one("#hint", Static).update(self._hint)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._has_reason():
            self.query_one("#yes" if self.CAN_BE_UNDONE else "#no", Button).focus()

    @on(Button.Pressed)
    def _chosen(self, event: Button.Pressed) -> None:
        event.stop()
        if event.button.id == "no":
            self.dismiss(None)
        elif self._has_reason():
            self.dismiss(self._reason.value.strip())

    def _has_reason(self) -> bool:
        """Whether a reason was given; where not, say so and go back to it."""
        if self._reason.value.strip():
            return True
        self.query_one("#hint", Static).update(
            Content.assemble((f"{self._look.glyphs.bad} ", "bold $error"), (self.DEMAND, "$error"))
        )
        self._reason.focus()
        return False
