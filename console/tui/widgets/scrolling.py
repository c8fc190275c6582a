"""A frame whose content is longer than it may be high: it scrolls by lines."""

from collections.abc import Sequence

from console.tui.drawing.line import BLANK, Line, Span
from console.tui.drawing.look import Look
from console.tui.drawing.words import part_of
from console.tui.theme import Role
from console.tui.widgets.moving import MovingFrame


class ScrollingFrame(MovingFrame):
    """Shows the part of its content that is scrolled to."""

    def __init__(self, look: Look, title: str, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(look, title, id=id)
        self.top = 0
        self._content: Sequence[Line] = ()
        self._could_move = False

    def seen(self, cells: int, rows: int) -> Sequence[Line]:
        """The part of the content that is scrolled to. Only what is drawn is known to be longer than that."""
        self._content = self.content(cells, rows)
        self.top = max(min(self.top, len(self._content) - rows), 0)
        could_move, self._could_move = self._could_move, self.can_move
        if self._could_move != could_move:
            self.post_message(self.Changed())
        return self._content[self.top : self.top + rows]

    def footnote(self) -> Line:
        """What stands in the lower border: which lines are seen, where they are not all."""
        total = len(self._content)
        if total <= self.inner_rows:
            return BLANK
        return (Span(f"lines {part_of(self.top, self.inner_rows, total)}", Role.MUTED),)

    @property
    def can_move(self) -> bool:
        """Whether up and down do something."""
        return len(self._content) > self.inner_rows > 0

    def move(self, by: int) -> None:
        """Go down by so many lines, or up where negative."""
        self.top = max(min(self.top + by, len(self._content) - self.inner_rows), 0)
        self._moved()

    def move_to_end(self, *, first: bool) -> None:
        """Go to the beginning, or to the end."""
        self.move(-len(self._content) if first else len(self._content))

    def _moved(self) -> None:
        self.redraw()
        self.post_message(self.Changed())
