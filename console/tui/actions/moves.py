"""Moving, with the same keys on every screen."""

from collections.abc import Callable
from typing import Any

from console.tui.actions.action import Action, Group

Enabled = Callable[[Any], bool]


def moves(*, by_one: str, by_page: str, to_end: str, enabled: Enabled, in_footer: bool = False) -> tuple[Action, ...]:
    """Up and down: by one, by what fits, to either end; each told in the screen's own words."""
    return (
        _move("down", "j,down", "j Down", by_one, enabled, 3 if in_footer else None),
        _move("up", "k,up", "k Up", by_one, enabled),
        _move("page_down", "pagedown", "PgDn", by_page, enabled),
        _move("page_up", "pageup", "PgUp", by_page, enabled),
        _move("first", "g,home", "g Home", to_end, enabled),
        _move("last", "G,end", "G End", to_end, enabled),
    )


def by_lines() -> tuple[Action, ...]:
    """Up and down in a text that is longer than the screen."""
    return moves(
        by_one="Move by a line",
        by_page="Move by what fits on the screen",
        to_end="Go to either end",
        enabled=lambda now: now.can_move,
        in_footer=True,
    )


def sideways(*, told: str, enabled: Enabled) -> tuple[Action, ...]:
    """Left and right."""
    return (
        _move("right", "right", "Right", told, enabled),
        _move("left", "left", "Left", told, enabled),
    )


def _move(name: str, keys: str, shown: str, told: str, enabled: Enabled, footer: int | None = None) -> Action:
    return Action(
        id=name,
        keys=keys,
        shown=shown,
        label=name.replace("_", " "),
        help=told,
        group=Group.MOVE,
        enabled=enabled,
        footer=footer,
        listed=False,
    )
