"""The page map: a cell for every page, or for several where there are more pages than cells."""

import re
from collections.abc import Sequence
from functools import lru_cache

import msgspec

from console.operations.events import PageRank
from console.tui.drawing.line import Line, Span
from console.tui.drawing.line import width as line_width
from console.tui.drawing.look import Look
from console.tui.drawing.run_pages import RunPages
from console.tui.drawing.words import number
from console.tui.glyphs import Glyphs
from console.tui.theme import Role

_GROUP = 10
"""Cells between two gaps, so that a page's place can be counted."""

_LABEL_ROWS = 3
_LABEL_COLUMNS = 60
"""Room from which the rows are labelled with their first page."""


class Grid(msgspec.Struct, frozen=True):
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
    def width(self) -> int:
        """The cells of the screen that it takes from left to right."""
        return self.label_width + _place(min(self.columns, self.cells) - 1, self.spacing) + 1

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


def _place(column: int, spacing: int) -> int:
    """Where a cell stands in its row, label apart."""
    return column * spacing + column // _GROUP


def _columns(width: int, spacing: int) -> int:
    """How many cells fit in a row, in groups with a gap after each; whole groups where there are several."""
    # No space is needed behind the last cell.
    whole = (width + spacing) // (_GROUP * spacing + 1)
    return whole * _GROUP if whole else max((width + spacing - 1) // spacing, 1)


def together(ranks: bytearray, per_cell: int) -> bytes:
    """The rank of each cell: the worst of its pages."""
    if per_cell == 1:
        return bytes(ranks)
    return bytes(min(ranks[start : start + per_cell]) for start in range(0, len(ranks), per_cell))


def draw(grid: Grid, pages: RunPages, chosen: int | None, look: Look) -> list[Line]:
    """The rows of the map. `chosen` is the page that is looked at, counted from the first of the run."""
    cursor = None if chosen is None else chosen // grid.per_cell
    cells = together(pages.progress.ranks, grid.per_cell)
    rows: list[Line] = []
    for start in range(0, len(cells), grid.columns):
        spans: list[Span] = []
        if grid.label_width:
            label = pages.name(start * grid.per_cell).rjust(grid.label_width - 1)
            spans.append(Span(f"{label} ", Role.FAINT))
        spans += _row(cells[start : start + grid.columns], grid.spacing, look.glyphs)
        if cursor is not None and start <= cursor < start + grid.columns:
            spans = _marked(spans, grid.label_width + _place(cursor - start, grid.spacing))
        rows.append(tuple(spans))
    return rows


_ALIKE = re.compile(rb"(.)\1*", re.DOTALL)
"""Neighbours of the same rank."""

_SPOT = "#"


def _row(cells: bytes, spacing: int, glyphs: Glyphs) -> list[Span]:
    """The cells of a row; neighbours that look the same become one span."""
    spots = _spots(len(cells), spacing)
    spans: list[Span] = []
    for alike in _ALIKE.finditer(cells):
        first, end = (_place(column, spacing) for column in alike.span())
        sign, role = sign_of(PageRank(alike[0][0]), glyphs)
        spans.append(Span(spots[first:end].replace(_SPOT, sign), role))
    return spans


@lru_cache(maxsize=8)
def _spots(columns: int, spacing: int) -> str:
    """A row with a spot for each cell."""
    gaps = (" " * (_place(column + 1, spacing) - _place(column, spacing) - 1) for column in range(columns - 1))
    return "".join(_SPOT + gap for gap in gaps) + _SPOT


def _marked(spans: list[Span], place: int) -> list[Span]:
    """The same, with the cursor on the cell at a place."""
    marked: list[Span] = []
    for drawn, role in spans:
        if 0 <= place < len(drawn):
            parts = ((drawn[:place], role), (drawn[place], Role.CURSOR), (drawn[place + 1 :], role))
            marked += [Span(part, part_role) for part, part_role in parts if part]
        else:
            marked.append(Span(drawn, role))
        place -= len(drawn)
    return marked


def sign_of(rank: PageRank, glyphs: Glyphs) -> Span:
    """The sign of a page of this rank, in its colour."""
    sign, role = _SIGNS[rank]
    return Span(getattr(glyphs, sign), role)


_SIGNS = {
    PageRank.PENDING: ("page_pending", Role.FAINT),
    PageRank.WAITING: ("page_waiting", Role.WARNING),
    PageRank.IN_FLIGHT: ("page_in_flight", Role.ACCENT),
    PageRank.RETRYING: ("page_retrying", Role.WARNING),
    PageRank.DONE: ("page_done", Role.GOOD_QUIET),
    PageRank.RETRIED: ("page_retried", Role.GOOD),
    PageRank.FAILED: ("page_failed", Role.BAD),
}


_LEGEND = (
    PageRank.PENDING,
    PageRank.WAITING,
    PageRank.IN_FLIGHT,
    PageRank.DONE,
    PageRank.RETRIED,
    PageRank.RETRYING,
    PageRank.FAILED,
)


def legend(grid: Grid, pages: RunPages, look: Look, width: int) -> Line:
    """What the signs mean and how many pages have each: without those that the bar tells too where room is short."""
    counts = pages.progress.counts
    present = [rank for rank in _LEGEND if counts[rank]]
    usual = [rank for rank in _LEGEND if counts[rank] or rank is not PageRank.WAITING]
    telling = [rank for rank in present if rank not in (PageRank.PENDING, PageRank.DONE)]
    each = "1 page" if grid.per_cell == 1 else f"{number(grid.per_cell)} pages"
    versions = (
        (_counted(usual, pages, look, "   "), f"{each} a cell"),
        (_counted(present, pages, look, "   "), f"{each} a cell"),
        (_counted(present, pages, look, " "), f"{each} a cell"),
        (_counted(present, pages, look, " "), each),
        (_counted(telling, pages, look, " "), f"{each} a cell"),
        (_named(present, look), f"{each} a cell"),
        (_named(present, look), each),
    )
    for spans, scale in versions:
        told = (*spans, Span(scale, Role.FAINT))
        if spans and line_width(told) <= width:
            return told
    return (Span(f"{each} a cell", Role.FAINT),)


def _counted(ranks: Sequence[PageRank], pages: RunPages, look: Look, gap: str) -> list[Span]:
    spans: list[Span] = []
    for rank in ranks:
        sign, role = sign_of(rank, look.glyphs)
        spans += [
            Span(f"{sign} ", role),
            Span(number(pages.progress.counts[rank])),
            Span(f" {rank.words}{gap}", Role.MUTED),
        ]
    return spans


def _named(ranks: Sequence[PageRank], look: Look) -> list[Span]:
    return [part for rank in ranks for part in (sign_of(rank, look.glyphs), Span(f" {rank.words} ", Role.MUTED))]
