"""The sync pane where there is little width: the figures above the map."""

from rich.cells import cell_len

from console.tui.drawing.figures import Figures
from console.tui.drawing.line import BLANK, Line, Span, line, spread, width
from console.tui.drawing.look import Look
from console.tui.drawing.picture import Picture, bar_of, notes_of, with_map
from console.tui.theme import Role


def stacked(shown: Figures, look: Look, cells: int, rows: int, chosen: int | None) -> Picture:
    """Headline, bar, counts, what went wrong, and the map in the rest."""
    bar = _bar_line(shown, look, cells)
    if rows <= 1:
        return Picture([bar])
    lines = [spread(*_headline(shown, cells), cells, look.glyphs.ellipsis), bar]
    table = _counts_in_columns(shown, cells)
    wanted = len(notes_of(shown, look, cells, rows))
    # Why it failed and what to do comes before a tidy table, and both before the map.
    if table and len(table) + wanted <= rows - 2:
        lines += table
    elif 1 + wanted <= rows - 2:
        lines.append(_counts_in_words(shown, look, cells))
    notes = notes_of(shown, look, cells, rows - len(lines))
    if len(notes) + len(lines) + 1 < rows and rows > _ROOMY:
        lines.insert(2, BLANK)
        lines.append(BLANK)
    lines += notes
    return with_map(lines, shown, look, cells, rows, chosen)


_ROOMY = 11
"""Rows from which there are some to spare for blank ones."""


def _headline(shown: Figures, cells: int) -> tuple[Line, Line]:
    """Both ends of the headline: what it is and how it stands; and what fits of who, when and how long."""
    took: Line = (Span(f"{'elapsed' if shown.eta else 'took'} {shown.elapsed}"),)
    full = shown.headlines[0]
    if width((*full, *took)) + 2 > cells:
        # How it stands comes before what the number beside it means.
        took = (Span(shown.elapsed),)
        return shown.headline_in(cells - width(took) - 2), took
    usual = Span(f", {shown.usual_words}", shown.compared_role)
    if shown.usual_words and width((*full, *took, usual)) + 2 <= cells:
        took = (*took, usual)
    room = cells - width((*full, *took)) - 4
    caption = shown.caption_in(room)
    return full, (Span(f"{caption}   ", Role.FAINT), *took) if cell_len(caption) <= room else took


def _bar_line(shown: Figures, look: Look, cells: int) -> Line:
    """The bar, and beside it the figures that fit: percent, pages, rate, ETA."""
    figures: list[Span] = [Span(shown.percent.rjust(6), Role.STRONG)]
    for value, size in ((f"{shown.pages_done} pages", 15), (shown.rate, 13), (_eta(shown), 13)):
        padded = value.rjust(size)
        if value and width(figures) + len(padded) + 2 <= cells - _SHORTEST_BAR:
            figures.append(Span(f"  {padded}"))
    return (*bar_of(shown, look, cells - width(figures)), *figures)


_SHORTEST_BAR = 8


def _eta(shown: Figures) -> str:
    return f"ETA {shown.eta}" if shown.eta else ""


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
