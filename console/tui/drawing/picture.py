"""The sync pane's picture, and the parts of it that every arrangement has: the bar, the notes, the map."""

import msgspec
from msgspec.structs import replace

from console.tui.drawing import page_map
from console.tui.drawing.figures import Figures
from console.tui.drawing.line import BLANK, Line, Span, clip, line, wrap
from console.tui.drawing.look import Look
from console.tui.drawing.page_map import Grid
from console.tui.drawing.run_pages import describe
from console.tui.theme import Role

MEASURE = 96
"""Columns beyond which prose is hard to read."""

_ROWS_OF_A_NOTE = 3


class Picture(msgspec.Struct, frozen=True):
    """The drawn pane: its lines, with room in them for the map, which is drawn on its own."""

    lines: list[Line]
    footnote: Line = BLANK
    map: "MapPicture | None" = None


class MapPicture(msgspec.Struct, frozen=True):
    """The drawn map, where its corner is, how the pages lie in it, and which of them are in trouble."""

    lines: list[Line]
    grid: Grid
    problems: list[int]
    left: int
    top: int


def bar_of(shown: Figures, look: Look, cells: int) -> Line:
    """How much of the run is settled."""
    glyphs = look.glyphs
    full = int(shown.fraction * cells)
    head = glyphs.bar_head if 0 < full < cells else ""
    done = glyphs.bar_full * (full - len(head)) + head
    return line(Span(done, shown.bar_role), Span(glyphs.bar_empty * (cells - full), Role.LINE))


def notes_of(shown: Figures, look: Look, cells: int, room: int) -> list[Line]:
    """What went wrong and what to do, each in its colour; the map gets what is left."""
    lines: list[Line] = []
    for position, note in enumerate(shown.notes):
        later = len(shown.notes) - position - 1
        share = min(max(room - len(lines) - later, 1), _ROWS_OF_A_NOTE)
        pieces = wrap(note.text, min(cells, MEASURE), share, look.glyphs.ellipsis)
        lines += [line(Span(piece, note.role)) for piece in pieces]
    return lines[:room]


def with_map(lines: list[Line], shown: Figures, look: Look, cells: int, rows: int, chosen: int | None) -> Picture:
    """These lines, and below them the map in what room is left."""
    chosen = chosen if chosen is not None and chosen < len(shown.pages) else None
    grid = Grid.fit(len(shown.pages), shown.pages.label_width, cells, rows - len(lines))
    if grid is None:
        return Picture(lines)
    drawn = page_map.draw(grid, shown.pages, chosen, look)
    problems = sorted(shown.pages.progress.troubled)
    drawn_map = MapPicture(drawn, grid, problems, 0, len(lines))
    return Picture([*lines, *[BLANK] * len(drawn)], map=drawn_map)


def with_footnote(picture: Picture, shown: Figures, look: Look, cells: int, chosen: int | None) -> Picture:
    """The same, and below it the chosen page, or what the signs of the map mean; `cells` are those of the pane."""
    if picture.map is None:
        return picture
    grid, room = picture.map.grid, cells - _CORNERS
    if chosen is None or chosen >= len(shown.pages):
        return replace(picture, footnote=page_map.legend(grid, shown.pages, look, room))
    words, role = describe(shown.pages, chosen, grid.per_cell)
    return replace(picture, footnote=line(Span(clip(words, room, look.glyphs.ellipsis), role)))


_CORNERS = 4
"""Cells that the corners of the border take from a footnote, more than its sides from the content."""
