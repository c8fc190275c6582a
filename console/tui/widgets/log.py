"""The log pane: follows what is written, and stands still when the operator reads."""

from collections.abc import Sequence

from rich.cells import cell_len

from console.logs import LogLine
from console.tui.drawing.line import BLANK, Line, Span, clip, column, line, window
from console.tui.drawing.look import Look
from console.tui.drawing.words import number
from console.tui.state.log_lines import LINES_KEPT, LogLines, Row
from console.tui.state.situation import PaneName
from console.tui.theme import Role
from console.tui.widgets.pane import Pane

_LEVELS = {
    "DEBUG": ("DEBUG", Role.FAINT, Role.MUTED),
    "INFO": ("INFO", Role.MUTED, Role.TEXT),
    "WARNING": ("WARN", Role.WARNING, Role.TEXT),
    "ERROR": ("ERROR", Role.BAD, Role.TEXT),
    "CRITICAL": ("FATAL", Role.BAD, Role.TEXT),
}
"""How a level is written, its colour, and that of the message."""

_TIME_WIDTH = 9
_LEVEL_WIDTH = 6
_LOGGER_WIDTH = 14
_WITH_LOGGER = 110
"""Columns from which the logger is named."""

_WITH_LEVEL = 40
_STEP = 8
"""Cells of a step to the side."""


class LogPane(Pane):
    """The newest lines of the log."""

    NAME = PaneName.LOG
    TITLE = "Log (UTC)"

    def __init__(self, look: Look, kept: int = LINES_KEPT) -> None:
        super().__init__(look)
        self.lines = LogLines(kept)
        self._newest: LogLine | None = None
        self._left = 0
        self._overhang = 0
        self._is_ready = False

    def append(self, lines: Sequence[LogLine]) -> None:
        """New records, oldest first."""
        if lines:
            self.lines.append(lines)
            self._newest = lines[-1]
            self.redraw()

    def merge(self, tail: Sequence[LogLine]) -> None:
        """The engine's newest records, of which some may be here already."""
        self._is_ready = True
        self.lines.merge(tail, self._newest)
        self._newest = tail[-1] if tail else self._newest
        self.redraw()

    def follow(self) -> None:
        """Go to the end and stay there."""
        self.lines.follow()
        self._left = 0
        self._moved()

    # -- drawing ---------------------------------------------------------------------------------------------------

    def content(self, cells: int, rows: int) -> Sequence[Line]:
        """The visible lines, clipped."""
        if not self._is_ready:
            return [line(Span(f"starting{self.look.glyphs.ellipsis}", Role.MUTED))]
        visible = self.lines.visible(rows)
        if not visible:
            return [line(Span("nothing has been logged yet", Role.FAINT))]
        room = cells - width_of_prefix(cells)
        self._overhang = max(cell_len(row.text) for row in visible) - room
        return [self._draw(row, cells, room) for row in visible]

    def _draw(self, row: Row, cells: int, room: int) -> Line:
        ellipsis = self.look.glyphs.ellipsis
        name, colour, message = _LEVELS.get(row.level, (row.level, Role.MUTED, Role.TEXT))
        prefix: list[Span] = []
        if cells >= _WITH_LEVEL:
            prefix.append(column(f"{row.at:%H:%M:%S}" if row.is_first else "", _TIME_WIDTH, Role.FAINT, ellipsis))
        prefix.append(column(name if row.is_first else "", _LEVEL_WIDTH, colour, ellipsis))
        if cells >= _WITH_LOGGER:
            prefix.append(column(f"{row.logger if row.is_first else ''} ", _LOGGER_WIDTH, Role.FAINT, ellipsis))
        text = row.text
        if self._left:
            text = ellipsis + window(text, self._left + 1, cell_len(text)) if cell_len(text) > self._left else ""
        return (*prefix, Span(clip(text, room, ellipsis), message if row.is_first else Role.MUTED))

    def remark(self) -> Line:
        """Whether the log stands still, and what has come since."""
        if self.lines.is_following:
            return (Span("following", Role.FAINT),)
        news = self.lines.news
        waiting = Span(f" +{number(news)} new ", Role.CURSOR) if news else Span("no news", Role.MUTED)
        return (Span("paused  ", Role.WARNING), waiting, Span("  f follows", Role.MUTED))

    def footnote(self) -> Line:
        """Which lines are seen while the log stands still."""
        if self.lines.is_following:
            return BLANK
        start, total = self.lines.start(self.inner_rows) - self.lines.first, self.lines.end - self.lines.first
        return (
            Span(
                f"lines {number(start + 1)} to {number(min(start + self.inner_rows, total))} of {number(total)}",
                Role.MUTED,
            ),
        )

    # -- moving ----------------------------------------------------------------------------------------------------

    @property
    def can_move(self) -> bool:
        """Whether there is more than is seen."""
        return self.lines.end - self.lines.first > self.inner_rows > 0

    @property
    def can_move_sideways(self) -> bool:
        """Whether a line is longer than the pane, or its beginning is out of sight."""
        return self._overhang > 0 or self._left > 0

    def move(self, by: int) -> None:
        """Go down by so many lines, or up where negative, which pauses the log."""
        self.lines.scroll(by, self.inner_rows)
        self._moved()

    def move_sideways(self, steps: int) -> None:
        """Show what the long lines hide on the right, or on the left where negative."""
        furthest = max(self._overhang, self._left)
        self._left = max(min(self._left + steps * _STEP, furthest), 0)
        self._moved()

    def move_to_end(self, *, first: bool) -> None:
        """Go to the oldest line, or follow again."""
        if first:
            self.move(self.lines.first - self.lines.end)
        else:
            self.follow()


def width_of_prefix(cells: int) -> int:
    """The cells of time, level and logger before a message."""
    wide = _LOGGER_WIDTH if cells >= _WITH_LOGGER else 0
    return (_TIME_WIDTH if cells >= _WITH_LEVEL else 0) + _LEVEL_WIDTH + wide
