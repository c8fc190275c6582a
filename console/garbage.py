"""Keeping Python's garbage collector from holding up the start and the screen."""

import gc


def hold_off() -> None:
    """Collect nothing while modules are loaded: they are no garbage, and looking for some takes its time."""
    gc.disable()


def set_aside() -> None:
    """Look no more at what there is now: the libraries and the first screen stay until the end anyway.

    A full collection goes through all of it, 70 ms in which no key is answered, some thirty times in a large sync.
    """
    gc.freeze()
    gc.enable()
