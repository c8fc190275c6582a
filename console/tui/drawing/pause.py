"""The pause of the schedule in words: by whom, and why."""

from console.operations.protocol import Schedule
from console.tui.drawing.line import Line, Span, clip_line, line, wrap
from console.tui.drawing.look import Look
from console.tui.theme import Role


def why(schedule: Schedule) -> str:
    """The reason of the pause."""
    return schedule.pause_reason or "no reason was given"


def draw(schedule: Schedule, look: Look, cells: int, rows: int) -> list[Line]:
    """The pause in this room. A reason that does not fit ends in an ellipsis; the key that resumes shows all of it."""
    ellipsis = look.glyphs.ellipsis
    by = f" by {schedule.paused_by}" if schedule.paused_by else ""
    head = line(Span(f"{look.glyphs.paused} ", Role.WARNING), Span("paused", Role.STRONG), Span(by))
    if rows == 1:
        return [clip_line((*head, Span(f": {why(schedule)}", Role.MUTED)), cells, ellipsis)]
    reason = [line(Span(piece)) for piece in wrap(why(schedule), cells, rows - 2, ellipsis)]
    key = line(Span("Press p to resume it.", Role.MUTED))
    return [clip_line(each, cells, ellipsis) for each in (head, *reason, key)][:rows]
