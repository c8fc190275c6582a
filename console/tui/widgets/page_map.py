"""The page map as a widget of its own over the sync pane: a page then costs its row of the map, not the whole line."""

from collections.abc import Sequence

from textual import events, on
from textual.geometry import Offset, Size
from textual.message import Message

from console.tui.drawing.line import Line
from console.tui.drawing.look import Look
from console.tui.drawing.picture import MapPicture
from console.tui.widgets.canvas import Canvas
from console.tui.widgets.frame import CORNER


class PageMap(Canvas):
    """The cells, each a page or several."""

    class Pointed(Message):
        """A page was clicked, counted from the first of the run; None beside the pages."""

        def __init__(self, page: int | None) -> None:
            super().__init__()
            self.page = page

    def __init__(self, look: Look) -> None:
        super().__init__(look, id="page-map")
        self._map: MapPicture | None = None
        self._place: tuple[Offset, Size] | None = None

    def place(self, drawn: MapPicture | None) -> None:
        """Show this map, or none. Its place changes only with the room or with the kind of picture around it."""
        self._map = drawn
        if drawn is None:
            self._place = None
            self.display = False
            return
        size = Size(drawn.grid.width, len(drawn.lines))
        place = (CORNER + Offset(drawn.left, drawn.top), size)
        if place != self._place:
            self._place = place
            self.styles.offset = place[0]
            self.styles.width, self.styles.height = size
            self.display = True
        self.redraw()

    def picture(self, _cells: int, _rows: int) -> Sequence[Line]:
        """The rows of the map."""
        return self._map.lines if self._map else []

    @on(events.Click)
    def _point(self, event: events.Click) -> None:
        if self._map is not None:
            self.post_message(self.Pointed(self._map.grid.page_at(event.x, event.y)))
