"""Which earlier runs still ask for something, whatever has been recorded since."""

import msgspec

from console.run import RunKind, RunReport, RunStatus


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """The latest run that is over, and those before it that slots which did not run have not settled.

    `last_sweep` is the latest that fetched more than single pages: it may be gone on with. `blocked` waits for somebody
    to look at what it would have removed.
    """

    last_run: RunReport | None = None
    last_sweep: RunReport | None = None
    blocked: RunReport | None = None

    def after(self, report: RunReport) -> "Standing":
        """How it stands when another run is over, or is recorded as one that did not begin."""
        is_sweep = report.kind is not RunKind.PAGE and report.started_at is not None
        blocked = None if is_sweep and report.status is RunStatus.SUCCEEDED else self.blocked
        return Standing(
            last_run=report,
            last_sweep=report if is_sweep else self.last_sweep,
            blocked=report if report.status is RunStatus.BLOCKED else blocked,
        )
