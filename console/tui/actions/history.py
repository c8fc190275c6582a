"""The actions of the run history."""

from console.tui.actions.action import Action, Group
from console.tui.actions.common import AGAIN
from console.tui.actions.looks import ON_TOP
from console.tui.actions.moves import moves

ACTIONS: tuple[Action, ...] = (
    Action(
        id="open",
        keys="enter",
        shown="Enter",
        label="open run",
        help="See all about the chosen run",
        group=Group.VIEW,
        enabled=lambda now: now.has_chosen,
        footer=1,
    ),
    Action(
        id="search",
        keys="slash",
        shown="/",
        label="search",
        help="Show the runs with these words, as you type",
        group=Group.VIEW,
        footer=2,
    ),
    Action(
        id="choose_outcome",
        keys="o",
        shown="o",
        label="outcome",
        help="Show runs that ended in one way",
        group=Group.VIEW,
        footer=3,
    ),
    Action(
        id="choose_origin",
        keys="t",
        shown="t",
        label="trigger",
        help="Show runs of one trigger or kind",
        group=Group.VIEW,
        footer=4,
    ),
    Action(
        id="choose_person",
        keys="w",
        shown="w",
        label="who",
        help="Show runs that somebody asked for",
        group=Group.VIEW,
        footer=4,
    ),
    Action(
        id="choose_span",
        keys="d",
        shown="d",
        label="days",
        help="Show runs of the last days",
        group=Group.VIEW,
        footer=4,
    ),
    Action(
        id="clear",
        keys="x",
        shown="x",
        label="clear",
        help="Show all runs again",
        group=Group.VIEW,
        enabled=lambda now: now.is_filtered,
        footer=1,
    ),
    Action(
        id="next_measure",
        keys="v,tab",
        shown="v Tab",
        label="chart",
        help="Chart the duration, the products or the changes",
        group=Group.VIEW,
        enabled=lambda now: now.has_chart,
        footer=5,
    ),
    *moves(
        by_one="Choose the next run, or the one before",
        by_page="Move by what fits on the screen",
        to_end="Go to the newest run, or to the oldest",
        enabled=lambda now: now.can_move,
    ),
    AGAIN,
    *ON_TOP,
)
