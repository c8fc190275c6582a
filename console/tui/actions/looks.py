"""The actions that change how the console looks, and what it listens to; every screen has them."""

from console.tui.actions.action import Action, Group
from console.tui.actions.common import BACK, HELP, NOTICES, PALETTE

LOOKS: tuple[Action, ...] = (
    Action(
        id="theme",
        keys="T",
        shown="T",
        label="change the theme",
        help="Choose other colours",
        enabled=lambda now: not getattr(now, "typing", False),
        group=Group.CONSOLE,
        asks=True,
    ),
    Action(
        id="signs",
        keys="",
        shown="",
        label="ASCII signs on or off",
        help="Draw in ASCII alone, or with all signs",
        group=Group.CONSOLE,
    ),
    Action(
        id="mouse",
        keys="",
        shown="",
        label="mouse on or off",
        help="Give the mouse to the terminal, or listen to it",
        group=Group.CONSOLE,
    ),
    Action(
        id="bell",
        keys="",
        shown="",
        label="bell on or off",
        help="Ring when a run ends while you look elsewhere, or be silent",
        group=Group.CONSOLE,
    ),
)

ON_TOP: tuple[Action, ...] = (*LOOKS, PALETTE, NOTICES, HELP, BACK)
"""What every screen on top of the main one has."""
