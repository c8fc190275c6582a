"""The frames of the run history: a chart of the newest runs, and the list of them."""

from collections.abc import Sequence

from textual import events, on
from textual.message import Message

from console.clock import Clock
from console.history import RunPoint
from console.operations.history import RunList
from console.run import RunReport
from console.tui.drawing import history, history_chart
from console.tui.drawing.history_chart import Measure
from console.tui.drawing.line import BLANK, Line, Span, clip, line, wrap
from console.tui.drawing.look import Look
from console.tui.drawing.trouble import trouble
from console.tui.drawing.words import number, part_of
from console.tui.state.paged_list import PagedList
from console.tui.state.run_filter import HistoryFilter
from console.tui.theme import Role
from console.tui.widgets.frame import CORNER, Frame
from console.tui.widgets.moving import MovingFrame


class ChartFrame(Frame):
    """How the newest runs went, in one measure."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "", id="chart")
        self.points: Sequence[RunPoint] = ()
        self._instead = f"asking for the runs{look.glyphs.ellipsis}"
        self.measure = Measure.DURATION
        self.chosen: int | None = None
        self._entitle()

    def take(self, points: Sequence[RunPoint]) -> None:
        """The figures of the runs came."""
        self.points, self._instead = points, "No run to chart."
        self.redraw()

    def fail(self) -> None:
        """They did not come; the list says why."""
        self._instead = "There is nothing to chart."
        self.redraw()

    def choose(self, run_id: int | None) -> None:
        """Mark this run."""
        if run_id != self.chosen:
            self.chosen = run_id
            self.redraw()

    def next_measure(self) -> None:
        """Show another measure."""
        self.show(history_chart.next_measure(self.measure))

    def show(self, measure: Measure) -> None:
        """Show this measure."""
        self.measure = measure
        self._entitle()
        self.redraw()

    def _entitle(self) -> None:
        self.title_words = self.measure.value.capitalize()

    def content(self, cells: int, rows: int) -> Sequence[Line]:
        """The bars, and how each run ended."""
        if self.points:
            return history_chart.draw(self.points, self.measure, self.look, cells, rows, self.chosen)
        ellipsis = self.look.glyphs.ellipsis
        return [line(Span(clip(self._instead, cells, ellipsis), Role.MUTED))]

    def remark(self) -> Line:
        """Of how many runs, and what is usual."""
        shown = self.points[-history_chart.capacity(self.inner_cells) :]
        told = history_chart.summary(shown, self.measure)
        runs = "one run" if len(shown) == 1 else f"last {number(len(shown))} runs"
        return (Span(f"{runs}: {told}", Role.MUTED),) if told else BLANK


class RunsFrame(MovingFrame):
    """The runs; one of them is chosen."""

    class Wanted(Message):
        """Runs came into sight that have not been fetched."""

        def __init__(self, page: int) -> None:
            super().__init__()
            self.page = page

    class Moved(Message):
        """Another run is chosen, or has come."""

        def can_replace(self, message: Message) -> bool:
            """Only the newest counts."""
            return isinstance(message, RunsFrame.Moved)

    class Opened(Message):
        """The chosen run was clicked."""

    def __init__(self, look: Look, clock: Clock) -> None:
        super().__init__(look, "Run history", id="runs")
        self._clock = clock
        self.list: PagedList[RunReport] = PagedList()
        self.filter = HistoryFilter()
        self.problem: str | None = None
        self.first_run = ""
        """What to do where there has been no run yet."""
        self._live: RunReport | None = None
        self._seen = 1
        self._head_rows = 0

    def look_for(self, wanted: HistoryFilter) -> None:
        """Show other runs, from the newest on."""
        self.filter, self.list, self.problem = wanted, PagedList(), None
        self.redraw()

    def take(self, page: int, told: RunList) -> None:
        """A page of runs came."""
        self.list.take(page, told.total, told.runs)
        self.problem = None
        self.redraw()
        self.post_message(self.Moved())

    def fail(self, reason: str) -> None:
        """A page did not come; moving asks again."""
        self.problem = reason
        self.redraw()

    def ask_again(self) -> None:
        """Ask for what did not come."""
        self.problem = None
        self.list.ask_again()
        self.redraw()

    def renew(self, live: RunReport | None) -> None:
        """Something has happened: ask for the runs anew. `live` is the active run as it is known now."""
        self._live = live
        self.list.renew()
        self.redraw()

    def follow(self, live: RunReport | None) -> None:
        """The active run has got on."""
        if live != self._live:
            self._live = live
            self.redraw()

    # -- drawing ---------------------------------------------------------------------------------------------------

    def content(self, cells: int, rows: int) -> Sequence[Line]:
        """The headings stay, the runs scroll below them."""
        head = self._head(cells)
        self._head_rows = len(head)
        self._seen = max(rows - len(head), 1)
        self.list.keep_in_sight(self._seen)
        if self.problem is None:
            for page in self.list.ask(self._seen):
                self.post_message(self.Wanted(page))
        shown = [self._current(report) for report in self.list.visible(self._seen)]
        return [*head, *history.rows_of(shown, self.look, self._clock.now(), cells, self.list.at - self.list.top)]

    def _head(self, cells: int) -> list[Line]:
        glyphs = self.look.glyphs
        if self.problem is not None:
            return trouble(self.problem, self.look, "history", cells)
        if self.list.total is None:
            return [line(Span(f"asking for the runs{glyphs.ellipsis}", Role.MUTED))]
        if not self.list.total:
            return [line(Span(piece, Role.MUTED)) for piece in wrap(self._nothing, cells, 3, glyphs.ellipsis)]
        return [history.heads(self.look, cells)]

    @property
    def _nothing(self) -> str:
        if self.filter.is_empty:
            return f"No sync has run here yet. {self.first_run}"
        return f"No run is like that. {self.look.key('clear', 'history')} clears the filters."

    def _current(self, report: RunReport | None) -> RunReport | None:
        """The active run as it is now, not as it was when it was asked for."""
        live = self._live
        return live if live is not None and report is not None and report.run_id == live.run_id else report

    def remark(self) -> Line:
        """Which runs these are, and how many."""
        told = f" {self.look.glyphs.separator} ".join(self.filter.told)
        parts = [Span(told, Role.ACCENT)] if told else []
        if self.list.total is not None:
            runs = f"{number(self.list.total)} {'run' if self.list.total == 1 else 'runs'}"
            parts.append(Span(f": {runs}" if told else runs, Role.TEXT))
        return tuple(parts)

    def footnote(self) -> Line:
        """Which runs are seen."""
        shown = self.list
        if not shown.total:
            return BLANK
        return (Span(part_of(shown.top, self._seen, shown.total), Role.MUTED),)

    # -- moving ----------------------------------------------------------------------------------------------------

    @property
    def can_move(self) -> bool:
        """Whether up and down do something: there are several runs, or they must be asked for again."""
        return self.problem is not None or (self.list.total or 0) > 1

    @property
    def page(self) -> int:
        """The runs that are seen at once."""
        return self._seen

    def move(self, by: int) -> None:
        """Choose a run so far below, or above where negative."""
        if self.problem is not None:
            self.ask_again()
        self.list.move(by, self._seen)
        self.redraw()
        self.post_message(self.Moved())

    def move_to_end(self, *, first: bool) -> None:
        """Choose the newest run, or the oldest."""
        total = self.list.total or 0
        self.move(-total if first else total)

    @on(events.Click)
    def _point(self, event: events.Click) -> None:
        place = self.list.top + event.y - CORNER.y - self._head_rows
        if not self.list.top <= place < min(self.list.top + self._seen, self.list.total or 0):
            return
        if place == self.list.at:
            self.post_message(self.Opened())
        else:
            self.move(place - self.list.at)
