"""The sync pane where there is width: the figures in a column, and the map beside them."""

from msgspec.structs import replace

from console.tui.drawing.figures import Figures
from console.tui.drawing.line import BLANK, Line, Span, beside, clip, column, line, pad, spread
from console.tui.drawing.look import Look
from console.tui.drawing.picture import Picture, bar_of, notes_of, with_map
from console.tui.drawing.words import number
from console.tui.state.forecast import Compared
from console.tui.theme import Role

_FIGURES_WIDTH = 42
_GAP = 4


def side_by_side(shown: Figures, look: Look, cells: int, rows: int, chosen: int | None) -> Picture:
    """The column of figures; beside it what went wrong, the map, and the pages in trouble."""
    left = _figure_column(shown, look, rows)
    left_cells = _FIGURES_WIDTH
    right_cells = cells - left_cells - _GAP
    notes = notes_of(shown, look, right_cells, rows)
    top = [*notes, BLANK] if notes else []
    picture = with_map(top, shown, look, right_cells, rows, chosen)
    right = [*picture.lines, *_troubles(shown, look, right_cells, rows - len(picture.lines))]
    lines = beside(left, right, left_cells, _GAP)
    moved = replace(picture.map, left=left_cells + _GAP) if picture.map else None
    return Picture(lines, map=moved)


def _figure_column(shown: Figures, look: Look, rows: int) -> list[Line]:
    """Headline, bar and figures in a column; one list where there is room for it, otherwise two next to each other."""
    size, ellipsis = _FIGURES_WIDTH, look.glyphs.ellipsis
    bar = (*bar_of(shown, look, size - 6), Span(shown.percent.rjust(6), Role.STRONG))
    head = [
        spread(shown.headline, BLANK, size, ellipsis),
        line(Span(clip(f"  {shown.caption_in(size - 2)}", size, ellipsis), Role.FAINT)),
    ]
    pace: list[tuple[str, str, Role]] = [
        ("pages", shown.pages_done, Role.TEXT),
        ("rate", shown.rate, Role.TEXT),
        ("elapsed" if shown.eta else "took", shown.elapsed, Role.TEXT),
    ]
    if shown.eta:
        pace.insert(2, ("ETA", shown.eta, Role.STRONG))
    if shown.usual:
        pace.append(("usually", shown.usual, Role.TEXT))
    if shown.compared is not Compared.ALIKE:
        pace.append(("", shown.compared, shown.compared_role))
    table = shown.table()
    tall = [*head, BLANK, bar, BLANK, *_list(pace, size, look), BLANK, *_list(table, size, look)]
    if len(tall) <= rows:
        return tall
    half = (size - _GAP) // 2
    two = beside(_list(table, half, look), _list(pace, half, look), half, _GAP)
    short = [*head, bar, *two]
    if len(short) < rows:
        short.insert(2, BLANK)
    if len(short) < rows:
        short.insert(4, BLANK)
    return short[:rows]


def _list(entries: list[tuple[str, str, Role]], cells: int, look: Look) -> list[Line]:
    """Names on the left, values right-aligned."""
    return [
        pad(spread((Span(name, Role.MUTED),), (Span(value, role),), cells, look.glyphs.ellipsis), cells)
        for name, value, role in entries
    ]


def _troubles(shown: Figures, look: Look, cells: int, room: int) -> list[Line]:
    """The pages that failed or are being tried again, with their errors: as many as fit below the map."""
    troubles, ellipsis = shown.troubles, look.glyphs.ellipsis
    if not troubles or room < _ROOM_FOR_TROUBLES:
        return []
    total = shown.trouble_count
    fitting = total if total < room else room - 2
    lines: list[Line] = [BLANK]
    names = [f"page {each.page}" if each.page is not None else "run" for each in troubles[:fitting]]
    size = min(max(_NAME_WIDTH, *(len(name) + 2 for name in names)), cells // 2)
    for name, trouble in zip(names, troubles, strict=False):
        lines.append(
            (
                column(name, size, Role.BAD if trouble.is_final else Role.WARNING, ellipsis),
                column("failed" if trouble.is_final else "retrying", 10, Role.MUTED, ellipsis),
                Span(clip(trouble.error, cells - size - 10, ellipsis)),
            )
        )
    if len(names) < total:
        lines.append(line(Span(f"and {number(total - len(names))} more", Role.FAINT)))
    return lines


_ROOM_FOR_TROUBLES = 3
_NAME_WIDTH = 12
"""Cells of the name of a page where no price window is told with it."""
