"""Walks through the console by its own keys: from every place to every place that one key leads to."""

import string
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from textual import events
from textual.binding import Binding
from textual.command import CommandPalette
from textual.dom import DOMNode
from textual.keys import _character_to_key
from textual.screen import Screen
from textual.widgets import Input

from console.operations.protocol import Snapshot
from console.tui.actions import Action
from console.tui.dialogs.dialog import Dialog
from console.tui.dialogs.help import HelpDialog
from console.tui.link import Everything
from console.tui.screens.action_screen import ActionScreen
from tests.tui.conftest import Opened
from tests.tui.fake import FakeOperations

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_NAMED = (
    *("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete", "backspace"),
    *("tab", "shift+tab", "shift+up", "shift+down", "ctrl+up", "ctrl+down", "ctrl+home", "ctrl+end", "enter", "space"),
    *(f"f{number}" for number in range(1, 13)),
)
LEAVING = ("ctrl+q", "ctrl+c")
_BACK = "escape"
EVERY_KEY = (
    *dict.fromkeys(
        (
            *map(_character_to_key, string.punctuation + string.ascii_letters + string.digits),
            *_NAMED,
            *(f"ctrl+{letter}" for letter in _LETTERS if f"ctrl+{letter}" not in LEAVING),
        )
    ),
)
"""What a keyboard has, but for the keys that leave and Esc, which have tests of their own."""

_DIALOG_KEYS = ("enter", "tab", "shift+tab", "up", "down", "left", "right", "space", "1")
_MOVES = {"down", "up", "page_down", "page_up", "first", "last", "right", "left"}
"""What makes no other place of one."""

DEEPEST = 6
_ESCAPES = 8
_ROUNDS = 100
_QUIET = 2


@dataclass(frozen=True)
class Place:
    """A screen in one situation, and the keys that lead there from the main screen."""

    name: str
    keys: tuple[str, ...]


class LostError(AssertionError):
    """Keys that led to a screen lead to another one."""


class Walk:
    """One walk through an open console.

    It never presses the keys of the actions `avoided`, and does not walk on from the screens `passed`, nor from places
    that it takes more than `deepest` keys to come to. `found` are the screens that it came to, `faults` what it did not
    like.
    """

    def __init__(
        self,
        console: Opened,
        operations: FakeOperations | None,
        avoided: Collection[str] = (),
        passed: Collection[type[Screen[Any]]] = (),
        deepest: int = DEEPEST,
    ) -> None:
        self.console, self.app, self.main = console, console.app, console.main
        self.found: set[type[Screen[Any]]] = set()
        self.faults: list[str] = []
        self.presses = 0
        self.places: dict[str, Place] = {}
        self._avoided, self._passed, self._deepest = avoided, passed, deepest
        self._operations = operations
        self._told: Snapshot | None = operations.told if operations else None
        self._liked = msgspec.structs.asdict(self.app.preferences.current)
        self._exits: list[object] = []
        self._notices: list[str] = []
        self._ran: list[str] = []
        self._dead: dict[tuple[str, str], bool] = {}
        self._waiting: deque[Place] = deque()
        self._here = ""
        self._there: Screen[Any] = self.main
        self._root: type[Screen[Any]] = type(self.main)
        self._watch()

    def _watch(self) -> None:
        """See what happens without letting it end the walk: leaving is noted, and a notice covers nothing."""
        app = self.app
        notify, dispatch = app.notify, app._dispatch_action

        def noted(message: str, **how: Any) -> None:
            self._notices.append(message)
            notify(message, **how)

        async def dispatched(namespace: DOMNode, name: str, params: Any) -> bool:
            if isinstance(namespace, ActionScreen):
                self._ran.append(name)
            return await dispatch(namespace, name, params)

        app._disable_notifications = True
        watched: dict[str, Callable[..., object]] = {
            "notify": noted,
            "exit": lambda *result, **how: self._exits.append((result, how)),
            "_dispatch_action": dispatched,
            "_display": lambda *_: None,
        }
        for name, instead in watched.items():
            setattr(app, name, instead)

    # -- what is there to be seen ----------------------------------------------------------------------------------

    @property
    def screen(self) -> Screen[Any]:
        """What is on top."""
        return self.app.screen

    @property
    def name(self) -> str:
        """The place as it is now: the screen, and what works there."""
        screen = self.screen
        kind = type(screen).__name__
        if isinstance(screen, ActionScreen):
            works = " ".join(sorted(f"{action.id}" for action in screen.enabled_actions if action.id not in _MOVES))
            return f"{kind}{' typing' if isinstance(screen.focused, Input) else ''}: {works}"
        return f"{kind} {self._title} {type(screen.focused).__name__}"

    @property
    def _title(self) -> str:
        boxes = self.screen.query("#box")
        return str(boxes.first().border_title) if boxes else ""

    def seen(self) -> tuple[object, ...]:
        """All that an operator, or the engine, could notice."""
        screen, operations = self.screen, self._operations
        asked = 0
        if operations is not None:
            asked = sum(len(getattr(each, "asked", ())) for each in (operations, *vars(operations).values()))
        return (
            tuple(map(id, self.app.screen_stack)),
            id(screen.focused),
            asked,
            len(self._notices),
            len(self._exits),
            [strip._segments for strip in screen._compositor.render_strips()],
        )

    # -- pressing --------------------------------------------------------------------------------------------------

    async def press(self, *keys: str) -> tuple[object, ...]:
        """Press keys, wait until nothing comes of them any more, and return what is seen then."""
        for key in keys:
            self._send(key)
        await self.settle()
        return self.seen()

    def _send(self, key: str) -> None:
        self.presses += 1
        event = events.Key(key, _character(key))
        event.set_sender(self.app)
        self.app.post_message(event)

    async def settle(self) -> None:
        """Wait until nobody has anything left to do."""
        quiet = 0
        for _ in range(_ROUNDS):
            await self.console.pilot._wait_for_screen()
            if self.app._exception is not None:
                raise self.app._exception
            self.screen._on_timer_update()
            nodes = (self.app, *self.screen.walk_children(with_self=True))
            at_work = any(
                not each.is_finished and not isinstance(each.node, CommandPalette) for each in self.app.workers
            )
            is_busy = at_work or any(node.message_queue_size for node in nodes)
            quiet = 0 if is_busy else quiet + 1
            if quiet == _QUIET:
                return
        raise AssertionError(f"{self.name} never comes to rest")

    async def home(self) -> None:
        """Press Esc as often as it takes to be on the main screen as it was in the beginning."""
        pressed = 0
        while self.screen is not self.main or self._works("close"):
            if pressed > _ESCAPES:
                raise AssertionError(f"Esc does not lead back from {self.name}")
            await self._escape()
            pressed += 1
        self.app.preferences.change(**self._liked)
        self.main.log_pane.adopt()
        if self._operations is not None and self._told is not None:
            if self._operations.told is not self._told:
                self._operations.told = self._told
                self.main._load(Everything(self._told, tuple(self._operations.log)))
            for feed in self._operations.feeds:
                feed.drain()
            self.main.sync.focus()
            self.main.log_pane.follow()
            self.main.sync.move_to_end(first=True)
            self.main.sync.choose_nothing()
        await self.settle()

    async def _escape(self) -> None:
        """Press Esc, which leads back, but not out."""
        left = len(self._exits)
        self._send(_BACK)
        await self.settle()
        assert len(self._exits) == left, f"Esc leaves the console from {self.name}"

    def _works(self, action: str) -> bool:
        """Whether it works on the screen that is on top."""
        return isinstance(self.screen, ActionScreen) and any(each.id == action for each in self.screen.enabled_actions)

    async def go(self, place: Place) -> tuple[object, ...]:
        """Go there from the main screen."""
        await self.home()
        for key in place.keys:
            self._send(key)
            await self.settle()
        # What a screen remembers, such as a chosen line, may have changed; the screen itself must be the same.
        if self.name.split()[0] != place.name.split()[0]:
            raise LostError(f"{place.keys} led to {place.name!r}, and now to {self.name!r}")
        self._here, self._there = self.name, self.screen
        return self.seen()

    async def _return(self, place: Place) -> tuple[object, ...]:
        """Be there again: one Esc goes back from what a key has opened on top, else the way is the long one."""
        if self.screen is not self._there and self._there in self.app.screen_stack and self._is_as_told:
            await self._escape()
        if self.screen is self._there and self.name == self._here and self._is_as_told:
            return self.seen()
        return await self.go(place)

    @property
    def _is_as_told(self) -> bool:
        """Whether no command has changed the engine."""
        return self._operations is None or self._operations.told is self._told

    # -- walking ---------------------------------------------------------------------------------------------------

    async def on_from(self, *keys: str) -> None:
        """Walk on from where these keys lead to from the main screen, until every place behind it is known."""
        await self.home()
        for key in keys:
            await self.press(key)
        self._root = type(self.screen)
        self._arrive(keys)
        while self._waiting:
            place = self._waiting.popleft()
            try:
                await self.go(place)
            except LostError:
                continue  # it was come to from another run or line than the one that the keys choose now
            if isinstance(self.screen, ActionScreen):
                await self._press_all_keys_of_screen(place)
            else:
                await self._press_all_keys_of_dialog(place)

    def dead_in_dialogs(self) -> list[str]:
        """Keys that a dialog binds, and that did nothing in any of its places."""
        return [f"{key} in {dialog}" for (dialog, key), is_dead in self._dead.items() if is_dead]

    def _arrive(self, keys: tuple[str, ...]) -> None:
        """Remember a place to walk on from, unless it is known."""
        name = self.name
        self.found.add(type(self.screen))
        if not self._is_as_told:
            return  # a command did what it should; with another engine begins another walk
        is_beyond = self._root in map(type, self.app.screen_stack)
        if (
            is_beyond
            and name not in self.places
            and type(self.screen) not in self._passed
            and len(keys) <= self._deepest
        ):
            self.places[name] = Place(name, keys)
            self._waiting.append(self.places[name])

    async def _press_all_keys_of_screen(self, place: Place) -> None:
        """Every key of the list does what the list says; of those in the footer something comes that is seen."""
        screen = await self._go_to_screen(place)
        shown = {key.action.id for key in screen.footer()._keys}
        listed = [(action, key) for action in screen.enabled_actions for key in action.keys.split(",") if key]
        barred = [key for action in screen.barred_actions for key in action.keys.split(",")]
        before = self.seen()
        for action, key in listed:
            if action.id in self._avoided or not self._works(action.id):
                continue
            ran = len(self._ran)
            after = await self.press(key)
            if action.id not in self._ran[ran:] and action.id != "leave":
                self.faults.append(f"{key} is listed in {place.name} and does not {action.id}")
            if after == before and action.id in shown:
                self.faults.append(f"{key} stands in the footer of {place.name} and does nothing")
            self._arrive((*place.keys, key))
            before = after if self.name == self._here else await self._return(place)
        for action in screen.barred_actions:
            after = await self.press(action.keys.split(",")[0])
            if after == before:
                self.faults.append(f"{action.id} is greyed in {place.name}, and does not say why")
            before = after
        if not isinstance(self.screen.focused, Input):
            await self._press_keys_that_do_nothing(place)
        await self._compare_help(place)
        await self.go(place)
        await self._press_wildly([*barred, *(key for action, key in listed if action.id not in self._avoided)])

    async def _go_to_screen(self, place: Place) -> ActionScreen[Any]:
        await self.go(place)
        assert isinstance(self.screen, ActionScreen)
        return self.screen

    async def _compare_help(self, place: Place) -> None:
        """The help names the actions that work, with all their keys, and no others."""
        screen = await self._go_to_screen(place)
        works, barred = [each for each in screen.enabled_actions if each.keys], screen.barred_actions
        await self.press("f1")
        dialog = self.screen
        if not isinstance(dialog, HelpDialog):
            self.faults.append(f"F1 opens no help in {place.name}")
            return
        text = "\n".join(dialog._text().plain.splitlines())
        self.faults.extend(
            f"the help of {place.name} does not name {action.id}" for action in works if not _is_told(action, text)
        )
        told = {action.told for action in works}
        self.faults.extend(
            f"the help of {place.name} names {action.id}, which does not work"
            for action in screen.ACTIONS
            if action not in works and action.told not in told and action.told in text
        )
        assert dialog._barred == barred

    async def _press_keys_that_do_nothing(self, place: Place) -> None:
        """A key that nothing tells of does nothing."""
        before = await self.go(place)
        unlisted = self._unlisted()
        if await self.press(*unlisted) == before:
            return
        for key in unlisted:
            before = await self.go(place)
            if await self.press(key) != before:
                self.faults.append(f"{key} does something in {place.name}, and no help tells of it")

    def _unlisted(self) -> list[str]:
        """The keys that nothing tells of here and now: what a screen remembers gives it other keys than it had."""
        assert isinstance(self.screen, ActionScreen)
        told = [*self.screen.enabled_actions, *self.screen.barred_actions]
        listed = {_BACK, *(key for action in told for key in action.keys.split(","))}
        return [key for key in EVERY_KEY if key not in listed]

    async def _press_all_keys_of_dialog(self, place: Place) -> None:
        """Every key that a dialog binds does something in one of its places, and no key does any harm."""
        screen = self.screen
        bound = _bound(type(screen)) if isinstance(screen, Dialog) else ()
        before = self.seen()
        for key in dict.fromkeys((*bound, *_DIALOG_KEYS, *LEAVING)):
            after = await self.press(key)
            if key in LEAVING and after == before and "Leave" not in place.name:
                self.faults.append(f"{key} does not lead out of {place.name}")
            if key in bound:
                dead = (type(screen).__name__, key)
                self._dead[dead] = self._dead.get(dead, True) and after == before
            self._arrive((*place.keys, key))
            before = after if self.name == self._here else await self._return(place)
        await self._press_wildly(EVERY_KEY)

    async def _press_wildly(self, keys: Iterable[str]) -> None:
        """Many keys without waiting, as somebody does who leans on the keyboard; then Esc."""
        for key in keys:
            self._send(key)
        await self.settle()
        await self.home()


def _character(key: str) -> str | None:
    if len(key) == 1:
        return key
    return _CHARACTERS.get(key)


_CHARACTERS = {_character_to_key(each): each for each in (*string.punctuation, " ")}


_SHARING = 8
"""Keys of other actions that do the same and are told in the same place, at most."""


def _is_told(action: Action, text: str) -> bool:
    """Whether the help has its keys and what it does side by side, each on as many lines as there is room for."""
    wanted = Counter([*action.shown.split(), *action.told.split()])
    told, length = text.split(), wanted.total() + _SHARING
    return any(wanted <= Counter(told[at : at + length]) for at in range(len(told)))


def _bound(dialog: type[Dialog[Any]]) -> tuple[str, ...]:
    """The keys that a dialog's classes bind themselves."""
    ours = [owner for owner in dialog.__mro__ if owner.__module__.startswith("console.")]
    bindings = [binding for owner in ours for binding in vars(owner).get("BINDINGS", ())]
    return tuple(key for binding in bindings if isinstance(binding, Binding) for key in binding.key.split(","))
