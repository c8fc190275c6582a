"""Which keys do what, after the operator has moved some."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from console.tui.actions.action import Action
from console.tui.keys.names import shown_key

FIXED = ("escape", "ctrl+q", "ctrl+c")
"""The ways back and out: they do what they do, whatever else does it too."""

Keys = tuple[str, ...]


class KeyMap(msgspec.Struct, frozen=True):
    """The moved keys by screen and action; `problems` says in plain words what of the file was ignored."""

    moved: Mapping[str, Mapping[str, Keys]] = msgspec.field(default_factory=dict)
    problems: tuple[str, ...] = ()
    path: Path | None = None
    """Where the file is, or would be."""

    def of(self, actions: Sequence[Action]) -> Sequence[Action]:
        """The actions of a screen with the keys that they have now."""
        if not self.moved:
            return actions
        from console.tui.actions.screens import name_of  # noqa: PLC0415 - see LATER

        moved = self.moved.get(name_of(actions))
        return tuple(with_keys(each, moved.get(each.id)) for each in actions) if moved else actions

    def first(self, action_id: str, screen: str = "main") -> str:
        """How the first key of an action is shown."""
        from console.tui.actions.screens import SCREENS  # noqa: PLC0415 - see LATER

        action = next(each for each in self.of(SCREENS[screen]) if each.id == action_id)
        return action.shown.split()[0]


def with_keys(action: Action, keys: Keys | None) -> Action:
    """The action with these keys; the fixed ones among its own stay."""
    if keys is None:
        return action
    every = (*keys, *(key for key in action.pressed if key in FIXED and key not in keys))
    return replace(action, keys=",".join(every), shown=" ".join(map(shown_key, every)))
