"""The help: the keys that work here and now, and what they do."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from console.tui.actions import Action, Group
from console.tui.actions.common import HELP
from console.tui.dialogs.dialog import Dialog
from console.tui.drawing.line import wrap


class HelpDialog(Dialog[None]):
    """Lists actions by group; below them those that are `barred`, with the reason."""

    TITLE_WORDS = "Keys that work here and now"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1,q,enter", "close", "close", id="help_close", tooltip="Close the help"),
        Binding("j,down", "scroll(1)", "down", id="help_down", tooltip="Further down"),
        Binding("k,up", "scroll(-1)", "up", id="help_up", tooltip="Further up"),
    ]

    def __init__(self, actions: Sequence[Action], barred: Sequence[Action] = (), reason: str = "") -> None:
        super().__init__()
        self._actions = actions
        self._barred = barred
        self._reason = reason

    def content(self) -> ComposeResult:
        """A line for each action."""
        yield Static(self._text(), id="keys")
        if self._barred:
            yield Static(self._barred_text(), id="barred")

    def _text(self) -> Content:
        keys = _keys_by_help(self._actions)
        groups = {action.told: action.group for action in self._actions}
        lines: list[Content] = []
        last: Group | None = None
        for told, each in keys.items():
            group = groups[told]
            for left, right in self._in_columns(each, told):
                heading = "" if self.is_narrow else (group.value if group is not last else "").ljust(_GROUP_WIDTH)
                lines.append(Content.assemble((heading, "$muted"), (left, "bold $accent"), (right, "$foreground")))
                last = group
        return Content("\n").join(lines)

    def _in_columns(self, keys: str, told: str) -> list[tuple[str, str]]:
        """The keys and what they do, both wrapped in their columns."""
        size = max(len(each) for each in _keys_by_help(self._actions).values())
        if self.is_narrow:
            size = min(size, _NARROW_KEYS)
            room = max(self.app.size.width - _NARROW_EDGES - size - 2, 1)
        else:
            room = max(_BROAD_CELLS - _GROUP_WIDTH - size - 2, _SHORTEST_TOLD)
        pieces = zip_longest(wrap(keys, size, _PIECES, ""), wrap(told, room, _PIECES, ""), fillvalue="")
        return [(left.ljust(size + 2), right) for left, right in pieces]

    def _barred_text(self) -> Content:
        """What cannot be done here, greyed, and why."""
        keys = _keys_by_help(self._barred)
        indent = "" if self.is_narrow else " " * _GROUP_WIDTH
        pairs = [pair for told, each in keys.items() for pair in self._in_columns(each, told)]
        lines = [Content.assemble((f"{indent}{left}{right}", "$faint")) for left, right in pairs]
        return Content("\n").join([Content(""), Content.assemble((self._reason, "$warning")), *lines])

    @on(events.Key)
    def _pressed_again(self, event: events.Key) -> None:
        """The key that opened the help closes it, wherever the operator has moved it."""
        if any(action.id == HELP.id and event.key in action.pressed for action in self._actions):
            event.stop()
            self.action_close()

    def action_scroll(self, lines: int) -> None:
        """Move in a help that is longer than the screen."""
        self.query_one("#box", VerticalScroll).scroll_relative(y=lines, animate=False)


_GROUP_WIDTH = 9
_NARROW_KEYS = 9
_NARROW_EDGES = 5
"""Cells of the border, the space beside it and the scroll bar."""
_BROAD_CELLS = 65
"""Cells inside a box of the usual width, beside its scroll bar."""
_SHORTEST_TOLD = 20
_PIECES = 9


def _keys_by_help(actions: Sequence[Action]) -> dict[str, str]:
    """The keys of each line of the help; those of two directions stand together, the short ones first."""
    keys: dict[str, list[str]] = {}
    for action in sorted(
        (action for action in actions if action.keys), key=lambda action: list(Group).index(action.group)
    ):
        keys.setdefault(action.told, []).extend(action.shown.split())
    return {told: " ".join(sorted(each, key=_order)) for told, each in keys.items()}


def _order(key: str) -> int:
    return min(len(key), 2)
