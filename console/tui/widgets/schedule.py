"""The panes of the schedule: the jobs, and the next run."""

from collections.abc import Sequence

from console.clock import Clock
from console.tui.drawing import jobs, next_run
from console.tui.drawing.line import BLANK, Line, Span
from console.tui.drawing.look import Look
from console.tui.state.model import Model
from console.tui.state.situation import PaneName
from console.tui.theme import Role
from console.tui.widgets.pane import Pane


class JobsPane(Pane):
    """The jobs: what runs by itself, when next, and how it went last."""

    NAME = PaneName.JOBS
    TITLE = "Jobs"

    def __init__(self, model: Model, look: Look, clock: Clock) -> None:
        super().__init__(look)
        self._model, self._clock = model, clock

    def content(self, cells: int, rows: int) -> Sequence[Line]:
        """A job in a line or two."""
        return jobs.draw(self._model, self.look, self._clock.now(), cells, rows)

    def remark(self) -> Line:
        """Who set the time of the daily sync."""
        snapshot = self._model.snapshot
        if snapshot is None:
            return BLANK
        schedule = snapshot.schedule
        who = f"set by {schedule.updated_by}" if schedule.updated_by else "from the settings"
        return (Span(f"{schedule.time} UTC ", Role.TEXT), Span(who, Role.MUTED))


class NextRunPane(Pane):
    """The countdown to the next daily sync, and when that is."""

    NAME = PaneName.NEXT_RUN
    TITLE = "Next run"

    def __init__(self, model: Model, look: Look, clock: Clock) -> None:
        super().__init__(look)
        self._model, self._clock = model, clock

    def content(self, cells: int, rows: int) -> Sequence[Line]:
        """The countdown first."""
        return next_run.draw(self._model, self.look, self._clock.now(), cells, rows)
