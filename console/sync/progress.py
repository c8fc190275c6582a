"""How a run stands, derived from its events: the same on every side of a thread or a socket."""

from datetime import datetime

import msgspec

from console.run import PageState, RunCounts, RunKind, RunReport, RunStatus, Trigger
from console.sync.events import (
    PageFailed,
    PageRequested,
    PageRetrying,
    PageStored,
    RunCancelling,
    RunEvent,
    RunFinished,
    RunPlanned,
    RunStarted,
)


class PageProgress(msgspec.Struct, gc=False):
    """How one page stands. `attempts` counts the requests made for it."""

    state: PageState = PageState.PENDING
    attempts: int = 0
    error: str | None = None
    duration_ms: int = 0


class RunProgress(msgspec.Struct, kw_only=True):
    """How a run stands. Apply every event of the run to it, in order; copy it with `snapshot()`."""

    run_id: int
    kind: RunKind
    trigger: Trigger
    requested_by: str | None
    started_at: datetime
    status: RunStatus = RunStatus.RUNNING
    first_page: int = 1
    pages: list[PageProgress] = []
    products_total: int = 0
    counts: RunCounts = RunCounts()
    report: RunReport | None = None

    @classmethod
    def begin(cls, event: RunStarted) -> "RunProgress":
        """The progress of a run that has just started."""
        return cls(
            run_id=event.run_id,
            kind=event.kind,
            trigger=event.trigger,
            requested_by=event.requested_by,
            started_at=event.started_at,
        )

    def snapshot(self) -> "RunProgress":
        """A copy that later events do not change."""
        return msgspec.structs.replace(self, pages=[msgspec.structs.replace(page) for page in self.pages])

    def apply(self, event: RunEvent) -> None:
        """Bring the progress up to date; events of other runs are ignored."""
        if event.run_id != self.run_id:
            return
        match event:
            case RunPlanned():
                self.first_page, self.products_total = event.first_page, event.products_total
                self._extend(event.pages_total)
                self.counts = msgspec.structs.replace(self.counts, pages_total=event.pages_total)
            case PageRequested():
                self._set(event.page, PageState.IN_FLIGHT, event.attempt, None)
            case PageRetrying():
                self._set(event.page, PageState.RETRYING, event.attempt, event.reason)
            case PageStored():
                self._set(event.page, PageState.DONE, event.attempts, None, event.duration_ms)
                self.counts = event.counts
            case PageFailed():
                self._set(event.page, PageState.FAILED, event.attempts, event.error)
                self.counts = event.counts
            case RunCancelling():
                self.status = RunStatus.CANCELLING
            case RunFinished():
                self.status, self.counts, self.report = event.report.status, event.report.counts, event.report
            case RunStarted():
                pass

    def _extend(self, pages_total: int) -> None:
        self.pages.extend(PageProgress() for _ in range(pages_total - len(self.pages)))

    def _set(self, page: int, state: PageState, attempts: int, error: str | None, duration_ms: int = 0) -> None:
        index = page - self.first_page
        if 0 <= index < len(self.pages):
            self.pages[index] = PageProgress(state=state, attempts=attempts, error=error, duration_ms=duration_ms)
