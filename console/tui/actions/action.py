"""What an action is, and which ones work here and now."""

import enum
from collections.abc import Callable, Container, Iterable
from typing import Any

import msgspec
from msgspec.structs import replace
from textual.binding import Binding

from console.tui.state.situation import Access


class Group(enum.StrEnum):
    """The headings of the help."""

    SYNC = "Sync"
    VIEW = "View"
    LOG = "Log"
    MOVE = "Move"
    CONSOLE = "Console"


class Permission(enum.IntEnum):
    """What an action takes: to look, to run syncs (a manager), or to decide over the catalogue (an admin)."""

    VIEW = enum.auto()
    OPERATE = enum.auto()
    ADMINISTER = enum.auto()


def _always(_: object) -> bool:
    return True


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a screen can do; the screen has a method `action_{id}` for it.

    `keys` are Textual's names, `shown` is how people write them; without keys it is found in the palette alone. `label`
    is its name in the footer and the palette. `enabled` says whether it makes sense in the screen's situation; what
    `permission` it takes is asked besides. `confirms`: it asks before it does anything; `asks`: what it does is chosen
    in a dialog. `footer` is the place in the footer, the lowest first; None keeps it out. Only actions that make sense
    by name are `listed` in the palette. Actions with the same `help` are two directions of one thing, and share a line
    of it.
    """

    id: str
    keys: str
    shown: str
    label: str
    help: str
    group: Group
    permission: Permission = Permission.VIEW
    confirms: bool = False
    asks: bool = False
    enabled: Callable[[Any], bool] = _always
    footer: int | None = None
    listed: bool = True

    @property
    def pressed(self) -> list[str]:
        """Textual's names of its keys, one by one."""
        return self.keys.split(",") if self.keys else []

    @property
    def told(self) -> str:
        """What it does, in the help and the palette."""
        return f"{self.help}; asks first" if self.confirms else self.help

    def binding(self) -> Binding:
        """The binding of its keys."""
        return Binding(self.keys, self.id, self.label, key_display=self.shown, tooltip=self.told, id=self.id)

    def without(self, taken: Container[str]) -> "Action | None":
        """The same with the keys that are left where these, and all that write a character, belong to a field."""
        pairs = zip(self.keys.split(",") if self.keys else (), self.shown.split(), strict=True)
        left = [(key, name) for key, name in pairs if len(name) > 1 and key not in taken]
        if not left:
            return None
        return replace(self, keys=",".join(key for key, _ in left), shown=" ".join(name for _, name in left))

    def works(self, situation: Access) -> bool:
        """Whether it works here and now."""
        return (self.permission is Permission.VIEW or situation.commands) and self.enabled(situation)


def bindings(actions: Iterable[Action]) -> list[Binding]:
    """The bindings of a screen with these actions."""
    return [action.binding() for action in actions if action.keys]


def enabled(actions: Iterable[Action], situation: Access) -> list[Action]:
    """Those that work here and now."""
    return [action for action in actions if action.works(situation)]


def barred(actions: Iterable[Action], situation: Access) -> list[Action]:
    """Those that would work here and now if this console ran the engine."""
    if not situation.read_only:
        return []
    here = replace(situation, read_only=False)
    return [action for action in actions if action.works(here) and not action.works(situation)]
