"""Which keys do what, after the operator has moved some."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from console.tui.actions.action import Action
from console.tui.actions.screens import SCREENS, name_of
from console.tui.keys.names import shown_key

FIXED = ("escape", "ctrl+q", "ctrl+c")
"""The ways back and out: they do what they do, whatever else does it too."""

Keys = tuple[str, ...]


@dataclass(frozen=True)
class KeyMap:
    """The moved keys by screen and action; `problems` says in plain words what of the file was ignored."""

    moved: Mapping[str, Mapping[str, Keys]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    path: Path | None = field(default=None, compare=False)
    """Where the file is, or would be."""

    def of(self, actions: Sequence[Action]) -> Sequence[Action]:
        """The actions of a screen with the keys that they have now."""
        moved = self.moved.get(name_of(actions))
        return tuple(with_keys(each, moved.get(each.id)) for each in actions) if moved else actions

    def first(self, action_id: str, screen: str = "main") -> str:
        """How the first key of an action is shown."""
        action = next(each for each in self.of(SCREENS[screen]) if each.id == action_id)
        return action.shown.split()[0]


def with_keys(action: Action, keys: Keys | None) -> Action:
    """The action with these keys; the fixed ones among its own stay."""
    if keys is None:
        return action
    every = (*keys, *(key for key in action.pressed if key in FIXED and key not in keys))
    return replace(action, keys=",".join(every), shown=" ".join(map(shown_key, every)))
