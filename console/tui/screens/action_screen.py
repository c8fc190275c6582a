"""A screen whose keys are a list of actions: footer, help and palette show the same, and that is what works now."""

from collections.abc import Sequence
from itertools import chain
from typing import ClassVar, TypeVar

from textual import events, on
from textual.binding import Binding, BindingsMap
from textual.message import Message
from textual.widgets import Input

from console.tui.actions import Action, barred, bindings, enabled
from console.tui.keys import KeyMap
from console.tui.screens.look_requests import LookRequests
from console.tui.state.model import Part
from console.tui.state.situation import Access
from console.tui.widgets.bars import Footer
from console.tui.widgets.moving import MovingFrame

_Result = TypeVar("_Result")

REFUSAL_SECONDS = 10.0


_KEYS_OF_A_FIELD = frozenset(
    key for binding in Input.BINDINGS if isinstance(binding, Binding) for key in binding.key.split(",")
)


class ActionScreen(LookRequests[_Result], inherit_bindings=False):
    """What all screens share. Who inherits it names its `ACTIONS`, and has a method `action_{id}` for each.

    Keys of Textual's own there are none: a key that the help does not name would do something.
    """

    ACTIONS: ClassVar[Sequence[Action]] = ()
    LISTS_NOTICES: ClassVar[bool] = False
    """Whether it shows what was said in passing, so that none of it need cover the screen."""

    class NoticesWanted(Message):
        """Somebody wants to read again what was said in passing."""

    def __init__(self) -> None:
        super().__init__()
        self.keys = KeyMap()
        self.actions = self.ACTIONS
        """The same, with the keys that the operator gave them."""

    def use_keys(self, keys: KeyMap) -> None:
        """Answer to these keys; before the screen is shown."""
        self.keys = keys
        self.actions = keys.of(self.ACTIONS)
        if self.actions is not self.ACTIONS:
            ours = {action.id for action in self.ACTIONS}
            others = [each for each in chain(*self._bindings.key_to_bindings.values()) if each.id not in ours]
            self._bindings = BindingsMap([*others, *bindings(self.actions)])

    @property
    def situation(self) -> Access:
        """What decides which keys work."""
        raise NotImplementedError

    def why_barred(self) -> str:
        """Why this console does not do what an engine's own would."""
        raise NotImplementedError

    @property
    def moved(self) -> MovingFrame | None:
        """What the keys for up and down move, if anything."""
        return None

    def engine_told(self, parts: Part) -> None:
        """The engine told something while this screen is on top of the main one."""

    @property
    def offered_actions(self) -> list[Action]:
        """What works here and now, by whatever key or by none."""
        return enabled(self.actions, self.situation)

    @property
    def enabled_actions(self) -> list[Action]:
        """The same with the keys that work here and now: while something is typed, letters are what is typed."""
        return self._by_free_keys(self.offered_actions)

    @property
    def barred_actions(self) -> list[Action]:
        """What would work, if this console ran the engine."""
        return self._by_free_keys(barred(self.actions, self.situation))

    def _by_free_keys(self, actions: list[Action]) -> list[Action]:
        if not isinstance(self.focused, Input):
            return actions
        return [left for action in actions if (left := action.without(_KEYS_OF_A_FIELD)) is not None]

    def footer(self) -> Footer:
        """The bar with the keys of this screen."""
        return self.query_one(Footer)

    @on(MovingFrame.Changed)
    def _update_keys(self) -> None:
        """Other keys may work now."""
        for footer in self.query(Footer):  # none is there any more on a screen that is being left
            footer.redraw()

    def tell_refusal(self, reason: str) -> None:
        """Say why something was not done."""
        self.notify(reason, severity="warning", timeout=REFUSAL_SECONDS, markup=False)

    def tell_failure(self, reason: str) -> None:
        """Say why something that was asked for did not come to pass; it stays until somebody has seen it."""
        self.notify(reason, severity="error", markup=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key works here and now."""
        known = next((each for each in self.actions if each.id == action), None)
        if known is None:
            return super().check_action(action, parameters)
        situation = self.situation
        if known.works(situation):
            return True
        return None if barred((known,), situation) else False

    @on(Footer.Clicked)
    async def _press(self, message: Footer.Clicked) -> None:
        message.stop()
        if any(action.id == message.action_id for action in self.barred_actions):
            self.tell_refusal(self.why_barred())
        else:
            await self.run_action(message.action_id)

    @on(events.Key)
    def _explain(self, event: events.Key) -> None:
        """A key that does nothing, because this console only watches, says so."""
        if any(event.key in action.pressed for action in self.barred_actions):
            self.tell_refusal(self.why_barred())

    def _compositor_refresh(self) -> None:
        # Textual would draw it, find that it has to wait for the end of the batch, and throw it away: the whole screen,
        # before the first picture.
        if self.app._batch_count:  # noqa: SLF001 - there is no other way to it
            return
        # Textual marks what it has just handed to the dialog on top as changed again, and so draws it without end.
        changed = self._compositor._dirty_regions  # noqa: SLF001 - there is no other way to it
        if self.app.screen is self or not changed:
            super()._compositor_refresh()
            return
        self.app.screen.refresh(*changed)
        changed.clear()
        self._dirty_widgets.clear()

    def action_help(self) -> None:
        """Show the keys that work here and now."""
        from console.tui.dialogs.help import HelpDialog  # noqa: PLC0415 - see LATER

        reason = self.why_barred() if self.barred_actions else ""
        self.app.push_screen(HelpDialog(self.enabled_actions, self.barred_actions, reason))

    def action_notices(self) -> None:
        """Read again what was said in passing."""
        self.post_message(self.NoticesWanted())

    def action_palette(self) -> None:
        """Find an action by its name."""
        from console.tui.palette import ActionProvider, Palette  # noqa: PLC0415 - see LATER

        self.app.push_screen(Palette(providers=[ActionProvider], placeholder="What to do?"))

    def action_down(self) -> None:
        """Go down by one."""
        self._move(1)

    def action_up(self) -> None:
        """Go up by one."""
        self._move(-1)

    def action_page_down(self) -> None:
        """Go down by what fits."""
        self._move(self.moved.page if self.moved else 0)

    def action_page_up(self) -> None:
        """Go up by what fits."""
        self._move(-self.moved.page if self.moved else 0)

    def _move(self, by: int) -> None:
        if self.moved is not None:
            self.moved.move(by)

    def action_first(self) -> None:
        """Go to the beginning."""
        if self.moved is not None:
            self.moved.move_to_end(first=True)

    def action_last(self) -> None:
        """Go to the end."""
        if self.moved is not None:
            self.moved.move_to_end(first=False)
