"""The page map: a cell for every page, or for several where there are more pages than cells."""

import enum
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from console.operations.events import PageProgress
from console.run import PageState
from console.tui.drawing.line import Line, Span
from console.tui.drawing.line import width as line_width
from console.tui.drawing.look import Look
from console.tui.drawing.words import duration, number
from console.tui.glyphs import Glyphs
from console.tui.theme import Role

_GROUP = 10
"""Cells between two gaps, so that a page's place can be counted."""

_LABEL_ROWS = 3
_LABEL_COLUMNS = 60
"""Room from which the rows are labelled with their first page."""


@dataclass(frozen=True)
class RunPages:
    """The pages of a run: how each stands, and what the one at a place is called: `57`, or `3 of 1.99 to 5.00 EUR`.

    `is_cut`: into price windows, in each of which the numbers begin anew.
    """

    progress: Sequence[PageProgress] = ()
    name: Callable[[int], str] = lambda place: number(place + 1)
    is_cut: bool = False

    def __len__(self) -> int:
        return len(self.progress)

    @property
    def label_width(self) -> int:
        """Cells for naming a row by its first page; none where the numbers alone would say nothing."""
        return 0 if self.is_cut or not self.progress else len(self.name(len(self.progress) - 1)) + 1

    def names(self, start: int, end: int) -> str:
        """What the pages from one place to before another are called, with the word for them."""
        if end - start == 1:
            return f"page {self.name(start)}"
        first, _, window = self.name(start).partition(" of ")
        last, _, other = self.name(end - 1).partition(" of ")
        if window != other:
            return f"{number(end - start)} pages from page {self.name(start)} on"
        return f"pages {first} to {last}" + (f" of {window}" if window else "")


class Cell(enum.StrEnum):
    """What a cell says, in the order of what an operator would want to know first."""

    FAILED = "failed"
    RETRYING = "retrying"
    IN_FLIGHT = "in flight"
    PENDING = "pending"
    RETRIED = "retried"
    DONE = "done"


_RANK = {cell: rank for rank, cell in enumerate(Cell)}
_OF_STATE = {
    PageState.PENDING: Cell.PENDING,
    PageState.IN_FLIGHT: Cell.IN_FLIGHT,
    PageState.RETRYING: Cell.RETRYING,
    PageState.DONE: Cell.DONE,
    PageState.FAILED: Cell.FAILED,
}
_LEGEND = (Cell.PENDING, Cell.IN_FLIGHT, Cell.DONE, Cell.RETRIED, Cell.RETRYING, Cell.FAILED)


@dataclass(frozen=True)
class Grid:
    """How the pages lie on the screen: `per_cell` pages in each cell, `columns` cells in each row."""

    pages: int
    per_cell: int
    columns: int
    spacing: int
    label_width: int

    @classmethod
    def fit(cls, pages: int, label_width: int, width: int, height: int) -> "Grid | None":
        """The most generous grid for so many pages in this room; None where there is no room at all.

        The rows are labelled where there is room for it.
        """
        if pages < 1 or width < 1 or height < 1:
            return None
        label = label_width if width >= _LABEL_COLUMNS and height >= _LABEL_ROWS else 0
        for spacing in (2, 1):
            columns = _columns(width - label, spacing)
            if columns * height >= pages:
                return cls(pages, 1, columns, spacing, label)
        columns = _columns(width - label, 1)
        return cls(pages, -(-pages // (columns * height)), columns, 1, label)

    @property
    def cells(self) -> int:
        """The number of cells."""
        return -(-self.pages // self.per_cell)

    @property
    def rows(self) -> int:
        """The number of rows."""
        return -(-self.cells // self.columns)

    def page_at(self, x: int, y: int) -> int | None:
        """The first page of the cell drawn at this place, if there is one, counted from the first of the run."""
        x -= self.label_width
        group, within = divmod(x, _GROUP * self.spacing + 1)
        column, odd = divmod(within, self.spacing)
        cell = y * self.columns + group * _GROUP + column
        inside = x >= 0 and not odd and column < _GROUP and group * _GROUP + column < self.columns
        return cell * self.per_cell if inside and 0 <= cell < self.cells else None


def _columns(width: int, spacing: int) -> int:
    """How many cells fit in a row, in groups with a gap after each; whole groups where there are several."""
    # No space is needed behind the last cell.
    whole = (width + spacing) // (_GROUP * spacing + 1)
    return whole * _GROUP if whole else max((width + spacing - 1) // spacing, 1)


def states_of(pages: Sequence[PageProgress]) -> list[Cell]:
    """What a cell of each page alone says; `retried` is done, but not at the first try."""
    done = PageState.DONE
    return [Cell.RETRIED if page.state is done and page.attempts > 1 else _OF_STATE[page.state] for page in pages]


def together(states: Sequence[Cell], per_cell: int) -> Sequence[Cell]:
    """The most telling state of each cell's pages."""
    if per_cell == 1:
        return states
    return [min(states[start : start + per_cell], key=_RANK.__getitem__) for start in range(0, len(states), per_cell)]


def draw(grid: Grid, states: Sequence[Cell], name: Callable[[int], str], chosen: int | None, look: Look) -> list[Line]:
    """The rows of the map. `chosen` is the page that is looked at, counted from the first of the run."""
    cursor = None if chosen is None else chosen // grid.per_cell
    signs = {cell: _sign(cell, look.glyphs) for cell in Cell}
    cells = together(states, grid.per_cell)
    rows: list[Line] = []
    for start in range(0, len(cells), grid.columns):
        spans: list[Span] = []
        if grid.label_width:
            label = name(start * grid.per_cell).rjust(grid.label_width - 1)
            spans.append(Span(f"{label} ", Role.FAINT))
        column = None if cursor is None else cursor - start
        spans += _row(cells[start : start + grid.columns], signs, grid.spacing, column)
        rows.append(tuple(spans))
    return rows


def _row(cells: Sequence[Cell], signs: dict[Cell, Span], spacing: int, cursor: int | None) -> list[Span]:
    """The cells of a row; neighbours that look the same become one span."""
    spans: list[Span] = []
    gap = " " * (spacing - 1)
    for column, cell in enumerate(cells):
        sign, role = signs[cell]
        space = gap + (" " if column % _GROUP == _GROUP - 1 else "") if column + 1 < len(cells) else ""
        if column == cursor:
            spans += [Span(sign, Role.CURSOR), Span(space)]
        elif spans and spans[-1].role is role:
            spans[-1] = Span(spans[-1].text + sign + space, role)
        else:
            spans.append(Span(sign + space, role))
    return spans


def _sign(cell: Cell, glyphs: Glyphs) -> Span:
    return {
        Cell.PENDING: Span(glyphs.page_pending, Role.FAINT),
        Cell.IN_FLIGHT: Span(glyphs.page_in_flight, Role.ACCENT),
        Cell.RETRYING: Span(glyphs.page_retrying, Role.WARNING),
        Cell.DONE: Span(glyphs.page_done, Role.GOOD_QUIET),
        Cell.RETRIED: Span(glyphs.page_retried, Role.GOOD),
        Cell.FAILED: Span(glyphs.page_failed, Role.BAD),
    }[cell]


def legend(grid: Grid, states: Sequence[Cell], look: Look, width: int) -> Line:
    """What the signs mean: all of them where there is room, otherwise those on the map."""
    scale = Span(f"{number(grid.per_cell)} pages each" if grid.per_cell > 1 else "1 page each", Role.FAINT)
    present = set(states)
    for cells, gap in ((_LEGEND, "   "), (_LEGEND, " "), ([cell for cell in _LEGEND if cell in present], " ")):
        spans = [part for cell in cells for part in (_sign(cell, look.glyphs), Span(f" {cell}{gap}", Role.MUTED))]
        if line_width((*spans, scale)) <= width:
            return (*spans, scale)
    return (scale,)


def describe(grid: Grid, pages: RunPages, chosen: int) -> tuple[str, Role]:
    """What there is to know of the chosen page, or of all that share its cell when it has no trouble of its own."""
    start = chosen - chosen % grid.per_cell
    sharing = pages.progress[start : start + grid.per_cell]
    if len(sharing) == 1 or pages.progress[chosen].error:
        return _describe_page(pages.progress[chosen], pages.names(chosen, chosen + 1))
    counts = Counter(states_of(sharing))
    told = ", ".join(f"{counts[cell]} {cell}" for cell in Cell if counts[cell])
    words = f"{pages.names(start, start + len(sharing))}: {told}"
    error = next((page.error for page in sharing if page.error), None)
    return (f"{words}: {error}", Role.WARNING) if error else (words, Role.TEXT)


def _describe_page(page: PageProgress, name: str) -> tuple[str, Role]:
    words = f"{name}: {states_of([page])[0]}"
    if page.attempts > 1:
        words += f", {page.attempts} attempts"
    if page.duration_ms:
        words += f", {duration(page.duration_ms / 1000)}"
    if page.error:
        words += f": {page.error}"
    bad = page.state in (PageState.FAILED, PageState.RETRYING)
    return words, Role.WARNING if bad else Role.TEXT
