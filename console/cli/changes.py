"""Telling what changed: for people a line a product, for programs a list."""

import json
from typing import Any

from console.cli.output import say
from console.history import ProductChange
from console.operations.history import Changes
from console.text import clean, legible

LISTED_AS_TEXT = 20
LISTED_IN_JSON = 10_000
_FIELDS_SHOWN = 4
_LINE_LIMIT = 400
_NAME_LIMIT = 80
_VALUE_LIMIT = 40
_IMPLIED = "is_active"
"""What the word for the change says already."""


def changes_document(changes: Changes) -> dict[str, object]:
    """The members of a JSON document."""
    return {
        "changes": [
            {"product_id": each.product_id, "change": each.change, "fields": each.fields} for each in changes.listed
        ],
        "changes_total": changes.total,
    }


def counted(changes: Changes) -> str:
    """How many of which kind, such as `12 new, 233 changed`."""
    return ", ".join(f"{count:,} {change}" for change, count in changes.by_kind.items())


def say_changes(changes: Changes) -> None:
    """A line for each of those that are listed; the last one says how many more there are."""
    for each in changes.listed:
        say(f"  {_line(each)}")
    more = changes.total - len(changes.listed)
    if more:
        say(f"  … and {more:,} more: --json lists up to {LISTED_IN_JSON:,}.")


def _line(change: ProductChange) -> str:
    name = legible(change.name, _NAME_LIMIT) or "(no name)"
    return clean(f"{change.change}  {name} ({change.product_id}){told_fields(change.fields)}", _LINE_LIMIT)


def told_fields(fields: dict[str, list[Any]] | None) -> str:
    """What is different, behind a colon: a few columns with their old and new values."""
    differences = [
        f"{name} {_told(old)} → {_told(new)}" for name, (old, new) in (fields or {}).items() if name != _IMPLIED
    ]
    more = len(differences) - _FIELDS_SHOWN
    if more > 0:
        differences[_FIELDS_SHOWN:] = [f"and {more} more"]
    return f": {', '.join(differences)}" if differences else ""


def _told(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case str():
            return f'"{legible(value, _VALUE_LIMIT)}"'
        case _:
            return clean(json.dumps(value, ensure_ascii=False), _VALUE_LIMIT)
