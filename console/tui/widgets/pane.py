"""A pane: a canvas with a border that carries its title, can have the focus, and scrolls what does not fit."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.geometry import Offset
from textual.message import Message

from console.tui.drawing.line import BLANK, Line, Span, clip_line, pad, width
from console.tui.drawing.look import Look
from console.tui.state.situation import PaneName
from console.tui.theme import Role
from console.tui.widgets.canvas import Canvas

CORNER = Offset(2, 1)
"""Where the content begins: behind the border and the space beside it."""

_FRAME = 2
"""Cells that the border takes from the width, and from the height."""


class Pane(Canvas, can_focus=True):
    """What all panes share. A pane's class says its name and title; its drawing is `content`."""

    NAME: ClassVar[PaneName]
    TITLE: ClassVar[str]

    class Changed(Message):
        """The pane moved, or the focus did: other keys may work now."""

        def can_replace(self, message: Message) -> bool:
            """Only the newest counts."""
            return isinstance(message, Pane.Changed)

    def __init__(self, look: Look) -> None:
        super().__init__(look, id=self.NAME.value)
        self.top = 0
        self._content: Sequence[Line] = ()

    # -- what a pane says of itself --------------------------------------------------------------------------------

    def content(self, cells: int, rows: int) -> Sequence[Line]:
        """The lines inside the border; where there are more than rows, the pane scrolls."""
        raise NotImplementedError

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
        self._content = self.content(inner, height)
        self.top = max(min(self.top, len(self._content) - height), 0)
        visible = self._content[self.top : self.top + height]
        ellipsis = self.look.glyphs.ellipsis
        edge = Span(self.look.glyphs.vertical, self._line_role)
        left, right = (edge, Span(" ")), (Span(" "), edge)
        body = [(*left, *pad(clip_line(line, inner, ellipsis), inner), *right) for line in visible]
        body += [(*left, Span(" " * inner), *right)] * (height - len(visible))
        return [self._upper_border(cells), *body, self._lower_border(cells)]

    @property
    def _line_role(self) -> Role:
        return Role.LINE_FOCUS if self.has_focus else Role.LINE

    def _upper_border(self, cells: int) -> Line:
        glyphs, role = self.look.glyphs, self._line_role
        mark = glyphs.focus if self.has_focus else glyphs.horizontal
        title = Span(f" {self.TITLE} ", Role.TITLE_FOCUS if self.has_focus else Role.TITLE)
        head: Line = clip_line((Span(glyphs.top_left + mark, role), title), cells - 1, glyphs.ellipsis)
        remark = self._in_border(self.remark(), cells - width(head) - 4)
        filler = Span(glyphs.horizontal * (cells - width(head) - width(remark) - 2), role)
        return (*head, filler, *remark, Span(glyphs.horizontal + glyphs.top_right, role))

    def _lower_border(self, cells: int) -> Line:
        glyphs, role = self.look.glyphs, self._line_role
        note = self._in_border(self.footnote() or self._position(), cells - 6)
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

    def _position(self) -> Line:
        """Which lines are seen, where they are not all."""
        total = len(self._content)
        if total <= self.inner_rows:
            return BLANK
        glyphs = self.look.glyphs
        return (Span(f"{self.top + 1}{glyphs.to}{self.top + self.inner_rows} of {total}", Role.MUTED),)

    # -- moving ----------------------------------------------------------------------------------------------------

    @property
    def can_move(self) -> bool:
        """Whether up and down do something."""
        return len(self._content) > self.inner_rows > 0

    @property
    def can_move_sideways(self) -> bool:
        """Whether left and right do something."""
        return False

    def move(self, rows: int) -> None:
        """Go down by so many lines, or up where negative."""
        self.top = max(min(self.top + rows, len(self._content) - self.inner_rows), 0)
        self._moved()

    def move_sideways(self, steps: int) -> None:
        """Go right by so many steps, or left where negative."""

    def move_to_end(self, *, first: bool) -> None:
        """Go to the beginning, or to the end."""
        self.move(-len(self._content) if first else len(self._content))

    def _moved(self) -> None:
        self.redraw()
        self.post_message(self.Changed())

    def watch_has_focus(self, _has_focus: bool) -> None:
        """The border shows the focus, not a rule of the stylesheet; Textual repaints the pane after this."""
        self.draw_anew()
        self.post_message(self.Changed())

    @on(events.MouseScrollDown)
    def _wheel_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, _WHEEL_ROWS)

    @on(events.MouseScrollUp)
    def _wheel_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -_WHEEL_ROWS)

    def _wheel(self, event: events.MouseEvent, rows: int) -> None:
        if self.can_move:
            event.stop()
            self.move(rows)


_SHORTEST_REMARK = 6
_WHEEL_ROWS = 3
