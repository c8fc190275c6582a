"""How a run stands, derived from its events: the same on every side of a thread or a socket."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from console.run import PageState, RunCounts, RunKind, RunReport, RunStatus, Trigger
from console.sync.events import (
    PageFailed,
    PageHeldBack,
    PageRequested,
    PageRetrying,
    PageStored,
    RunCancelling,
    RunEvent,
    RunFinished,
    RunPlanned,
    RunStarted,
)
from console.sync.page_ref import PageSpan
from console.sync.pages import PENDING, PageProgress, Pages

_PageEvent = PageHeldBack | PageRequested | PageRetrying | PageStored | PageFailed


class RunProgress(msgspec.Struct, kw_only=True):
    """How a run stands. Apply every event of the run to it, in order; copy it with `snapshot()`.

    `pages` are those of the `spans`, one behind the other; `page_name` says which one stands at a place.
    """

    run_id: int
    kind: RunKind
    trigger: Trigger
    requested_by: str | None
    started_at: datetime
    continues_run_id: int | None = None
    status: RunStatus = RunStatus.RUNNING
    spans: tuple[PageSpan, ...] = ()
    pages: Pages = msgspec.field(default_factory=Pages)
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
            continues_run_id=event.continues_run_id,
        )

    def snapshot(self) -> "RunProgress":
        """A copy that later events do not change."""
        return msgspec.structs.replace(self, pages=self.pages.copy())

    def page_name(self, place: int) -> str:
        """How people are told of the page at a place: its number, and where there are any its price window."""
        for span in self.spans:
            if place < len(span):
                number = f"{span.first + place:,}"
                return f"{number} of {span.window}" if span.window.number else number
            place -= len(span)
        return f"{place + 1:,}"

    def apply(self, event: RunEvent) -> None:
        """Bring the progress up to date; events of other runs are ignored."""
        if event.run_id != self.run_id:
            return
        match event:
            case RunPlanned():
                self._plan(event)
            case PageHeldBack() | PageRequested() | PageRetrying():
                self._put(event)
            case PageStored() | PageFailed():
                self._put(event)
                self.counts = event.counts
            case RunCancelling():
                self.status = RunStatus.CANCELLING
            case RunFinished():
                self.status, self.counts, self.report = event.report.status, event.report.counts, event.report
            case RunStarted():
                pass

    def _plan(self, event: RunPlanned) -> None:
        """Lay out the pages, keeping of each what is known of it."""
        known = dict(zip(_keys(self.spans), self.pages, strict=False))
        done = set(_keys(event.done))
        self.spans, self.products_total = event.spans, event.products_total
        self.pages = Pages.of(known.get(key) or (_BEFORE if key in done else PENDING) for key in _keys(event.spans))
        pages_done = max(self.counts.pages_done, len(done))
        self.counts = msgspec.structs.replace(self.counts, pages_total=len(self.pages), pages_done=pages_done)

    def _put(self, event: _PageEvent) -> None:
        place = self._place(event.window, event.page)
        if place is not None:
            self.pages.put(place, _told_by(event))

    def _place(self, window: int, page: int) -> int | None:
        before = 0
        for span in self.spans:
            if span.window.number == window and span.first <= page <= span.last:
                return before + page - span.first
            before += len(span)
        return None


def _told_by(event: _PageEvent) -> PageProgress:
    """How the page stands by its newest event."""
    match event:
        case PageHeldBack():
            return PageProgress(PageState.WAITING, event.attempt, asked_seconds=event.asked_seconds)
        case PageRequested():
            return PageProgress(PageState.IN_FLIGHT, event.attempt)
        case PageRetrying():
            return PageProgress(PageState.RETRYING, event.attempt, event.reason)
        case PageStored():
            return PageProgress(PageState.DONE, event.attempts, None, event.duration_ms)
        case PageFailed():
            return PageProgress(PageState.FAILED, event.attempts, event.error, event.duration_ms)


_BEFORE = PageProgress(PageState.DONE)
"""A page that an earlier run had stored."""


def _keys(spans: Iterable[PageSpan]) -> Iterator[tuple[int, int]]:
    return ((span.window.number, page) for span in spans for page in range(span.first, span.last + 1))
