"""A service whose runs only wait."""

import asyncio

from console.run import RunCounts, RunReport, RunStatus
from console.store.database import Database
from console.store.runs import finish_run
from console.store.unfinished import Unfinished
from console.sync.product_service import ProductService
from console.sync.stop import Stop
from console.sync.ticket import Ticket
from tests.clock import FakeClock


class IdleService(ProductService):
    """Runs that fetch nothing: they wait until they may end, or are asked to."""

    def __init__(self, database: Database, clock: FakeClock) -> None:
        self._database = database
        self._clock = clock
        self.may_end = asyncio.Event()
        self.may_end.set()
        self.began: asyncio.Queue[Ticket] = asyncio.Queue()
        self.pages: list[tuple[int, int] | None] = []
        self.unfinished: list[Unfinished | None] = []

    async def sync_all_products_paginated(
        self, ticket: Ticket, stop: Stop, unfinished: Unfinished | None = None
    ) -> RunReport:
        """A run of all pages, or of those that another one left."""
        self.unfinished.append(unfinished)
        return await self._wait(ticket, stop, None)

    async def sync_products_pages(self, first: int, last: int, ticket: Ticket, stop: Stop) -> RunReport:
        """A run of some pages."""
        return await self._wait(ticket, stop, (first, last))

    async def _wait(self, ticket: Ticket, stop: Stop, pages: tuple[int, int] | None) -> RunReport:
        self.pages.append(pages)
        self.began.put_nowait(ticket)
        waits = [asyncio.create_task(self.may_end.wait()), asyncio.create_task(stop.wait())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for each in waits:
            each.cancel()
        report = RunReport(
            run_id=ticket.run_id,
            kind=ticket.kind,
            trigger=ticket.trigger,
            status=stop.status if stop.is_asked() else RunStatus.SUCCEEDED,
            requested_by=ticket.requested_by,
            started_at=ticket.started_at,
            finished_at=self._clock.now(),
            duration_seconds=0.0,
            counts=RunCounts(),
            job_id=ticket.job_id,
            slot=ticket.slot,
        )
        await self._database.write(finish_run, report)
        return report
