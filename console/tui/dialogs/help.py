"""The help: the keys that work here and now, and what they do."""

from collections.abc import Sequence
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
        width = max(len(each) for each in keys.values())
        lines: list[Content] = []
        last: Group | None = None
        for told, each in keys.items():
            group = groups[told]
            heading = "" if self.is_narrow else (group.value if group is not last else "").ljust(_GROUP_WIDTH)
            lines.append(
                Content.assemble((heading, "$muted"), (each.ljust(width + 2), "bold $accent"), (told, "$foreground"))
            )
            last = group
        return Content("\n").join(lines)

    def _barred_text(self) -> Content:
        """What cannot be done here, greyed, and why."""
        keys = _keys_by_help(self._barred)
        width = max(len(each) for each in _keys_by_help(self._actions).values())
        indent = "" if self.is_narrow else " " * _GROUP_WIDTH
        lines = [Content.assemble((f"{indent}{each.ljust(width + 2)}{told}", "$faint")) for told, each in keys.items()]
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
