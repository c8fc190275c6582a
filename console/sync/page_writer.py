"""The one writer of a sweep: takes the pages that were fetched, in the order in which they came, to the database.

Whatever waits goes into one transaction, each page whole. At G2A's ten pages a second that is one page at a time; when
pages come faster than the disk takes them, it is what makes the sync fast.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from console.clock import Clock
from console.g2a.decode import Page, decode_product
from console.product import RawProduct
from console.store.database import Database
from console.store.pages import Batch, PageKey, PageOutcome, PageWrite, write_pages
from console.sync.page_ref import PageRef
from console.sync.tally import Tally
from console.sync.ticket import Ticket

_PAGES_AT_ONCE = 16
"""Few enough that a transaction stays short: about 50 ms."""
_BYTES_AT_ONCE = 2_000_000
"""Above sixteen usual pages: a batch of pages with names of a megabyte would take much memory."""


@dataclass(frozen=True)
class Fetched:
    """A page that was fetched: after how many requests, and in how many milliseconds."""

    ref: PageRef
    reply: Page
    attempts: int
    duration_ms: int

    @property
    def size(self) -> int:
        """The bytes of its products."""
        return sum(len(each.document) for each in self.reply.products)


class PageWriter:
    """Takes pages while `run` runs. At most `room` of them wait: whoever fetches faster waits too."""

    def __init__(
        self,
        *,
        ticket: Ticket,
        database: Database,
        clock: Clock,
        tally: Tally,
        stored: Callable[[Fetched, PageOutcome], None],
        room: int,
    ) -> None:
        self._ticket = ticket
        self._database = database
        self._clock = clock
        self._tally = tally
        self._stored = stored
        self._queue: asyncio.Queue[Fetched] = asyncio.Queue(room)

    async def put(self, fetched: Fetched) -> None:
        """Hand over a page; waits for room."""
        await self._queue.put(fetched)

    async def settled(self) -> None:
        """Until everything that was handed over is stored."""
        await self._queue.join()

    async def run(self) -> None:
        """Store what comes, until cancelled; what is being written then still is.

        Raises:
            StoreError: the database refused; nothing more is taken.
        """
        while True:
            some = [await self._queue.get()]
            size = some[0].size
            while len(some) < _PAGES_AT_ONCE and size < _BYTES_AT_ONCE and not self._queue.empty():
                some.append(self._queue.get_nowait())
                size += some[-1].size
            outcomes = await self._write([self._page_write(each) for each in some])
            for fetched, outcome in zip(some, outcomes, strict=True):
                self._tally.page_stored(fetched.ref)
                self._tally.add(outcome)
                self._stored(fetched, outcome)
                self._queue.task_done()

    async def write_products(self, products: Sequence[RawProduct]) -> None:
        """Store products that were asked for one by one.

        Raises:
            StoreError: the database refused.
        """
        write = PageWrite(key=None, products=tuple(products), attempts=1, duration_ms=0)
        [outcome] = await self._write([write])
        self._tally.add(outcome)

    def _page_write(self, fetched: Fetched) -> PageWrite:
        return PageWrite(
            key=page_key(fetched.ref),
            is_new=self._tally.is_new(fetched.ref),
            products=fetched.reply.products,
            attempts=fetched.attempts,
            duration_ms=fetched.duration_ms,
        )

    async def _write(self, pages: Sequence[PageWrite]) -> list[PageOutcome]:
        counts = self._tally.counts
        batch = Batch(
            run_id=self._ticket.run_id,
            pages=tuple(pages),
            pages_total=counts.pages_total,
            products_total=self._tally.products_total,
            requests=counts.requests,
            retries=counts.retries,
            at=self._clock.now(),
            record_new=self._ticket.record_new,
        )
        return await self._database.write(write_pages, batch, decode_product)


def page_key(ref: PageRef) -> PageKey:
    """The page as the database knows it."""
    window = ref.window
    return PageKey(page=ref.page, window=window.number, price_from=window.low, price_to=window.high)
