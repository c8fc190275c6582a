"""Everything the console can do, once: the bindings, the footer, the help and the palette all read this list."""

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from textual.binding import Binding

from console.tui.state.situation import Situation


class Group(enum.StrEnum):
    """The headings of the help."""

    SYNC = "Sync"
    VIEW = "View"
    MOVE = "Move"
    CONSOLE = "Console"


def _always(_: Situation) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Action:
    """One thing the console can do. The main screen has a method `action_{id}` for it.

    `keys` are Textual's names, `shown` is how people write them. `footer` is the place in the footer, the lowest
    first; None keeps it out. Only actions that make sense by name are `listed` in the palette. Actions with the same
    `help` are two directions of one thing, and share a line of it.
    """

    id: str
    keys: str
    shown: str
    label: str
    help: str
    group: Group
    enabled: Callable[[Situation], bool] = _always
    footer: int | None = None
    listed: bool = True

    def binding(self) -> Binding:
        """The binding of its keys."""
        return Binding(self.keys, self.id, self.label, key_display=self.shown, tooltip=self.help, id=self.id)


ACTIONS: tuple[Action, ...] = (
    Action(
        id="sync_now",
        keys="s",
        shown="s",
        label="sync now",
        help="Fetch the whole catalogue; asks first",
        group=Group.SYNC,
        enabled=lambda now: now.commands and not now.running and not now.notice,
        footer=1,
    ),
    Action(
        id="removals",
        keys="a",
        shown="a",
        label="review removal",
        help="See what a sync was kept from removing",
        group=Group.SYNC,
        enabled=lambda now: now.commands and now.blocked and not now.running,
        footer=0,
    ),
    Action(
        id="retry",
        keys="r",
        shown="r",
        label="retry",
        help="Fetch what is missing; asks first",
        group=Group.SYNC,
        enabled=lambda now: now.commands and now.unfinished and not now.running and not now.notice,
        footer=1,
    ),
    Action(
        id="cancel",
        keys="c",
        shown="c",
        label="cancel",
        help="Stop the running sync; asks first",
        group=Group.SYNC,
        enabled=lambda now: now.commands and now.running and not now.cancelling,
        footer=1,
    ),
    Action(
        id="edit_time",
        keys="e",
        shown="e",
        label="edit time",
        help="Change the time of the daily sync",
        group=Group.SYNC,
        enabled=lambda now: now.commands,
        footer=2,
    ),
    Action(
        id="pause_schedule",
        keys="p",
        shown="p",
        label="pause",
        help="Pause the schedule; asks why first",
        group=Group.SYNC,
        enabled=lambda now: now.commands and not now.paused,
        footer=2,
    ),
    Action(
        id="resume_schedule",
        keys="p",
        shown="p",
        label="resume",
        help="Resume the schedule; asks first",
        group=Group.SYNC,
        enabled=lambda now: now.commands and now.paused,
        footer=1,
    ),
    Action(
        id="undo_schedule",
        keys="u",
        shown="u",
        label="undo",
        help="Undo the last change of the schedule",
        group=Group.SYNC,
        enabled=lambda now: now.commands and now.undoable,
        footer=4,
    ),
    Action(
        id="reset_time",
        keys="R",
        shown="R",
        label="reset the daily time",
        help="Back to the time of the settings; asks first",
        group=Group.SYNC,
        enabled=lambda now: now.commands and now.time_is_set,
    ),
    Action(
        id="demo",
        keys="d",
        shown="d",
        label="try the demo",
        help="Leave for a simulated catalogue",
        group=Group.SYNC,
        enabled=lambda now: now.notice,
        footer=0,
    ),
    Action(
        id="follow",
        keys="f",
        shown="f",
        label="follow log",
        help="Go to the end of the log and stay there",
        group=Group.VIEW,
        enabled=lambda now: now.connected and not now.following,
        footer=3,
    ),
    Action(
        id="zoom",
        keys="z",
        shown="z",
        label="zoom",
        help="Zoom the focused pane in or out",
        group=Group.VIEW,
        enabled=lambda now: not now.single and not now.refused,
        footer=5,
    ),
    Action(
        id="next_problem",
        keys="n",
        shown="n",
        label="next problem",
        help="Go to the next page in trouble: read why",
        group=Group.VIEW,
        enabled=lambda now: now.has_problems,
        footer=4,
    ),
    Action(
        id="close",
        keys="escape",
        shown="Esc",
        label="back",
        help="Leave the chosen page, then the zoom",
        group=Group.VIEW,
        enabled=lambda now: now.zoomed or now.choosing,
        footer=6,
        listed=False,
    ),
    Action(
        id="next_pane",
        keys="tab",
        shown="Tab",
        label="next pane",
        help="Go to the next or previous pane",
        group=Group.MOVE,
        enabled=lambda now: not now.refused,
        footer=7,
        listed=False,
    ),
    Action(
        id="previous_pane",
        keys="shift+tab",
        shown="Shift+Tab",
        label="previous pane",
        help="Go to the next or previous pane",
        group=Group.MOVE,
        enabled=lambda now: not now.refused,
        listed=False,
    ),
    Action(
        id="down",
        keys="j,down",
        shown="j Down",
        label="down",
        help="Move in the pane; up pauses the log",
        group=Group.MOVE,
        enabled=lambda now: now.can_move,
        listed=False,
    ),
    Action(
        id="up",
        keys="k,up",
        shown="k Up",
        label="up",
        help="Move in the pane; up pauses the log",
        group=Group.MOVE,
        enabled=lambda now: now.can_move,
        listed=False,
    ),
    Action(
        id="right",
        keys="right",
        shown="Right",
        label="right",
        help="Move along the pages, or long lines",
        group=Group.MOVE,
        enabled=lambda now: now.can_move_sideways,
        listed=False,
    ),
    Action(
        id="left",
        keys="left",
        shown="Left",
        label="left",
        help="Move along the pages, or long lines",
        group=Group.MOVE,
        enabled=lambda now: now.can_move_sideways,
        listed=False,
    ),
    Action(
        id="page_down",
        keys="pagedown",
        shown="PgDn",
        label="page down",
        help="Move by what fits in the pane",
        group=Group.MOVE,
        enabled=lambda now: now.can_move,
        listed=False,
    ),
    Action(
        id="page_up",
        keys="pageup",
        shown="PgUp",
        label="page up",
        help="Move by what fits in the pane",
        group=Group.MOVE,
        enabled=lambda now: now.can_move,
        listed=False,
    ),
    Action(
        id="first",
        keys="g,home",
        shown="g Home",
        label="first",
        help="Go to either end; G follows the log",
        group=Group.MOVE,
        enabled=lambda now: now.can_move,
        listed=False,
    ),
    Action(
        id="last",
        keys="G,end",
        shown="G End",
        label="last",
        help="Go to either end; G follows the log",
        group=Group.MOVE,
        enabled=lambda now: now.can_move,
        listed=False,
    ),
    Action(
        id="palette",
        keys="colon,ctrl+p",
        shown=": Ctrl+P",
        label="palette",
        help="Find an action by its name",
        group=Group.CONSOLE,
        listed=False,
    ),
    Action(
        id="help",
        keys="question_mark,f1",
        shown="? F1",
        label="help",
        help="Show the keys that work here and now",
        group=Group.CONSOLE,
        footer=8,
    ),
    Action(
        id="leave",
        keys="q,ctrl+q,ctrl+c",
        shown="q Ctrl+Q Ctrl+C",
        label="quit",
        help="Leave; asks while a sync is running",
        group=Group.CONSOLE,
        footer=9,
    ),
)


def bindings(actions: Iterable[Action] = ACTIONS) -> list[Binding]:
    """The bindings of the main screen."""
    return [action.binding() for action in actions]


def by_id(action_id: str) -> Action | None:
    """The action of this name."""
    return _BY_ID.get(action_id)


def enabled(situation: Situation) -> list[Action]:
    """The actions that work here and now."""
    return [action for action in ACTIONS if action.enabled(situation)]


def barred(situation: Situation) -> list[Action]:
    """The actions that would work here and now if this console ran the engine."""
    if not situation.read_only:
        return []
    here = replace(situation, read_only=False)
    return [action for action in ACTIONS if action.enabled(here) and not action.enabled(situation)]


_BY_ID = {action.id: action for action in ACTIONS}
