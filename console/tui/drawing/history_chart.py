"""The newest runs as bars, the latest at the right, with the sign of how each ended below its bar."""

import enum
from collections.abc import Sequence
from datetime import UTC

from console.history import RunPoint
from console.run import RunStatus
from console.tui.drawing.line import BLANK, Line, Span, line
from console.tui.drawing.look import Look
from console.tui.drawing.outcome import sign
from console.tui.drawing.words import duration, number
from console.tui.theme import Role

_STRIP = 30
"""Runs that are shown where there is room for no more than a cell each."""
_LABEL = 10
"""Columns of what the highest bar stands for."""
_ROOM_FOR_LABEL = 50
_ROOM_FOR_DATES = 6
"""Rows from which one goes to the days of the first and the last run."""


class Measure(enum.StrEnum):
    """What the bars show."""

    DURATION = "duration"
    PRODUCTS = "products"
    CHANGES = "changes"


def next_measure(measure: Measure) -> Measure:
    """What is charted after this."""
    measures = tuple(Measure)
    return measures[(measures.index(measure) + 1) % len(measures)]


def told(value: float, measure: Measure) -> str:
    """A value with its unit."""
    return duration(value) if measure is Measure.DURATION else number(round(value))


def capacity(cells: int) -> int:
    """How many runs can be shown."""
    return max((cells - _label_width(cells)) // _step(cells), 1)


def draw(
    points: Sequence[RunPoint], measure: Measure, look: Look, cells: int, rows: int, chosen: int | None
) -> list[Line]:
    """The chart in this room; the run with the id `chosen` is marked."""
    if rows < 1 or not points:
        return []
    shown = list(points)[-capacity(cells) :]
    values = [_value(point, measure) for point in shown]
    highest = max((value for value in values if value), default=0.0)
    dates = _dates(shown, cells) if rows >= _ROOM_FOR_DATES else BLANK
    height = rows - 1 - (1 if dates else 0)
    step, label = _step(cells), _label_width(cells)
    lines = []
    for level in reversed(range(height)):
        text = told(highest, measure).rjust(label - 1) + " " if label and level == height - 1 else " " * label
        bars = [
            Span(_cell(value, highest, level, height, look) + " " * (step - 1), _role(point, chosen))
            for point, value in zip(shown, values, strict=True)
        ]
        lines.append(line(Span(text, Role.MUTED), *bars))
    signs = [_sign(point, look, step, chosen) for point in shown]
    lines.append(
        line(Span("outcome ".rjust(label) if label else "", Role.FAINT), *(each for pair in signs for each in pair))
    )
    return [*lines, dates] if dates else lines


def summary(points: Sequence[RunPoint], measure: Measure) -> str:
    """The usual and the highest value, in words."""
    values = sorted(value for point in points if (value := _value(point, measure)) is not None)
    if not values:
        return ""
    if len(values) == 1:
        return told(values[0], measure)
    return f"usually {told(values[len(values) // 2], measure)}, at most {told(values[-1], measure)}"


def _value(point: RunPoint, measure: Measure) -> float | None:
    """What the run's bar shows, None where it did not run."""
    if point.duration_seconds is None:
        return None
    if measure is Measure.DURATION:
        return point.duration_seconds
    return float(point.products if measure is Measure.PRODUCTS else point.changes)


def _cell(value: float | None, highest: float, level: int, height: int, look: Look) -> str:
    """A cell of a bar; whatever ran has at least the smallest piece."""
    levels = look.glyphs.levels
    if value is None:
        return levels[0]
    steps = len(levels) - 1
    filled = max(round(value / highest * height * steps), 1) if highest else 1
    return levels[max(min(filled - level * steps, steps), 0)]


def _sign(point: RunPoint, look: Look, step: int, chosen: int | None) -> tuple[Span, Span]:
    mark = sign(point.status, look.glyphs)
    role = Role.CURSOR if point.run_id == chosen else mark.role
    return Span(mark.text, role), Span(" " * (step - 1))


def _role(point: RunPoint, chosen: int | None) -> Role:
    if point.run_id == chosen:
        return Role.ACCENT
    match point.status:
        case RunStatus.SUCCEEDED:
            return Role.GOOD_QUIET
        case RunStatus.FAILED | RunStatus.BLOCKED:
            return Role.BAD
        case RunStatus.PARTIAL | RunStatus.INTERRUPTED:
            return Role.WARNING
        case _:
            return Role.MUTED


def _dates(shown: Sequence[RunPoint], cells: int) -> Line:
    """The days of the first and the last bar."""
    first, last = shown[0].at, shown[-1].at
    label, step = _label_width(cells), _step(cells)
    if first is None or last is None:
        return BLANK
    begin, end = f"{first.astimezone(UTC):%Y-%m-%d}", f"{last.astimezone(UTC):%Y-%m-%d}"
    room = len(shown) * step - 1
    told_dates = begin + " " * (room - len(begin) - len(end)) + end if room > len(begin) + len(end) else end
    return line(Span(" " * label + told_dates, Role.FAINT))


def _step(cells: int) -> int:
    return 2 if cells - _label_width(cells) >= 2 * _STRIP else 1


def _label_width(cells: int) -> int:
    return _LABEL if cells >= _ROOM_FOR_LABEL else 0
