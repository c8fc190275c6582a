"""Whether a run that was cut off, or that lacks pages, can be gone on with."""

from datetime import datetime, timedelta

from console.run import RunKind, RunStatus
from console.store.unfinished import CONTINUABLE, Unfinished


def cannot_go_on_because(unfinished: Unfinished, filters: str, now: datetime, longest: timedelta) -> str | None:
    """Why the run cannot be gone on with; None where it can.

    Pages are cut from a list that moves: those of `longest` ago, or with other filters, do not fit those of today.
    """
    report = unfinished.report
    again = "start a new sync instead"
    has_all = report.status is RunStatus.PARTIAL and len(unfinished.done) >= report.counts.pages_total
    is_old = report.started_at is None or now - report.started_at > longest
    hours = longest.total_seconds() / 3600
    reasons = (
        (report.status not in CONTINUABLE, f"{report.status.in_words}: there is nothing to go on with."),
        (report.kind is RunKind.PAGE, f"fetched single pages: {again}."),
        (unfinished.newer_run_id is not None, f"is not the latest, run {unfinished.newer_run_id} is: {again}."),
        (has_all, f"lacks no page: {again}."),
        (not unfinished.is_stored_alike, f"was made by another version of g2a-console: {again}."),
        (unfinished.filters != filters, f"was made with another G2A_INCLUDE_OUT_OF_STOCK: {again}."),
        (is_old, f"began more than {hours:g} hours ago (SYNC_CATCH_UP_HOURS): {again}."),
    )
    return next((f"Run {report.run_id} {reason}" for is_so, reason in reasons if is_so), None)
