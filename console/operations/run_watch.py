"""A run that another process carries out, told as the events it tells there, from what the tables hold of it."""

from collections.abc import Iterable, Iterator

from console.run import PageState, RunKind, RunReport, RunStatus
from console.store.run_pages import RunPage, RunPages
from console.store.unfinished import StoredWindow
from console.sync.events import PageFailed, PageStored, RunCancelling, RunEvent, RunFinished, RunPlanned, RunStarted
from console.sync.page_ref import WHOLE, PageSpan, Window
from console.sync.progress import RunProgress


class RunWatch:
    """Follows one run after the other; `progress` is how the one followed stands, None before the first."""

    def __init__(self) -> None:
        self.progress: RunProgress | None = None
        self._plan: tuple[tuple[PageSpan, ...], int] = ((), 0)
        self._told: dict[tuple[int, int], RunPage] = {}

    @property
    def active_run_id(self) -> int | None:
        """The run that was active at the last look, or None."""
        return self.progress.run_id if self.progress and self.progress.status.is_active else None

    def look(self, run: RunPages, active_products: int) -> list[RunEvent]:
        """What happened in the run since the last look."""
        events = list(self._news(run, active_products))
        for event in events:
            if isinstance(event, RunStarted):
                self.progress = RunProgress.begin(event)
            if self.progress:
                self.progress.apply(event)
        return events

    def end(self, report: RunReport, active_products: int) -> list[RunEvent]:
        """The run that was followed is over, as its report says."""
        event = RunFinished(report.run_id, report, active_products)
        if self.progress:
            self.progress.apply(event)
        return [event]

    def _news(self, run: RunPages, active_products: int) -> Iterator[RunEvent]:
        report, run_id = run.report, run.report.run_id
        is_new = self.progress is None or self.progress.run_id != run_id
        if is_new:
            self._plan, self._told = ((), 0), {}
            assert report.started_at is not None, "it has begun"  # noqa: S101 - for the type checker
            yield RunStarted(
                run_id,
                report.kind,
                report.trigger,
                report.requested_by,
                report.started_at,
                report.continues_run_id,
            )
        yield from self._planned(run)
        yield from self._pages(run)
        was = None if is_new or self.progress is None else self.progress.status
        if report.status is RunStatus.CANCELLING and was is not RunStatus.CANCELLING:
            yield RunCancelling(run_id)
        if not report.status.is_active and was != report.status:
            yield RunFinished(run_id, report, active_products)

    def _planned(self, run: RunPages) -> Iterator[RunEvent]:
        plan = (spans_of(run), run.products_total)
        if plan != self._plan:
            self._plan = plan
            done = tuple(PageSpan(page, page, Window(window)) for window, page in sorted(run.before))
            yield RunPlanned(run.report.run_id, *plan, done)

    def _pages(self, run: RunPages) -> Iterator[RunEvent]:
        run_id, counts = run.report.run_id, run.report.counts
        for page in run.pages:
            if self._told.get(page.key) == page:
                continue
            self._told[page.key] = page
            number, attempts = page.window.number, page.attempts
            if page.state is PageState.FAILED:
                yield PageFailed(run_id, page.page, attempts, page.error or "", counts, number, page.duration_ms)
            elif page.key not in run.before:
                yield PageStored(run_id, page.page, attempts, page.products, page.duration_ms, counts, number)


def spans_of(run: RunPages) -> tuple[PageSpan, ...]:
    """The pages of the run, as far as the tables tell: those of which they know only the number come last."""
    total = run.report.counts.pages_total
    if not run.pages or not total:
        return ()
    if run.report.kind is RunKind.PAGE:
        first = min(page.page for page in run.pages)
        return (PageSpan(first, first + total - 1),)
    spans = [PageSpan(1, last, window) for window, last in _last_pages(run.pages)]
    missing = max(total - sum(map(len, spans)), 0)
    tail = spans[-1]
    return (*spans[:-1], PageSpan(tail.first, tail.last + missing, tail.window))


def _last_pages(pages: Iterable[RunPage]) -> Iterator[tuple[Window, int]]:
    """Each window with the highest page that is known of it."""
    last: dict[StoredWindow, int] = {}
    for page in pages:
        last[page.window] = max(last.get(page.window, 0), page.page)
    for window, page_number in last.items():
        yield (Window(window.number, window.low, window.high) if window.number else WHOLE), page_number
