"""Reading `keys.toml`, which few have: what understands it is loaded only then."""

from pathlib import Path

from console.text import clean
from console.tui.keys.keymap import KeyMap


def read_keys(path: Path) -> KeyMap:
    """The keys as the file has moved them; as they are without it."""
    try:
        if not path.exists():
            return KeyMap(path=path)
        from console.tui.keys.file import keys_in  # noqa: PLC0415 - see above

        return keys_in(path)
    except (OSError, ValueError) as error:
        return KeyMap(problems=(f"{path.name}: {clean(str(error), 200)}: all keys are as usual.",), path=path)
