"""What every drawing needs to know of the terminal and its reader."""

from dataclasses import dataclass, field

from console.tui.drawing.words import LocalZone
from console.tui.glyphs import UNICODE, Glyphs
from console.tui.theme import CALM, Palette


@dataclass
class Look:
    """The signs and colours to draw with, and the zone to tell local times in.

    All that is drawn shares one. What the operator changes in it shows with the next drawing.
    """

    glyphs: Glyphs = UNICODE
    palette: Palette = CALM
    zone: LocalZone = field(default_factory=LocalZone)
