"""The actions of the screen on which a removal is reviewed."""

from console.tui.actions.action import Action, Group, Permission
from console.tui.actions.common import AGAIN
from console.tui.actions.looks import ON_TOP
from console.tui.actions.moves import moves

ACTIONS: tuple[Action, ...] = (
    Action(
        id="approve",
        keys="enter",
        shown="Enter",
        label="approve",
        help="Approve the removal",
        group=Group.SYNC,
        permission=Permission.ADMINISTER,
        confirms=True,
        enabled=lambda now: now.is_loaded,
        footer=1,
    ),
    *moves(
        by_one="Move by a product",
        by_page="Move by what fits on the screen",
        to_end="Go to either end of the list",
        enabled=lambda now: now.can_move,
        in_footer=True,
    ),
    AGAIN,
    *ON_TOP,
)
