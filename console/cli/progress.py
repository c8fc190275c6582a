"""The progress bar of `sync` on a terminal."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from console.run import RunCounts
from console.sync.events import (
    PageFailed,
    PageHeldBack,
    PageRetrying,
    PageStored,
    RunCancelling,
    RunEvent,
    RunPlanned,
    RunStarted,
)

_REFRESHES_A_SECOND = 5


class ProgressBar:
    """Shows the events of a run on stderr as one line."""

    def __init__(self) -> None:
        self._bar = Progress(
            TextColumn("Syncing"),
            BarColumn(bar_width=None),
            MofNCompleteColumn(),
            TextColumn("pages"),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.description}", markup=False),
            console=Console(stderr=True),
            refresh_per_second=_REFRESHES_A_SECOND,
            transient=True,
        )
        self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._bar.stop()

    def show(self, event: RunEvent) -> None:
        """Bring the line up to date."""
        match event:
            case RunStarted() if event.continues_run_id is not None:
                self._bar.update(self._task, description=f"goes on with run {event.continues_run_id}")
            case RunPlanned():
                self._bar.update(self._task, total=sum(map(len, event.spans)))
            case PageStored() | PageFailed():
                self._bar.update(self._task, completed=_finished(event.counts), description="")
            case PageHeldBack():
                self._bar.update(self._task, description=f"G2A asks for a pause of {event.asked_seconds:.0f} s")
            case PageRetrying():
                self._bar.update(self._task, description=f"page {event.page} again in {event.delay_seconds:.1f} s")
            case RunCancelling():
                self._bar.update(self._task, description="stopping")
            case _:
                pass


def _finished(counts: RunCounts) -> int:
    return counts.pages_done + counts.pages_failed
