"""Plain tables, aligned for people and for `awk`."""

from collections.abc import Collection, Sequence

from console.text import clean

_GAP = "  "
_CELL_LIMIT = 80


def aligned(header: Sequence[str], rows: Sequence[Sequence[str]], to_the_right: Collection[str] = ()) -> list[str]:
    """The lines of a table; the columns `to_the_right` hold numbers."""
    cells = [list(header), *([clean(cell, _CELL_LIMIT) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    is_right = [name in to_the_right for name in header]
    return [
        _GAP.join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, is_right, strict=True)
        ).rstrip()
        for row in cells
    ]
