"""The footer: the keys that work here and now, as many as fit."""

from collections.abc import Iterable

import msgspec

from console.tui.actions import Action
from console.tui.drawing.line import Line, Span
from console.tui.theme import Role


class Key(msgspec.Struct, frozen=True):
    """An action in the footer, and the cells it covers."""

    action: Action
    start: int
    end: int


def keys(enabled: Iterable[Action], cells: int, barred: Iterable[Action] = ()) -> tuple[Line, list[Key]]:
    """The footer's line and where each action stands in it. The help and the way out are always there.

    Those that are `barred` do not work in a console that only watches, and are drawn so.
    """
    grey = {action.id for action in barred}
    shown = [action for action in (*enabled, *barred) if action.footer is not None]
    shown.sort(key=lambda action: action.footer or 0)
    while shown and sum(_size(action) for action in shown) > cells:
        shown.remove(next((action for action in reversed(shown) if action.id not in _KEPT), shown[0]))
    spans: list[Span] = []
    places: list[Key] = []
    at = 0
    for action in shown:
        key, label = (Role.FAINT, Role.FAINT) if action.id in grey else (Role.KEY, Role.MUTED)
        spans += [Span(f" {_key(action)}", key), Span(f" {action.label} ", label)]
        places.append(Key(action, at, at + _size(action)))
        at += _size(action)
    return tuple(spans), places


_KEPT = ("help", "leave", "approve", "back")
"""What goes last where there is no room."""


def _key(action: Action) -> str:
    return action.shown.split()[0]


def _size(action: Action) -> int:
    return len(_key(action)) + len(action.label) + 3
