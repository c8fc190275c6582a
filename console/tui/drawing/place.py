"""Where there is room for something that lies on top of a screen and must not cover what is needed."""

from collections.abc import Sequence

from textual.geometry import Region, Size


def place(room: Size, size: Size, kept: Sequence[Region]) -> Region | None:
    """At the right, as far down as nothing that is kept is covered; None where there is no such place."""
    x = max(room.width - size.width - 1, 0)
    for y in range(room.height - size.height, -1, -1):
        region = Region(x, y, size.width, size.height)
        if not any(region.overlaps(each) for each in kept):
            return region
    return None
