"""Runs that go on with earlier ones: which can be gone on with, and what such a run had when it began."""

from console.run import RunKind, RunReport, RunStatus

_CUT_SHORT = (RunStatus.PARTIAL, RunStatus.FAILED, RunStatus.INTERRUPTED, RunStatus.CANCELLED)


def can_go_on(report: RunReport) -> bool:
    """Whether it makes sense to ask the engine to go on with the run: of all pages, and not got to its end."""
    counts = report.counts
    has_all = report.status is RunStatus.PARTIAL and counts.pages_total <= counts.pages_done
    return report.status in _CUT_SHORT and report.kind is not RunKind.PAGE and not has_all
