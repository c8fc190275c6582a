"""The sync pane: what is going on, in numbers and in pages, arranged for the room there is."""

from dataclasses import dataclass, replace
from datetime import datetime

from console.operations.protocol import Snapshot
from console.tui.drawing import page_map
from console.tui.drawing.figures import Figures, figures
from console.tui.drawing.line import BLANK, Line, Span, beside, clip, column, line, pad, spread, width, wrap
from console.tui.drawing.look import Look
from console.tui.drawing.page_map import Cell, Grid
from console.tui.drawing.words import number, short_moment
from console.tui.state.model import Model
from console.tui.theme import Role

_SIDE_BY_SIDE = 100
"""Columns from which the figures stand beside the map instead of above it."""

_SIDE_BY_SIDE_ROWS = 9
_FIGURES_WIDTH = 42
_GAP = 4


@dataclass(frozen=True)
class Picture:
    """The drawn pane: its lines, with room in them for the map, which is drawn on its own."""

    lines: list[Line]
    footnote: Line = BLANK
    map: "MapPicture | None" = None


@dataclass(frozen=True)
class MapPicture:
    """The drawn map, where its corner is, how the pages lie in it, and which of them are in trouble."""

    lines: list[Line]
    grid: Grid
    problems: list[int]
    left: int
    top: int


def draw(model: Model, look: Look, now: datetime, cells: int, rows: int, chosen: int | None) -> Picture:
    """The pane's content for this room; `chosen` is the page that is looked at, counted from the first."""
    if model.failure is not None:
        return _words("The engine stopped by itself", Role.BAD, model.failure, _AFTER_FAILURE, look, cells, rows)
    if model.snapshot is None:
        return Picture([line(Span(f"starting{look.glyphs.ellipsis}", Role.MUTED))])
    shown = figures(model, look, now)
    if model.snapshot.notice is not None and model.active_run is None:
        return _words("Nothing can be synced yet", Role.WARNING, model.snapshot.notice, _DEMO, look, cells, rows)
    if shown is None:
        return _never(model.snapshot, look, now, cells, rows)
    if cells >= _SIDE_BY_SIDE and rows >= _SIDE_BY_SIDE_ROWS:
        return _side_by_side(shown, look, cells, rows, chosen)
    return _stacked(shown, look, cells, rows, chosen)


_AFTER_FAILURE = "No sync will run. Leave with q and start the console again; the log says more."
_DEMO = "Press d to try the console on a simulated catalogue first: nothing to configure, nothing real is touched."


def _words(title: str, role: Role, said: str, todo: str, look: Look, cells: int, rows: int) -> Picture:
    """A state that is told in words alone: what is the matter, and what to do."""
    glyphs = look.glyphs
    sign = glyphs.bad if role is Role.BAD else glyphs.warning
    lines: list[Line] = [line(Span(f"{sign} ", role), Span(title, Role.STRONG))]
    measure = min(cells, _MEASURE)
    todo_lines = wrap(todo, measure, 2, glyphs.ellipsis)
    room = rows - 1 - len(todo_lines)
    roomy = room > len(wrap(said, measure, 99, glyphs.ellipsis)) + 1
    if roomy:
        lines.append(BLANK)
    lines += [line(piece) for piece in wrap(said, measure, max(room, 1), glyphs.ellipsis)]
    if roomy:
        lines.append(BLANK)
    return Picture([*lines, *(line(Span(piece, Role.MUTED)) for piece in todo_lines)][:rows])


_MEASURE = 96
"""Columns beyond which prose is hard to read."""


def _never(snapshot: Snapshot, look: Look, now: datetime, cells: int, rows: int) -> Picture:
    """Before the first sync: what it is, and how it comes about."""
    todo = "Press s to fetch the catalogue now"
    if snapshot.next_runs:
        todo += f"; the first sync runs by itself {short_moment(snapshot.next_runs[0], now)}"
    told = (
        f"A sync fetches every page of the catalogue from {snapshot.api_host}, stores what is new and what changed, "
        "and marks as discontinued what is gone. Each page has its cell here while it is pending, in flight and done."
    )
    measure = min(cells, _MEASURE)
    lines = [line(Span(f"{look.glyphs.unknown} ", Role.MUTED), Span("No sync has run yet", Role.STRONG)), BLANK]
    lines += [line(piece) for piece in wrap(f"{todo}.", measure, 3, look.glyphs.ellipsis)]
    more = wrap(told, measure, 9, look.glyphs.ellipsis)
    if len(lines) + 1 + len(more) <= rows:
        lines += [BLANK, *(line(Span(piece, Role.MUTED)) for piece in more)]
    return Picture(lines[:rows])


# -- figures above the map ---------------------------------------------------------------------------------------------


def _stacked(shown: Figures, look: Look, cells: int, rows: int, chosen: int | None) -> Picture:
    bar = _bar_line(shown, look, cells)
    if rows <= 1:
        return Picture([bar])
    right = _when(shown, cells)
    lines = [spread(shown.headline, right, cells, look.glyphs.ellipsis), bar]
    table = _counts_in_columns(shown, cells)
    wanted = len(_notes(shown, look, cells, rows))
    # Why it failed and what to do comes before a tidy table, and both before the map.
    if table and len(table) + wanted <= rows - 2:
        lines += table
    elif 1 + wanted <= rows - 2:
        lines.append(_counts_in_words(shown, look, cells))
    notes = _notes(shown, look, cells, rows - len(lines))
    if len(notes) + len(lines) + 1 < rows and rows > _ROOMY:
        lines.insert(2, BLANK)
        lines.append(BLANK)
    lines += notes
    return _with_map(lines, shown, look, cells, rows, chosen)


_ROOMY = 11
"""Rows from which there are some to spare for blank ones."""


def _with_map(lines: list[Line], shown: Figures, look: Look, cells: int, rows: int, chosen: int | None) -> Picture:
    chosen = chosen if chosen is not None and chosen < len(shown.pages) else None
    grid = Grid.fit(len(shown.pages), shown.first_page, cells, rows - len(lines))
    if grid is None:
        return Picture(lines)
    states = page_map.states_of(shown.pages)
    drawn = page_map.draw(grid, states, shown.first_page, chosen, look)
    problems = [page for page, state in enumerate(states) if state in _PROBLEMS]
    if chosen is None:
        footnote = page_map.legend(grid, states, look, cells)
    else:
        words, role = page_map.describe(grid, shown.pages, shown.first_page, chosen)
        footnote = line(Span(clip(words, cells, look.glyphs.ellipsis), role))
    drawn_map = MapPicture(drawn, grid, problems, 0, len(lines))
    return Picture([*lines, *[BLANK] * len(drawn)], footnote, drawn_map)


_PROBLEMS = (Cell.FAILED, Cell.RETRYING)


def _when(shown: Figures, cells: int) -> Line:
    """The right end of the headline: what fits of who, when and how long."""
    took = Span(f"{'elapsed' if shown.eta else 'took'} {shown.elapsed}")
    room = cells - width((*shown.headline, took)) - 4
    caption = shown.caption_in(room)
    return (Span(f"{caption}   ", Role.FAINT), took) if len(caption) <= room else (took,)


def _bar_line(shown: Figures, look: Look, cells: int) -> Line:
    """The bar, and beside it the figures that fit: percent, pages, rate, ETA."""
    figures: list[Span] = [Span(shown.percent.rjust(6), Role.STRONG)]
    for value, size in ((f"{shown.pages_done} pages", 15), (shown.rate, 13), (_eta(shown), 13)):
        if value and width(figures) + size + 2 <= cells - _SHORTEST_BAR:
            figures.append(Span(value.rjust(size + 2)))
    return (*_bar(shown, look, cells - width(figures)), *figures)


_SHORTEST_BAR = 8


def _eta(shown: Figures) -> str:
    return f"ETA {shown.eta}" if shown.eta else ""


def _bar(shown: Figures, look: Look, cells: int) -> Line:
    glyphs = look.glyphs
    full = int(shown.fraction * cells)
    head = glyphs.bar_head if 0 < full < cells else ""
    done = glyphs.bar_full * (full - len(head)) + head
    return line(Span(done, shown.bar_role), Span(glyphs.bar_empty * (cells - full), Role.LINE))


def _counts_in_columns(shown: Figures, cells: int) -> list[Line]:
    """The counts as two rows: names above, numbers below, right-aligned. Empty where they do not fit."""
    table = shown.table()
    sizes = [max(len(name), len(value), _NUMBER) for name, value, _ in table]
    gap = min((cells - sum(sizes)) // (len(table) - 1), 5)
    if gap < 1:
        return []
    names: list[Span] = []
    values: list[Span] = []
    for (name, value, role), size in zip(table, sizes, strict=True):
        space = " " * gap if names else ""
        names.append(Span(space + name.rjust(size), Role.MUTED))
        values.append(Span(space + value.rjust(size), role))
    return [tuple(names), tuple(values)]


_NUMBER = 7
"""Cells of a number up to a million, so that the columns stand still."""


def _counts_in_words(shown: Figures, look: Look, cells: int) -> Line:
    """The counts that are not zero, as many as fit; what went wrong comes first."""
    told: list[Span] = []
    table = {name: (value, role) for name, value, role in shown.table()}
    for name in ("failed", "rejected", "new", "changed", "discontinued", "unchanged", "retries"):
        value, role = table[name]
        words = Span(f"{value} {name}", role)
        if value != "0" and width(told) + len(words.text) + 3 <= cells:
            told += [Span(f" {look.glyphs.separator} ", Role.FAINT), words] if told else [words]
    return tuple(told) or line(Span("nothing counted yet", Role.FAINT))


def _notes(shown: Figures, look: Look, cells: int, room: int) -> list[Line]:
    """What went wrong and what to do, each in its colour; the map gets what is left."""
    lines: list[Line] = []
    for position, note in enumerate(shown.notes):
        later = len(shown.notes) - position - 1
        share = min(max(room - len(lines) - later, 1), 3)
        pieces = wrap(note.text, min(cells, _MEASURE), share, look.glyphs.ellipsis)
        lines += [line(Span(piece, note.role)) for piece in pieces]
    return lines[:room]


# -- figures beside the map --------------------------------------------------------------------------------------------


def _side_by_side(shown: Figures, look: Look, cells: int, rows: int, chosen: int | None) -> Picture:
    left = _figure_column(shown, look, rows)
    left_cells = _FIGURES_WIDTH
    right_cells = cells - left_cells - _GAP
    notes = _notes(shown, look, right_cells, rows)
    top = [*notes, BLANK] if notes else []
    picture = _with_map(top, shown, look, right_cells, rows, chosen)
    right = [*picture.lines, *_troubles(shown, look, right_cells, rows - len(picture.lines))]
    lines = beside(left, right, left_cells, _GAP)
    moved = replace(picture.map, left=left_cells + _GAP) if picture.map else None
    return Picture(lines, picture.footnote, moved)


def _figure_column(shown: Figures, look: Look, rows: int) -> list[Line]:
    """Headline, bar and figures in a column; one list where there is room for it, otherwise two next to each other."""
    size, ellipsis = _FIGURES_WIDTH, look.glyphs.ellipsis
    bar = (*_bar(shown, look, size - 6), Span(shown.percent.rjust(6), Role.STRONG))
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
    fitting = len(troubles) if len(troubles) < room else room - 2
    lines: list[Line] = [BLANK]
    for trouble in troubles[:fitting]:
        page = f"page {number(trouble.page)}" if trouble.page is not None else "run"
        lines.append(
            (
                column(page, 12, Role.BAD if trouble.is_final else Role.WARNING, ellipsis),
                column("failed" if trouble.is_final else "retrying", 10, Role.MUTED, ellipsis),
                Span(clip(trouble.error, cells - 22, ellipsis)),
            )
        )
    if fitting < len(troubles):
        lines.append(line(Span(f"and {number(len(troubles) - fitting)} more", Role.FAINT)))
    return lines


_ROOM_FOR_TROUBLES = 3
