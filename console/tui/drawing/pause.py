"""The pause of the schedule in words: by whom, since when, and why."""

from datetime import datetime

from rich.cells import cell_len

from console.operations.protocol import Schedule
from console.tui.drawing.line import Line, Span, clip_line, line, wrap
from console.tui.drawing.look import Look
from console.tui.drawing.words import short_moment
from console.tui.theme import Role


def why(schedule: Schedule) -> str:
    """The reason of the pause."""
    return schedule.pause_reason or "no reason was given"


def draw(schedule: Schedule, look: Look, now: datetime, cells: int, rows: int) -> list[Line]:
    """The pause in this room. A reason that does not fit ends in an ellipsis; the key that resumes shows all of it."""
    ellipsis = look.glyphs.ellipsis
    by = f" by {schedule.paused_by}" if schedule.paused_by else ""
    at = f"since {short_moment(schedule.paused_at, now)}" if schedule.paused_at else ""
    head = line(Span(f"{look.glyphs.paused} ", Role.WARNING), Span("paused", Role.STRONG), Span(by))
    if rows == 1:
        return [clip_line((*head, Span(f": {why(schedule)}", Role.MUTED)), cells, ellipsis)]
    since = [line(Span(at, Role.MUTED))] if at else []
    if at and sum(cell_len(span.text) for span in head) + 1 + len(at) <= cells:
        head, since = (*head, Span(f" {at}", Role.MUTED)), []
    reason = [line(Span(piece)) for piece in wrap(why(schedule), cells, max(rows - 2 - len(since), 1), ellipsis)]
    key = line(Span(f"Press {look.key('resume_schedule')} to resume it.", Role.MUTED))
    return [clip_line(each, cells, ellipsis) for each in (head, *since, *reason, key)][:rows]
