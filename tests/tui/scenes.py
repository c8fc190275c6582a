"""The states a console can be in, each as the engine that would tell of it."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from msgspec.structs import replace

from console.logs import LogLine
from console.operations.events import PageProgress, Pages, RunProgress
from console.run import PageState, Removal, RunCounts, RunError, RunKind, RunReport, RunStatus, Trigger
from console.sync.page_ref import PageSpan, Window
from tests.tui.fake import NOW, FakeOperations, job, snapshot

PAGES = 771
NO_CREDENTIALS = (
    "No G2A credentials yet: set G2A_CLIENT_ID and G2A_CLIENT_SECRET in /srv/shop/.env or in the environment."
)


def counts(done: int, *, failed: int = 0, retries: int = 0, rejected: int = 0, discontinued: int = 0) -> RunCounts:
    """What a run has counted after so many pages."""
    products = done * 20
    new, changed = done // 64, done * 3 // 10
    return RunCounts(
        pages_total=PAGES,
        pages_done=done,
        pages_failed=failed,
        requests=done + failed + retries,
        retries=retries,
        products_seen=products,
        products_new=new,
        products_changed=changed,
        products_unchanged=products - new - changed - rejected,
        products_discontinued=discontinued,
        products_rejected=rejected,
    )


def report(
    status: RunStatus, told: RunCounts, *, error: str | None = None, errors: tuple[RunError, ...] = ()
) -> RunReport:
    """The report of last night's run."""
    started = datetime(2026, 11, 23, 2, 0, 0, 123456, tzinfo=UTC)
    seconds = 77.4 if told.pages_done == PAGES else 12.0 + told.pages_done / 10
    return RunReport(
        run_id=41,
        kind=RunKind.FULL,
        trigger=Trigger.SCHEDULED,
        status=status,
        requested_by=None,
        started_at=started,
        finished_at=started + timedelta(seconds=seconds),
        duration_seconds=seconds,
        counts=told,
        error=error,
        errors=errors,
        job_id="daily_product_sync",
        slot=started.replace(second=0, microsecond=0),
    )


def succeeded() -> RunReport:
    """A good night."""
    return report(RunStatus.SUCCEEDED, counts(PAGES, discontinued=4))


def running_progress(done: int = 371) -> RunProgress:
    """A run in the middle, with pages in every state."""
    dice = random.Random(7)
    pages = [PageProgress() for _ in range(PAGES)]
    for page in range(done):
        pages[page] = PageProgress(state=PageState.DONE, attempts=1, duration_ms=dice.randint(300, 900))
    for page in dice.sample(range(done), 5):
        pages[page] = PageProgress(state=PageState.DONE, attempts=2, duration_ms=1_400)
    error = "HTTP 500 after 6 attempts: internal error"
    pages[112] = PageProgress(PageState.FAILED, 6, error, duration_ms=12_400)
    pages[done - 3] = PageProgress(state=PageState.RETRYING, attempts=2, error="no answer within 60 s")
    for page in range(done, done + 7):
        pages[page] = PageProgress(state=PageState.IN_FLIGHT, attempts=1)
    return RunProgress(
        run_id=42,
        kind=RunKind.FULL,
        trigger=Trigger.MANUAL,
        requested_by="alice",
        started_at=NOW - timedelta(seconds=38),
        spans=(PageSpan(1, PAGES),),
        pages=Pages.of(pages),
        products_total=PAGES * 20,
        counts=counts(done - 2, failed=1, retries=9, rejected=2),
    )


def finished_progress() -> RunProgress:
    """The same run, well ended."""
    run = running_progress(PAGES - 7)
    pages = [PageProgress(state=PageState.DONE, attempts=1, duration_ms=420) for _ in run.pages]
    pages[77] = PageProgress(state=PageState.DONE, attempts=3, duration_ms=2_100)
    run.pages, run.status = Pages.of(pages), RunStatus.SUCCEEDED
    run.report = RunReport(
        run_id=42,
        kind=RunKind.FULL,
        trigger=Trigger.MANUAL,
        status=RunStatus.SUCCEEDED,
        requested_by="alice",
        started_at=NOW - timedelta(seconds=90),
        finished_at=NOW - timedelta(seconds=12),
        duration_seconds=78.1,
        counts=counts(PAGES, retries=2, discontinued=4),
    )
    run.counts = run.report.counts
    return run


def windowed_progress() -> RunProgress:
    """A run over a catalogue that was cut into price windows, with a page in trouble in one of them."""
    spans = (
        PageSpan(1, 40),
        PageSpan(1, 500, Window(1, Decimal("0.00"), Decimal("1.98"))),
        PageSpan(1, 430, Window(2, Decimal("1.97"), Decimal("5.00"))),
        PageSpan(1, 388, Window(3, Decimal("4.99"))),
    )
    pages = [PageProgress() for span in spans for _ in range(len(span))]
    for page in range(880):
        pages[page] = PageProgress(state=PageState.DONE, attempts=1, duration_ms=420)
    pages[542] = PageProgress(state=PageState.FAILED, attempts=6, error="HTTP 500 after 6 attempts: internal error")
    pages[880] = PageProgress(state=PageState.RETRYING, attempts=2, error="no answer within 60 s")
    for page in range(881, 889):
        pages[page] = PageProgress(state=PageState.IN_FLIGHT, attempts=1)
    run = running_progress()
    run.spans, run.pages, run.products_total = spans, Pages.of(pages), 26_400
    run.counts = replace(counts(879, failed=1, retries=7), pages_total=len(pages))
    return run


def resumed_progress() -> RunProgress:
    """A run that goes on with one that was cut off after 371 pages, twelve pages later."""
    run = running_progress(383)
    run.trigger, run.requested_by = Trigger.RESUME, None
    run.started_at = NOW - timedelta(seconds=2)
    for page in range(371):
        run.pages.put(page, PageProgress(state=PageState.DONE))
    run.counts = counts(381, retries=1)
    return run


def held_back_progress() -> RunProgress:
    """A run that goes slower than usual, because G2A asks for pauses."""
    run = running_progress()
    run.started_at = NOW - timedelta(minutes=4)
    refusal = "G2A says that there are too many requests (429 BR03: Too many requests) and asks for a pause of 60 s."
    run.pages.put(371, PageProgress(PageState.RETRYING, 1, refusal))
    for page in range(372, 378):
        run.pages.put(page, PageProgress(PageState.WAITING, 1, asked_seconds=60))
    return run


def log_lines() -> list[LogLine]:
    """A night in the log, with a block and a traceback."""
    at = datetime(2026, 11, 23, 2, 0, 0, 123456, tzinfo=UTC)
    return [
        LogLine(at, "scheduler", "INFO", "=== DAILY PRODUCT SYNC STARTED at 2026-11-23T02:00:00 ==="),
        *(
            LogLine(at + timedelta(seconds=second), "console.sync", "INFO", f"page {second * 10} of 771 stored")
            for second in range(1, 78, 6)
        ),
        LogLine(
            at + timedelta(seconds=60),
            "console.g2a",
            "WARNING",
            "page 113: HTTP 429, trying again in 2.5 s; the rate is now 480 requests per minute for the whole fetch, "
            "and recovers by itself",
        ),
        LogLine(
            at + timedelta(seconds=77),
            "scheduler",
            "INFO",
            "=== DAILY PRODUCT SYNC COMPLETED SUCCESSFULLY ===\nDuration: 77.40 seconds\nProducts Synced: 15420\n"
            "Pages Processed: 771\nErrors: 0\nEnd Time: 2026-11-23T02:01:17",
        ),
        LogLine(
            at + timedelta(seconds=78), "console.store", "ERROR", "the WAL could not be checkpointed: disk I/O error"
        ),
    ]


def first_start() -> list[LogLine]:
    """A log that has just begun."""
    told = "Scheduler started; the daily product sync runs at 02:00 UTC"
    return [LogLine(NOW - timedelta(seconds=2), "scheduler", "INFO", told)]


def idle() -> FakeOperations:
    """All is well, and nothing runs."""
    return FakeOperations(snapshot(last_run=succeeded()), log_lines())


def running() -> FakeOperations:
    """A manual sync in the middle."""
    return FakeOperations(snapshot(run=running_progress(), last_run=succeeded()), log_lines())


def cancelling() -> FakeOperations:
    """The same, asked to stop."""
    run = running_progress()
    run.status = RunStatus.CANCELLING
    return FakeOperations(snapshot(run=run, last_run=succeeded()), log_lines())


def held_back() -> FakeOperations:
    """A manual sync that G2A slows down."""
    return FakeOperations(snapshot(run=held_back_progress(), last_run=succeeded()), log_lines())


def finished() -> FakeOperations:
    """A sync that ended well while the console was open."""
    run = finished_progress()
    return FakeOperations(snapshot(run=run, last_run=run.report), log_lines())


def windowed() -> FakeOperations:
    """A sync of more products than G2A shows at once."""
    return FakeOperations(snapshot(run=windowed_progress(), last_run=succeeded()), log_lines())


def resumed() -> FakeOperations:
    """A sync that goes on with one that was cut off."""
    last = report(RunStatus.INTERRUPTED, counts(371))
    return FakeOperations(snapshot(run=resumed_progress(), last_run=last), log_lines())


def interrupted() -> FakeOperations:
    """A sync that was cut off, and that nobody has gone on with."""
    told = counts(371, retries=2)
    error = "The process that ran it ended without finishing it."
    return FakeOperations(snapshot(last_run=report(RunStatus.INTERRUPTED, told, error=error)), log_lines())


def failed() -> FakeOperations:
    """A run that gave up."""
    error = "G2A answers HTTP 503 to everything since 02:00:31 UTC; gave up after 12 pages in a row."
    errors = tuple(RunError(page=page, error="HTTP 503 after 6 attempts: overloaded") for page in range(310, 322))
    told = counts(318, failed=12, retries=71)
    return FakeOperations(snapshot(last_run=report(RunStatus.FAILED, told, error=error, errors=errors)), log_lines())


def partial() -> FakeOperations:
    """A run of which some pages failed."""
    errors = tuple(
        RunError(page=page, error="HTTP 500 after 6 attempts: internal server error") for page in (113, 114, 602)
    )
    told = counts(PAGES - 3, failed=3, retries=19, rejected=2)
    return FakeOperations(snapshot(last_run=report(RunStatus.PARTIAL, told, errors=errors)), log_lines())


def blocked() -> FakeOperations:
    """A run that would have emptied the shop."""
    error = (
        "4,312 of 15,416 active products (28.0 %) would be removed, more than SYNC_MAX_REMOVED_PERCENT allows (20 %): "
        "nothing was removed."
    )
    told = snapshot(last_run=report(RunStatus.BLOCKED, counts(PAGES), error=error))
    return FakeOperations(told, log_lines(), removed=removals(4_312))


_NAMES = (
    ("Assassin's Creed Valhalla", "Ubisoft Connect Key - EUROPE", "Ubisoft Connect"),
    ("Baldur's Gate 3", "Steam Gift - GLOBAL", "Steam"),
    ("Counter-Strike 2 Prime Status Upgrade", "Steam Key - GLOBAL", "Steam"),
    ("Grand Theft Auto V: Premium Online Edition", "Rockstar Key - GLOBAL", "Rockstar"),
    ("Microsoft Windows 11 Pro", "Microsoft Key - GLOBAL", None),
    ("The Witcher 3: Wild Hunt - Game of the Year Edition", "GOG.COM Key - UNITED STATES", "GOG.COM"),
    ("Xbox Game Pass Ultimate", "Xbox Live Key - EUROPE", "Xbox Live"),
)
"""Names of games, what is sold of them, and the platform."""


def removals(count: int) -> tuple[Removal, ...]:
    """What a blocked run would have removed; every ninth product was seen since."""
    found = []
    for at in range(count):
        game, kind, platform = _NAMES[at * len(_NAMES) // count]
        found.append(
            Removal(
                product_id=str(10_000_000_700_000 + at * 37),
                name=f"{game}: Add-on {at + 1:04} (PC) - {kind}" if at % 7 else f"{game} (PC) - {kind}",
                min_price=None if at % 11 == 10 else Decimal(199 + at * 7 % 12_000) / 100,
                qty=at * 13 % 1_500,
                platform=platform,
                is_due=at % 9 != 8,
            )
        )
    return tuple(found)


def paused() -> FakeOperations:
    """No schedule for a while."""
    return FakeOperations(snapshot(last_run=succeeded(), paused="G2A moves house until Thursday"), log_lines())


def edited() -> FakeOperations:
    """Somebody has set another time for the daily sync."""
    told = idle().told
    set_by = replace(told.schedule, hour=4, minute=30, updated_by="bob", updated_at=NOW - timedelta(hours=5))
    runs = tuple(run.replace(hour=4, minute=30) for run in told.next_runs)
    jobs = (job(told.last_run, runs[0], set_by),)
    return FakeOperations(replace(told, schedule=set_by, next_runs=runs, jobs=jobs), log_lines())


def no_credentials() -> FakeOperations:
    """The very first start."""
    return FakeOperations(snapshot(notice=NO_CREDENTIALS, active_products=0), first_start())


def never_ran() -> FakeOperations:
    """Configured, but nothing has run yet."""
    return FakeOperations(snapshot(active_products=0), first_start())


SCENES: dict[str, Callable[[], FakeOperations]] = {
    "idle": idle,
    "running": running,
    "cancelling": cancelling,
    "held-back": held_back,
    "finished": finished,
    "windowed": windowed,
    "resumed": resumed,
    "interrupted": interrupted,
    "failed": failed,
    "partial": partial,
    "blocked": blocked,
    "paused": paused,
    "no-credentials": no_credentials,
    "never": never_ran,
}
"""Every state by its name."""
