"""A run that has been recorded and may begin."""

from dataclasses import dataclass
from datetime import datetime

from console.run import RunKind, Trigger


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """Which run it is, and who wants it. `record_new`: see `store.pages.Batch`."""

    run_id: int
    kind: RunKind
    trigger: Trigger
    requested_by: str | None
    job_id: str
    slot: datetime | None
    started_at: datetime
    record_new: bool = True
    continues_run_id: int | None = None
