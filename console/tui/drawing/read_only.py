"""The line under the header of a console that only watches: who runs the engine, and since when it is silent."""

from datetime import datetime

from console.operations.events import LockHolder
from console.operations.protocol import ReadOnly
from console.tui.drawing.line import Line, Span, clip_line, width
from console.tui.drawing.look import Look
from console.tui.drawing.words import running, short_moment
from console.tui.state.health import SILENT_SECONDS
from console.tui.theme import Role


def draw(read_only: ReadOnly, look: Look, now: datetime, cells: int) -> Line:
    """As much of it as fits, the least telling gone first."""
    if read_only.trouble:
        return clip_line((Span(f" {look.glyphs.warning} {read_only.trouble}", Role.BAD),), cells, look.glyphs.ellipsis)
    if read_only.holder is None:
        return clip_line(
            (Span(f" The engine is run by {read_only.words(now)}", Role.TEXT),), cells, look.glyphs.ellipsis
        )
    versions = _versions(read_only.holder, look, now)
    fitting = next((each for each in versions if width(each) <= cells), versions[-1])
    return clip_line(fitting, cells, look.glyphs.ellipsis)


def _versions(holder: LockHolder, look: Look, now: datetime) -> list[Line]:
    seconds = holder.silent_seconds(now)
    is_silent = seconds is None or seconds >= SILENT_SECONDS
    role = Role.BAD if is_silent else Role.MUTED
    mark = f"{look.glyphs.warning} " if is_silent else ""
    ago = f"{running(seconds)} ago" if seconds is not None else "unknown"
    beat, short_beat = Span(f"{mark}last heartbeat {ago}", role), Span(f"{mark}heartbeat {ago}", role)
    named, after = str(holder), Span(", ", Role.MUTED)
    short = f"{named.partition(', since ')[0]}, since {short_moment(holder.since, now)}"
    return [
        (Span(" The engine is run by ", Role.MUTED), Span(named, Role.TEXT), after, beat),
        (Span(f" {named}", Role.TEXT), after, beat),
        (Span(f" {short}", Role.TEXT), after, short_beat),
        (Span(f" {named.partition(', since ')[0]}", Role.TEXT), after, short_beat),
        (Span(f" process {holder.pid}", Role.TEXT), after, short_beat),
    ]
