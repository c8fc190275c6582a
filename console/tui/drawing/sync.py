"""The sync pane: what is going on, in numbers and in pages, arranged for the room there is."""

from datetime import datetime

from console.operations.protocol import Snapshot
from console.tui.drawing.figures import figures
from console.tui.drawing.line import BLANK, Line, Span, line, wrap
from console.tui.drawing.look import Look
from console.tui.drawing.picture import MEASURE, Picture, with_footnote
from console.tui.drawing.side_by_side import side_by_side
from console.tui.drawing.stacked import stacked
from console.tui.drawing.words import short_moment
from console.tui.state.model import Model
from console.tui.theme import Role

_SIDE_BY_SIDE = 100
"""Columns from which the figures stand beside the map instead of above it."""

_SIDE_BY_SIDE_ROWS = 9


def draw(model: Model, look: Look, now: datetime, cells: int, rows: int, chosen: int | None) -> Picture:
    """The pane's content for this room; `chosen` is the page that is looked at, counted from the first."""
    if model.failure is not None:
        return _words("The engine stopped by itself", Role.BAD, model.failure, _after_failure(look), look, cells, rows)
    if model.snapshot is None:
        return Picture([line(Span(f"starting{look.glyphs.ellipsis}", Role.MUTED))])
    shown = figures(model, look, now)
    if model.snapshot.notice is not None and model.active_run is None:
        return _words(
            "Nothing can be synced yet", Role.WARNING, model.snapshot.notice, _ways_on(look), look, cells, rows
        )
    if shown is None:
        return _never(model.snapshot, look, now, cells, rows)
    is_wide = cells >= _SIDE_BY_SIDE and rows >= _SIDE_BY_SIDE_ROWS
    picture = (side_by_side if is_wide else stacked)(shown, look, cells, rows, chosen)
    return with_footnote(picture, shown, look, cells, chosen)


def _after_failure(look: Look) -> str:
    return f"No sync will run. Leave with {look.key('leave')} and start the console again; the log says more."


def _ways_on(look: Look) -> str:
    return (
        f"Press {look.key('sign_in')} to sign in, or {look.key('demo')} to try the console on a simulated catalogue "
        "first: nothing real is touched there."
    )


def _words(title: str, role: Role, said: str, todo: str, look: Look, cells: int, rows: int) -> Picture:
    """A state that is told in words alone: what is the matter, and what to do."""
    glyphs = look.glyphs
    sign = glyphs.bad if role is Role.BAD else glyphs.warning
    lines: list[Line] = [line(Span(f"{sign} ", role), Span(title, Role.STRONG))]
    measure = min(cells, MEASURE)
    todo_lines = wrap(todo, measure, 2, glyphs.ellipsis)
    room = rows - 1 - len(todo_lines)
    roomy = room > len(wrap(said, measure, 99, glyphs.ellipsis)) + 1
    if roomy:
        lines.append(BLANK)
    lines += [line(piece) for piece in wrap(said, measure, max(room, 1), glyphs.ellipsis)]
    if roomy:
        lines.append(BLANK)
    return Picture([*lines, *(line(Span(piece, Role.MUTED)) for piece in todo_lines)][:rows])


def _never(snapshot: Snapshot, look: Look, now: datetime, cells: int, rows: int) -> Picture:
    """Before the first sync: what it is, and how it comes about."""
    todo = f"Press {look.key('sync_now')} to fetch the catalogue now"
    if snapshot.read_only:
        todo = "It can be started where the engine runs"
    if snapshot.next_runs:
        todo += f"; the first sync runs by itself {short_moment(snapshot.next_runs[0], now)}"
    told = (
        f"A sync fetches every page of the catalogue from {snapshot.api_host}, stores what is new and what changed, "
        "and marks as discontinued what is gone. Each page has its cell here while it is pending, in flight and done."
    )
    measure = min(cells, MEASURE)
    lines = [line(Span(f"{look.glyphs.unknown} ", Role.MUTED), Span("No sync has run yet", Role.STRONG)), BLANK]
    lines += [line(piece) for piece in wrap(f"{todo}.", measure, 3, look.glyphs.ellipsis)]
    more = wrap(told, measure, 9, look.glyphs.ellipsis)
    if len(lines) + 1 + len(more) <= rows:
        lines += [BLANK, *(line(Span(piece, Role.MUTED)) for piece in more)]
    return Picture(lines[:rows])
