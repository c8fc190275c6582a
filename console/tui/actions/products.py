"""The actions of the screen on which products are looked for, and of the one that shows a product."""

from console.tui.actions.action import Action, Group
from console.tui.actions.common import AGAIN
from console.tui.actions.looks import ON_TOP
from console.tui.actions.moves import by_lines, moves


def _filter(name: str, key: str, label: str, told: str, footer: int | None = 4) -> Action:
    return Action(
        id=name,
        keys=key,
        shown=key,
        label=label,
        help=told,
        group=Group.VIEW,
        enabled=lambda now: not now.typing,
        footer=footer,
    )


ACTIONS: tuple[Action, ...] = (
    Action(
        id="to_list",
        keys="down,tab",
        shown="Down Tab",
        label="to the list",
        help="Go from what is typed to what was found; Enter does too",
        group=Group.MOVE,
        enabled=lambda now: now.typing,
        footer=1,
        listed=False,
    ),
    Action(
        id="open",
        keys="enter",
        shown="Enter",
        label="open",
        help="Show all that is known of the product",
        group=Group.VIEW,
        enabled=lambda now: not now.typing and now.has_chosen,
        footer=1,
    ),
    Action(
        id="type",
        keys="slash,tab,shift+tab",
        shown="/ Tab Shift+Tab",
        label="search",
        help="Go back to what is typed",
        group=Group.VIEW,
        enabled=lambda now: not now.typing,
        footer=2,
    ),
    _filter("platform", "p", "platform", "Only products of one platform"),
    _filter("region", "r", "region", "Only products of one region"),
    _filter("category", "c", "category", "Only products of one category"),
    _filter("standing", "a", "active/gone", "Active products, those that are gone, or all"),
    _filter("price", "m", "price", "Only products within a range of prices"),
    _filter("sort", "o", "order", "Another order: by name, price or stock"),
    Action(
        id="clear",
        keys="x",
        shown="x",
        label="clear",
        help="Take away what is typed and every filter",
        group=Group.VIEW,
        enabled=lambda now: not now.typing and now.is_filtered,
        footer=3,
    ),
    Action(
        id="clear_typing",
        keys="ctrl+l",
        shown="Ctrl+L",
        label="clear",
        help="Take away what is typed and every filter",
        group=Group.VIEW,
        enabled=lambda now: now.typing and now.is_filtered,
        footer=3,
        listed=False,
    ),
    Action(
        id="copy",
        keys="y",
        shown="y",
        label="copy id",
        help="Copy the id of the product",
        group=Group.VIEW,
        enabled=lambda now: not now.typing and now.has_chosen,
        footer=5,
    ),
    *moves(
        by_one="Move by a product; up from the first goes to what is typed",
        by_page="Move by what fits on the screen",
        to_end="Go to either end of the list",
        enabled=lambda now: not now.typing and now.can_move,
    ),
    AGAIN,
    *ON_TOP,
)

SHEET_ACTIONS: tuple[Action, ...] = (
    Action(
        id="copy",
        keys="y",
        shown="y",
        label="copy id",
        help="Copy the id of the product",
        group=Group.VIEW,
        footer=1,
    ),
    *by_lines(),
    AGAIN,
    *ON_TOP,
)
