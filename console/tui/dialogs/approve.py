"""The dialog that approves a removal: it asks why, and then whether that is really meant."""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.widgets import Button, Input, Static

from console.tui.dialogs.dialog import Dialog
from console.tui.drawing.look import Look
from console.tui.drawing.removals import products
from console.tui.widgets.reason_input import ReasonInput


class ApproveDialog(Dialog[str]):
    """Returns the reason, or None. Enter after the reason goes on to the answers, of which Cancel comes first."""

    TITLE_WORDS = "Approve the removal"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,up", "app.focus_previous", "back", id="approve_previous", tooltip="The other answer"),
        Binding("right,down", "app.focus_next", "on", id="approve_next", tooltip="The other answer"),
    ]

    def __init__(self, run_id: int, due: int, look: Look) -> None:
        super().__init__()
        self._run_id, self._due, self._look = run_id, due, look

    def content(self) -> ComposeResult:
        """What will happen, the reason, and the answers; the safe one stands first."""
        yield Static(Content(self._question))
        with Container(id="reason-line"):
            yield Static(Content("Reason "))
            yield ReasonInput(id="reason")
        yield Static(_HINT, id="hint")
        with Container(id="choices"):
            yield Button(Content("Cancel"), id="no")
            yield Button(Content(self._yes), id="yes", classes="-danger")

    @property
    def _question(self) -> str:
        if not self._due:
            return f"Nothing is left to remove: every product was seen since. Approving closes run {self._run_id}."
        return (
            f"Remove {products(self._due)} from the shop's catalogue? They are marked as discontinued, until a sync "
            "finds them again."
        )

    @property
    def _yes(self) -> str:
        return f"Remove {products(self._due)}" if self._due else "Close the run"

    @on(events.Mount)
    def _start(self) -> None:
        """Begin with the reason."""
        self.query_one("#box").border_subtitle = "Enter goes on, Esc cancels"
        self._reason.focus()

    @property
    def _reason(self) -> ReasonInput:
        return self.query_one("#reason", ReasonInput)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one("#hint", Static).update(_HINT)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._has_reason():
            self.query_one("#no", Button).focus()

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
            Content.assemble(
                (f"{self._look.glyphs.bad} ", "bold $error"),
                ("Say why: type a reason first. It is kept, with your name.", "$error"),
            )
        )
        self._reason.focus()
        return False


_HINT = Content.styled("It is kept, with your name.", "$muted")
