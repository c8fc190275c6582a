"""The title of the terminal: ours while the console runs, the former one after it.

Terminals that keep titles on a stack give the former one back; others keep the last that was said.
"""

import os

from console.text import clean

KEEP = "\x1b[22;0t"
"""Puts the terminal's title aside."""

GIVE_BACK = "\x1b[23;0t"
"""Takes the title that was put aside again."""

_LIMIT = 100
_WITHOUT_TITLE = ("linux", "vt", "dumb", "ansi", "cons")
"""Beginnings of TERM that have no title, and may show what is meant for it."""


def has_title() -> bool:
    """Whether this terminal has a title, by its kind."""
    kind = os.environ.get("TERM", "")
    return bool(kind) and not kind.startswith(_WITHOUT_TITLE)


def title_sequence(words: str) -> str:
    """What makes these words the title: one harmless sequence, whatever they hold."""
    return f"\x1b]2;{clean(words, _LIMIT)}\x1b\\"
