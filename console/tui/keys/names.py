"""The names of keys: as people write them, as Textual calls them, and as the screen shows them."""

import unicodedata

from textual.keys import KEY_NAME_REPLACEMENTS, REPLACED_KEYS, Keys

_NAMED = frozenset(key.value for key in Keys if key.value[0].isalnum()) | {"space"}
_ALT = "alt+"
_SHOWN = {"escape": "Esc", "pagedown": "PgDn", "pageup": "PgUp", "space": "Space"}
_WRITTEN = {
    "esc": "escape",
    "pgdn": "pagedown",
    "pgup": "pageup",
    "return": "enter",
    "del": "delete",
    "ctrl+i": "tab",  # what a terminal sends for both
    "ctrl+m": "enter",
    "ctrl+[": "escape",
    " ": "space",
    "+": "plus",
}


def key_named(written: str) -> str | None:
    """Textual's name of a key, such as S, ctrl+s, f5, ? or slash; None where there is no such key."""
    written = written if len(written) == 1 else written.strip().lower()
    written = _WRITTEN.get(written, written)
    if len(written) == 1:
        return _of_character(written)
    if written in _NAMED or _character(written) is not None:
        return written
    base = written.removeprefix(_ALT)
    return written if base != written and len(base) == 1 and base.isascii() and base.isalnum() else None


def shown_key(key: str) -> str:
    """How the screen shows a key."""
    if len(key) == 1:
        return key
    if character := _character(key):
        return character
    return "+".join(_SHOWN.get(part, part.capitalize()) for part in key.split("+"))


def _of_character(character: str) -> str | None:
    if character.isalnum():
        return character
    try:
        name = unicodedata.name(character).lower().replace("-", "_").replace(" ", "_")
    except ValueError:
        return None
    return KEY_NAME_REPLACEMENTS.get(name, name) if character.isprintable() else None


def _character(key: str) -> str | None:
    """The character that this name of Textual's stands for."""
    if key == "space":
        return None
    name = REPLACED_KEYS.get(key, key)
    for spelled in (name.replace("_", " "), name.replace("_", "-")):
        try:
            found = unicodedata.lookup(spelled)
        except KeyError:
            continue
        return found if found.isprintable() and not found.isalnum() else None
    return None
