"""Operations of a console that only watches, because another process runs the engine: every command is refused.

What is shown comes from what that process leaves behind: its name in the lock, its runs in the tables, its log's file.
"""

import asyncio
import itertools
import logging
from collections.abc import Iterable
from datetime import datetime
from typing import NoReturn

from console.clock import Clock
from console.home import Home
from console.logs import RECORDS_KEPT, LogLine
from console.operations.approval import NotApproved, read_removals
from console.operations.credentials import Credentials, Trial
from console.operations.feed import BoundedFeed, Feeds
from console.operations.history_reader import HistoryReader
from console.operations.location import database_location, may_hold_tables, runner_lock
from console.operations.log_file import LogFile
from console.operations.logbook_reader import LogBookReader
from console.operations.products_reader import ProductsReader
from console.operations.protocol import (
    Event,
    Job,
    LogWritten,
    ReadOnly,
    ReadOnlyChanged,
    Refused,
    Removals,
    Schedule,
    ScheduleChanged,
    Snapshot,
)
from console.operations.run_watch import RunWatch
from console.operations.sight import Sight, look
from console.operations.standing import Standing
from console.operations.telling import told_catalogue, told_jobs, told_schedule, told_undo
from console.run import Past
from console.scheduling.daily import (
    NoSuchTime,
    check_time,
    default_schedule,
)
from console.scheduling.slots import next_slots
from console.scheduling.undo import Undo, read_state
from console.settings import Settings
from console.store.database import Database
from console.store.errors import DatabaseEmpty, StoreError
from console.sync.progress import RunProgress
from console.text import clean_path

logger = logging.getLogger("console")

_PREVIEWED = 3
_NOTHING = Sight(
    newest=None, pages=None, ended=None, standing=Standing(), last_daily_run=None, active_products=0, past=Past()
)


class WatchingOperations:
    """Looks, tells every face what it sees, and refuses the rest. `look` is called every second or so."""

    def __init__(self, settings: Settings, home: Home, clock: Clock, feeds: Feeds | None = None) -> None:
        self._settings = settings
        self._home = home
        self._clock = clock
        self._database: Database | None = None
        self._log = LogFile(home.log_file)
        self._run = RunWatch()
        self._follows = False
        self._sight: Sight | None = None
        self._daily = default_schedule(settings)
        self._undo: Undo | None = None
        self._told_schedule: ScheduleChanged | None = None
        self.feeds = feeds or Feeds()
        self.products = ProductsReader(lambda: self._database)
        self.history = HistoryReader(lambda: self._database)
        self.logbook = LogBookReader(home.log_file, clock)
        self._lock = runner_lock(settings, home)
        """Only to see who holds it."""
        self.read_only = ReadOnly(holder=None)

    # -- looking ---------------------------------------------------------------------------------------------------

    async def look(self, trouble: str | None = None) -> None:
        """See what has changed, and tell it. `trouble` is why this process could not take over."""
        for line in await asyncio.to_thread(self._log.read):
            self.feeds.put(LogWritten(line))
        try:
            await self._look_into_database()
        except StoreError as error:
            trouble = trouble or str(error)
        self._tell_schedule()
        holder = await asyncio.to_thread(self._lock.holder, self._clock.now())
        seen = ReadOnly(holder=holder or self.read_only.holder, trouble=trouble)
        if seen != self.read_only:
            if seen.trouble and seen.trouble != self.read_only.trouble:
                logger.warning("This console only watches, and: %s", seen.trouble)
            self.read_only = seen
            self.feeds.put(ReadOnlyChanged(seen))

    async def close(self) -> None:
        """Look no more."""
        self._log.close()
        await asyncio.to_thread(self._lock.release)
        if self._database:
            await self._database.close()

    def log_lines(self) -> tuple[LogLine, ...]:
        """All that was read of the log."""
        return self._log.tail(RECORDS_KEPT)

    async def _look_into_database(self) -> None:
        database = await self._opened()
        if database is None:
            return
        state = await read_state(database, self._settings)
        self._daily, self._undo = state.daily, state.undo
        before = self._sight
        self._sight = await database.read(look, before)
        self._tell_run(before, self._sight)
        self._tell_catalogue(before, self._sight)

    def _tell_catalogue(self, before: Sight | None, now: Sight) -> None:
        if before and (before.active_products, before.standing) != (now.active_products, now.standing):
            self.feeds.put(told_catalogue(now.active_products, now.standing, now.past))

    async def _opened(self) -> Database | None:
        """The database, once the process that runs the engine has made it."""
        location = database_location(self._settings, self._home)
        if self._database is None and may_hold_tables(location):
            try:
                self._database = await asyncio.to_thread(Database.open, location, is_only_writer=False)
            except DatabaseEmpty:
                return None
        return self._database

    def _tell_run(self, before: Sight | None, now: Sight) -> None:
        if now.ended is not None and self._run.active_run_id == now.ended.run_id:
            self._tell(self._run.end(now.ended, now.active_products))
        # A run that was over before this console was opened is the last run, and nothing to follow.
        self._follows |= before is not None or (now.newest is not None and now.newest.status.is_active)
        if now.pages is not None and self._follows:
            self._tell(self._run.look(now.pages, now.active_products))

    def _tell(self, events: Iterable[Event]) -> None:
        for event in events:
            self.feeds.put(event)

    def _tell_schedule(self) -> None:
        told = ScheduleChanged(
            told_schedule(self._daily, self._settings),
            self._next_runs(),
            self._jobs(),
            told_undo(self._undo, self._settings),
        )
        if told != self._told_schedule:
            self._told_schedule = told
            self.feeds.put(told)

    # -- what can be asked -----------------------------------------------------------------------------------------

    async def snapshot(self) -> Snapshot:
        """Everything a face shows, as it was at the last look."""
        sight = self._sight or _NOTHING
        return Snapshot(
            home=clean_path(self._home.root),
            api_host=self._settings.api_host,
            database=database_location(self._settings, self._home).shown,
            schedule=told_schedule(self._daily, self._settings),
            next_runs=self._next_runs(),
            jobs=self._jobs(),
            run=self._progress(),
            last_run=sight.standing.last_run,
            last_sweep=sight.standing.last_sweep,
            blocked=sight.standing.blocked,
            past=sight.past,
            active_products=sight.active_products,
            notice=None,
            read_only=self.read_only,
            undo=told_undo(self._undo, self._settings),
        )

    async def log_tail(self, limit: int) -> tuple[LogLine, ...]:
        """The newest log records, oldest first."""
        return self._log.tail(limit)

    def subscribe(self) -> BoundedFeed:
        """The events from now on."""
        return self.feeds.open()

    async def removals(self, run_id: int, limit: int, offset: int = 0) -> Removals:
        """What a blocked run would have removed."""
        if self._database is None:
            raise Refused(f"There is no run {run_id}.")
        try:
            return await read_removals(self._database, run_id, limit, offset)
        except (NotApproved, StoreError) as error:
            raise Refused(str(error)) from None

    async def preview(self, hour: int, minute: int) -> tuple[datetime, ...]:
        """The next three runs if the daily sync were at this time (UTC)."""
        try:
            check_time(hour, minute)
        except NoSuchTime as error:
            raise Refused(str(error)) from None
        return self._slots(hour, minute)

    # -- what is refused -------------------------------------------------------------------------------------------

    async def sync_now(self) -> int:
        """Refused."""
        self._refuse()

    async def sync_page(self, page: int) -> int:
        """Refused."""
        del page
        self._refuse()

    async def sync_pages(self, first: int, last: int) -> int:
        """Refused."""
        del first, last
        self._refuse()

    async def retry(self, run_id: int) -> int:
        """Refused."""
        del run_id
        self._refuse()

    async def approve(self, run_id: int, reason: str) -> int:
        """Refused."""
        del run_id, reason
        self._refuse()

    async def cancel(self) -> int:
        """Refused."""
        self._refuse()

    async def set_daily_time(self, hour: int, minute: int) -> Schedule:
        """Refused."""
        del hour, minute
        self._refuse()

    async def pause_schedule(self, reason: str) -> Schedule:
        """Refused."""
        del reason
        self._refuse()

    async def resume_schedule(self) -> Schedule:
        """Refused."""
        self._refuse()

    async def reset_schedule(self) -> Schedule:
        """Refused."""
        self._refuse()

    async def try_credentials(self, credentials: Credentials) -> Trial:
        """Refused."""
        del credentials
        self._refuse()

    async def keep_credentials(self, credentials: Credentials) -> None:
        """Refused."""
        del credentials
        self._refuse()

    async def undo_schedule(self, expected: int) -> Schedule:
        """Refused."""
        del expected
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise Refused(self.read_only.refusal(self._clock.now()))

    # -- what is told ----------------------------------------------------------------------------------------------

    def tell(self, event: Event) -> None:
        """Tell every face."""
        self.feeds.put(event)

    def _progress(self) -> RunProgress | None:
        return self._run.progress.snapshot() if self._run.progress else None

    def _next_runs(self) -> tuple[datetime, ...]:
        return self._slots(self._daily.hour, self._daily.minute) if self._daily.enabled else ()

    def _slots(self, hour: int, minute: int) -> tuple[datetime, ...]:
        return tuple(itertools.islice(next_slots(self._clock.now(), hour, minute), _PREVIEWED))

    def _jobs(self) -> tuple[Job, ...]:
        last = self._sight.last_daily_run if self._sight else None
        return told_jobs(self._daily, self._next_runs(), last, self._clock.now())
