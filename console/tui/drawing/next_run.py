"""The next run: how long until then, when that is in UTC and on the operator's clock, and the two runs after."""

from datetime import datetime

from console.tui.drawing import pause
from console.tui.drawing.line import BLANK, Line, Span, clip_line, line
from console.tui.drawing.look import Look
from console.tui.drawing.words import countdown, day, moment, short_moment
from console.tui.state.model import Model
from console.tui.theme import Role


def draw(model: Model, look: Look, now: datetime, cells: int, rows: int) -> list[Line]:
    """The pane's content for this room."""
    if model.failure is not None:
        return [line(Span("the engine stopped", Role.BAD)), line(Span("nothing will run", Role.MUTED))][:rows]
    if model.snapshot is None:
        return [line(Span(f"starting{look.glyphs.ellipsis}", Role.MUTED))]
    if model.paused is not None:
        return pause.draw(model.paused, look, now, cells, rows)
    runs = model.snapshot.next_runs
    if not runs:
        return [line(Span("no run is scheduled", Role.WARNING))]
    lines = _running_down(runs, look, now, cells, rows)
    return [clip_line(each, cells, look.glyphs.ellipsis) for each in lines]


def _running_down(runs: tuple[datetime, ...], look: Look, now: datetime, cells: int, rows: int) -> list[Line]:
    first, later = runs[0], runs[1:]
    left = (first - now).total_seconds()
    count = line(Span(f"in {countdown(left)}" if left > 0 else "due now", Role.STRONG))
    if rows == 1:
        return [(*count, Span(f"  {short_moment(first, now)}", Role.MUTED))]
    local = "which is local time too" if look.zone.is_utc(first) else look.zone.moment(first)
    lines = [count, line(Span(moment(first), Role.TEXT)), line(Span(local, Role.MUTED))]
    room = rows - len(lines)
    if room > len(later) + 1:
        lines.insert(1, BLANK)
        lines.append(BLANK)
        room -= 2
    return [*lines, *_later(later, look, cells, room)][:rows]


def _later(runs: tuple[datetime, ...], look: Look, cells: int, room: int) -> list[Line]:
    """The runs after the next: a line each where there is room, otherwise only their days, the time being the same."""
    if not runs or room < 1:
        return []
    if room >= len(runs):
        lines = []
        for position, run in enumerate(runs):
            words = f"{'then' if position == 0 else '    '} {moment(run)}"
            local = f"   {look.zone.time(run)}"
            tail = local if not look.zone.is_utc(run) and len(words + local) <= cells else ""
            lines.append(line(Span(words, Role.MUTED), Span(tail, Role.FAINT)))
        return lines
    return [line(Span(f"then {', '.join(day(run) for run in runs)}", Role.MUTED))]
