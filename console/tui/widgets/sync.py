"""The sync pane: the active run or the last one, with its page map, in which a page can be chosen and read."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult

from console.clock import Clock
from console.tui.drawing import sync
from console.tui.drawing.line import BLANK, Line, Span
from console.tui.drawing.look import Look
from console.tui.drawing.page_map import Grid
from console.tui.drawing.picture import Picture
from console.tui.drawing.words import number
from console.tui.state.model import Model
from console.tui.state.situation import PaneName
from console.tui.theme import Role
from console.tui.widgets.page_map import PageMap
from console.tui.widgets.pane import Pane


class SyncPane(Pane):
    """What the sync does, or how the last one ended."""

    NAME = PaneName.SYNC
    TITLE = "Sync"

    def __init__(self, model: Model, look: Look, clock: Clock) -> None:
        super().__init__(look)
        self._model, self._clock = model, clock
        self._picture = Picture([])
        self._chosen: int | None = None
        """The page that is looked at, counted from the first of the run."""
        self._map = PageMap(look)

    def compose(self) -> ComposeResult:
        """The map lies over the pane's own lines."""
        yield self._map

    def content(self, cells: int, rows: int) -> Sequence[Line]:
        """Figures and map, arranged for the room."""
        self._picture = sync.draw(self._model, self.look, self._clock.now(), cells, rows, self._chosen)
        self._map.place(self._picture.map)
        return self._picture.lines

    @property
    def _grid(self) -> Grid | None:
        return self._picture.map.grid if self._picture.map else None

    def remark(self) -> Line:
        """How many products there are to sell."""
        snapshot = self._model.snapshot
        if snapshot is None or not snapshot.active_products:
            return BLANK
        return (Span(number(snapshot.active_products), Role.TEXT), Span(" active products", Role.MUTED))

    def footnote(self) -> Line:
        """The chosen page, or what the signs of the map mean."""
        return self._picture.footnote or super().footnote()

    # -- choosing a page -------------------------------------------------------------------------------------------

    @property
    def can_move(self) -> bool:
        """Whether there are pages to choose from."""
        return self._grid is not None and self._grid.pages > 1

    @property
    def can_move_sideways(self) -> bool:
        """Whether there are pages to choose from."""
        return self.can_move

    @property
    def is_choosing(self) -> bool:
        """Whether a page is looked at."""
        return self._chosen is not None

    @property
    def problems(self) -> list[int]:
        """The pages that failed or are being tried again, counted from the first of the run."""
        return self._picture.map.problems if self._picture.map else []

    def move(self, by: int) -> None:
        """Choose the page below, or above where negative."""
        if self._grid is not None:
            self._choose_from(by * self._grid.columns)

    def move_sideways(self, steps: int) -> None:
        """Choose the next cell's page, or the one before where negative."""
        self._choose_from(steps)

    def move_to_end(self, *, first: bool) -> None:
        """Choose the first page, or the last."""
        grid = self._grid
        if grid is not None:
            self._choose(0 if first else grid.pages - 1)

    def choose_next_problem(self) -> None:
        """Choose the next page in trouble, after the last one the first again."""
        problems = self.problems
        if problems:
            after = -1 if self._chosen is None else self._chosen
            self._choose(next((page for page in problems if page > after), problems[0]))

    def choose_nothing(self) -> None:
        """Look at no page any more."""
        self._choose(None)

    def _choose_from(self, cells: int) -> None:
        """Go on by so many cells; the first move only shows where one is."""
        grid = self._grid
        if grid is None:
            return
        cell = 0 if self._chosen is None else self._chosen // grid.per_cell + cells
        self._choose(max(min(cell, grid.cells - 1), 0) * grid.per_cell)

    def _choose(self, page: int | None) -> None:
        self._chosen = page
        self._moved()

    @on(PageMap.Pointed)
    def _point(self, message: PageMap.Pointed) -> None:
        message.stop()
        self.focus()
        self._choose(message.page)
