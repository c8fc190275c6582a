"""A frame: a canvas with a border that carries its title, a remark and a footnote."""

from collections.abc import Sequence

from textual.geometry import Offset

from console.tui.drawing.line import BLANK, Line, Span, clip_line, pad, width
from console.tui.drawing.look import Look
from console.tui.theme import Role
from console.tui.widgets.canvas import Canvas

CORNER = Offset(2, 1)
"""Where the content begins: behind the border and the space beside it."""

_FRAME = 2
"""Cells that the border takes from the width, and from the height."""

_SHORTEST_REMARK = 6


class Frame(Canvas):
    """Draws `content` inside a border; the border shows whether the frame has the focus."""

    def __init__(self, look: Look, title: str, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(look, id=id)
        self.title_words = title

    # -- what a frame says of itself -------------------------------------------------------------------------------

    def content(self, cells: int, rows: int) -> Sequence[Line]:
        """The lines inside the border."""
        raise NotImplementedError

    def seen(self, cells: int, rows: int) -> Sequence[Line]:
        """Those of them that are seen."""
        return self.content(cells, rows)[:rows]

    def remark(self) -> Line:
        """What stands at the right end of the upper border."""
        return BLANK

    def footnote(self) -> Line:
        """What stands in the lower border."""
        return BLANK

    # -- drawing ---------------------------------------------------------------------------------------------------

    @property
    def inner_cells(self) -> int:
        """The width inside the border and the space beside it."""
        return max(self.size.width - _FRAME - 2, 0)

    @property
    def inner_rows(self) -> int:
        """The height inside the border."""
        return max(self.size.height - _FRAME, 0)

    def picture(self, cells: int, rows: int) -> Sequence[Line]:
        """The border, and in it the visible part of the content."""
        if cells <= _FRAME + 2 or rows <= _FRAME:
            return []
        inner, height = self.inner_cells, self.inner_rows
        lines = self.seen(inner, height)
        ellipsis = self.look.glyphs.ellipsis
        edge = Span(self.look.glyphs.vertical, self._line_role)
        left, right = (edge, Span(" ")), (Span(" "), edge)
        body = [(*left, *pad(clip_line(line, inner, ellipsis), inner), *right) for line in lines]
        body += [(*left, Span(" " * inner), *right)] * (height - len(lines))
        return [self._upper_border(cells), *body, self._lower_border(cells)]

    @property
    def _line_role(self) -> Role:
        return Role.LINE_FOCUS if self.has_focus else Role.LINE

    def _upper_border(self, cells: int) -> Line:
        glyphs, role = self.look.glyphs, self._line_role
        mark = glyphs.focus if self.has_focus else glyphs.horizontal
        title = Span(f" {self.title_words} ", Role.TITLE_FOCUS if self.has_focus else Role.TITLE)
        head: Line = clip_line((Span(glyphs.top_left + mark, role), title), cells - 1, glyphs.ellipsis)
        remark = self._in_border(self.remark(), cells - width(head) - 3)
        filler = Span(glyphs.horizontal * (cells - width(head) - width(remark) - 2), role)
        return (*head, filler, *remark, Span(glyphs.horizontal + glyphs.top_right, role))

    def _lower_border(self, cells: int) -> Line:
        glyphs, role = self.look.glyphs, self._line_role
        note = self._in_border(self.footnote(), cells - 6)
        filler = Span(glyphs.horizontal * (cells - width(note) - 3), role)
        return (
            Span(glyphs.bottom_left + glyphs.horizontal, role),
            *note,
            filler,
            Span(glyphs.bottom_right, role),
        )

    def _in_border(self, words: Line, room: int) -> Line:
        if not words or room < _SHORTEST_REMARK:
            return BLANK
        return (Span(" "), *clip_line(words, room - 2, self.look.glyphs.ellipsis), Span(" "))
