"""What is said in place of something that did not come: why, and the key that asks again."""

from console.tui.drawing.line import Line, Span, line, wrap
from console.tui.drawing.look import Look
from console.tui.theme import Role

_ROWS = 4


def trouble(reason: str, look: Look, screen: str, cells: int, rows: int = _ROWS) -> list[Line]:
    """The reason in a few lines, and what to do; `screen` is where, because its keys may have been moved."""
    glyphs = look.glyphs
    told = wrap(
        f"{reason} {look.key('ask_again', screen)} asks again.", cells - 2, max(min(rows, _ROWS), 1), glyphs.ellipsis
    )
    signs = [Span(f"{glyphs.bad} ", Role.BAD), *[Span("  ")] * (len(told) - 1)]
    return [line(sign, Span(piece, Role.WARNING)) for sign, piece in zip(signs, told, strict=True)]
