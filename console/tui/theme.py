"""The colours: a calm dark ground, one accent, and red, amber and green for state alone."""

import enum
from dataclasses import dataclass
from functools import cache

from rich.style import Style
from textual.theme import Theme


class Role(enum.Enum):
    """What a piece of text is for. Panes name roles; only this module knows colours."""

    TEXT = enum.auto()
    STRONG = enum.auto()
    MUTED = enum.auto()
    FAINT = enum.auto()
    ACCENT = enum.auto()
    KEY = enum.auto()
    GOOD = enum.auto()
    GOOD_QUIET = enum.auto()
    WARNING = enum.auto()
    BAD = enum.auto()
    LINE = enum.auto()
    LINE_FOCUS = enum.auto()
    TITLE = enum.auto()
    TITLE_FOCUS = enum.auto()
    CURSOR = enum.auto()
    MATCH = enum.auto()


@dataclass(frozen=True, kw_only=True)
class Palette:
    """The colours of a kind of terminal."""

    name: str
    ground: str
    raised: str
    line: str
    faint: str
    muted: str
    text: str
    bright: str
    accent: str
    green: str
    green_quiet: str
    amber: str
    red: str

    def style(self, role: Role) -> Style:
        """How text of this role is drawn."""
        return _style(self, role)

    def theme(self) -> Theme:
        """The same colours for what Textual draws: dialogs, notices, the command palette."""
        return Theme(
            name=self.name,
            primary=self.accent,
            secondary=self.muted,
            accent=self.accent,
            foreground=self.text,
            background=self.ground,
            surface=self.raised,
            panel=self.raised,
            success=self.green,
            warning=self.amber,
            error=self.red,
            dark=True,
            variables={
                "line": self.line,
                "muted": self.muted,
                "faint": self.faint,
                "bright": self.bright,
                "border": self.accent,
                "input-cursor-background": self.accent,
                "input-cursor-foreground": self.ground,
                "input-selection-background": f"{self.accent} 35%",
                "scrollbar": self.line,
                "scrollbar-background": self.ground,
                "scrollbar-corner-color": self.ground,
            },
        )


CALM = Palette(
    name="console",
    ground="#0f1318",
    raised="#171d25",
    line="#323c49",
    faint="#66717f",
    muted="#8e99a8",
    text="#c5cdd8",
    bright="#f0f4f9",
    accent="#6cb2f2",
    green="#7cc48d",
    green_quiet="#4f8f63",
    amber="#e3b25f",
    red="#ef7682",
)
"""For terminals with many colours."""

SIXTEEN = Palette(
    name="console-16",
    ground="#000000",
    raised="#000000",
    line="#555555",
    faint="#555555",
    muted="#aaaaaa",
    text="#aaaaaa",
    bright="#ffffff",
    accent="#55ffff",
    green="#55ff55",
    green_quiet="#00aa00",
    amber="#ffff55",
    red="#ff5555",
)
"""For terminals with sixteen colours: these very ones, so that none becomes another by rounding."""


def palette_for(color_system: str | None) -> Palette:
    """The palette for what Rich found out about the terminal."""
    return SIXTEEN if color_system == "standard" else CALM


@cache
def _style(palette: Palette, role: Role) -> Style:
    if role is Role.CURSOR:
        return Style(color=palette.ground, bgcolor=palette.accent, bold=True)
    if role is Role.MATCH:
        return Style(color=palette.ground, bgcolor=palette.amber)
    colour, bold = {
        Role.TEXT: (palette.text, False),
        Role.STRONG: (palette.bright, True),
        Role.MUTED: (palette.muted, False),
        Role.FAINT: (palette.faint, False),
        Role.ACCENT: (palette.accent, False),
        Role.KEY: (palette.accent, True),
        Role.GOOD: (palette.green, False),
        Role.GOOD_QUIET: (palette.green_quiet, False),
        Role.WARNING: (palette.amber, False),
        Role.BAD: (palette.red, True),
        Role.LINE: (palette.line, False),
        Role.LINE_FOCUS: (palette.accent, False),
        Role.TITLE: (palette.muted, False),
        Role.TITLE_FOCUS: (palette.bright, True),
    }[role]
    return Style(color=colour, bgcolor=palette.ground, bold=bold)
