"""The command palette: the same actions as the keys, found by name. What does not work now is not in it."""

from functools import partial

from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider

from console.tui.actions import Action
from console.tui.closing import Closing


class Palette(CommandPalette, Closing[None]):
    """Textual's palette, which closes once."""

    CSS_PATH = "palette.tcss"

    def _action_command_list(self, action: str) -> None:
        """Pass on where the list has no room as well: without lines to count a page by, Textual's own would fail."""
        if self.query_one(CommandList).scrollable_content_region:
            super()._action_command_list(action)


class ActionProvider(Provider):
    """Offers the actions that work on the screen below."""

    @property
    def _actions(self) -> list[Action]:
        offered: list[Action] = getattr(self.screen, "offered_actions", [])
        return [action for action in offered if action.listed]

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for action in self._actions:
            yield DiscoveryHit(_name(action), partial(self.screen.run_action, action.id), help=_told(action))

    async def search(self, query: str) -> Hits:
        """Those whose name matches."""
        matcher = self.matcher(query)
        for action in self._actions:
            score = matcher.match(_name(action))
            if score > 0:
                run = partial(self.screen.run_action, action.id)
                yield Hit(score, matcher.highlight(_name(action)), run, help=_told(action))


def _name(action: Action) -> str:
    name = action.label[:1].upper() + action.label[1:]
    return f"{name}…" if action.confirms or action.asks else name


def _told(action: Action) -> str:
    """What it does, and its key, so that the next time needs no palette."""
    return f"{action.told} ({action.shown.split()[0]})" if action.keys else action.told
