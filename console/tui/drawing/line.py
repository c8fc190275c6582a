"""Lines of text with roles, and what is done with them: measure, clip, pad, wrap, compare. Widths are in cells."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len, split_graphemes

from console.tui.theme import Role


class Span(NamedTuple):
    """A piece of text and what it is for."""

    text: str
    role: Role = Role.TEXT


Line = tuple[Span, ...]

BLANK: Line = ()


def line(*parts: Span | str) -> Line:
    """A line of these parts; a plain string is ordinary text."""
    return tuple(Span(part) if isinstance(part, str) else part for part in parts if part)


def width(spans: Iterable[Span]) -> int:
    """The width of a line."""
    return sum(cell_len(span.text) for span in spans)


def text(spans: Iterable[Span]) -> str:
    """A line's text without its roles."""
    return "".join(span.text for span in spans)


def window(value: str, start: int, cells: int) -> str:
    """The part of a text that lies in these cells. A wide character cut in half becomes a space."""
    if value.isascii():
        return value[start : start + cells]
    kept: list[str] = []
    at = 0
    for grapheme, size in _graphemes(value):
        end = at + size
        if at >= start and end <= start + cells and (size or kept):
            kept.append(grapheme)
        elif at < start + cells and end > start:
            kept.append(" ")
        at = end
        if at > start + cells:
            break
    return "".join(kept)


def clip(value: str, cells: int, ellipsis: str) -> str:
    """The text, or as much of it as fits, ending in the ellipsis."""
    if cell_len(value) <= cells:
        return value
    return window(value, 0, cells - 1) + ellipsis if cells > 0 else ""


def clip_start(value: str, cells: int, ellipsis: str) -> str:
    """The text, or as much of its end as fits, beginning with the ellipsis: for paths, whose end tells most."""
    over = cell_len(value) - cells
    if over <= 0:
        return value
    return ellipsis + window(value, over + 1, cells - 1) if cells > 0 else ""


def clip_line(spans: Line, cells: int, ellipsis: str) -> Line:
    """The line, or as much of it as fits, ending in the ellipsis."""
    if width(spans) <= cells:
        return spans
    kept: list[Span] = []
    left = cells
    for span in spans:
        size = cell_len(span.text)
        if size >= left:
            kept.append(Span(clip(span.text + ellipsis, left, ellipsis), span.role))
            break
        kept.append(span)
        left -= size
    return tuple(kept)


def pad(spans: Line, cells: int) -> Line:
    """The line, filled with spaces to this width."""
    missing = cells - width(spans)
    return (*spans, Span(" " * missing)) if missing > 0 else spans


def column(value: str, cells: int, role: Role, ellipsis: str, *, right: bool = False) -> Span:
    """A text as a column of exactly this width."""
    clipped = clip(value, cells, ellipsis)
    space = " " * (cells - cell_len(clipped))
    return Span(space + clipped if right else clipped + space, role)


def spread(left: Line, right: Line, cells: int, ellipsis: str) -> Line:
    """Both ends of a line. Where they do not fit, the right end stays and the left one is clipped."""
    room = cells - width(right) - (1 if right else 0)
    if room < 1:
        return clip_line(left, cells, ellipsis)
    left = clip_line(left, room, ellipsis)
    return (*pad(left, cells - width(right)), *right)


def beside(left: Sequence[Line], right: Sequence[Line], left_cells: int, gap: int) -> list[Line]:
    """Two blocks of lines next to each other."""
    rows = max(len(left), len(right))
    return [
        (*pad(left[row] if row < len(left) else BLANK, left_cells + gap), *(right[row] if row < len(right) else BLANK))
        for row in range(rows)
    ]


def wrap(value: str, cells: int, rows: int, ellipsis: str) -> list[str]:
    """The text in at most `rows` lines, broken at spaces where there are any; what is left over ends in an ellipsis."""
    if cells < 1 or rows < 1:
        return []
    lines: list[str] = []
    rest = value.strip()
    while len(lines) < rows - 1 and cell_len(rest) > cells:
        end = fitting(rest, cells)
        space = rest.rfind(" ", 0, end + 1)
        cut = space if space > 0 else end
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*lines, clip(rest, cells, ellipsis)] if rest else lines


def fitting(value: str, cells: int) -> int:
    """How many characters of the text fit; at least one, so that whoever asks again gets on."""
    if value.isascii():
        return max(min(cells, len(value)), 1)
    at = characters = 0
    for grapheme, size in _graphemes(value):
        at += size
        if at > cells:
            break
        characters += len(grapheme)
    return max(characters, 1)


@lru_cache(4_000)
def fold(value: str, cells: int) -> tuple[tuple[int, int], ...]:
    """Where to cut a text into pieces of at most this width: where each begins, and where it ends.

    It is cut at a space, which is left out, unless the piece would be less than half as wide as it could be.
    """
    pieces: list[tuple[int, int]] = []
    start, room = 0, max(cells, 1)
    ends = None if value.isascii() else _ends(value)
    while (hard := _hard_end(ends, start, room, len(value))) < len(value):
        space = value.rfind(" ", start + (hard - start) // 2 + 1, hard + 1)
        end = hard if space < 0 else space
        pieces.append((start, end))
        start = end if space < 0 else end + 1
    return (*pieces, (start, len(value)))


def _ends(value: str) -> list[tuple[int, int]]:
    """Where each grapheme ends: in characters, and in cells from the beginning of the text."""
    found: list[tuple[int, int]] = [(0, 0)]
    for grapheme, size in _graphemes(value):
        at, cells = found[-1]
        found.append((at + len(grapheme), cells + size))
    return found


def _hard_end(ends: list[tuple[int, int]] | None, start: int, room: int, length: int) -> int:
    """The last character that fits from this one on; at least one grapheme, so that whoever asks again gets on."""
    if ends is None:
        return min(start + room, length)
    first = bisect_left(ends, (start,))
    last = bisect_right(ends, ends[first][1] + room, key=lambda end: end[1]) - 1
    return ends[min(max(last, first + 1), len(ends) - 1)][0]


def change(old: Line, new: Line) -> tuple[int, int] | None:
    """Where two versions of a line differ: from the first such cell to behind the last; None where they look alike."""
    before, after = _cells(old), _cells(new)
    length = max(len(before), len(after))
    before.extend([_EMPTY] * (length - len(before)))
    after.extend([_EMPTY] * (length - len(after)))
    differing = [at for at in range(length) if before[at] != after[at]]
    return (differing[0], differing[-1] + 1) if differing else None


_EMPTY = (" ", Role.TEXT)


def _cells(spans: Line) -> list[tuple[str, Role]]:
    """A line cell by cell; the second cell of a wide character is empty, a combining one belongs to its neighbour."""
    cells: list[tuple[str, Role]] = []
    for value, role in spans:
        if value.isascii():
            cells.extend((character, role) for character in value)
            continue
        for grapheme, size in _graphemes(value):
            if size:
                cells += [(grapheme, role), *[("", role)] * (size - 1)]
            elif cells:
                cells[-1] = (cells[-1][0] + grapheme, cells[-1][1])
    return cells


def _graphemes(value: str) -> list[tuple[str, int]]:
    """The text as what a terminal draws in one place, each with its width."""
    return [(value[start:end], size) for start, end, size in split_graphemes(value)[0]]
