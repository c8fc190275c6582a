"""What `keys.toml` says: an entry that makes no sense is ignored and told of, and the others count."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from console.text import clean
from console.tui.actions.action import Action
from console.tui.actions.screens import SCREENS
from console.tui.keys.keymap import FIXED, KeyMap, Keys, with_keys
from console.tui.keys.names import key_named, shown_key

EVERYWHERE = "keys"
"""The table whose entries count on every screen that has the action."""

_MOST_BYTES = 100_000
_NAME_LIMIT = 40

_Moved = dict[str, dict[str, Keys]]


def keys_in(path: Path) -> KeyMap:
    """The keys as the file has moved them.

    Raises:
        ValueError: it cannot be read; the message says why.
    """
    return replace(_understood(_parsed(path)), path=path)


def _parsed(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise ValueError("this is no file")
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise ValueError(f"it cannot be read ({error.strerror})") from None
    if len(content) > _MOST_BYTES:
        raise ValueError("it is larger than any list of keys")
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"it is no TOML ({error})") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _understood(tables: Mapping[str, Any]) -> KeyMap:
    problems: list[str] = []
    moved: _Moved = {screen: {} for screen in SCREENS}
    for table in sorted(tables, key=lambda name: name != EVERYWHERE):  # what is said of one screen counts more
        entries = tables[table]
        if table != EVERYWHERE and table not in SCREENS:
            tables_known = ", ".join((EVERYWHERE, *SCREENS))
            problems.append(f"[{clean(table, _NAME_LIMIT)}] is no screen; there are {tables_known}.")
        elif not isinstance(entries, dict):
            problems.append(f"{table} must be a table, [{table}].")
        else:
            for action_id, value in entries.items():
                _take(moved, table, action_id, value, problems)
    for screen, actions in SCREENS.items():
        _drop_clashes(screen, actions, moved[screen], problems)
    told = tuple(f"keys.toml: {each}" for each in problems)
    return KeyMap({screen: keys for screen, keys in moved.items() if keys}, told)


def _take(moved: _Moved, table: str, action_id: str, value: object, problems: list[str]) -> None:
    """Move the keys of an action, on one screen or on all."""
    entry = f"[{table}] {clean(action_id, _NAME_LIMIT)}"
    screens = [
        screen
        for screen, actions in SCREENS.items()
        if table in (EVERYWHERE, screen) and any(each.id == action_id for each in actions)
    ]
    if not screens:
        problems.append(f"{entry}: there is no such action.")
        return
    keys = _keys(entry, value, problems)
    for screen in screens:
        own = next(each for each in SCREENS[screen] if each.id == action_id).pressed
        taken = next((key for key in keys if key in FIXED and key not in own), None)
        if taken is not None:
            problems.append(f"{entry}: {shown_key(taken)} goes back or leaves, and stays so.")
            return
        if keys:
            moved[screen][action_id] = keys


def _keys(entry: str, value: object, problems: list[str]) -> Keys:
    """Textual's names of the keys; empty where one makes no sense."""
    written = value if isinstance(value, list) else [value]
    if not written or not all(isinstance(each, str) for each in written):
        problems.append(f'{entry}: say a key, such as "S", or a list of keys.')
        return ()
    keys: list[str] = []
    for name in map(str, written):
        key = key_named(name)
        if key is None:
            problems.append(f'{entry}: there is no key "{clean(name, _NAME_LIMIT)}".')
            return ()
        if key not in keys:
            keys.append(key)
    return tuple(keys)


def _drop_clashes(screen: str, actions: Sequence[Action], moved: dict[str, Keys], problems: list[str]) -> None:
    """Take back what gives a key to two actions, unless they share one anyway: then they never work at once."""
    while True:
        clash = _clash(actions, moved)
        if clash is None:
            return
        key, one, other = clash
        dropped = one if one in moved else other
        del moved[dropped]
        kept = other if dropped == one else one
        problems.append(f"[{screen}] {dropped}: {shown_key(key)} is {kept} already.")


def _clash(actions: Sequence[Action], moved: Mapping[str, Keys]) -> tuple[str, str, str] | None:
    holders: dict[str, list[Action]] = {}
    for action in actions:
        for key in with_keys(action, moved.get(action.id)).pressed:
            for holder in holders.setdefault(key, []):
                if not set(holder.pressed) & set(action.pressed):
                    return key, action.id, holder.id
            holders[key].append(action)
    return None
