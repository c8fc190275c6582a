"""What reaches an operator who looks at something else: the title of the terminal, and that a run has ended."""

from console.run import RunReport
from console.tui.state.model import Model

_SECONDS_BETWEEN_TITLES = 1.0


class TitleLine:
    """Tells when the title is to be said: only when it is another one, and not more often than each second."""

    def __init__(self) -> None:
        self._said = ""
        self._said_at = float("-inf")

    def due(self, words: str, monotonic: float) -> bool:
        """Whether to say these words now; they count as said then."""
        if words == self._said or monotonic - self._said_at < _SECONDS_BETWEEN_TITLES:
            return False
        self._said, self._said_at = words, monotonic
        return True


class RunEnds:
    """Tells once of each run that was seen to be active and has ended. A slot that never ran is none."""

    def __init__(self) -> None:
        self._active: int | None = None

    def ended(self, model: Model) -> RunReport | None:
        """The run that has ended since the last call."""
        run, report = model.active_run, model.last_report
        was, self._active = self._active, run.run_id if run is not None else None
        has_ended = was is not None and report is not None and report.run_id == was and not report.status.is_active
        return report if has_ended else None
