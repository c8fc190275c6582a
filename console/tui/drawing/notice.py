"""A notice in a line or two, and all of them in a list."""

from collections.abc import Sequence
from datetime import datetime

from rich.cells import cell_len

from console.tui.drawing.line import BLANK, Line, Span, line, pad, wrap
from console.tui.drawing.look import Look
from console.tui.drawing.words import clock
from console.tui.glyphs import Glyphs
from console.tui.state.notices import Notice, Severity
from console.tui.theme import Role

_WIDEST = 100
"""Cells beyond which a line is hard to read."""

_WAY_OUT = "Esc"
_ROOM_FOR_WAY_OUT = 20

_TIME = 14
"""Cells for the time of a notice, and the gap after it."""


def sign(severity: Severity, glyphs: Glyphs) -> Span:
    """How much it matters, by shape and colour."""
    return {
        Severity.TOLD: Span(glyphs.told, Role.ACCENT),
        Severity.WARNING: Span(glyphs.warning, Role.WARNING),
        Severity.ERROR: Span(glyphs.bad, Role.BAD),
    }[severity]


def _words(notice: Notice, glyphs: Glyphs) -> str:
    return notice.words if notice.count == 1 else f"{notice.words} {glyphs.times}{notice.count}"


def box(notice: Notice, look: Look, cells: int, rows: int) -> list[Line]:
    """The notice for so much room at most: no wider than its words, and with the key that takes an error away."""
    glyphs = look.glyphs
    way_out = f"  {_WAY_OUT}" if notice.severity is Severity.ERROR else ""
    way_out = way_out if cells >= _ROOM_FOR_WAY_OUT else ""
    room = min(cells, _WIDEST) - 4 - cell_len(way_out)
    if room < 1 or rows < 1:
        return []
    count = "" if notice.count == 1 else f" {glyphs.times}{notice.count}"
    pieces = wrap(notice.words, room - cell_len(count), rows, glyphs.ellipsis)
    inner = max((cell_len(piece) for piece in pieces), default=0) + cell_len(count)
    first = sign(notice.severity, glyphs)
    lines = []
    for place, piece in enumerate(pieces):
        head = first if place == 0 else Span(" ")
        tail = Span(count, Role.MUTED) if count and place == len(pieces) - 1 else Span("")
        body = pad((Span(piece, Role.STRONG), tail), inner)
        end = Span(way_out if place == 0 else " " * cell_len(way_out), Role.KEY)
        lines.append((Span(" "), head, Span(" "), *body, end, Span(" ")))
    return lines


def listed(notices: Sequence[Notice], look: Look, now: datetime, cells: int) -> list[Line]:
    """All of them in full, the newest first, each with its time in UTC."""
    lines: list[Line] = []
    for notice in notices:
        glyphs = look.glyphs
        at = clock(notice.at) if notice.at.date() == now.date() else f"{notice.at.day} {notice.at:%b %H:%M}"
        pieces = wrap(_words(notice, glyphs), max(cells - _TIME - 2, 1), _LINES_EACH, glyphs.ellipsis)
        head = (Span(at.ljust(_TIME), Role.MUTED), sign(notice.severity, glyphs), Span(" "))
        lines += [
            (*(head if place == 0 else (Span(" " * (_TIME + 2)),)), Span(piece)) for place, piece in enumerate(pieces)
        ]
    return lines


_LINES_EACH = 40
"""Lines of a notice at most; its words are clipped where they enter."""


def nothing(look: Look, cells: int) -> list[Line]:
    """What stands here before there is any."""
    told = "Nothing has been said yet. Here stands what the console says in passing: what was refused, done or ended."
    return [BLANK, *(line(Span(piece, Role.MUTED)) for piece in wrap(told, cells, 9, look.glyphs.ellipsis))]
