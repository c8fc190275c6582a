"""One sweep over pages: fetchers that share a plan, and a writer that takes each page to the database."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from console.clock import Clock
from console.g2a.client import G2AClient
from console.g2a.decode import Page
from console.g2a.errors import G2AError
from console.g2a.retry import RetryPolicy
from console.run import RunCounts, RunError
from console.store.database import Database
from console.store.pages import PageOutcome, write_failed_page
from console.sync.events import (
    PageFailed,
    PageRequested,
    PageRetrying,
    PageStored,
    RunCancelling,
    RunEvent,
    RunPlanned,
)
from console.sync.fetchers import end, run_fetchers
from console.sync.page_writer import Fetched, PageWriter
from console.sync.plan import Plan
from console.sync.stop import Stop
from console.sync.tally import Tally
from console.sync.ticket import Ticket

_HOPELESS_PAGES = 16
"""Pages that fail for good in a row, with none between them that succeeds, before a run gives up."""


class Hopeless(Exception):
    """Nothing works any more. The message says what happened last."""


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
        fetchers: int,
    ) -> None:
        self._ticket = ticket
        self._plan = plan
        self._client = client
        self._database = database
        self._policy = policy
        self._clock = clock
        self._stop = stop
        self._tell = tell
        self._fetchers = fetchers
        self._tally = Tally()
        self._writer = PageWriter(
            ticket=ticket, database=database, clock=clock, tally=self._tally, stored=self._stored, room=fetchers
        )
        self._failures_in_a_row = 0
        self._first_page = 1
        self.errors: list[RunError] = []
        self.products_total = 0
        """The most products that any page has said there are: a page that says fewer may be wrong, and where one
        truly went, those behind it moved up, and one of them may have slipped past the sweep."""

    @property
    def counts(self) -> RunCounts:
        """What has been counted so far."""
        self._tally.requests = self._client.requests
        self._tally.pages_total = self._plan.pages_total
        return self._tally.counts

    @property
    def unidentified(self) -> int:
        """Products that were rejected without an id."""
        return self._tally.unidentified

    async def run(self) -> None:
        """Fetch and store every page of the plan, the first one alone: it tells how many there are.

        When somebody stops it, every wait for the API ends at once, and what was fetched is stored.

        Raises:
            G2AError, StoreError, Hopeless: the run cannot go on.
        """
        fetching = asyncio.create_task(self._fetch_all())
        writing = asyncio.create_task(self._writer.run())
        stopping = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({fetching, writing, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if self._stop.is_asked():
                self._tell(RunCancelling(self._ticket.run_id))
            await end(fetching, stopping)
            settling = asyncio.create_task(self._writer.settled())
            await asyncio.wait({settling, writing}, return_when=asyncio.FIRST_COMPLETED)
            settling.cancel()
        finally:  # nothing goes on after the run
            await end(fetching, writing, stopping)
        for task in (writing, fetching):
            if not task.cancelled():
                task.result()

    async def _fetch_all(self) -> None:
        page = self._plan.take()
        if page is not None:
            self._first_page = page
            await self._sync_page(page)
        await run_fetchers(self._fetchers, self._fetcher)

    async def _fetcher(self) -> None:
        while (page := self._plan.take() or await self._take_when_settled()) is not None:
            await self._sync_page(page)

    async def _take_when_settled(self) -> int | None:
        """A page that the plan has only now, because of what the last one brought."""
        await self._writer.settled()
        return self._plan.take()

    async def _sync_page(self, page: int) -> None:
        attempt = _Attempt(page, self._clock.monotonic())
        try:
            reply = await self._fetch(attempt)
        except G2AError as error:
            await self._page_failed(attempt, error)
            return
        self._failures_in_a_row = 0
        self.products_total = max(self.products_total, reply.total)
        if page == self._first_page:
            self._plan.first_page_came(reply.total)
            self._tell_plan()
        elif page > self._first_page + self._plan.pages_total - 1 and not reply.products:
            return  # the look beyond the last page: there is nothing there, as it should be
        await self._writer.put(Fetched(page, reply, attempt.number, self._spent_ms(attempt)))

    async def _fetch(self, attempt: "_Attempt") -> Page:
        async def ask() -> Page:
            attempt.number += 1
            self._tell(PageRequested(self._ticket.run_id, attempt.page, attempt.number))
            return await self._client.fetch_page(attempt.page)

        def retrying(error: G2AError, seconds: float) -> None:
            self._tally.retries += 1
            self._tell(PageRetrying(self._ticket.run_id, attempt.page, attempt.number, seconds, str(error)))

        return await self._policy.carry_out(ask, self._clock, retrying)

    def _stored(self, fetched: Fetched, outcome: PageOutcome) -> None:
        pages_before = self._plan.pages_total
        brought_products = bool(outcome.new or outcome.changed or outcome.unchanged)
        products = len(fetched.reply.products)
        self._plan.page_came(fetched.page, products, brought_products=brought_products)
        if self._plan.pages_total != pages_before:
            self._tell_plan()
        self._tell(
            PageStored(self._ticket.run_id, fetched.page, fetched.attempts, products, fetched.duration_ms, self.counts)
        )

    def _tell_plan(self) -> None:
        self._tally.pages_total = self._plan.pages_total
        self._tell(RunPlanned(self._ticket.run_id, self._first_page, self._plan.pages_total, self.products_total))

    async def _page_failed(self, attempt: "_Attempt", error: G2AError) -> None:
        if error.ends_run:
            raise error
        self._failures_in_a_row += 1
        self._tally.pages_failed += 1
        self.errors.append(RunError(page=attempt.page, error=str(error)))
        run_id, spent = self._ticket.run_id, self._spent_ms(attempt)
        self._tell(PageFailed(run_id, attempt.page, attempt.number, str(error), self.counts))
        await self._database.write(write_failed_page, run_id, attempt.page, attempt.number, spent, str(error))
        if attempt.page == self._first_page:
            raise error
        if self._failures_in_a_row >= _HOPELESS_PAGES:
            raise Hopeless(f"{self._failures_in_a_row} pages in a row failed for good, the last one so: {error}")

    def _spent_ms(self, attempt: "_Attempt") -> int:
        return round((self._clock.monotonic() - attempt.started) * 1000)


@dataclass
class _Attempt:
    """The work on one page: how many requests it has taken, and since when (monotonic seconds)."""

    page: int
    started: float
    number: int = 0
