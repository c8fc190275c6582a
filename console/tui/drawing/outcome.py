"""What a finished run says to its operator: how it ended, and what to do about it."""

from datetime import datetime

from console.operations.events import PageProgress, Pages, RunProgress
from console.run import PRODUCTS_PER_PAGE, PageState, RunCounts, RunKind, RunReport, RunStatus, Trigger
from console.tui.drawing.line import Span
from console.tui.drawing.look import Look
from console.tui.drawing.run_pages import RunPages
from console.tui.drawing.words import number, short_moment
from console.tui.glyphs import Glyphs
from console.tui.state.going_on import can_go_on
from console.tui.theme import Role

_KINDS = {RunKind.FULL: "sync", RunKind.PAGE: "sync of single pages", RunKind.RETRY: "retry"}
_TRIGGERS = {
    Trigger.SCHEDULED: "daily",
    Trigger.MANUAL: "manual",
    Trigger.CATCH_UP: "catch-up",
    Trigger.API: "requested",
    Trigger.RESUME: "resumed",
}


def run_name(kind: RunKind, trigger: Trigger) -> str:
    """Daily sync; what goes on with a run that was cut off is a resumed sync, whatever that one was."""
    what = _KINDS[RunKind.FULL if trigger is Trigger.RESUME else kind]
    return f"{_TRIGGERS[trigger]} {what}".capitalize()


def sign(status: RunStatus, glyphs: Glyphs) -> Span:
    """The sign of a run's status, in its colour."""
    match status:
        case RunStatus.SUCCEEDED:
            return Span(glyphs.good, Role.GOOD)
        case RunStatus.FAILED:
            return Span(glyphs.bad, Role.BAD)
        case RunStatus.BLOCKED:
            return Span(glyphs.blocked, Role.BAD)
        case RunStatus.PARTIAL | RunStatus.INTERRUPTED | RunStatus.MISSED:
            return Span(glyphs.warning, Role.WARNING)
        case RunStatus.CANCELLED | RunStatus.SKIPPED:
            return Span(glyphs.unknown, Role.MUTED)
        case _:
            return Span(glyphs.running, Role.ACCENT)


def ending(report: RunReport) -> str:
    """How the run ended, as the rest of a sentence that begins with its name."""
    match report.status:
        case RunStatus.PARTIAL if report.counts.pages_failed:
            return f"ended partial: {pages(report.counts.pages_failed)} failed"
        case RunStatus.PARTIAL if report.counts.products_rejected:
            return f"ended partial: {number(report.counts.products_rejected)} products rejected"
        case RunStatus.PARTIAL:
            return "ended partial"
        case RunStatus.BLOCKED:
            return "was blocked: nothing was removed"
        case RunStatus.CANCELLED | RunStatus.INTERRUPTED | RunStatus.MISSED | RunStatus.SKIPPED:
            return f"was {report.status}"
        case status:
            return str(status)


def advice(report: RunReport, next_run_at: datetime | None, now: datetime, look: Look) -> str | None:
    """What to do about it, or None where there is nothing to do."""
    sync, retry = look.key("sync_now"), look.key("retry")
    again = f"Press {sync} to sync now"
    if can_go_on(report):
        again = f"Press {retry} to fetch what is missing, or {sync} to sync anew"
    wait = f"; the next one runs by itself {short_moment(next_run_at, now)}." if next_run_at else "."
    match report.status:
        case RunStatus.FAILED | RunStatus.CANCELLED:
            return f"What was stored stays. {again}{wait}"
        case RunStatus.PARTIAL:
            return f"What could not be read keeps its last known state. {again}{wait}"
        case RunStatus.BLOCKED:
            return (
                f"Press {look.key('removals')} to review them, and to approve the removal if G2A really dropped them; "
                "if not, a later sync that finds them again puts it right."
            )
        case RunStatus.INTERRUPTED:
            return f"The pages that were stored stay. {again}{wait}"
        case RunStatus.MISSED | RunStatus.SKIPPED:
            return f"The catalogue is as the last sync left it. {again}{wait}"
        case _:
            return None


def pages_of(run: RunProgress) -> RunPages:
    """The pages of a run that was followed."""
    return RunPages(run.pages, run.page_name, is_cut=any(span.window.number for span in run.spans))


def known_pages(run: RunProgress | None, report: RunReport) -> RunPages:
    """The pages of a finished run: as they were seen, or else as far as its report tells every one of them."""
    if run is not None and run.run_id == report.run_id:
        return pages_of(run)
    counts = report.counts
    failed = {error.page: error.error for error in report.errors if error.page is not None}
    complete = counts.pages_done + counts.pages_failed == counts.pages_total and len(failed) == counts.pages_failed
    # Pages of price windows have no place that the report tells.
    if report.kind is RunKind.PAGE or not complete or any(error.window for error in report.errors):
        return RunPages()
    progress = Pages.alike(counts.pages_total, PageProgress(PageState.DONE))
    for page, error in failed.items():
        if 0 < page <= len(progress):
            progress.put(page - 1, PageProgress(PageState.FAILED, error=error))
    if _may_be_cut(counts):
        return RunPages(progress, lambda place: f"{number(place + 1)} of {number(counts.pages_total)}", is_cut=True)
    return RunPages(progress)


_ALWAYS_SHOWN_PAGES = 500
"""The last page that G2A shows for certain: a smaller catalogue is never cut into price windows."""


def _may_be_cut(counts: RunCounts) -> bool:
    """Whether the pages may have been those of price windows: products then came twice, a page's worth at least."""
    twice = counts.pages_done * PRODUCTS_PER_PAGE - counts.products_seen
    return counts.pages_total > _ALWAYS_SHOWN_PAGES and twice >= PRODUCTS_PER_PAGE


def products(count: int) -> str:
    """1 product, 2 products."""
    return f"{number(count)} {'product' if count == 1 else 'products'}"


def pages(count: int) -> str:
    """1 page, 2 pages."""
    return f"{number(count)} {'page' if count == 1 else 'pages'}"
