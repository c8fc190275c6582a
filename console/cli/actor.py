"""Who sits at the keyboard."""

import getpass

from console.text import clean


def actor() -> str:
    """The Unix user's name."""
    try:
        return clean(getpass.getuser(), 64)
    except (KeyError, OSError):  # a user id without a name
        return "unknown"
