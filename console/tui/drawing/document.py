"""A rejected product's document, laid out as JSON is read, with what is wrong in it marked."""

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from console.text import clean

_DEEPEST = 12
"""Levels that are laid out; what lies deeper stays in one line."""
_LINE_LIMIT = 1_000

_PLACE = re.compile(r"[A-Za-z_]\w*(?:\.\w+|\[[^\]]*\])*")
_TOKEN = re.compile(r"\w+|\[[^\]]*\]")
_SAID = {"it has no name": "name", "its id is": "id", "a category has the id": "categories[...].id"}
_MISSING = "object missing required field "

_ANY = "[...]"
Path = tuple[str, ...]


def offending(reason: str) -> Path:
    """Where in the document that lies which the reason complains of; empty where it does not say."""
    for said, place in _SAID.items():
        if reason.startswith(said):
            return _path(place)
    told, _, rest = reason.partition(": ")
    if rest and _PLACE.fullmatch(told):
        missing = rest.removeprefix(_MISSING)
        return (*_path(told), missing) if missing != rest else _path(told)
    if reason.lower().startswith(_MISSING):
        return (reason[len(_MISSING) :],)
    word, _, rest = reason.partition(" is ")
    return _path(word) if rest and _PLACE.fullmatch(word) else ()


def laid_out(document: str, path: Path) -> list[tuple[str, bool]]:
    """The document's lines, each with whether it belongs to what lies at this place."""
    try:
        value = msgspec.json.decode(document)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return [(clean(document, _LINE_LIMIT), False)]
    return [(clean(text, _LINE_LIMIT), is_marked) for text, is_marked in _lines(value, "", "", path or None, 0)]


def _path(place: str) -> Path:
    return tuple(_TOKEN.findall(place))


def _lines(value: Any, head: str, tail: str, path: Path | None, depth: int) -> Iterator[tuple[str, bool]]:
    """The lines of a value. `path` is what is left of the way to the place: () has arrived, None is elsewhere."""
    is_marked, indent = path == (), "  " * depth
    if not isinstance(value, dict | list) or not value or depth >= _DEEPEST:
        yield f"{indent}{head}{_in_one_line(value)}{tail}", is_marked
        return
    is_object = isinstance(value, dict)
    yield f"{indent}{head}{'{' if is_object else '['}", is_marked
    last = len(value) - 1
    members = value.items() if isinstance(value, dict) else ((f"[{at}]", each) for at, each in enumerate(value))
    for at, (key, each) in enumerate(members):
        name = f"{_in_one_line(key)}: " if is_object else ""
        yield from _lines(each, name, "," if at < last else "", _further(path, key), depth + 1)
    yield f"{indent}{'}' if is_object else ']'}{tail}", is_marked


def _further(path: Path | None, key: str) -> Path | None:
    if not path:
        return path
    return path[1:] if path[0] in (key, _ANY) else None


def _in_one_line(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "…"
