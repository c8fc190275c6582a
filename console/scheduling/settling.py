"""Settling slots: each that has passed becomes exactly one row of `sync_runs`, whatever happened at its time.

It is run, at its time or caught up; or it is recorded as `skipped`, because the schedule was paused or another run was
active, or as `missed`, because it is too old to be caught up.
"""

import asyncio
import logging
from datetime import datetime, timedelta

from console.clock import Clock
from console.run import RunStatus, Trigger
from console.scheduling.book import Book, bring_up_to_date, read_book
from console.scheduling.daily import DAILY_JOB_ID
from console.scheduling.history import Promise
from console.scheduling.runner import NotStarted, RunActive, Runner, RunRequest
from console.scheduling.slots import previous_slot
from console.settings import Settings
from console.store.database import Database
from console.store.errors import StoreError

logger = logging.getLogger("scheduler")

_ON_TIME = timedelta(minutes=1)
"""A slot that is noticed no later than this was not missed."""


class Settler:
    """Settles the slots that have passed. Nobody else records one, so that none gets two rows."""

    def __init__(self, settings: Settings, database: Database, runner: Runner, clock: Clock) -> None:
        self._settings = settings
        self._database = database
        self._runner = runner
        self._clock = clock
        self.lock = asyncio.Lock()
        """Held while slots are settled: an edit that takes it counts for every slot after it, and for none before."""
        self._settled_at: datetime | None = None
        self._refused: str | None = None

    def is_due(self, hour: int, minute: int) -> bool:
        """Whether a slot may have passed since the last time, or that time did not get to its end."""
        now = self._clock.now()
        return self._settled_at is None or not previous_slot(now, hour, minute) <= self._settled_at <= now

    def forget(self) -> None:
        """Look at everything again next time: somebody has edited the schedule."""
        self._settled_at = None

    async def settle(self, *, at_start: bool = False) -> bool:
        """Account for every slot that has passed, and return whether there was one.

        What the database refuses now is settled next time.
        """
        async with self.lock:
            now, self._settled_at = self._clock.now(), None
            try:
                book = await self._open_book(now)
            except StoreError as error:
                self._tell_refusal("The schedule cannot be looked at: %s", error)
                return False
            unsettled = book.unsettled
            for promise in unsettled:
                is_newest = promise is unsettled[-1]
                try:
                    await self._settle(promise, book, is_newest=is_newest, at_start=at_start)
                except (NotStarted, StoreError) as error:
                    self._tell_refusal(f"The daily product sync of {_named(promise.slot)} cannot begin: %s", error)
                    return True
            self._settled_at, self._refused = now, None
            return bool(unsettled)

    async def _open_book(self, now: datetime) -> Book:
        book = await self._database.read(read_book, self._settings, now)
        if book.is_up_to_date:
            return book
        for slot in book.withdrawn:
            logger.warning("The daily product sync of %s is still to come: the clock was set back", _named(slot))
        return await self._database.write(bring_up_to_date, self._settings, now)

    async def _settle(self, promise: Promise, book: Book, *, is_newest: bool, at_start: bool) -> None:
        if not promise.daily.enabled:
            await self._record(promise.slot, RunStatus.SKIPPED, f"The schedule was {promise.daily.pause_words}")
        elif is_newest and self._may_run(promise.slot, book, at_start=at_start):
            is_late = at_start or book.now - promise.slot > _ON_TIME
            await self._run(promise.slot, Trigger.CATCH_UP if is_late else Trigger.SCHEDULED)
        else:
            await self._record(promise.slot, RunStatus.MISSED, self._why_missed(book, at_start=at_start))

    def _may_run(self, slot: datetime, book: Book, *, at_start: bool) -> bool:
        """Only where no later one has a row, while the schedule is not paused, and if it is not too old."""
        longest = timedelta(hours=self._settings.sync_catch_up_hours)
        if not at_start:
            longest = max(longest, _ON_TIME)
        is_newest = not any(slot < recorded <= book.now for recorded in book.recorded)
        return is_newest and book.daily.enabled and book.now - slot <= longest

    def _why_missed(self, book: Book, *, at_start: bool) -> str:
        if not book.daily.enabled:
            return f"It could not run at its time, and then the schedule was {book.daily.pause_words}"
        if self._refused:
            return f"It could not begin: {self._refused}"
        if at_start:
            return "g2a-console was not running."
        return "Nothing could run then: this machine slept, or its clock was set."

    async def _run(self, slot: datetime, trigger: Trigger) -> None:
        if trigger is Trigger.CATCH_UP:
            logger.info("The daily product sync of %s was missed and is caught up now", _named(slot))
        try:
            await self._runner.start(_request(trigger, slot))
        except RunActive as error:
            await self._record(slot, RunStatus.SKIPPED, str(error))

    async def _record(self, slot: datetime, status: RunStatus, reason: str) -> None:
        trigger = Trigger.CATCH_UP if status is RunStatus.MISSED else Trigger.SCHEDULED
        await self._runner.record(_request(trigger, slot), status, reason)
        logger.warning("The daily product sync of %s was %s: %s", _named(slot), status, reason)

    def _tell_refusal(self, words: str, error: Exception) -> None:
        """Say once why slots cannot be settled, however often it is tried."""
        if str(error) != self._refused:
            logger.error(words, error)
        self._refused = str(error)


def _named(slot: datetime) -> str:
    return f"{slot:%Y-%m-%d %H:%M}"


def _request(trigger: Trigger, slot: datetime) -> RunRequest:
    return RunRequest(trigger=trigger, requested_by=None, job_id=DAILY_JOB_ID, slot=slot)
