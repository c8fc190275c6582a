"""The words for a run of the sync: what kinds there are, how one ends, what is counted, and the report of one.

These words are used everywhere in the same sense: in the tables, the events, the screens, the log and `--json`.
"""

import enum
from datetime import datetime
from decimal import Decimal

import msgspec

PRODUCTS_PER_PAGE = 20
"""The page size of the G2A API; it cannot be changed."""


class RunKind(enum.StrEnum):
    """What a run fetches."""

    FULL = "full"
    PAGE = "page"
    RETRY = "retry"


class Trigger(enum.StrEnum):
    """Why a run exists."""

    SCHEDULED = "scheduled"
    MANUAL = "manual"
    CATCH_UP = "catch_up"
    API = "api"
    RESUME = "resume"


class RunStatus(enum.StrEnum):
    """How a run stands. The first three are active; the others are final."""

    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    MISSED = "missed"
    SKIPPED = "skipped"
    BLOCKED = "blocked"

    @property
    def is_active(self) -> bool:
        """Whether the run still holds the engine."""
        return self in ACTIVE_STATUSES

    @property
    def in_words(self) -> str:
        """What to say of a run: it `is running`, `has succeeded`, `was blocked`."""
        return f"{'is' if self.is_active else 'has' if self is RunStatus.SUCCEEDED else 'was'} {self}"


ACTIVE_STATUSES = (RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.CANCELLING)


class PageState(enum.StrEnum):
    """How a page of a run stands. A page that waits has its turn, but G2A asks for a pause first."""

    PENDING = "pending"
    WAITING = "waiting"
    IN_FLIGHT = "in_flight"
    RETRYING = "retrying"
    DONE = "done"
    FAILED = "failed"


class Change(enum.StrEnum):
    """What a run found different about a product."""

    NEW = "new"
    CHANGED = "changed"
    DISCONTINUED = "discontinued"
    RETURNED = "returned"


class RunCounts(msgspec.Struct, frozen=True, kw_only=True):
    """What a run has counted so far. A product is counted once, however often the API sends it."""

    pages_total: int = 0
    pages_done: int = 0
    pages_failed: int = 0
    requests: int = 0
    retries: int = 0
    products_seen: int = 0
    products_new: int = 0
    products_changed: int = 0
    products_unchanged: int = 0
    products_discontinued: int = 0
    products_rejected: int = 0


class RunError(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that went wrong in a run; `page` is None where it concerns the whole run.

    `window` is the price window that the page belongs to, such as `1.99 to 5.00 EUR`, where there were any.
    """

    page: int | None
    error: str
    window: str | None = None


class RunReport(msgspec.Struct, frozen=True, kw_only=True):
    """A run as it is told to people and programs."""

    run_id: int
    kind: RunKind
    trigger: Trigger
    status: RunStatus
    requested_by: str | None
    started_at: datetime | None
    finished_at: datetime | None
    duration_seconds: float | None
    counts: RunCounts
    errors: tuple[RunError, ...] = ()
    error: str | None = None
    job_id: str | None = None
    slot: datetime | None = None
    continues_run_id: int | None = None

    def document(self) -> dict[str, object]:
        """The JSON document of `sync --json`: the counts stand beside the other fields, not below them."""
        document = msgspec.structs.asdict(self)
        counts = msgspec.structs.asdict(document.pop("counts"))
        tail = {name: document.pop(name) for name in ("errors", "error", "job_id", "slot", "continues_run_id")}
        return {**document, **counts, **tail}


class Removal(msgspec.Struct, frozen=True, kw_only=True):
    """A product that a blocked run would have removed; `min_price` is in EUR.

    `is_due`: approving would still remove it. It is not where the product was seen since.
    """

    product_id: str
    name: str
    min_price: Decimal | None
    qty: int
    platform: str | None
    is_due: bool


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """What earlier runs tell: `durations` are the seconds of the latest full syncs that succeeded, oldest first.

    `last_success_at` is when a sync of all pages last succeeded, `last_change_at` when a run last changed something.
    """

    durations: tuple[float, ...] = ()
    last_success_at: datetime | None = None
    last_change_at: datetime | None = None

    @property
    def usual_seconds(self) -> float | None:
        """How long a full sync usually takes: the median."""
        ordered, middle = sorted(self.durations), len(self.durations) // 2
        if not ordered:
            return None
        return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2

    def after(self, report: RunReport) -> "Past":
        """The same once this run has ended."""
        counts, past = report.counts, self
        if counts.products_new or counts.products_changed or counts.products_discontinued:
            past = msgspec.structs.replace(past, last_change_at=report.finished_at)
        if report.status is not RunStatus.SUCCEEDED or report.kind is RunKind.PAGE:
            return past
        past = msgspec.structs.replace(past, last_success_at=report.finished_at)
        if report.kind is not RunKind.FULL or report.continues_run_id is not None or report.duration_seconds is None:
            return past
        return msgspec.structs.replace(past, durations=(*past.durations, report.duration_seconds)[-DURATIONS_KEPT:])


DURATIONS_KEPT = 10
"""Full syncs by which it is judged how long one usually takes."""
