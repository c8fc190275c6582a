"""A screen that opens on top of the main one; Esc goes back."""

from typing import TypeVar

import msgspec
from textual import events, on
from textual.app import ComposeResult

from console.clock import Clock
from console.operations.protocol import Operations
from console.preferences import PreferenceKeeper
from console.tui.drawing.look import Look
from console.tui.keys import KeyMap
from console.tui.screens.action_screen import ActionScreen
from console.tui.state.model import Model, Part
from console.tui.widgets.bars import Footer

_Result = TypeVar("_Result")


class Context(msgspec.Struct, frozen=True):
    """What a screen on top of the main one is given: the engine, what the main screen knows of it, and how to draw.

    What the operator changes about a screen goes to the `preferences`.
    """

    operations: Operations
    model: Model
    look: Look
    preferences: PreferenceKeeper
    keys: KeyMap
    clock: Clock


class OverlayScreen(ActionScreen[_Result]):
    """Draws its `content` above its keys."""

    CSS_PATH = "overlay.tcss"

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.use_keys(context.keys)
        self.context = context
        self.model, self.look = context.model, context.look

    @property
    def operations(self) -> Operations:
        """What can be asked of the engine."""
        return self.context.operations

    def content(self) -> ComposeResult:
        """What stands above the keys."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """The content, and the keys."""
        yield from self.content()
        yield Footer(self.look, lambda: self.enabled_actions, lambda: self.barred_actions)

    def why_barred(self) -> str:
        """Who runs the engine instead."""
        told = self.model.read_only
        return told.refusal(self.context.clock.now()) if told else ""

    @property
    def first_run(self) -> str:
        """What to do where there has been no run yet."""
        snapshot = self.model.snapshot
        if self.model.read_only is not None:
            return "It can be started where the engine runs."
        if snapshot is not None and snapshot.notice is not None:
            return f"Esc goes back; there {self.look.key('sign_in')} signs in, so that one can run."
        return f"Esc goes back; there {self.look.key('sync_now')} starts the first one."

    def engine_told(self, parts: Part) -> None:
        """Other keys may work now."""
        if parts & ~Part.CLOCK:
            self.footer().redraw()

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _update_keys_for_focus(self) -> None:
        """In a field, letters are what is typed."""
        self.footer().redraw()

    def action_back(self) -> None:
        """Go back."""
        self.dismiss(None)
