"""Writing `keys.toml` for somebody who wants to move keys: every action with the key that it has, commented out."""

from collections.abc import Sequence
from pathlib import Path

from console.files import replace_file
from console.tui.actions.action import Action
from console.tui.actions.screens import SCREENS
from console.tui.keys.keymap import FIXED, KeyMap
from console.tui.keys.names import shown_key

_HEAD = """\
# The keys of g2a-console, read at its start. To move one, take its # away and say another key: a character such as "S"
# or "?", or a name such as "ctrl+s", "f5", "space", "pagedown"; or a list of them. An action keeps Esc, Ctrl+Q and
# Ctrl+C where it has them. What is said under [keys] counts on every screen that has the action.

[keys]
"""


def write_keys(path: Path, keys: KeyMap) -> None:
    """Write the keys that are in force.

    Raises:
        FileExistsError: the file is there already, and stays as it is.
        OSError: it cannot be written.
    """
    if path.exists():
        raise FileExistsError
    replace_file(path, listed(keys))


def listed(keys: KeyMap) -> str:
    """The text of the file."""
    tables = (f"\n[{screen}]\n" + _lines(keys.of(actions)) for screen, actions in SCREENS.items())
    return _HEAD + "".join(tables)


def _lines(actions: Sequence[Action]) -> str:
    entries = [(action.id, _value(action), action.told) for action in actions if _own(action)]
    width = max(len(name) + len(value) for name, value, _ in entries)
    return "".join(
        f"# {name} = {value}{' ' * (width - len(name) - len(value))}  # {told}\n" for name, value, told in entries
    )


def _own(action: Action) -> list[str]:
    return [key for key in action.pressed if key not in FIXED]


def _value(action: Action) -> str:
    keys = [f'"{_written(key)}"' for key in _own(action)]
    return keys[0] if len(keys) == 1 else f"[{', '.join(keys)}]"


def _written(key: str) -> str:
    shown = shown_key(key)
    return {'"': '\\"', "\\": "\\\\"}.get(shown, shown) if len(shown) == 1 else key
