"""The actions of the screen on which the notices are read again."""

from console.tui.actions.action import Action
from console.tui.actions.common import BACK, HELP, PALETTE
from console.tui.actions.looks import LOOKS
from console.tui.actions.moves import moves

ACTIONS: tuple[Action, ...] = (
    *moves(
        by_one="Move by a line",
        by_page="Move by what fits on the screen",
        to_end="Go to the newest notice, or to the oldest",
        enabled=lambda now: now.can_move,
        in_footer=True,
    ),
    *LOOKS,
    PALETTE,
    HELP,
    BACK,
)
