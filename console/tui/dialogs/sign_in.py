"""The dialog of the first start: it asks for the credentials, tries them, and keeps them."""

import enum
from typing import ClassVar

from textual import on, work
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Input, Static

from console.operations.credentials import Credentials, Trial
from console.operations.protocol import Operations
from console.settings import SecretStr
from console.tui.dialogs.dialog import Dialog
from console.tui.drawing.line import clip_start
from console.tui.drawing.look import Look
from console.tui.link import Unanswered, ask
from console.tui.widgets.text_input import TextInput

_LIMIT = 300
"""Characters of a field; longer credentials there are none."""

_MEASURE = 66
"""Cells of a line in the box."""

_USUAL_ADDRESS = "https://api.g2a.com"


class SignedIn(enum.Enum):
    """How the dialog was left, other than by going back."""

    KEPT = enum.auto()
    DEMO = enum.auto()


class SignInDialog(Dialog[SignedIn]):
    """Four fields. Enter goes through them, tries what was typed, and keeps it if G2A takes it.

    What G2A could not be asked about can be kept unasked; what it refused cannot.
    """

    TITLE_WORDS = "Sign in to G2A"
    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority, so that what is typed right behind Enter finds the next field.
        Binding("enter", "next_field", "next field", priority=True, id="sign_in_next", tooltip="The next field"),
    ]

    class Tried(Message):
        """G2A answered, or could not be asked."""

        def __init__(self, credentials: Credentials, trial: Trial) -> None:
            super().__init__()
            self.credentials = credentials
            self.trial = trial

    class Kept(Message):
        """The credentials are in the `.env`."""

    class Unkept(Message):
        """They are not; `reason` says why."""

        def __init__(self, reason: str) -> None:
            super().__init__()
            self.reason = reason

    def __init__(self, operations: Operations, look: Look, home: str) -> None:
        super().__init__()
        self._operations, self._look, self._home = operations, look, home
        self._untried: Credentials | None = None

    def content(self) -> ComposeResult:
        """What this is for, the fields, what came of them, and the answers."""
        yield Static(Content("The catalogue comes from the G2A API. What you type is kept in"), classes="roomy")
        yield Static(Content.styled(self._place, "$bright"))
        yield Static(classes="roomy")
        for name, field in (
            ("Client ID", TextInput(limit=_LIMIT, id="client-id")),
            ("Client secret", TextInput(limit=_LIMIT, id="client-secret", secret=True)),
            ("E-mail", TextInput(limit=_LIMIT, id="email", hint="only the hash header needs it")),
            ("API", TextInput(_USUAL_ADDRESS, limit=_LIMIT, id="address")),
        ):
            with Container(classes="field"):
                yield Static(Content(name))
                yield field
        yield Static(id="setup-result")
        with Container(id="choices"):
            yield Button(Content("Later"), id="no")
            yield Button(Content("Try the demo"), id="demo")
            yield Button(Content("Keep untried"), id="untried")
            yield Button(Content("Try and keep"), id="yes")

    @property
    def _place(self) -> str:
        return clip_start(f"{self._home}/.env", min(_MEASURE, self.app.size.width - 4), self._look.glyphs.ellipsis)

    def start(self) -> None:
        """Begin with the first field."""
        self.query_one("#box").border_subtitle = "Enter goes on, Esc puts it off"
        self.query_one("#untried").display = False
        self._say("", "Nothing is kept before G2A has taken it.", "$muted")
        self.query_one("#client-id").focus()

    # -- typing ----------------------------------------------------------------------------------------------------

    def _typed(self, field: str) -> str:
        return self.query_one(f"#{field}", TextInput).value.strip()

    @property
    def _credentials(self) -> Credentials:
        return Credentials(
            client_id=self._typed("client-id"),
            client_secret=SecretStr(self._typed("client-secret")),
            email=self._typed("email"),
            base_url=self._typed("address") or _USUAL_ADDRESS,
        )

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._untried = None  # what could not be asked about was something else
        self.query_one("#untried").display = False

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._try_if_complete()

    def action_next_field(self) -> None:
        """Go to the next field; in the last one Enter is the field's own."""
        if not isinstance(self.focused, TextInput) or self.focused.id == "address":
            raise SkipAction
        self.focus_next()

    @on(Button.Pressed)
    def _chosen(self, event: Button.Pressed) -> None:
        event.stop()
        match event.button.id:
            case "yes":
                self._try_if_complete()
            case "untried" if self._untried is not None:
                self._keep(self._untried)
            case "demo":
                self.dismiss(SignedIn.DEMO)
            case _:
                self.dismiss(None)

    def _try_if_complete(self) -> None:
        for field, name in (("client-id", "client ID"), ("client-secret", "client secret")):
            if not self._typed(field):
                self._say(self._look.glyphs.bad, f"Type the {name} of your G2A API account.", "$error")
                self.query_one(f"#{field}").focus()
                return
        credentials = self._credentials
        self._say(self._look.glyphs.running, f"asking {credentials.base_url}{self._look.glyphs.ellipsis}", "$muted")
        self._try(credentials)

    # -- asking ----------------------------------------------------------------------------------------------------

    @work(group="command", exclusive=True, exit_on_error=False)
    async def _try(self, credentials: Credentials) -> None:
        try:
            trial = await ask(self._operations.try_credentials(credentials), seconds=None)
        except Unanswered as answer:
            self.post_message(self.Unkept(str(answer)))
        else:
            self.post_message(self.Tried(credentials, trial))

    @work(group="command", exclusive=True, exit_on_error=False)
    async def _keep(self, credentials: Credentials) -> None:
        try:
            await ask(self._operations.keep_credentials(credentials), seconds=None)
        except Unanswered as answer:
            self.post_message(self.Unkept(str(answer)))
        else:
            self.post_message(self.Kept())

    # -- answers ---------------------------------------------------------------------------------------------------

    @on(Tried)
    def _judge(self, message: Tried) -> None:
        if message.credentials != self._credentials:
            return  # something else has been typed meanwhile
        trial, glyphs = message.trial, self._look.glyphs
        if trial.accepted:
            self._say(glyphs.good, trial.words, "$success")
            self._keep(message.credentials)
            return
        self._say(glyphs.bad, trial.words, "$error")
        if trial.is_open:
            self._untried = message.credentials
            self.query_one("#untried").display = True

    @on(Unkept)
    def _say_why(self, message: Unkept) -> None:
        self._say(self._look.glyphs.bad, message.reason, "$error")

    @on(Kept)
    def _leave(self) -> None:
        self.dismiss(SignedIn.KEPT)

    def _say(self, sign: str, words: str, colour: str) -> None:
        said = Content.assemble((f"{sign} " if sign else "", f"bold {colour}"), (words, colour))
        self.query_one("#setup-result", Static).update(said)
