"""Reaching an operator who looks at something else: by the title of the terminal, and by the bell."""

from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

from textual.app import App

from console.clock import Clock
from console.run import RunReport, RunStatus
from console.tui.drawing.look import Look
from console.tui.drawing.outcome import ending, run_name
from console.tui.drawing.title import title
from console.tui.drawing.words import duration
from console.tui.notice_board import NoticeBoard
from console.tui.state.attention import RunEnds, TitleLine
from console.tui.state.model import Model
from console.tui.state.notices import Severity

_SECONDS_TOLD = 8.0

_SEVERITIES = {
    RunStatus.FAILED: Severity.ERROR,
    RunStatus.BLOCKED: Severity.ERROR,
    RunStatus.PARTIAL: Severity.WARNING,
    RunStatus.INTERRUPTED: Severity.WARNING,
}


@runtime_checkable
class Titled(Protocol):
    """A driver whose terminal has a title."""

    def set_title(self, words: str) -> None:
        """Make this the title."""


class Attention:
    """Follows the model, and says what has come to pass to whoever does not look."""

    def __init__(
        self,
        app: App[Any],
        model: Model,
        clock: Clock,
        look: Look,
        board: NoticeBoard,
        may_ring: Callable[[], bool],
    ) -> None:
        self._app, self._model, self._clock, self._look = app, model, clock, look
        self._board, self._may_ring = board, may_ring
        self._title, self._ends = TitleLine(), RunEnds()
        self._failure: str | None = None

    def ticked(self) -> None:
        """Time has passed, or the engine has told something."""
        words = title(self._model, self._look, self._clock.now())
        driver: object = self._app._driver  # noqa: SLF001 - Textual has no title of its own to set
        if isinstance(driver, Titled) and self._title.due(words, self._clock.monotonic()):
            driver.set_title(words)
        if self._model.failure is not None and self._model.failure != self._failure:
            self._failure = self._model.failure
            self._tell(
                f"The engine stopped by itself: {self._failure} Leave with Ctrl+Q, and start again.", Severity.ERROR
            )
        report = self._ends.ended(self._model)
        if report is not None:
            self._tell_end(report)

    def _tell_end(self, report: RunReport) -> None:
        if not self._app.app_focus and self._may_ring():
            self._app.bell()
        self._tell(_told(report), _SEVERITIES.get(report.status, Severity.TOLD))

    def _tell(self, words: str, severity: Severity) -> None:
        if len(self._app.screen_stack) > 1:
            self._board.tell(words, severity, _SECONDS_TOLD)
        else:  # the main screen says so itself, as long as it is so
            self._board.keep(words, severity)


def _told(report: RunReport) -> str:
    took = f" after {duration(report.duration_seconds)}" if report.duration_seconds is not None else ""
    why = f". {report.error}" if report.error else "."
    return f"{run_name(report.kind, report.trigger)} {report.run_id} {ending(report)}{took}{why}"
