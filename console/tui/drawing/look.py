"""What every drawing needs to know of the terminal and its reader."""

import msgspec

from console.tui.drawing.words import LocalZone
from console.tui.glyphs import UNICODE, Glyphs
from console.tui.keys.keymap import KeyMap
from console.tui.theme import CALM, Palette


class Look(msgspec.Struct):
    """The signs and colours to draw with, the zone to tell local times in, and the keys to name.

    All that is drawn shares one. What the operator changes in it shows with the next drawing.
    """

    glyphs: Glyphs = UNICODE
    palette: Palette = CALM
    zone: LocalZone = msgspec.field(default_factory=LocalZone)
    keys: KeyMap = msgspec.field(default_factory=KeyMap)

    def key(self, action_id: str, screen: str = "main") -> str:
        """The key of an action, for sentences that name it."""
        return self.keys.first(action_id, screen)
