"""A frame whose text is longer than it may be high: it scrolls by lines."""

from collections.abc import Sequence

from console.tui.drawing.line import BLANK, Line, Span
from console.tui.drawing.look import Look
from console.tui.drawing.words import number
from console.tui.theme import Role
from console.tui.widgets.moving import MovingFrame


class ScrollingFrame(MovingFrame):
    """Shows the part of its text that is scrolled to; who inherits it draws `text`."""

    def __init__(self, look: Look, title: str, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(look, title, id=id)
        self._text: Sequence[Line] = ()
        self._top = 0

    def text(self, cells: int) -> Sequence[Line]:
        """All its lines."""
        raise NotImplementedError

    def content(self, cells: int, rows: int) -> Sequence[Line]:
        """The part that is scrolled to."""
        self._text = self.text(cells)
        self._top = max(min(self._top, len(self._text) - rows), 0)
        return self._text[self._top : self._top + rows]

    def footnote(self) -> Line:
        """Which lines are seen, where they are not all."""
        total = len(self._text)
        if total <= self.inner_rows:
            return BLANK
        last = min(self._top + self.inner_rows, total)
        return (Span(f"lines {number(self._top + 1)} to {number(last)} of {number(total)}", Role.MUTED),)

    @property
    def can_move(self) -> bool:
        """Whether up and down do something."""
        return len(self._text) > self.inner_rows

    def move(self, by: int) -> None:
        """Go down by so many lines, or up where negative."""
        self._top = max(min(self._top + by, len(self._text) - self.inner_rows), 0)
        self.redraw()

    def move_to_end(self, *, first: bool) -> None:
        """Go to the beginning, or to the end."""
        self.move(-len(self._text) if first else len(self._text))
