"""The sync of the catalogue, from the first request to the report: the one way in, whoever asks for a run."""

import asyncio
import logging
import random
from collections.abc import Callable

import msgspec

from console.clock import Clock
from console.g2a.client import G2AClient
from console.g2a.errors import G2AError
from console.g2a.persistence import Persistence
from console.g2a.retry import RetryPolicy
from console.run import RunCounts, RunError, RunKind, RunReport, RunStatus, Trigger
from console.settings import Settings
from console.store.catalogue import count_active, forget_sightings, settle_sightings, sighted_runs
from console.store.database import Database
from console.store.errors import StoreError
from console.store.runs import finish_run
from console.store.unfinished import CONTINUABLE, Unfinished
from console.sync.ending import Ending, Outcome, end_of_all
from console.sync.events import RunEvent, RunFinished, RunStarted
from console.sync.journal import log_finished, log_started
from console.sync.page_ref import PageSpan, Window
from console.sync.plan import FullPlan, RangePlan
from console.sync.stop import Stop
from console.sync.sweep import Hopeless, Sweep
from console.sync.tally import Tally
from console.sync.ticket import Ticket
from console.sync.work import Work
from console.text import clean

logger = logging.getLogger("scheduler")

_UNATTENDED = (Trigger.SCHEDULED, Trigger.CATCH_UP, Trigger.RESUME)


class ProductService:
    """Syncs the catalogue. It tells its progress as events through `tell`, which must not block."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        clock: Clock,
        tell: Callable[[RunEvent], None],
        policy: RetryPolicy | None = None,
    ) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._tell = tell
        self._policy = policy or RetryPolicy(random.uniform)

    async def sync_all_products_paginated(
        self, ticket: Ticket, stop: Stop, unfinished: Unfinished | None = None
    ) -> RunReport:
        """Sync every page, then mark as discontinued what a complete sweep has not seen.

        With `unfinished`, whose work this run has taken over, only the pages that are missing.
        """
        if unfinished is None:
            return await self._run(ticket, stop, FullPlan(), Tally())
        windows = [Window(each.number, each.low, each.high) for each in unfinished.windows]
        return await self._run(ticket, stop, FullPlan(unfinished.done, windows), Tally.going_on(unfinished))

    async def sync_products_page(self, page: int, ticket: Ticket, stop: Stop) -> RunReport:
        """Sync one page alone; nothing is discontinued."""
        return await self.sync_products_pages(page, page, ticket, stop)

    async def sync_products_pages(self, first: int, last: int, ticket: Ticket, stop: Stop) -> RunReport:
        """Sync some pages alone, or those of them that there are; nothing is discontinued."""
        return await self._run(ticket, stop, RangePlan(first, last), Tally())

    async def _run(self, ticket: Ticket, stop: Stop, plan: FullPlan | RangePlan, tally: Tally) -> RunReport:
        begun = self._clock.monotonic()
        log_started(ticket.kind, ticket.trigger, ticket.started_at)
        self._tell(
            RunStarted(
                ticket.run_id,
                ticket.kind,
                ticket.trigger,
                ticket.requested_by,
                ticket.started_at,
                ticket.continues_run_id,
            )
        )
        errors = tuple[RunError, ...]()
        try:
            async with G2AClient(self._settings, self._clock) as client:
                work = self._work(ticket, stop, client)
                sweep = Sweep(work=work, plan=plan, tally=tally, done=_spans(tally.done))
                try:
                    await sweep.run()
                    outcome = await self._outcome(work, sweep, plan, tally)
                finally:
                    errors = tuple(sweep.errors)
                    tally.requests = client.requests
        except (G2AError, StoreError, Hopeless) as error:
            outcome = Outcome(RunStatus.FAILED, str(error), failure=error)
        except Exception as error:  # noqa: BLE001 - the outermost door of a run: it ends as failed, the engine goes on
            said = clean(f"{type(error).__name__}: {error}")
            outcome = Outcome(RunStatus.FAILED, f"A fault in g2a-console ended the run ({said}).", failure=error)
        report = self._report(ticket, outcome, tally.counts, errors, self._clock.monotonic() - begun)
        await self._finish(report, outcome)
        return report

    def _work(self, ticket: Ticket, stop: Stop, client: G2AClient) -> Work:
        return Work(
            ticket=ticket,
            client=client,
            database=self._database,
            persistence=Persistence(
                self._policy, self._clock, lambda: client.fetch_page(1), is_patient=ticket.trigger in _UNATTENDED
            ),
            clock=self._clock,
            stop=stop,
            tell=self._tell,
            concurrency=self._settings.sync_concurrency,
            lanes=asyncio.Semaphore(self._settings.sync_concurrency),
        )

    async def _outcome(self, work: Work, sweep: Sweep, plan: FullPlan | RangePlan, tally: Tally) -> Outcome:
        if work.stop.is_asked():
            return Outcome(work.stop.status)
        if tally.pages_failed:
            counts = tally.counts
            return Outcome(RunStatus.PARTIAL, f"{counts.pages_failed} of {counts.pages_total} pages failed.")
        if isinstance(plan, RangePlan):
            return _outcome_of_range(plan, tally)
        percent = self._settings.sync_max_removed_percent
        return await Ending(work=work, sweep=sweep, plan=plan, tally=tally, max_removed_percent=percent).outcome()

    def _report(
        self, ticket: Ticket, outcome: Outcome, counts: RunCounts, errors: tuple[RunError, ...], seconds: float
    ) -> RunReport:
        is_told = any(each.error == outcome.error for each in errors)
        if outcome.error and not is_told and (outcome.status is not RunStatus.PARTIAL or not errors):
            errors = (*errors, RunError(page=None, error=outcome.error))
        return RunReport(
            run_id=ticket.run_id,
            kind=ticket.kind,
            trigger=ticket.trigger,
            status=outcome.status,
            requested_by=ticket.requested_by,
            started_at=ticket.started_at,
            finished_at=self._clock.now(),
            duration_seconds=round(seconds, 3),
            counts=counts,
            errors=errors,
            error=outcome.error,
            job_id=ticket.job_id,
            slot=ticket.slot,
            continues_run_id=ticket.continues_run_id,
        )

    async def _finish(self, report: RunReport, outcome: Outcome) -> None:
        """Keep the report, in the database where it still can be, and in the log in any case."""
        active_products = None
        try:
            to_forget = await self._settle(report)
            await self._database.write(finish_run, report)
            for run_id in to_forget:  # not before: a run that is killed while it is closed needs its own
                await self._database.write(forget_sightings, run_id)
            active_products = await self._database.read(count_active)
        except StoreError as error:
            logger.error("Run %s cannot be closed in the database: %s", report.run_id, error)
        log_finished(report, outcome.failure)
        self._tell(RunFinished(report.run_id, report, active_products))

    async def _settle(self, report: RunReport) -> list[int]:
        """Note which products were seen, and return the runs whose sightings nobody needs to go on with them.

        A run of single pages has nothing to do with the sweep before it, which may still be gone on with.
        """
        is_page = report.kind is RunKind.PAGE
        to_forget = []
        for run_id in [report.run_id] if is_page else await self._database.read(sighted_runs, report.run_id):
            after: str | None = ""
            while after is not None:
                after = await self._database.write(settle_sightings, run_id, after)
            if run_id != report.run_id or is_page or report.status not in CONTINUABLE:
                to_forget.append(run_id)
        return to_forget


def _outcome_of_range(plan: RangePlan, tally: Tally) -> Outcome:
    if not tally.pages_done and plan.spans[0].first > 1:
        pages = -(-tally.products_total // 20)
        return Outcome(RunStatus.FAILED, f"There is no page {plan.spans[0].first}: G2A has {pages}.")
    return end_of_all(tally)


def _spans(done: set[tuple[int, int]]) -> list[PageSpan]:
    """The pages, those that follow each other together."""
    spans: list[PageSpan] = []
    for window, page in sorted(done):
        last = spans[-1] if spans else None
        if last and last.window.number == window and last.last == page - 1:
            spans[-1] = msgspec.structs.replace(last, last=page)
        else:
            spans.append(PageSpan(page, page, Window(window)))
    return spans
