"""The themes: a calm ground, one accent, and red, amber and green for state alone."""

import enum
from functools import cache

import msgspec
from rich.style import Style
from textual.theme import Theme

_ANSI = "ansi_"
"""What the terminal's own colours are called with by Textual, and without by Rich."""


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


_SHADELESS = {
    "cursor": "ansi_cyan",
    "on-cursor": "ansi_black",
    "field": "ansi_cyan",
    "on-field": "ansi_black",
    "veil": "transparent",
    "input-cursor-background": "ansi_default",
    "input-cursor-foreground": "ansi_default",
    "input-cursor-text-style": "none",
    "input-selection-background": "ansi_cyan",
    "input-selection-foreground": "ansi_black",
    "screen-selection-background": "ansi_cyan",
    "screen-selection-foreground": "ansi_black",
    "block-cursor-background": "ansi_cyan",
    "block-cursor-foreground": "ansi_black",
    "border-blurred": "ansi_default",
    "ansi-background": "ansi_default",
    "ansi-foreground": "ansi_default",
}
"""The same where there are no shades, and what else Textual asks for then."""

_BOLD = frozenset({Role.STRONG, Role.KEY, Role.BAD, Role.TITLE_FOCUS})


class Palette(msgspec.Struct, frozen=True, kw_only=True):
    """The colours of a theme; `words` are how it is called on the screen.

    `is_mixed`: the colours are ours, and there is any shade between them. They are the terminal's own otherwise, of
    which nobody knows how they look: what lies under the cursor is reversed then, and roles
    are told apart by being bold or dim.
    """

    name: str
    words: str
    is_dark: bool = True
    is_mixed: bool = True
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
    bold: frozenset[Role] = _BOLD
    dim: frozenset[Role] = frozenset()

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
            dark=self.is_dark,
            ansi=not self.is_mixed,
            variables={
                "line": self.line,
                "muted": self.muted,
                "faint": self.faint,
                "bright": self.bright,
                "border": self.accent,
                "scrollbar": self.line,
                "scrollbar-background": self.ground,
                "scrollbar-corner-color": self.ground,
                **(self._shades() if self.is_mixed else _SHADELESS),
            },
        )

    def _shades(self) -> dict[str, str]:
        """What lies under a cursor, and over what waits."""
        return {
            "cursor": self.accent,
            "on-cursor": self.ground,
            "field": f"{self.accent} 25%",
            "on-field": self.bright,
            "veil": f"{self.ground} 55%",
            "input-cursor-background": self.accent,
            "input-cursor-foreground": self.ground,
            "input-selection-background": f"{self.accent} 35%",
        }


CALM = Palette(
    name="dark",
    words="dark",
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

LIGHT = Palette(
    name="light",
    words="light",
    is_dark=False,
    ground="#fafbfc",
    raised="#eceff3",
    line="#aeb6c1",
    faint="#7d8794",
    muted="#55606d",
    text="#2d3339",
    bright="#0b0f14",
    accent="#0b62b0",
    green="#006f2d",
    green_quiet="#2f7a2e",
    amber="#875600",
    red="#b3202f",
)

CONTRAST = Palette(
    name="contrast",
    words="high contrast",
    ground="#000000",
    raised="#2a2a2a",
    line="#b0b0b0",
    faint="#b0b0b0",
    muted="#e0e0e0",
    text="#ffffff",
    bright="#ffffff",
    accent="#5fd7ff",
    green="#5fff87",
    green_quiet="#5fd787",
    amber="#ffd75f",
    red="#ff9a9a",
)

TERMINAL = Palette(
    name="terminal",
    words="the terminal's own colours",
    is_mixed=False,
    ground="ansi_default",
    raised="ansi_default",
    line="ansi_default",
    faint="ansi_default",
    muted="ansi_default",
    text="ansi_default",
    bright="ansi_default",
    accent="ansi_cyan",
    green="ansi_green",
    green_quiet="ansi_green",
    amber="ansi_yellow",
    red="ansi_red",
    dim=frozenset({Role.FAINT, Role.LINE}),
)
"""For terminals with sixteen colours, and for whoever has chosen theirs with care."""

COLOURLESS = Palette(
    name="colourless",
    words="no colours",
    is_mixed=False,
    ground="ansi_default",
    raised="ansi_default",
    line="ansi_default",
    faint="ansi_default",
    muted="ansi_default",
    text="ansi_default",
    bright="ansi_default",
    accent="ansi_default",
    green="ansi_default",
    green_quiet="ansi_default",
    amber="ansi_default",
    red="ansi_default",
    bold=_BOLD | {Role.WARNING, Role.ACCENT, Role.LINE_FOCUS},
)
"""Where none may be sent: nothing but bold, underlined and reversed text."""

PALETTES = (CALM, LIGHT, CONTRAST, TERMINAL)
"""What there is to choose from."""

COLOUR_SYSTEMS = ("truecolor", "256")
"""What Rich calls the terminals that have colours enough for ours."""


def palette_for(color_system: str | None, chosen: str | None = None, *, no_color: bool = False) -> Palette:
    """The palette for what Rich found out about the terminal, and what the operator chose where there is a choice."""
    if no_color or color_system is None:
        return COLOURLESS
    if color_system not in COLOUR_SYSTEMS:
        return TERMINAL
    return next((palette for palette in PALETTES if palette.name == chosen), CALM)


@cache
def _style(palette: Palette, role: Role) -> Style:
    if role is Role.CURSOR:
        if palette.is_mixed:
            return Style(color=palette.ground, bgcolor=palette.accent, bold=True)
        return Style(color="default", bgcolor="default", bold=True, reverse=True)
    if role is Role.MATCH:
        if palette.is_mixed:
            return Style(color=palette.ground, bgcolor=palette.amber)
        return Style(color="default", bgcolor="default", reverse=True)
    colour = {
        Role.TEXT: palette.text,
        Role.STRONG: palette.bright,
        Role.MUTED: palette.muted,
        Role.FAINT: palette.faint,
        Role.ACCENT: palette.accent,
        Role.KEY: palette.accent,
        Role.GOOD: palette.green,
        Role.GOOD_QUIET: palette.green_quiet,
        Role.WARNING: palette.amber,
        Role.BAD: palette.red,
        Role.LINE: palette.line,
        Role.LINE_FOCUS: palette.accent,
        Role.TITLE: palette.muted,
        Role.TITLE_FOCUS: palette.bright,
    }[role]
    return Style(
        color=colour.removeprefix(_ANSI),
        bgcolor=palette.ground.removeprefix(_ANSI),
        bold=role in palette.bold,
        dim=role in palette.dim or None,
    )
