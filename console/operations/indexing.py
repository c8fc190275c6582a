"""Indexing what was only noted: after the first sync of a new catalogue, and what an ended process left."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from console.store.database import Database
from console.store.errors import StoreError
from console.store.search_index import index_noted

logger = logging.getLogger("console")

_AT_ONCE = 500
"""Products in one transaction: some 20 ms, which a page of a running sync can wait for."""

_LOOKS_SECONDS = 1.0


class Indexing:
    """Works from `start` to `stop`: at once where nothing else is to be done, and little by little beside a run."""

    def __init__(self, database: Database, is_busy: Callable[[], bool], seconds: float = _LOOKS_SECONDS) -> None:
        self._database = database
        self._is_busy = is_busy
        self._seconds = seconds
        self._task: asyncio.Task[None] | None = None
        self._may_be_left = True

    def wake(self) -> None:
        """A run stores products: some may only be noted. While nobody says so, the database is left alone."""
        self._may_be_left = True

    def start(self) -> None:
        """Begin, on the running loop."""
        self._task = asyncio.create_task(self._work(), name="indexing")

    async def stop(self) -> None:
        """No more; what is left is done after the next start."""
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def finish(self) -> None:
        """Index all that is left now."""
        with contextlib.suppress(StoreError):  # whoever writes next is told what is wrong
            while await self._database.write(index_noted, _AT_ONCE):
                pass

    async def _work(self) -> None:
        while True:
            await asyncio.sleep(self._seconds)
            if not self._may_be_left:
                continue
            self._may_be_left = False
            try:
                while (left := await self._database.write(index_noted, _AT_ONCE)) and not self._is_busy():
                    pass
            except StoreError as error:
                logger.warning("New products cannot be found before the next sync: %s", error)
            else:
                self._may_be_left |= left > 0 or self._is_busy()
