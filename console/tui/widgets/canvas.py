"""A widget made of lines, which sends only the cells that changed to the terminal: SSH carries every one of them."""

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual import events, on
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from console.tui.drawing.line import BLANK, Line, change
from console.tui.drawing.look import Look
from console.tui.theme import Role

_STRIPS_KEPT = 500


class Canvas(Widget):
    """Draws `picture()` and keeps it; `redraw()` draws it again and repaints what differs. Hidden, it does nothing."""

    def __init__(self, look: Look, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.look = look
        self._on_canvas: list[Line] = []
        self._strips: dict[Line, Strip] = {}
        self.is_shown = False

    def picture(self, cells: int, rows: int) -> Sequence[Line]:
        """The widget's lines for this room."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw again what is seen. Cheap when nothing changed."""
        if not self.is_shown or not self.size:
            return
        regions = self._compare(self._drawn())
        if regions:
            self.refresh(*regions)

    def draw_anew(self) -> None:
        """Draw again what is about to be repainted as a whole."""
        if self.size:
            self._on_canvas = self._drawn()

    def _drawn(self) -> list[Line]:
        lines = list(self.picture(self.size.width, self.size.height))[: self.size.height]
        return lines + [BLANK] * (self.size.height - len(lines))

    def _compare(self, lines: list[Line]) -> list[Region]:
        """Take over the new lines and return where they differ from those before."""
        before, self._on_canvas = self._on_canvas, lines
        if len(before) != len(lines):
            return [self.size.region]
        regions = []
        for y, (old, new) in enumerate(zip(before, lines, strict=True)):
            cells = change(old, new) if old != new else None
            if cells is not None:
                # Textual sends a line from the left edge of its widget to the end of the region, whatever its start:
                # several regions of a line would send its beginning several times.
                regions.append(Region(cells[0], y, cells[1] - cells[0], 1))
        return regions

    def style_of(self, role: Role) -> Style:
        """How text of this role is drawn."""
        return self.look.palette.style(role)

    def render_line(self, y: int) -> Strip:
        """One line of the picture, for Textual."""
        width, style = self.size.width, self.style_of
        line = self._on_canvas[y] if y < len(self._on_canvas) else BLANK
        strip = self._strips.get(line)
        if strip is None or strip.cell_length != width:
            if len(self._strips) > _STRIPS_KEPT:
                self._strips.clear()
            strip = Strip([Segment(span.text, style(span.role)) for span in line])
            strip = strip.adjust_cell_length(width, style(Role.TEXT))
            self._strips[line] = strip
        return strip

    def dress(self) -> None:
        """Draw all anew, because the look has changed."""
        self._strips.clear()
        self._start_afresh()

    @on(events.Show)
    def _begin(self) -> None:
        self.is_shown = True
        self._start_afresh()

    @on(events.Hide)
    def _rest(self) -> None:
        self.is_shown = False

    @on(events.Resize)
    def _start_afresh(self) -> None:
        self.draw_anew()
        self.refresh()
