"""The history of runs for the tests of the screen: what the test says, and what was asked is remembered."""

from dataclasses import dataclass, field

from console.history import ChangeOrder, ProductChange, Rejected, RunFilter, RunPoint
from console.operations.history import Changes, Fault, FaultList, Page, PageList, RejectedList, RunList
from console.operations.protocol import Refused
from console.run import Change, PageState, RunReport


@dataclass
class FakeHistory:
    """Answers with what it holds, newest run first; `refusal` makes every answer a refusal.

    What a run found is the same for every run.
    """

    told: tuple[RunReport, ...] = ()
    found_pages: tuple[Page, ...] = ()
    found_faults: tuple[Fault, ...] = ()
    found_rejected: tuple[Rejected, ...] = ()
    found_changes: tuple[ProductChange, ...] = ()
    refusal: str | None = None
    asked: list[str] = field(default_factory=list)

    async def runs(self, wanted: RunFilter, limit: int, offset: int = 0) -> RunList:
        """Those that the filter leaves."""
        self._ask(f"runs {limit} {offset}")
        found = self._matching(wanted)
        return RunList(total=len(found), runs=found[offset : offset + limit])

    async def trend(self, wanted: RunFilter, limit: int) -> tuple[RunPoint, ...]:
        """The same, oldest first."""
        self._ask(f"trend {limit}")
        return tuple(_point(report) for report in reversed(self._matching(wanted)[:limit]))

    async def people(self) -> tuple[str, ...]:
        """Everybody who asked for one of them."""
        self._ask("people")
        return tuple(sorted({report.requested_by for report in self.told if report.requested_by}))

    async def run(self, run_id: int) -> RunReport:
        """One of them."""
        self._ask(f"run {run_id}")
        found = next((report for report in self.told if report.run_id == run_id), None)
        if found is None:
            raise Refused(f"There is no run {run_id}.")
        return found

    async def neighbour(self, run_id: int, wanted: RunFilter, *, newer: bool) -> RunReport | None:
        """The next of them."""
        self._ask(f"neighbour {run_id}")
        found = self._matching(wanted)
        if newer:
            return next((report for report in reversed(found) if report.run_id > run_id), None)
        return next((report for report in found if report.run_id < run_id), None)

    async def pages(self, run_id: int, limit: int, offset: int = 0, state: PageState | None = None) -> PageList:
        """Some pages."""
        self._ask(f"pages {run_id} {limit} {offset}")
        found = tuple(page for page in self.found_pages if state in (None, page.state))
        return PageList(total=len(found), pages=found[offset : offset + limit])

    async def faults(self, run_id: int, limit: int, offset: int = 0) -> FaultList:
        """Some of what went wrong."""
        self._ask(f"faults {run_id} {limit} {offset}")
        return FaultList(total=len(self.found_faults), faults=self.found_faults[offset : offset + limit])

    async def rejected(self, run_id: int, limit: int, offset: int = 0) -> RejectedList:
        """Some products."""
        self._ask(f"rejected {run_id} {limit} {offset}")
        return RejectedList(total=len(self.found_rejected), products=self.found_rejected[offset : offset + limit])

    async def changes(
        self,
        run_id: int,
        limit: int,
        offset: int = 0,
        *,
        kind: Change | None = None,
        order: ChangeOrder = ChangeOrder.FOUND,
    ) -> Changes:
        """Some changes, in this order."""
        self._ask(f"changes {run_id} {limit} {offset} {kind or 'all'} {order}")
        found = [change for change in self.found_changes if kind in (None, change.change)]
        if order is ChangeOrder.NAME:
            found.sort(key=lambda change: change.name)
        elif order is not ChangeOrder.FOUND:
            found.sort(key=lambda change: _moved(change, in_percent=order is ChangeOrder.PERCENT), reverse=True)
        by_kind = {kind: sum(each.change is kind for each in self.found_changes) for kind in Change}
        by_kind = {kind: count for kind, count in by_kind.items() if count}
        return Changes(by_kind=by_kind, listed=tuple(found[offset : offset + limit]))

    def _ask(self, question: str) -> None:
        self.asked.append(question)
        if self.refusal is not None:
            raise Refused(self.refusal)

    def _matching(self, wanted: RunFilter) -> tuple[RunReport, ...]:
        return tuple(report for report in self.told if _matches(report, wanted))


def _matches(report: RunReport, wanted: RunFilter) -> bool:
    at = report.started_at or report.slot or report.finished_at
    told = f"{report.run_id} {report.kind} {report.trigger} {report.status} {report.requested_by or ''} {at}".lower()
    return (
        (not wanted.statuses or report.status in wanted.statuses)
        and (not wanted.triggers or report.trigger in wanted.triggers)
        and (not wanted.kinds or report.kind in wanted.kinds)
        and (wanted.person is None or (report.requested_by or "") == wanted.person)
        and (wanted.since is None or (at is not None and at >= wanted.since))
        and (wanted.until is None or (at is not None and at < wanted.until))
        and all(word.lower() in told for word in wanted.words)
    )


def _point(report: RunReport) -> RunPoint:
    counts = report.counts
    return RunPoint(
        run_id=report.run_id,
        at=report.started_at or report.slot,
        status=report.status,
        duration_seconds=report.duration_seconds,
        products=counts.products_seen,
        changes=counts.products_new + counts.products_changed + counts.products_discontinued,
    )


def _moved(change: ProductChange, *, in_percent: bool) -> float:
    old, new = (change.fields or {}).get("min_price", (None, None))
    if old is None or new is None:
        return -1.0
    return abs(float(new) - float(old)) / (float(old) if in_percent else 1.0)
