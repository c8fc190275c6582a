"""A row of the log: when, how much it matters, who says it, and what; with the words that are looked for marked."""

from collections.abc import Iterator

import msgspec
from rich.cells import cell_len

from console.operations.logbook import Level, pattern_of
from console.tui.drawing.line import Line, Span, column, fitting, fold
from console.tui.drawing.look import Look
from console.tui.state.log_filter import LogFilter
from console.tui.state.log_rows import Row
from console.tui.theme import Role

NAMES = {Level.DEBUG: "DEBUG", Level.INFO: "INFO", Level.WARNING: "WARN", Level.ERROR: "ERROR", Level.CRITICAL: "FATAL"}
"""How the levels are written."""

_ROLES = {
    "DEBUG": (Role.FAINT, Role.MUTED),
    "INFO": (Role.MUTED, Role.TEXT),
    "WARNING": (Role.WARNING, Role.TEXT),
    "ERROR": (Role.BAD, Role.TEXT),
    "CRITICAL": (Role.BAD, Role.TEXT),
}
"""The colour of a level, and that of the message."""

_TIME, _DATE, _LEVEL, _LOGGER = 9, 6, 6, 14
_WITH_TIME, _WITH_DATE, _WITH_LOGGER = 40, 64, 110
"""Columns from which these are told."""

_CHARACTERS_PER_CELL = 4
"""More are not looked at, where a line is not folded: nobody sees them."""


class Paper(msgspec.Struct, frozen=True):
    """What the rows are drawn on. `left` are the cells out of sight on the left; `is_dated` says each row's day."""

    look: Look
    cells: int
    wanted: LogFilter
    left: int = 0
    is_dated: bool = False

    @property
    def with_time(self) -> bool:
        """Whether there is room for the time."""
        return self.cells >= _WITH_TIME

    @property
    def with_date(self) -> bool:
        """Whether there is room for the day."""
        return self.is_dated and self.cells >= _WITH_DATE

    @property
    def with_logger(self) -> bool:
        """Whether there is room for who logged it."""
        return self.cells >= _WITH_LOGGER

    @property
    def room(self) -> int:
        """The cells of the message."""
        logger, date = _LOGGER if self.with_logger else 0, _DATE if self.with_date else 0
        return max(self.cells - (_TIME if self.with_time else 0) - date - _LEVEL - logger, 1)

    def height(self, row: Row) -> int:
        """How many lines a row takes."""
        return len(fold(row.text, self.room)) if self.wanted.view.wrap else 1

    def overhang(self, row: Row) -> int:
        """How many cells of a row there is no room for."""
        return 0 if self.wanted.view.wrap else max(cell_len(row.text) - self.room, 0)

    def draw(self, row: Row, *, is_chosen: bool) -> list[Line]:
        """The lines of a row."""
        ellipsis = self.look.glyphs.ellipsis
        if row.line is None:
            return [(Span(f"{' ' * (self.cells - self.room)}{ellipsis}", Role.FAINT),)]
        head, spans = self._head(row, is_chosen=is_chosen), self._marked(row)
        if not self.wanted.view.wrap:
            return [(*head, *self._in_sight(row.text, spans))]
        indent = (Span(" " * (self.cells - self.room)),)
        pieces = fold(row.text, self.room)
        return [(*(indent if at else head), *_piece(spans, *piece)) for at, piece in enumerate(pieces)]

    def _head(self, row: Row, *, is_chosen: bool) -> Line:
        """Time, level and logger. The last of their cells has the mark of the chosen row."""
        assert row.line is not None, "a gap has none"  # noqa: S101 - for the type checker
        at, level, ellipsis = row.line.at, row.line.level, self.look.glyphs.ellipsis
        colour = _ROLES.get(level, (Role.MUTED, Role.TEXT))[0]
        name = NAMES[Level[level]] if level in Level.__members__ else level
        told: list[Span] = []
        if self.with_time:
            time = f"{at:%m-%d %H:%M:%S}" if self.with_date else f"{at:%H:%M:%S}"
            width = _TIME - 1 + (_DATE if self.with_date else 0)
            told += [column(time if row.is_first else "", width, Role.CURSOR if is_chosen else Role.FAINT, ellipsis)]
            told += [Span(" ")]
        colour = Role.CURSOR if is_chosen and not told else colour
        told += [column(name if row.is_first else "", _LEVEL - 1, colour, ellipsis), Span(" ")]
        if self.with_logger:
            logger = row.line.logger if row.is_first else ""
            told += [column(logger, _LOGGER - 1, Role.FAINT, ellipsis), Span(" ")]
        if is_chosen:
            told[-1] = Span(self.look.glyphs.focus, Role.ACCENT)
        return tuple(told)

    def _marked(self, row: Row) -> Line:
        """The message, with the words marked."""
        assert row.line is not None, "a gap has none"  # noqa: S101 - for the type checker
        pattern = pattern_of(self.wanted.words)
        found = [each.span() for each in pattern.finditer(row.text)] if pattern else []
        role = _ROLES.get(row.line.level, (Role.MUTED, Role.TEXT))[1] if row.is_first else Role.MUTED
        if self.wanted.is_narrowed and not found:
            role = Role.FAINT
        spans: list[Span] = []
        at = 0
        for start, end in found:
            spans += [Span(row.text[at:start], role), Span(row.text[start:end], Role.MATCH)]
            at = end
        return tuple(span for span in (*spans, Span(row.text[at:], role)) if span.text)

    def _in_sight(self, text: str, spans: Line) -> Iterator[Span]:
        """What the room shows of one long line, with an ellipsis at either end that goes on."""
        ellipsis, start = self.look.glyphs.ellipsis, 0
        text = text[: (self.left + self.room) * _CHARACTERS_PER_CELL]
        room = self.room
        if self.left:
            if cell_len(text) <= self.left:
                return
            start = fitting(text, self.left + 1)
            yield Span(ellipsis, Role.FAINT)
            room -= 1
        goes_on = cell_len(text[start:]) > room
        end = start + fitting(text[start:], room - goes_on)
        yield from _piece(spans, start, end)
        if goes_on:
            yield Span(ellipsis, Role.FAINT)


def _piece(spans: Line, start: int, end: int) -> Iterator[Span]:
    """The part of a line between two of its characters."""
    at = 0
    for text, role in spans:
        piece = text[max(start - at, 0) : max(end - at, 0)]
        if piece:
            yield Span(piece, role)
        at += len(text)
