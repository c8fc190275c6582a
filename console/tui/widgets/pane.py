"""A pane: a frame that can have the focus, and scrolls what does not fit."""

from typing import ClassVar

from console.tui.drawing.look import Look
from console.tui.state.situation import PaneName
from console.tui.widgets.scrolling import ScrollingFrame


class Pane(ScrollingFrame, can_focus=True):
    """What all panes share. A pane's class says its name and title; its drawing is `content`."""

    NAME: ClassVar[PaneName]
    TITLE: ClassVar[str]

    def __init__(self, look: Look) -> None:
        super().__init__(look, self.TITLE, id=self.NAME.value)

    @property
    def can_move_sideways(self) -> bool:
        """Whether left and right do something."""
        return False

    def move_sideways(self, steps: int) -> None:
        """Go right by so many steps, or left where negative."""

    def watch_has_focus(self, _has_focus: bool) -> None:
        """The border shows the focus, not a rule of the stylesheet; Textual repaints the pane after this."""
        self.draw_anew()
        self.post_message(self.Changed())
