"""A small chart of what a value was from when on."""

from collections.abc import Sequence
from datetime import datetime

from console.operations.products import Point
from console.tui.drawing.line import Line, Span, line
from console.tui.drawing.look import Look
from console.tui.theme import Role


def resample(points: Sequence[Point], until: datetime, cells: int) -> list[float | None]:
    """The value at the end of each of so many equal parts of the time between the first point and `until`."""
    if not points or cells < 1:
        return []
    begin = points[0].at
    span = max((until - begin).total_seconds(), 0.0)
    values: list[float | None] = []
    at = 0
    for cell in range(cells):
        moment = span * (cell + 1) / cells
        while at + 1 < len(points) and (points[at + 1].at - begin).total_seconds() <= moment:
            at += 1
        values.append(points[at].value)
    return values


def draw(values: Sequence[float | None], rows: int, look: Look, role: Role = Role.ACCENT) -> list[Line]:
    """Columns from the smallest value up to the largest; a value that is missing leaves its column empty."""
    levels = look.glyphs.levels
    steps = len(levels) - 1
    known = [value for value in values if value is not None]
    if not known:
        return []
    low, high = min(known), max(known)
    full = rows * steps
    heights = [
        0 if value is None else full // 2 if high == low else 1 + round((value - low) / (high - low) * (full - 1))
        for value in values
    ]
    return [
        line(Span("".join(levels[max(min(height - row * steps, steps), 0)] for height in heights), role))
        for row in reversed(range(rows))
    ]
