"""The log on the screen: follows what is written, stands still for whoever reads, and finds what is looked for."""

from collections.abc import Sequence

from msgspec.structs import replace
from textual import events, on
from textual.message import Message

from console.operations.logbook import Level, LogQuery
from console.preferences import PreferenceKeeper
from console.tui.drawing.line import BLANK, Line, Span, line, wrap
from console.tui.drawing.log import NAMES, Paper
from console.tui.drawing.look import Look
from console.tui.drawing.words import number, part_of
from console.tui.state.log_filter import LogFilter, view_of
from console.tui.state.log_rows import Row
from console.tui.state.log_scroll import LogScroll
from console.tui.state.situation import PaneName
from console.tui.theme import Role
from console.tui.widgets.frame import CORNER
from console.tui.widgets.pane import Pane

_ROOMY = 60
"""Columns from which the border tells all that it could."""

_STEP = 8
"""Cells of a step to the side."""


class LogPane(Pane):
    """A piece of the log. Who inherits it brings the rows, and shows others when the filter asks for them."""

    NAME = PaneName.LOG
    TITLE = "Log (UTC)"
    IS_DATED = False
    SCREEN = "main"
    """By which its keys are known."""

    def __init__(self, look: Look, preferences: PreferenceKeeper, lines: LogScroll, title: str = TITLE) -> None:
        super().__init__(look)
        self.lines = lines
        self._title = title
        self.is_ready = False
        self.busy: str | None = None
        """What is going on that Esc can stop."""
        self._note = ""
        self._preferences = preferences
        self._left = 0

    class Opened(Message):
        """The chosen record was clicked."""

    # -- what is shown -----------------------------------------------------------------------------------------------

    @property
    def wanted(self) -> LogFilter:
        """Which records are shown."""
        return self.lines.filter

    def filter(self, **fields: object) -> None:
        """Show other records."""
        self.show(replace(self.wanted, **fields))
        self.renew()

    def show(self, wanted: LogFilter) -> None:
        """Show these records, at the same place."""
        raise NotImplementedError

    @property
    def saved(self) -> LogQuery:
        """What is saved: the records that are shown."""
        return self.wanted.query

    @on(events.Mount)
    def _begin_shown(self) -> None:
        self.adopt()
        self.renew()

    def adopt(self) -> None:
        """Show what the view says that is in force, whoever chose it."""
        view = view_of(self._preferences.current)
        if self.wanted.view != view:
            self.filter(view=view)

    def keep_view(self) -> None:
        """What is shown is what is liked, where another view was given up."""
        view = self.wanted.view
        if view != view_of(self._preferences.current):
            self._preferences.change(log_level=view.level.name, log_wrap=view.wrap)

    def set_level(self, level: Level) -> None:
        """Show records of at least this level."""
        self._preferences.change(log_level=level.name)
        self.adopt()

    def toggle_wrap(self) -> None:
        """Fold long lines, or cut them off at the edge."""
        self._left = 0
        self._preferences.change(log_wrap=not self.wanted.view.wrap)
        self.adopt()

    def renew(self) -> None:
        """What is held has changed, or how it is shown."""
        level = self.wanted.view.level
        marks = [f"{NAMES[level]}{'+' if level < Level.CRITICAL else ''}"] if level > Level.DEBUG else []
        marks += ["matches"] if self.wanted.is_narrowed else []
        marks += ["wrapped"] if self.wanted.view.wrap else []
        self.title_words = f" {self.look.glyphs.separator} ".join([self._title, *marks])
        self._moved()

    # -- drawing -----------------------------------------------------------------------------------------------------

    def _key(self, action_id: str) -> str:
        return self.look.key(action_id, self.SCREEN)

    def _paper(self, cells: int) -> Paper:
        return Paper(self.look, cells, self.wanted, self._left, self.IS_DATED)

    def content(self, cells: int, rows: int) -> Sequence[Line]:
        """The visible rows."""
        paper = self._paper(cells)
        self.lines.height = paper.height
        self.lines.keep_in_sight(rows)
        visible = self.lines.visible(rows)
        if not visible:
            told = wrap(self.nothing(), cells, rows, self.look.glyphs.ellipsis)
            return [line(Span(piece, Role.FAINT)) for piece in told]
        drawn: list[Line] = []
        for place, row in visible:
            drawn += paper.draw(row, is_chosen=place == self.lines.cursor)
        return drawn[:rows]

    def nothing(self) -> str:
        """What is said in place of rows."""
        if not self.is_ready:
            return f"starting{self.look.glyphs.ellipsis}"
        level = self.wanted.view.level
        above = " or above" if level < Level.CRITICAL else ""
        of_level = (
            f" of level {NAMES[level]}{above}; {self._key('log_debug')} shows all levels" if level > Level.DEBUG else ""
        )
        if self.wanted.is_narrowed:
            return f'no line has "{self.wanted.words}"{of_level}; {self._key("only_matches")} shows the others too'
        return f"no line is{of_level}" if of_level else "nothing has been logged yet"

    def remark(self) -> Line:
        """What is going on, or whether the log stands still, and what has come since."""
        if self.busy is not None:
            return (Span(self.busy, Role.ACCENT), Span(f"  {self._key('back')} stops", Role.MUTED))
        if self.lines.is_following:
            return (Span("following", Role.FAINT),)
        paused, news = Span("paused", Role.WARNING), self.news_told()
        if self.inner_cells < _ROOMY:
            return news or (paused,)
        return (
            paused,
            Span("  "),
            *(news or (Span("no news", Role.MUTED),)),
            Span(f"  {self._key('follow')} follows", Role.MUTED),
        )

    def news_told(self) -> Line:
        """What has come since the log was paused, if anything."""
        news = self.lines.news
        return (Span(f" +{number(news)} line{'' if news == 1 else 's'} ", Role.CURSOR),) if news else BLANK

    def footnote(self) -> Line:
        """The words that are looked for, and where in the log one is."""
        gap = [Span("  ")] if self.wanted.words and not self.lines.is_following else []
        return (*self._search_told(), *gap, *(BLANK if self.lines.is_following else self.position()))

    def position(self) -> Line:
        """Which lines are seen while the log stands still."""
        lines = self.lines
        above, seen = lines.start(self.inner_rows) - lines.first, max(len(lines.visible(self.inner_rows)), 1)
        return (Span(f"lines {part_of(above, seen, lines.end - lines.first)}", Role.MUTED),)

    def _search_told(self) -> Line:
        lines, words = self.lines, self.wanted.words
        if not words:
            return BLANK
        count = lines.match_count
        told = self.matches_told(lines.match_here, lines.match_count)
        note = [Span(f"  {self._note}", Role.WARNING)] if self._note else []
        return (Span(f"/{words}", Role.TEXT), Span(f"  {told}", Role.MUTED if count else Role.WARNING), *note)

    def matches_told(self, here: int | None, count: int) -> str:
        """How many lines have the words, and which of them is chosen."""
        return f"{number(here)} of {number(count)}" if here else number(count) if count else "none"

    # -- searching ---------------------------------------------------------------------------------------------------

    def go_to_match(self, *, back: bool, here: bool = False) -> bool:
        """Choose the next match in this direction, or the chosen row where it is one; False where there is none."""
        lines = self.lines
        start = lines.here if here else lines.here + (-1 if back else 1)
        found = lines.previous_match(start) if back else lines.next_match(start)
        if found is None:
            return False
        lines.go_around(found, self.inner_rows)
        self._moved()
        return True

    def tell(self, note: str) -> None:
        """Say this beside the words, until something is done."""
        self._note = note
        self.redraw()

    def _moved(self) -> None:
        self._note = ""
        super()._moved()

    # -- moving ------------------------------------------------------------------------------------------------------

    @on(events.Click)
    def _point(self, event: events.Click) -> None:
        """Choose the row that was clicked; the chosen one is opened."""
        below = event.y - CORNER.y
        for place, row in self.lines.visible(self.inner_rows):
            if below < 0:
                break
            below -= self.lines.height(row)
            if below < 0 and place == self.lines.cursor:
                self.post_message(self.Opened())
            elif below < 0:
                self.lines.go_to(place, self.inner_rows)
                self._moved()

    @property
    def chosen(self) -> Row | None:
        """The row that keys act on."""
        return self.lines.chosen

    @property
    def can_move(self) -> bool:
        """Whether there is anywhere to go."""
        return self.lines.end > self.lines.first and self.inner_rows > 0

    @property
    def can_move_sideways(self) -> bool:
        """Whether a line is longer than the pane, or its beginning is out of sight."""
        return self._left > 0 or self._overhang > 0

    @property
    def _overhang(self) -> int:
        """How many cells of the visible lines are out of sight on the right."""
        paper = self._paper(self.inner_cells)
        return max((paper.overhang(row) for _, row in self.lines.visible(self.inner_rows)), default=0)

    @property
    def page(self) -> int:
        """The rows that are seen at once."""
        return max(len(self.lines.visible(self.inner_rows)) - 1, 1)

    def move(self, by: int) -> None:
        """Choose a row further down, or up where negative, which pauses the log; many at once move what is seen."""
        move = self.lines.move if abs(by) == 1 else self.lines.scroll
        move(by, self.inner_rows)
        self._moved()

    def move_sideways(self, steps: int) -> None:
        """Show what the long lines hide on the right, or on the left where negative."""
        furthest = max(self._overhang, self._left)
        self._left = max(min(self._left + steps * _STEP, furthest), 0)
        self._moved()

    def move_to_end(self, *, first: bool) -> None:
        """Go to the oldest line, or follow again."""
        if first:
            self.lines.go_to(self.lines.first, self.inner_rows)
            self._moved()
        else:
            self.follow()

    def follow(self) -> None:
        """Go to the newest line and stay there."""
        self.lines.follow()
        self._left = 0
        self._moved()
