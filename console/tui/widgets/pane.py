"""A pane: a frame that can have the focus, and scrolls what does not fit."""

from collections.abc import Sequence
from typing import ClassVar

from textual.message import Message

from console.tui.drawing.line import BLANK, Line, Span
from console.tui.drawing.look import Look
from console.tui.state.situation import PaneName
from console.tui.theme import Role
from console.tui.widgets.moving import MovingFrame


class Pane(MovingFrame, can_focus=True):
    """What all panes share. A pane's class says its name and title; its drawing is `content`."""

    NAME: ClassVar[PaneName]
    TITLE: ClassVar[str]

    class Changed(Message):
        """The pane moved, or the focus did: other keys may work now."""

        def can_replace(self, message: Message) -> bool:
            """Only the newest counts."""
            return isinstance(message, Pane.Changed)

    def __init__(self, look: Look) -> None:
        super().__init__(look, self.TITLE, id=self.NAME.value)
        self.top = 0
        self._content: Sequence[Line] = ()

    def seen(self, cells: int, rows: int) -> Sequence[Line]:
        """The part of the content that is scrolled to."""
        self._content = self.content(cells, rows)
        self.top = max(min(self.top, len(self._content) - rows), 0)
        return self._content[self.top : self.top + rows]

    def footnote(self) -> Line:
        """What stands in the lower border: which lines are seen, where they are not all."""
        total = len(self._content)
        if total <= self.inner_rows:
            return BLANK
        return (Span(f"lines {self.top + 1} to {self.top + self.inner_rows} of {total}", Role.MUTED),)

    # -- moving ----------------------------------------------------------------------------------------------------

    @property
    def can_move(self) -> bool:
        """Whether up and down do something."""
        return len(self._content) > self.inner_rows > 0

    @property
    def can_move_sideways(self) -> bool:
        """Whether left and right do something."""
        return False

    def move(self, by: int) -> None:
        """Go down by so many lines, or up where negative."""
        self.top = max(min(self.top + by, len(self._content) - self.inner_rows), 0)
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
