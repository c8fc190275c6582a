"""The one writer of a sweep: takes the pages that were fetched, in the order in which they came, to the database.

Whatever waits goes into one transaction, each page whole. At G2A's ten pages a second that is one page at a time; when
pages come faster than the disk takes them, it is what makes the sync fast.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from console.clock import Clock
from console.g2a.decode import Page, decode_product
from console.store.database import Database
from console.store.pages import Batch, PageOutcome, PageWrite, write_pages
from console.sync.tally import Tally
from console.sync.ticket import Ticket

_PAGES_AT_ONCE = 16
"""Few enough that a transaction stays short: about 50 ms."""


@dataclass(frozen=True)
class Fetched:
    """A page that was fetched: after how many requests, and in how many milliseconds."""

    page: int
    reply: Page
    attempts: int
    duration_ms: int


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
            while len(some) < _PAGES_AT_ONCE and not self._queue.empty():
                some.append(self._queue.get_nowait())
            outcomes = await self._write(some)
            for fetched, outcome in zip(some, outcomes, strict=True):
                self._tally.add(outcome)
                self._stored(fetched, outcome)
                self._queue.task_done()

    async def _write(self, some: Sequence[Fetched]) -> list[PageOutcome]:
        batch = Batch(
            run_id=self._ticket.run_id,
            pages=tuple(
                PageWrite(
                    page=each.page,
                    products=each.reply.products,
                    attempts=each.attempts,
                    duration_ms=each.duration_ms,
                )
                for each in some
            ),
            pages_total=self._tally.pages_total,
            requests=self._tally.requests,
            retries=self._tally.retries,
            at=self._clock.now(),
            record_new=self._ticket.record_new,
        )
        return await self._database.write(write_pages, batch, decode_product)
