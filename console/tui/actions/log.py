"""The actions of a log, on the main screen and on a screen of its own. `now.log` is how that log stands."""

from typing import Any

from console.operations.logbook import Level
from console.tui.actions.action import Action, Group
from console.tui.actions.common import AGAIN
from console.tui.actions.looks import ON_TOP
from console.tui.actions.moves import by_lines, moves, sideways

_LEVELS = {
    Level.DEBUG: "log: all levels",
    Level.INFO: "log: info and above",
    Level.WARNING: "log: warnings and above",
    Level.ERROR: "log: errors and above",
    Level.CRITICAL: "log: fatal alone",
}


def _is_here(now: Any) -> bool:
    return bool(now.log.is_here)


def _level(key: int, level: Level, label: str) -> Action:
    return Action(
        id=f"log_{level.name.lower()}",
        keys=str(key),
        shown=str(key),
        label=label,
        help="Show this level of the log, and above",
        group=Group.LOG,
        enabled=lambda now: now.log.is_seen and not now.log.typing,
    )


LOG_ACTIONS: tuple[Action, ...] = (
    Action(
        id="search_log",
        keys="slash",
        shown="/",
        label="search",
        help="Look for words in the log",
        group=Group.LOG,
        enabled=lambda now: now.log.is_seen and not now.log.typing,
        footer=6,
    ),
    Action(
        id="next_match",
        keys="n",
        shown="n",
        label="next match",
        help="Go to the next match, or the one before",
        group=Group.LOG,
        enabled=lambda now: _is_here(now) and now.log.has_words,
        footer=1,
    ),
    Action(
        id="previous_match",
        keys="N",
        shown="N",
        label="previous match",
        help="Go to the next match, or the one before",
        group=Group.LOG,
        enabled=lambda now: _is_here(now) and now.log.has_words,
    ),
    Action(
        id="only_matches",
        keys="m",
        shown="m",
        label="matches",
        help="Show matches alone, or all again",
        group=Group.LOG,
        enabled=lambda now: _is_here(now) and now.log.has_words,
        footer=2,
    ),
    Action(
        id="open_record",
        keys="enter",
        shown="Enter",
        label="open",
        help="See all of the chosen record",
        group=Group.LOG,
        enabled=lambda now: _is_here(now) and now.log.has_chosen,
        footer=3,
    ),
    Action(
        id="copy_record",
        keys="y",
        shown="y",
        label="copy",
        help="Copy the chosen record",
        group=Group.LOG,
        enabled=lambda now: _is_here(now) and now.log.has_chosen,
        footer=6,
    ),
    Action(
        id="wrap_log",
        keys="w",
        shown="w",
        label="wrap",
        help="Fold long lines, or cut them off",
        group=Group.LOG,
        enabled=lambda now: _is_here(now) and now.log.has_chosen,
        footer=6,
    ),
    Action(
        id="save_log",
        keys="S",
        shown="S",
        label="save",
        help="Save what the log shows into a file",
        group=Group.LOG,
        enabled=lambda now: _is_here(now) and now.connected,
        footer=6,
    ),
    *(_level(key, level, label) for key, (level, label) in enumerate(_LEVELS.items(), 1)),
)

ACTIONS: tuple[Action, ...] = (
    *LOG_ACTIONS,
    Action(
        id="follow",
        keys="f",
        shown="f",
        label="follow",
        help="Go to the end of the log and stay there",
        group=Group.LOG,
        enabled=lambda now: _is_here(now) and now.can_follow,
        footer=3,
    ),
    *moves(
        by_one="Choose the next line, or the one before",
        by_page="Move by what fits on the screen",
        to_end="Go to the oldest record, or to the newest",
        enabled=_is_here,
    ),
    *sideways(told="Move along long lines", enabled=_is_here),
    AGAIN,
    *ON_TOP,
)

RECORD_ACTIONS: tuple[Action, ...] = (
    Action(
        id="copy",
        keys="y",
        shown="y",
        label="copy",
        help="Copy the record",
        group=Group.VIEW,
        footer=1,
    ),
    *by_lines(),
    *ON_TOP,
)
