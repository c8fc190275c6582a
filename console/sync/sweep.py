"""One sweep over pages: fetchers that share a plan, and a database that takes each page as one transaction."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from console.clock import Clock
from console.g2a.client import G2AClient
from console.g2a.decode import Page, decode_product
from console.g2a.errors import G2AError
from console.g2a.retry import RetryPolicy
from console.run import RunCounts, RunError, RunKind, Trigger
from console.store.catalogue import PageOutcome, PageWrite, write_failed_page, write_page
from console.store.database import Database
from console.store.errors import StoreError
from console.store.runs import set_pages_total
from console.sync.events import (
    PageFailed,
    PageRequested,
    PageRetrying,
    PageStored,
    RunCancelling,
    RunEvent,
    RunPlanned,
)
from console.sync.plan import Plan
from console.sync.stop import Stop

_HOPELESS_PAGES = 16
"""Pages that fail for good in a row, with none between them that succeeds, before a run gives up."""


class Hopeless(Exception):
    """Nothing works any more. The message says what happened last."""


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """A run that has been recorded and may begin. `record_new`: see `PageWrite`."""

    run_id: int
    kind: RunKind
    trigger: Trigger
    requested_by: str | None
    job_id: str
    slot: datetime | None
    started_at: datetime
    record_new: bool = True


@dataclass
class Tally:
    """What a sweep has counted so far."""

    pages_done: int = 0
    pages_failed: int = 0
    retries: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    unidentified: int = 0
    """Rejected products without an id: they cannot be told from products that are gone."""

    def add(self, outcome: PageOutcome) -> None:
        """A page was stored."""
        self.new += outcome.new
        self.changed += outcome.changed
        self.unchanged += outcome.unchanged
        self.pages_done += 1
        self.rejected += outcome.rejected
        self.unidentified += outcome.unidentified


class Sweep:
    """The fetching and storing of a run's pages, until the plan is done, somebody stops it, or nothing works."""

    def __init__(  # noqa: PLR0913 - the parts of a sweep; each is used by several of its steps
        self,
        *,
        ticket: Ticket,
        plan: Plan,
        client: G2AClient,
        database: Database,
        policy: RetryPolicy,
        clock: Clock,
        stop: Stop,
        tell: Callable[[RunEvent], None],
    ) -> None:
        self._ticket = ticket
        self._plan = plan
        self._client = client
        self._database = database
        self._policy = policy
        self._clock = clock
        self._stop = stop
        self._tell = tell
        self._tally = Tally()
        self._waiting: set[asyncio.Task[Any]] = set()
        self._writing = asyncio.Lock()
        self._failures_in_a_row = 0
        self._failure: Exception | None = None
        self._first_page = 1
        self.errors: list[RunError] = []
        self.products_total = 0
        """The most products that any page has said there are: a page that says fewer may be wrong, and where one
        truly went, those behind it moved up, and one of them may have slipped past the sweep."""

    @property
    def counts(self) -> RunCounts:
        """What has been counted so far."""
        tally = self._tally
        return RunCounts(
            pages_total=self._plan.pages_total,
            pages_done=tally.pages_done,
            pages_failed=tally.pages_failed,
            requests=self._client.requests,
            retries=tally.retries,
            products_seen=tally.new + tally.changed + tally.unchanged,
            products_new=tally.new,
            products_changed=tally.changed,
            products_unchanged=tally.unchanged,
            products_rejected=tally.rejected,
        )

    @property
    def unidentified(self) -> int:
        """Products that were rejected without an id."""
        return self._tally.unidentified

    async def run(self, fetchers: int) -> None:
        """Fetch and store every page of the plan, the first one alone: it tells how many there are.

        Raises:
            G2AError, StoreError, Hopeless: the run cannot go on.
        """
        watcher = asyncio.create_task(self._interrupt_when_stopped())
        try:
            await asyncio.create_task(self._sync_first_page())
            await self._fetch_all(fetchers)
        finally:
            watcher.cancel()
        if self._failure:
            raise self._failure

    async def _fetch_all(self, fetchers: int) -> None:
        tasks = [asyncio.create_task(self._fetcher()) for _ in range(fetchers)]
        try:
            await asyncio.gather(*tasks)
        except Exception as fault:
            self._end(fault)
            raise
        finally:  # nothing goes on after the run
            await asyncio.wait(tasks)

    async def _interrupt_when_stopped(self) -> None:
        await self._stop.wait()
        self._tell(RunCancelling(self._ticket.run_id))
        self._interrupt()

    def _interrupt(self) -> None:
        """End every wait for the API; what is being written goes into the database first."""
        for task in self._waiting:
            task.cancel()

    def _is_over(self) -> bool:
        return self._stop.is_asked() or self._failure is not None

    def _end(self, failure: Exception) -> None:
        if self._failure is None:
            self._failure = failure
            self._interrupt()

    async def _sync_first_page(self) -> None:
        page = self._plan.take()
        if page is not None:
            self._first_page = page
            await self._sync_page(page)

    async def _fetcher(self) -> None:
        while not self._is_over() and (page := self._plan.take()) is not None:
            await self._sync_page(page)

    async def _sync_page(self, page: int) -> None:
        attempt = _Attempt(page, self._clock.monotonic())
        try:
            reply = await self._fetch_unless_over(attempt)
            if reply is not None:
                await self._store(attempt, reply)
        except G2AError as error:
            await self._page_failed(attempt, error)
        except StoreError as error:
            self._end(error)

    async def _fetch_unless_over(self, attempt: "_Attempt") -> Page | None:
        """The page; None where the run ended meanwhile."""
        task = asyncio.current_task()
        assert task is not None, "runs in a task"  # noqa: S101 - for the type checker
        if self._is_over():  # asked to stop before it began
            return None
        self._waiting.add(task)
        try:
            return await self._fetch(attempt)
        except asyncio.CancelledError:
            if not self._is_over():
                raise
            task.uncancel()  # it was us who cancelled, and the fetcher ends by itself
            return None
        finally:
            self._waiting.discard(task)

    async def _fetch(self, attempt: "_Attempt") -> Page:
        async def ask() -> Page:
            attempt.number += 1
            self._tell(PageRequested(self._ticket.run_id, attempt.page, attempt.number))
            return await self._client.fetch_page(attempt.page)

        def retrying(error: G2AError, seconds: float) -> None:
            self._tally.retries += 1
            self._tell(PageRetrying(self._ticket.run_id, attempt.page, attempt.number, seconds, str(error)))

        return await self._policy.carry_out(ask, self._clock, retrying)

    async def _store(self, attempt: "_Attempt", reply: Page) -> None:
        self._failures_in_a_row = 0
        self.products_total = max(self.products_total, reply.total)
        is_first = attempt.page == self._first_page
        if is_first:
            self._plan.first_page_came(reply.total)
            await self._tell_plan()
        elif attempt.page > self._first_page + self._plan.pages_total - 1 and not reply.products:
            return  # the look beyond the last page: there is nothing there, as it should be
        async with self._writing:  # one at a time, so that a locked database holds up one page and not each of them
            if isinstance(self._failure, StoreError):
                return
            outcome = await self._database.write(write_page, self._page_write(attempt, reply), decode_product)
        self._tally.add(outcome)
        pages_before = self._plan.pages_total
        brought_products = bool(outcome.new or outcome.changed or outcome.unchanged)
        documents = len(reply.products)
        self._plan.page_came(attempt.page, documents, brought_products=brought_products)
        if self._plan.pages_total != pages_before:
            await self._tell_plan()
        self._tell(
            PageStored(
                self._ticket.run_id, attempt.page, attempt.number, documents, self._spent_ms(attempt), self.counts
            )
        )

    def _page_write(self, attempt: "_Attempt", reply: Page) -> PageWrite:
        return PageWrite(
            run_id=self._ticket.run_id,
            page=attempt.page,
            products=reply.products,
            attempts=attempt.number,
            duration_ms=self._spent_ms(attempt),
            requests=self._client.requests,
            retries=self._tally.retries,
            at=self._clock.now(),
            record_new=self._ticket.record_new,
        )

    async def _tell_plan(self) -> None:
        run_id, pages = self._ticket.run_id, self._plan.pages_total
        await self._database.write(set_pages_total, run_id, pages)
        self._tell(RunPlanned(run_id, self._first_page, pages, self.products_total))

    async def _page_failed(self, attempt: "_Attempt", error: G2AError) -> None:
        if error.ends_run:
            self._end(error)
            return
        self._failures_in_a_row += 1
        self._tally.pages_failed += 1
        self.errors.append(RunError(page=attempt.page, error=str(error)))
        run_id, spent = self._ticket.run_id, self._spent_ms(attempt)
        try:
            await self._database.write(write_failed_page, run_id, attempt.page, attempt.number, spent, str(error))
        except StoreError as refusal:
            self._end(refusal)
        self._tell(PageFailed(run_id, attempt.page, attempt.number, str(error), self.counts))
        if attempt.page == self._first_page:
            self._end(error)
        elif self._failures_in_a_row >= _HOPELESS_PAGES:
            self._end(Hopeless(f"{self._failures_in_a_row} pages in a row failed for good, the last one so: {error}"))

    def _spent_ms(self, attempt: "_Attempt") -> int:
        return round((self._clock.monotonic() - attempt.started) * 1000)


@dataclass
class _Attempt:
    """The work on one page: how many requests it has taken, and since when (monotonic seconds)."""

    page: int
    started: float
    number: int = 0
