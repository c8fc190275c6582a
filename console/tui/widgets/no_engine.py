"""The whole screen in words: why there is no engine, and what to do."""

from collections.abc import Sequence

from console.tui.drawing.line import BLANK, Line, Span, line, wrap
from console.tui.drawing.look import Look
from console.tui.theme import Role
from console.tui.widgets.canvas import Canvas

_MEASURE = 72


class NoEnginePane(Canvas):
    """A message in the middle of the screen, in place of the panes."""

    def __init__(self, look: Look, message: str) -> None:
        super().__init__(look, id="no-engine")
        self._message = message

    def picture(self, cells: int, rows: int) -> Sequence[Line]:
        """The message and the way out, in the middle."""
        glyphs = self.look.glyphs
        measure = max(min(_MEASURE, cells - 4), 1)
        said = wrap(self._message, measure, max(rows - 4, 1), glyphs.ellipsis)
        block = [
            line(Span(f"{glyphs.bad} ", Role.BAD), Span("The console could not start", Role.STRONG)),
            BLANK,
            *(line(piece) for piece in said),
            BLANK,
            line(Span(self.look.key("leave"), Role.KEY), Span(" leaves", Role.MUTED)),
        ]
        left = Span(" " * max((cells - measure) // 2, 0))
        above = max((rows - len(block)) // 2, 0)
        return [BLANK] * above + [(left, *each) for each in block]
