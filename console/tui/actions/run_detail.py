"""The actions of the screen that tells about one run."""

from console.tui.actions.action import Action, Group, Permission
from console.tui.actions.common import AGAIN
from console.tui.actions.looks import ON_TOP
from console.tui.actions.moves import moves
from console.tui.state.run_detail import Section


def _go_to(key: int, section: Section) -> Action:
    return Action(
        id=f"show_{section}",
        keys=str(key),
        shown=str(key),
        label=f"show {section}",
        help=f"Go to the {section}",
        group=Group.MOVE,
    )


ACTIONS: tuple[Action, ...] = (
    Action(
        id="retry",
        keys="r",
        shown="r",
        label="retry",
        help="Fetch what is missing",
        group=Group.SYNC,
        permission=Permission.OPERATE,
        confirms=True,
        enabled=lambda now: now.unfinished and not now.running and not now.notice,
        footer=0,
    ),
    Action(
        id="removals",
        keys="a",
        shown="a",
        label="review removal",
        help="See what this run was kept from removing",
        group=Group.SYNC,
        enabled=lambda now: now.connected and not now.engine_failed and now.blocked and not now.running,
        footer=0,
    ),
    Action(
        id="open",
        keys="enter",
        shown="Enter",
        label="open",
        help="See all about the chosen line",
        group=Group.VIEW,
        enabled=lambda now: now.can_open,
        footer=1,
    ),
    Action(
        id="sort",
        keys="s",
        shown="s",
        label="sort",
        help="Sort the changes: as found, by name, by how far the price moved",
        group=Group.VIEW,
        enabled=lambda now: now.has_changes,
        footer=2,
    ),
    Action(
        id="next_kind",
        keys="f",
        shown="f",
        label="filter",
        help="Show one kind of changes, the next, or all",
        group=Group.VIEW,
        enabled=lambda now: now.has_changes,
        footer=2,
    ),
    Action(
        id="run_log",
        keys="6,l",
        shown="6 l",
        label="log",
        help="Read what was logged during this run",
        group=Group.VIEW,
        enabled=lambda now: now.has_log,
        footer=3,
    ),
    Action(
        id="next_section",
        keys="tab",
        shown="Tab",
        label="section",
        help="Go to the next or previous section",
        group=Group.MOVE,
        footer=3,
        listed=False,
    ),
    Action(
        id="previous_section",
        keys="shift+tab",
        shown="Shift+Tab",
        label="previous section",
        help="Go to the next or previous section",
        group=Group.MOVE,
        listed=False,
    ),
    *(_go_to(key, section) for key, section in enumerate(Section, start=1)),
    Action(
        id="newer",
        keys="n,right_square_bracket",
        shown="n ]",
        label="next run",
        help="Go to the next run, the newer one",
        group=Group.MOVE,
        footer=5,
    ),
    Action(
        id="older",
        keys="p,left_square_bracket",
        shown="p [",
        label="previous run",
        help="Go to the previous run, the older one",
        group=Group.MOVE,
        footer=4,
    ),
    *moves(
        by_one="Move by a line",
        by_page="Move by what fits on the screen",
        to_end="Go to either end",
        enabled=lambda now: now.can_move,
    ),
    AGAIN,
    *ON_TOP,
)
