"""What a run tells while it goes: facts in the past tense, frozen, in the order in which they happened."""

from datetime import datetime

import msgspec

from console.run import RunCounts, RunKind, RunReport, Trigger


class RunStarted(msgspec.Struct, frozen=True, tag=True):
    """A run began."""

    run_id: int
    kind: RunKind
    trigger: Trigger
    requested_by: str | None
    started_at: datetime


class RunPlanned(msgspec.Struct, frozen=True, tag=True):
    """How many pages there are is known, or has changed; `first_page` is 1 except for a run of one page alone."""

    run_id: int
    first_page: int
    pages_total: int
    products_total: int


class PageRequested(msgspec.Struct, frozen=True, tag=True):
    """A request for a page went out; `attempt` is 1 for the first."""

    run_id: int
    page: int
    attempt: int


class PageRetrying(msgspec.Struct, frozen=True, tag=True):
    """A request for a page failed, and the next try comes in `delay_seconds`."""

    run_id: int
    page: int
    attempt: int
    delay_seconds: float
    reason: str


class PageStored(msgspec.Struct, frozen=True, tag=True):
    """A page is in the database. `counts` are those of the run so far."""

    run_id: int
    page: int
    attempts: int
    products: int
    duration_ms: int
    counts: RunCounts


class PageFailed(msgspec.Struct, frozen=True, tag=True):
    """A page failed for good; the sweep goes on. `counts` are those of the run so far."""

    run_id: int
    page: int
    attempts: int
    error: str
    counts: RunCounts


class RunCancelling(msgspec.Struct, frozen=True, tag=True):
    """Somebody asked the run to stop; it does so at the next page boundary."""

    run_id: int


class RunFinished(msgspec.Struct, frozen=True, tag=True):
    """A run ended, one way or another: `report.status` says how.

    `active_products` is what the catalogue holds now; None where it could not be counted.
    """

    run_id: int
    report: RunReport
    active_products: int | None = None


RunEvent = (
    RunStarted | RunPlanned | PageRequested | PageRetrying | PageStored | PageFailed | RunCancelling | RunFinished
)
