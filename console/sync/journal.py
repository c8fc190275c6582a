"""What a run writes into the log: the blocks that open and close it, in the form that other programs read."""

import logging
from datetime import datetime

from console.logs import block, traceback_lines
from console.run import RunKind, RunReport, RunStatus, Trigger

logger = logging.getLogger("scheduler")

_TITLES = {
    Trigger.SCHEDULED: "DAILY",
    Trigger.CATCH_UP: "CATCH-UP",
    Trigger.MANUAL: "MANUAL",
    Trigger.API: "API",
    Trigger.RESUME: "RESUMED",
}
_ERRORS_LISTED = 50


def log_started(kind: RunKind, trigger: Trigger, at: datetime) -> None:
    """The line that opens a run."""
    logger.info("=== %s PRODUCT SYNC STARTED at %s ===", _title(kind, trigger), _time(at))


def log_finished(report: RunReport, failure: BaseException | None) -> None:
    """The block that closes a run; with the traceback where it failed."""
    title = f"{_title(report.kind, report.trigger)} PRODUCT SYNC"
    duration = f"Duration: {report.duration_seconds or 0:.2f} seconds"
    end = f"End Time: {_time(report.finished_at)}"
    if report.status is RunStatus.FAILED:
        lines = [f"=== {title} FAILED ===", duration, f"Error: {report.error}", end]
        if failure is not None:
            lines += ["Full traceback:", *traceback_lines(failure)]
        logger.error(**block(*lines))
        return
    numbers = [
        duration,
        f"Products Synced: {report.counts.products_seen}",
        f"Pages Processed: {report.counts.pages_done}",
        f"Errors: {len(report.errors)}",
        end,
    ]
    if report.status is RunStatus.SUCCEEDED:
        logger.info(**block(f"=== {title} COMPLETED SUCCESSFULLY ===", *numbers))
    elif report.status is RunStatus.PARTIAL:
        listed = [
            f"Error: {error.error}" if error.page is None else f"Error on page {error.page}: {error.error}"
            for error in report.errors[:_ERRORS_LISTED]
        ]
        more = len(report.errors) - len(listed)
        last = [f"… and {more} more"] if more else []
        logger.warning(**block(f"=== {title} COMPLETED WITH ERRORS ===", *numbers, *listed, *last))
    else:
        reason = [f"Reason: {report.error}"] if report.error else []
        logger.warning(**block(f"=== {title} {report.status.upper()} ===", *numbers, *reason))


def _title(kind: RunKind, trigger: Trigger) -> str:
    return _TITLES[trigger] if kind is RunKind.FULL else f"{_TITLES[trigger]} {kind.upper()}"


def _time(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S") if at else "unknown"
