"""The frame of one run: its sections, their lists, and the item that is chosen."""

from collections.abc import Callable, Sequence

from textual import events, on
from textual.message import Message

from console.tui.drawing import run_detail, run_items
from console.tui.drawing.line import BLANK, Line, Span, line, wrap
from console.tui.drawing.look import Look
from console.tui.drawing.outcome import sign
from console.tui.drawing.trouble import trouble
from console.tui.drawing.words import part_of
from console.tui.state.run_detail import Question, RunDetail, Section
from console.tui.theme import Role
from console.tui.widgets.frame import CORNER
from console.tui.widgets.moving import MovingFrame

_ROOMY = 10
"""Rows from which there is one to spare below the sections."""
_ROOM_FOR_PREVIEW = 15
"""Rows from which the chosen item is told below its list."""
_SHARE_OF_CHANGES, _SHARE_OF_OTHERS = 3, 2
"""What part of the rows it takes: of a change there is little to tell."""


class RunFrame(MovingFrame):
    """One run. The list scrolls by items, what is open by lines."""

    class Wanted(Message):
        """Items came into sight that have not been fetched."""

        def __init__(self, question: Question, page: int) -> None:
            super().__init__()
            self.question = question
            self.page = page

    def __init__(self, shown: RunDetail, look: Look, hints: Callable[[], Sequence[str]]) -> None:
        super().__init__(look, run_detail.title(shown.report, look), id="run")
        self.shown = shown
        self._hints = hints
        self._seen = 1
        self._first_row = 0
        self._length = 0
        self._room = 1

    def renew(self) -> None:
        """Draw what has changed."""
        self.title_words = run_detail.title(self.shown.report, self.look)
        self.redraw()
        self.post_message(self.Changed())

    # -- drawing ---------------------------------------------------------------------------------------------------

    def content(self, cells: int, rows: int) -> Sequence[Line]:
        """The sections, and the chosen one below them."""
        head = [run_detail.tabs(self.shown, cells), *([BLANK] if rows >= _ROOMY else [])]
        room = max(rows - len(head), 1)
        shown, item = self.shown, self.shown.chosen
        if shown.list is None:
            body = self._scrolled(run_detail.summary(shown.report, self.look, cells, self._hints()), room)
        elif shown.is_open and item is not None:
            body = self._scrolled(run_items.everything(item, self.look, cells), room)
        else:
            body = self._listed(cells, room, len(head))
        return [*head, *body]

    def _scrolled(self, lines: list[Line], room: int) -> list[Line]:
        self._length, self._room = len(lines), room
        self.shown.scroll = max(min(self.shown.scroll, len(lines) - room), 0)
        return lines[self.shown.scroll : self.shown.scroll + room]

    def _listed(self, cells: int, room: int, above: int) -> list[Line]:
        shown, items = self.shown, self.shown.list
        assert items is not None, "only lists are drawn so"  # noqa: S101 - for the type checker
        head = self._list_head(cells)
        preview = self._preview(cells, room)
        self._first_row = above + len(head)
        self._seen = max(room - len(head) - len(preview), 1)
        items.keep_in_sight(self._seen)
        if shown.problem is None:
            for page in items.ask(self._seen):
                self.post_message(self.Wanted(shown.question, page))
        rows = run_items.rows_of(shown.section, items.visible(self._seen), self.look, cells, items.at - items.top)
        filler = [BLANK] * (self._seen - len(rows)) if preview else []
        return [*head, *rows, *filler, *preview]

    def _list_head(self, cells: int) -> list[Line]:
        shown, glyphs = self.shown, self.look.glyphs
        total = shown.list.total if shown.list is not None else None
        if shown.problem is not None:
            return trouble(shown.problem, self.look, "run", cells)
        if total is None:
            return [line(Span(f"asking for the {shown.section}{glyphs.ellipsis}", Role.MUTED))]
        if not total:
            return [line(Span(piece, Role.MUTED)) for piece in wrap(run_detail.empty(shown), cells, 4, glyphs.ellipsis)]
        return [run_items.heads(shown.section, self.look, cells)]

    def _preview(self, cells: int, room: int) -> list[Line]:
        """All about the chosen item, as far as there is room for it below the list."""
        item = self.shown.chosen
        if item is None or room < _ROOM_FOR_PREVIEW:
            return []
        lines = run_items.everything(item, self.look, cells)
        height = room // (_SHARE_OF_CHANGES if self.shown.section is Section.CHANGES else _SHARE_OF_OTHERS) - 1
        if len(lines) > height:
            told = run_items.around_fault(lines, height - 1, self.look)
            lines = [*told, line(Span("Enter shows all of it", Role.FAINT))]
        rule = line(Span(self.look.glyphs.horizontal * cells, Role.LINE))
        return [rule, *lines, *[BLANK] * (height - len(lines))]

    def remark(self) -> Line:
        """How the run stands."""
        report = self.shown.report
        mark = sign(report.status, self.look.glyphs)
        return (mark, Span(f" {report.status}", mark.role))

    def footnote(self) -> Line:
        """What is seen of the list, and how it is ordered."""
        shown, items = self.shown, self.shown.list
        if items is None or shown.is_open:
            return self._scroll_note()
        if not items.total:
            return BLANK
        told = part_of(items.top, self._seen, items.total)
        if shown.section is Section.CHANGES:
            separator = f" {self.look.glyphs.separator} "
            told += f"{separator}{run_detail.ORDERS[shown.order]}"
            told += f"{separator}only {shown.kind}" if shown.kind else ""
        return (Span(told, Role.MUTED),)

    def _scroll_note(self) -> Line:
        if self._length <= self._room:
            return BLANK
        return (Span(f"lines {part_of(self.shown.scroll, self._room, self._length)}", Role.MUTED),)

    # -- moving ----------------------------------------------------------------------------------------------------

    @property
    def _is_scrolled(self) -> bool:
        return self.shown.list is None or self.shown.is_open

    @property
    def can_move(self) -> bool:
        """Whether up and down do something."""
        if self._is_scrolled:
            return self._length > self._room
        return self.shown.problem is not None or (self.shown.list is not None and (self.shown.list.total or 0) > 1)

    @property
    def page(self) -> int:
        """What is seen at once."""
        return self._room if self._is_scrolled else self._seen

    def move(self, by: int) -> None:
        """Go down by so many items or lines, or up where negative."""
        shown, items = self.shown, self.shown.list
        if items is None or shown.is_open:
            shown.scroll = max(min(shown.scroll + by, self._length - self._room), 0)
        else:
            shown.ask_again()
            items.move(by, self._seen)
        self.renew()

    def move_to_end(self, *, first: bool) -> None:
        """Go to the first item or line, or to the last."""
        length = self._length if self._is_scrolled or self.shown.list is None else self.shown.list.total or 0
        self.move(-length if first else length)

    @on(events.Click)
    def _point(self, event: events.Click) -> None:
        items = self.shown.list
        if items is None or self.shown.is_open:
            return
        place = items.top + event.y - CORNER.y - self._first_row
        if items.top <= place < min(items.top + self._seen, items.total or 0):
            if place == items.at:
                self.shown.open()
            self.move(place - items.at)
