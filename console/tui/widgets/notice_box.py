"""The notice that is shown, on top of what the screen holds."""

from collections.abc import Sequence

from rich.style import Style
from textual import events, on
from textual.geometry import Region
from textual.message import Message

from console.tui.drawing.line import Line, width
from console.tui.drawing.look import Look
from console.tui.theme import Role
from console.tui.widgets.canvas import Canvas


class NoticeBox(Canvas):
    """Takes no room from others, lies where it is put, and goes when it is clicked."""

    class Clicked(Message):
        """Somebody has read it."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, id="notice-box")
        self._put: Sequence[Line] = ()
        self.display = False

    def put(self, place: Region, lines: Sequence[Line]) -> None:
        """Show these lines in this place."""
        self._put = lines
        self.styles.offset = place.offset
        self.styles.width, self.styles.height = place.width, place.height
        self.display = True
        self.redraw()

    def take_away(self) -> None:
        """Show nothing."""
        self.display = False

    def picture(self, _cells: int, _rows: int) -> Sequence[Line]:
        """What was put there."""
        return self._put

    def style_of(self, role: Role) -> Style:
        """Raised above the ground; where there is no colour for that, reversed."""
        palette = self.look.palette
        raised = Style(bgcolor=palette.raised) if palette.raised != palette.ground else Style(reverse=True)
        return palette.style(role) + raised

    @on(events.Click)
    def _clicked(self, event: events.Click) -> None:
        event.stop()
        self.post_message(self.Clicked())


def size_of(lines: Sequence[Line]) -> tuple[int, int]:
    """Columns and rows of these lines."""
    return max((width(each) for each in lines), default=0), len(lines)
