"""What the operator wants when the screen closes."""

import enum


class ExitWish(enum.StrEnum):
    """What `ConsoleApp.run()` returns."""

    QUIT = "quit"
    DEMO = "demo"
    ANEW = "anew"
    """Open the console again: its settings have changed."""
