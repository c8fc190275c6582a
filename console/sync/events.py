"""What a run tells while it goes: facts in the past tense, frozen, in the order in which they happened.

A page is told by its number, and by the number of its price window: 0 where the catalogue was not cut into such.
"""

from datetime import datetime

import msgspec

from console.run import RunCounts, RunKind, RunReport, Trigger
from console.sync.page_ref import PageSpan


class RunStarted(msgspec.Struct, frozen=True, tag=True):
    """A run began; with `continues_run_id` it goes on with that one."""

    run_id: int
    kind: RunKind
    trigger: Trigger
    requested_by: str | None
    started_at: datetime
    continues_run_id: int | None = None


class RunPlanned(msgspec.Struct, frozen=True, tag=True):
    """Which pages there are is known, or has changed; the run that this one goes on with had stored those `done`."""

    run_id: int
    spans: tuple[PageSpan, ...]
    products_total: int
    done: tuple[PageSpan, ...] = ()


class PageHeldBack(msgspec.Struct, frozen=True, tag=True):
    """A request for a page waits, because G2A asks everybody for a pause of `asked_seconds`."""

    run_id: int
    page: int
    attempt: int
    asked_seconds: float
    window: int = 0


class PageRequested(msgspec.Struct, frozen=True, tag=True):
    """A request for a page went out; `attempt` is 1 for the first."""

    run_id: int
    page: int
    attempt: int
    window: int = 0


class PageRetrying(msgspec.Struct, frozen=True, tag=True):
    """A request for a page failed, and the next try comes in `delay_seconds`."""

    run_id: int
    page: int
    attempt: int
    delay_seconds: float
    reason: str
    window: int = 0


class PageStored(msgspec.Struct, frozen=True, tag=True):
    """A page is in the database. `counts` are those of the run so far."""

    run_id: int
    page: int
    attempts: int
    products: int
    duration_ms: int
    counts: RunCounts
    window: int = 0


class PageFailed(msgspec.Struct, frozen=True, tag=True):
    """A page failed for good; the sweep goes on. `counts` are those of the run so far."""

    run_id: int
    page: int
    attempts: int
    error: str
    counts: RunCounts
    window: int = 0
    duration_ms: int = 0


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
    RunStarted
    | RunPlanned
    | PageHeldBack
    | PageRequested
    | PageRetrying
    | PageStored
    | PageFailed
    | RunCancelling
    | RunFinished
)
