"""Tables of fixed columns: where there is little room, those that tell least go first."""

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from console.tui.drawing.line import Line, Span, column, width
from console.tui.theme import Role

_GAP, _NARROW_GAP = 2, 1

EXTRA = 9
"""The rank from which a column goes before the others are moved together."""


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column; that with the highest `rank` goes first.

    One that `grows` takes the room that is left; where there is little, it has as few cells as `least`.
    """

    id: str
    title: str
    cells: int
    rank: int = 0
    right: bool = False
    grows: bool = False
    least: int = 0
    before: int = _GAP


def fit(columns: Sequence[Column], cells: int) -> list[Column]:
    """The columns that have room, those that grow as wide as there is room for."""
    shown = _dropped(columns, cells, EXTRA)
    if taken(shown) > cells:
        shown = _dropped([_narrowed(each) for each in shown], cells, 0)
    spare = max(cells - taken(shown), 0)
    return [replace(each, cells=each.cells + spare) if each.grows else each for each in shown]


def _narrowed(each: Column) -> Column:
    return replace(each, before=_NARROW_GAP, cells=each.least if each.grows and each.least else each.cells)


def _dropped(columns: Sequence[Column], cells: int, lowest: int) -> list[Column]:
    """The columns without those of this rank or a higher one for which there is no room."""
    shown = list(columns)
    while len(shown) > 1 and taken(shown) > cells:
        last = max(shown, key=lambda each: each.rank)
        if last.rank < lowest:
            break
        shown.remove(last)
    return shown


def taken(columns: Sequence[Column]) -> int:
    """The width of these columns."""
    return sum(each.cells + each.before for each in columns) - (columns[0].before if columns else 0)


def headings(columns: Sequence[Column], ellipsis: str) -> Line:
    """The titles of the columns."""
    return row(columns, {each.id: Span(each.title, Role.FAINT) for each in columns}, ellipsis)


def row(columns: Sequence[Column], values: dict[str, Span], ellipsis: str) -> Line:
    """The values in their columns."""
    spans: list[Span] = []
    for each in columns:
        value = values.get(each.id, Span(""))
        if spans:
            spans.append(Span(" " * each.before))
        spans.append(column(value.text, each.cells, value.role, ellipsis, right=each.right))
    return tuple(spans)


def marked(line: Line, cells: int) -> Line:
    """The line as that of the cursor: one colour from end to end."""
    told = "".join(span.text for span in line)
    return (Span(told + " " * max(cells - width(line), 0), Role.CURSOR),)
