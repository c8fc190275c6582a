"""The sync of the catalogue, from the first request to the report: the one way in, whoever asks for a run."""

import logging
import random
from collections.abc import Callable

import msgspec

from console.clock import Clock
from console.g2a.client import G2AClient
from console.g2a.errors import G2AError
from console.g2a.retry import RetryPolicy
from console.run import RunCounts, RunError, RunReport, RunStatus
from console.settings import Settings
from console.store.catalogue import (
    count_active,
    count_sightings,
    count_unseen,
    discontinue,
    forget_sightings,
    list_unseen,
    mark_seen,
    settle_sightings,
)
from console.store.database import Database
from console.store.errors import StoreError
from console.store.runs import finish_run
from console.sync.events import RunEvent, RunFinished, RunStarted
from console.sync.guard import Removal, blocked_because
from console.sync.journal import log_finished, log_started
from console.sync.plan import FullPlan, PagePlan, Plan
from console.sync.second_look import LOOKS_AT_MOST, look_again
from console.sync.stop import Stop
from console.sync.sweep import Hopeless, Sweep
from console.sync.ticket import Ticket
from console.text import clean

logger = logging.getLogger("scheduler")

_CUT_OFF = (RunStatus.CANCELLED, RunStatus.INTERRUPTED)


class Outcome(msgspec.Struct, frozen=True):
    """How a run ends: its status, and in one line why, where it did not simply succeed."""

    status: RunStatus
    error: str | None = None
    discontinued: int = 0
    failure: BaseException | None = None


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

    async def sync_all_products_paginated(self, ticket: Ticket, stop: Stop) -> RunReport:
        """Sync every page, then mark as discontinued what a complete sweep has not seen."""
        return await self._run(ticket, stop, FullPlan())

    async def sync_products_page(self, page: int, ticket: Ticket, stop: Stop) -> RunReport:
        """Sync one page alone; nothing is discontinued."""
        return await self._run(ticket, stop, PagePlan(page))

    async def _run(self, ticket: Ticket, stop: Stop, plan: Plan) -> RunReport:
        begun = self._clock.monotonic()
        log_started(ticket.kind, ticket.trigger, ticket.started_at)
        self._tell(RunStarted(ticket.run_id, ticket.kind, ticket.trigger, ticket.requested_by, ticket.started_at))
        counts, errors = RunCounts(), tuple[RunError, ...]()
        try:
            async with G2AClient(self._settings, self._clock) as client:
                sweep = self._sweep(ticket, stop, plan, client)
                try:
                    await sweep.run()
                    outcome = await self._outcome(ticket, stop, plan, sweep, client)
                finally:
                    counts, errors = sweep.counts, tuple(sweep.errors)
        except (G2AError, StoreError, Hopeless) as error:
            outcome = Outcome(RunStatus.FAILED, str(error), failure=error)
        except Exception as error:  # noqa: BLE001 - the outermost door of a run: it ends as failed, the engine goes on
            said = clean(f"{type(error).__name__}: {error}")
            outcome = Outcome(RunStatus.FAILED, f"A fault in g2a-console ended the run ({said}).", failure=error)
        report = self._report(ticket, outcome, counts, errors, self._clock.monotonic() - begun)
        await self._finish(report, outcome)
        return report

    def _sweep(self, ticket: Ticket, stop: Stop, plan: Plan, client: G2AClient) -> Sweep:
        return Sweep(
            ticket=ticket,
            plan=plan,
            client=client,
            database=self._database,
            policy=self._policy,
            clock=self._clock,
            stop=stop,
            tell=self._tell,
            fetchers=self._settings.sync_concurrency,
        )

    async def _outcome(self, ticket: Ticket, stop: Stop, plan: Plan, sweep: Sweep, client: G2AClient) -> Outcome:
        counts = sweep.counts
        if stop.is_asked():
            return Outcome(stop.status)
        if counts.pages_failed:
            return Outcome(RunStatus.PARTIAL, f"{counts.pages_failed} of {counts.pages_total} pages failed.")
        rejected = f"{counts.products_rejected} products were rejected." if counts.products_rejected else None
        if isinstance(plan, PagePlan):
            return Outcome(RunStatus.PARTIAL if rejected else RunStatus.SUCCEEDED, rejected)
        incomplete = await self._incomplete(ticket, sweep)
        if incomplete:
            return Outcome(RunStatus.PARTIAL, f"{incomplete}: nothing was discontinued.")
        return await self._removal(ticket, stop, sweep, client, rejected)

    async def _incomplete(self, ticket: Ticket, sweep: Sweep) -> str | None:
        """Why the sweep cannot tell what is gone, though every page came; None where it can."""
        found = await self._database.read(count_sightings, ticket.run_id) + sweep.unidentified
        if found < sweep.products_total:
            return f"G2A has {sweep.products_total:,} products, and {found:,} of them came"
        return f"{sweep.unidentified} products came without an id" if sweep.unidentified else None

    async def _removal(
        self, ticket: Ticket, stop: Stop, sweep: Sweep, client: G2AClient, rejected: str | None
    ) -> Outcome:
        removal = Removal(
            gone=await self._database.read(count_unseen, ticket.run_id),
            active=await self._database.read(count_active),
            total=sweep.products_total,
        )
        reason = blocked_because(removal, self._settings.sync_max_removed_percent)
        if reason:
            return Outcome(RunStatus.BLOCKED, reason)
        if removal.gone:
            return await self._discontinue(ticket, stop, client, removal, rejected)
        return Outcome(RunStatus.PARTIAL if rejected else RunStatus.SUCCEEDED, rejected)

    async def _discontinue(
        self, ticket: Ticket, stop: Stop, client: G2AClient, removal: Removal, rejected: str | None
    ) -> Outcome:
        """Discontinue what was not seen, was asked for one by one, and is not there."""
        candidates = await self._database.read(list_unseen, ticket.run_id, LOOKS_AT_MOST)
        looked = await look_again(
            candidates,
            client=client,
            policy=self._policy,
            clock=self._clock,
            stop=stop,
            fetchers=self._settings.sync_concurrency,
        )
        if stop.is_asked():
            return Outcome(stop.status)
        if looked.there:
            logger.info("%s products had slipped past the sweep and are still there", len(looked.there))
            await self._database.write(mark_seen, ticket.run_id, looked.there)
        gone = await self._database.write(discontinue, ticket.run_id, looked.gone, self._clock.now())
        unsure = removal.gone - len(looked.there) - gone
        if unsure:
            why = f" ({looked.error})" if looked.error else ""
            problem = f"{unsure:,} products did not come and could not be asked for{why}: they were kept."
            return Outcome(RunStatus.PARTIAL, problem, gone)
        return Outcome(RunStatus.PARTIAL if rejected else RunStatus.SUCCEEDED, rejected, gone)

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
            counts=msgspec.structs.replace(counts, products_discontinued=outcome.discontinued),
            errors=errors,
            error=outcome.error,
            job_id=ticket.job_id,
            slot=ticket.slot,
        )

    async def _finish(self, report: RunReport, outcome: Outcome) -> None:
        """Keep the report, in the database where it still can be, and in the log in any case."""
        active_products = None
        try:
            await self._settle(report)
            await self._database.write(finish_run, report)
            active_products = await self._database.read(count_active)
        except StoreError as error:
            logger.error("Run %s cannot be closed in the database: %s", report.run_id, error)
        log_finished(report, outcome.failure)
        self._tell(RunFinished(report.run_id, report, active_products))

    async def _settle(self, report: RunReport) -> None:
        after: str | None = ""
        while after is not None:
            after = await self._database.write(settle_sightings, report.run_id, after)
        if report.status not in _CUT_OFF:
            await self._database.write(forget_sightings, report.run_id)
