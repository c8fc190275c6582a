"""What the first picture does not need, and is loaded after it: a quarter of what the console is made of.

Whoever needs one of these imports it where it is used, which costs nothing once it is loaded.
"""

import importlib

LATER = (
    "console.tui.actions.screens",
    "console.tui.dialogs.choose",
    "console.tui.dialogs.confirm",
    "console.tui.dialogs.daily_time",
    "console.tui.dialogs.help",
    "console.tui.dialogs.pause",
    "console.tui.dialogs.sign_in",
    "console.tui.keys.writing",
    "console.tui.palette",
    "console.tui.screens.history",
    "console.tui.screens.log",
    "console.tui.screens.log_record",
    "console.tui.screens.notices",
    "console.tui.screens.overlay",
    "console.tui.screens.products",
    "console.tui.screens.removals",
)


def load_later() -> None:
    """Load all of it, so that the first key that opens one of them need not wait."""
    for name in LATER:
        importlib.import_module(name)
