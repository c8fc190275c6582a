"""What the steps of a run share."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from console.clock import Clock
from console.g2a.client import G2AClient
from console.g2a.persistence import Persistence
from console.store.database import Database
from console.sync.events import RunEvent
from console.sync.stop import Stop
from console.sync.ticket import Ticket


@dataclass(frozen=True, kw_only=True)
class Work:
    """A run, and the means to carry it out; `tell` hears its events and must not block."""

    ticket: Ticket
    client: G2AClient
    database: Database
    persistence: Persistence
    clock: Clock
    stop: Stop
    tell: Callable[[RunEvent], None]
    concurrency: int
    lanes: asyncio.Semaphore
    """One for each request under way, `concurrency` of them."""

    @property
    def fetchers(self) -> int:
        """More than there are lanes: some of them wait to try again, and hold no lane meanwhile."""
        return 2 * self.concurrency
