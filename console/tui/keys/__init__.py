"""Keys that the operator has moved: `keys.toml`, and what it makes of the lists of actions."""

from console.tui.keys.keymap import KeyMap
from console.tui.keys.reading import read_keys

__all__ = ["KeyMap", "read_keys"]
