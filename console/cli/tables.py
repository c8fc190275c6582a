"""Plain tables, aligned for people and for `awk`."""

import shutil
import sys
from collections.abc import Collection, Sequence

from rich.cells import cell_len, set_cell_size

from console.text import clean

_GAP = "  "
_CELL_LIMIT = 80


def aligned(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    to_the_right: Collection[str] = (),
    *,
    room: int | None = None,
    gives_way: Sequence[tuple[str, int]] = (),
) -> list[str]:
    """The lines of a table; the columns `to_the_right` hold numbers.

    Where it is wider than `room`, those columns become narrower that `gives_way` names, one after the other, each to no
    less than so many cells.
    """
    cells = [list(header), *([clean(cell, _CELL_LIMIT) for cell in row] for row in rows)]
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    if room is not None:
        _narrow(widths, room, [(header.index(name), least) for name, least in gives_way])
    is_right = [name in to_the_right for name in header]
    return [_GAP.join(_fitted(*each) for each in zip(row, widths, is_right, strict=True)).rstrip() for row in cells]


def terminal_width() -> int | None:
    """The columns of the terminal that stdout is; None where it is none, and nothing has to fit."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _narrow(widths: list[int], room: int, gives_way: Sequence[tuple[int, int]]) -> None:
    for column, least in gives_way:
        too_much = sum(widths) + len(_GAP) * (len(widths) - 1) - room
        widths[column] -= max(min(too_much, widths[column] - least), 0)


def _fitted(cell: str, width: int, is_right: bool) -> str:
    taken = cell_len(cell)
    if taken > width:
        return f"{set_cell_size(cell, width - 1)}…"
    blank = " " * (width - taken)
    return f"{blank}{cell}" if is_right else f"{cell}{blank}"
