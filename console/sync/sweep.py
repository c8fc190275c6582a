"""One sweep over pages: fetchers that share a plan, and a writer that takes each page to the database."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from console.g2a.decode import Page
from console.g2a.errors import G2AError, RequestRefused
from console.product import RawProduct
from console.run import RunError
from console.store.catalogue import sample_prices
from console.store.pages import PageOutcome, write_failed_page
from console.sync.events import (
    PageFailed,
    PageHeldBack,
    PageRequested,
    PageRetrying,
    PageStored,
    RunCancelling,
    RunPlanned,
)
from console.sync.fetchers import end, run_fetchers
from console.sync.page_ref import PageRef, PageSpan
from console.sync.page_writer import Fetched, PageWriter, page_key
from console.sync.plan import Plan
from console.sync.tally import Tally
from console.sync.work import Work

logger = logging.getLogger("scheduler")

_HOPELESS_PAGES = 16
"""Pages that fail for good in a row, with none between them that succeeds, before a run gives up."""
_PRICES_LOOKED_AT = 5_000
"""Prices by which a window is cut in two."""


class Hopeless(Exception):
    """Nothing works any more. The message says what happened last."""


class Sweep:
    """The fetching and storing of a plan's pages, until it is done, somebody stops it, or nothing works."""

    def __init__(
        self, *, work: Work, plan: Plan, tally: Tally, done: Sequence[PageSpan] = (), is_look_again: bool = False
    ) -> None:
        self._work = work
        self._plan = plan
        self._tally = tally
        self._done = tuple(done)
        self._is_look_again = is_look_again
        self._writer = PageWriter(
            ticket=work.ticket, database=work.database, clock=work.clock, tally=tally, stored=self._stored,
            room=work.concurrency,
        )  # fmt: skip
        self._failures_in_a_row = 0
        self._taken: list[PageRef] = []
        self._busy = 0
        self._prices: list[Decimal] = []
        self._news = asyncio.Event()
        self._told: tuple[PageSpan, ...] = ()
        self.errors: list[RunError] = []

    async def run(self) -> None:
        """Fetch and store every page of the plan, the first one alone: it tells how many there are.

        When somebody stops it, every wait for the API ends at once, and what was fetched is stored.

        Raises:
            G2AError, StoreError, Hopeless: the run cannot go on.
        """
        fetching = asyncio.create_task(self._fetch_all())
        writing = asyncio.create_task(self._writer.run())
        stopping = asyncio.create_task(self._work.stop.wait())
        try:
            await asyncio.wait({fetching, writing, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if self._work.stop.is_asked():
                self._work.tell(RunCancelling(self._work.ticket.run_id))
            await end(fetching, stopping)
            settling = asyncio.create_task(self._writer.settled())
            await asyncio.wait({settling, writing}, return_when=asyncio.FIRST_COMPLETED)
            settling.cancel()
        finally:  # nothing goes on after the run
            await end(fetching, writing, stopping)
        for task in (writing, fetching):
            if not task.cancelled():
                task.result()

    async def write_products(self, products: Sequence[RawProduct]) -> None:
        """Store products that were asked for one by one."""
        await self._writer.write_products(products)

    async def _fetch_all(self) -> None:
        """Fetch until the plan has nothing more, even in the light of all that came."""
        while not self._has_enough() and (first := self._plan.take()) is not None:
            self._taken = [first]
            await run_fetchers(self._work.fetchers, self._fetcher)
            await self._writer.settled()
            await self._split_windows()

    async def _fetcher(self) -> None:
        while not self._has_enough():
            ref = self._taken.pop() if self._taken else self._plan.take()
            if ref is not None:
                await self._fetch_in_turn(ref)
            elif self._busy:  # what another fetcher is about to bring may be more to fetch
                await self._news.wait()
            else:
                return

    def _has_enough(self) -> bool:
        """Whether a look again has found all that it looks for."""
        return self._is_look_again and 0 < self._tally.products_total <= self._tally.found

    async def _fetch_in_turn(self, ref: PageRef) -> None:
        self._busy += 1
        try:
            await self._sync_page(ref)
        finally:
            self._busy -= 1
            self._wake_fetchers()

    def _wake_fetchers(self) -> None:
        """The plan may have more to fetch."""
        self._news.set()
        self._news = asyncio.Event()

    async def _split_windows(self) -> None:
        for window in tuple(self._plan.oversized()):
            if not self._prices:  # once: the pages of some windows are no fair sample of all
                self._prices = await self._work.database.read(sample_prices, _PRICES_LOOKED_AT)
            self._plan.split(window, self._prices)

    async def _sync_page(self, ref: PageRef) -> None:
        attempt = _Attempt(ref, self._work.clock.monotonic())
        try:
            reply = await self._fetch(attempt)
        except G2AError as error:
            await self._page_failed(attempt, error)
            return
        self._failures_in_a_row = 0
        if not ref.window.number:
            self._tally.total_told(reply.total)
        self._plan.came(ref, reply.total)
        if self._plan.is_beyond(ref) and not reply.products:
            return  # the look beyond the last page: there is nothing there, as it should be
        self._tell_plan()
        await self._writer.put(Fetched(ref, reply, attempt.number, self._spent_ms(attempt)))

    async def _fetch(self, attempt: "_Attempt") -> Page:
        ref, run_id, tell = attempt.ref, self._work.ticket.run_id, self._work.tell

        async def ask() -> Page:
            async with self._work.lanes:
                attempt.number += 1
                if (asked := self._work.client.asked_seconds) is not None:
                    tell(PageHeldBack(run_id, ref.page, attempt.number, asked, ref.window.number))
                    await self._work.client.pause_over()
                tell(PageRequested(run_id, ref.page, attempt.number, ref.window.number))
                try:
                    return await self._work.client.fetch_page(ref.page, ref.window.low, ref.window.high)
                finally:
                    self._tally.requests = self._work.client.requests

        def retrying(error: G2AError, seconds: float) -> None:
            self._tally.retries += 1
            tell(PageRetrying(run_id, ref.page, attempt.number, seconds, str(error), ref.window.number))

        return await self._work.persistence.carry_out(ask, retrying)

    def _stored(self, fetched: Fetched, outcome: PageOutcome) -> None:
        brought_products = bool(outcome.new or outcome.changed or outcome.unchanged)
        products = len(fetched.reply.products)
        self._plan.stored(fetched.ref, products, brought_products=brought_products)
        self._wake_fetchers()
        self._tell_plan()
        self._work.tell(
            PageStored(
                self._work.ticket.run_id, fetched.ref.page, fetched.attempts, products, fetched.duration_ms,
                self._tally.counts, fetched.ref.window.number,
            )
        )  # fmt: skip

    def _tell_plan(self) -> None:
        spans = self._plan.spans
        if spans != self._told:
            self._told = spans
            self._tally.pages_total = sum(map(len, spans))
            self._work.tell(RunPlanned(self._work.ticket.run_id, spans, self._tally.products_total, self._done))

    async def _page_failed(self, attempt: "_Attempt", error: G2AError) -> None:
        ref = attempt.ref
        if error.ends_run:
            raise error
        if isinstance(error, RequestRefused) and self._plan.refused(ref):
            logger.info("G2A refuses page %s (%s): the catalogue is cut into price windows", ref.page, error)
            return
        window = str(ref.window) if ref.window.number else None
        self.errors.append(RunError(page=ref.page, error=str(error), window=window))
        if self._tally.is_new(ref):  # else it is stored, and only the look again failed
            await self._record_failed(attempt, error)
        self._failures_in_a_row += 1
        if ref.page == self._plan.first_page and not ref.window.number:
            raise error
        if self._failures_in_a_row >= _HOPELESS_PAGES:
            raise Hopeless(f"{self._failures_in_a_row} pages in a row failed for good, the last one so: {error}")

    async def _record_failed(self, attempt: "_Attempt", error: G2AError) -> None:
        ref = attempt.ref
        self._tally.pages_failed += 1
        run_id, spent = self._work.ticket.run_id, self._spent_ms(attempt)
        self._work.tell(
            PageFailed(run_id, ref.page, attempt.number, str(error), self._tally.counts, ref.window.number, spent)
        )
        await self._work.database.write(write_failed_page, run_id, page_key(ref), attempt.number, spent, str(error))

    def _spent_ms(self, attempt: "_Attempt") -> int:
        return round((self._work.clock.monotonic() - attempt.started) * 1000)


@dataclass
class _Attempt:
    """The work on one page: how many requests it has taken, and since when (monotonic seconds)."""

    ref: PageRef
    started: float
    number: int = 0
