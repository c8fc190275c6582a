"""A home of which weeks pass in seconds: a real scheduler on real tables, runs that take time, and whatever happens.

Beside it stands a model that knows only what passed on the clock, and says which slots must have a row:

- A slot is promised when the clock passes it, by ticking or by a jump, while its time is in force; from the first start
  on, and whether or not anything runs then. On the day of an edit that is each time that was in force as it passed: the
  old one, the new one, both or neither.
- Passing it again after the clock was set back promises nothing new. Where it has not been run by then, it is as if it
  had never passed: it is still to come.
  (Less than six seconds may pass again before the scheduler looks: of these nothing is promised.)
- A slot that passes while the schedule is paused is skipped because of that, and never run.
- All others run when they pass: where another run is active they are skipped, and where nothing could run, the newest
  is caught up within SYNC_CATCH_UP_HOURS and the others are missed.
"""

import asyncio
import itertools
import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, Self
from unittest.mock import patch

import msgspec
from apscheduler.schedulers import base
from apscheduler.triggers import interval
from sqlalchemy import Connection

from console.run import RunCounts, RunReport, RunStatus
from console.scheduling.daily import DAILY_JOB_ID
from console.scheduling.edits import Editor
from console.scheduling.runner import RunActive, Runner
from console.scheduling.service import SchedulerService
from console.store.database import Database
from console.store.errors import StoreError
from console.store.runs import finish_run, interrupt_active_runs
from console.store.unfinished import Unfinished
from console.sync.product_service import ProductService
from console.sync.stop import Stop
from console.sync.ticket import Ticket
from tests.clock import FakeClock, settle
from tests.unit.scheduling.desk import SETTINGS

DAY = timedelta(days=1)
NOTICED = timedelta(seconds=6)
"""The scheduler looks every five seconds."""
CATCH_UP = timedelta(hours=SETTINGS.sync_catch_up_hours)

Where = Literal["console", "cli"]


@contextmanager
def apscheduler_goes_by(clock: FakeClock) -> Iterator[None]:
    """APScheduler takes the time from the clock of the test."""

    class Moved(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Self:
            return cls.fromtimestamp(clock.now().timestamp(), tz)

    with patch.object(base, "datetime", Moved), patch.object(interval, "datetime", Moved):
        yield


class Errors(logging.Handler):
    """What the scheduler logs as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.messages.append(record.getMessage())


class LastingRuns(ProductService):
    """Runs that fetch nothing and take some time of the clock."""

    def __init__(self, database: Database, clock: FakeClock) -> None:
        self._write = database.write
        self._clock = clock
        self.takes = timedelta(minutes=5)
        self.begun: list[datetime] = []
        self.ends_at: float | None = None
        self._over = asyncio.Event()

    async def sync_all_products_paginated(
        self, ticket: Ticket, stop: Stop, unfinished: Unfinished | None = None
    ) -> RunReport:
        """A run that lasts until `end` is called."""
        del stop, unfinished
        if ticket.slot:
            self.begun.append(ticket.slot)
        self._over = asyncio.Event()
        self.ends_at = self._clock.monotonic() + self.takes.total_seconds()
        await self._over.wait()
        report = RunReport(
            run_id=ticket.run_id,
            kind=ticket.kind,
            trigger=ticket.trigger,
            status=RunStatus.SUCCEEDED,
            requested_by=ticket.requested_by,
            started_at=ticket.started_at,
            finished_at=self._clock.now(),
            duration_seconds=self.takes.total_seconds(),
            counts=RunCounts(),
            job_id=ticket.job_id,
            slot=ticket.slot,
        )
        await self._write(finish_run, report)
        return report

    def end(self) -> None:
        """The time of the run is over."""
        self.ends_at = None
        self._over.set()


class Row(msgspec.Struct, frozen=True):
    """What the tables say of a slot."""

    slot: datetime
    trigger: str
    status: str
    error: str | None

    @property
    def was_run(self) -> bool:
        """Whether a run was begun for it."""
        return self.status not in ("missed", "skipped")


class Model:
    """What must have a row. It knows nothing of the tables but which slots were run."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.at = time(SETTINGS.sync_schedule_hour, SETTINGS.sync_schedule_minute)
        self.is_paused = False
        self.promised: dict[datetime, bool] = {}
        """Each slot that has passed, and whether in a pause."""
        self.unnoticed: list[datetime] = []
        """Those that passed while nothing could notice."""
        self.run: set[datetime] = set()
        """Those that must have been run."""
        self.skipped: set[datetime] = set()
        """Those that must have been skipped because another run was active."""

    def next_slot(self, after: datetime) -> datetime:
        """The next time that the clock will pass the time of day."""
        today = datetime.combine(after.date(), self.at, after.tzinfo)
        return today if today > after else today + DAY

    def goes_to(self, moment: datetime) -> list[datetime]:
        """The clock goes ahead; returns the slots that it passes for the first time."""
        passed = []
        slot = self.next_slot(self.now)
        while slot <= moment:
            if slot not in self.promised:
                self.promised[slot] = self.is_paused
                passed.append(slot)
            slot += DAY
        self.now = moment
        return passed

    def is_set_back(self, moment: datetime, was_run: set[datetime]) -> None:
        """What was not run and is after that moment is still to come."""
        self.now = moment
        to_come = {slot for slot in self.promised if slot > moment and slot not in was_run}
        self.promised = {slot: paused for slot, paused in self.promised.items() if slot not in to_come}
        self.unnoticed = [slot for slot in self.unnoticed if slot not in to_come]
        self.skipped -= to_come

    def notices(self, was_run: set[datetime], *, is_busy: bool) -> None:
        """The scheduler looks at what has passed unnoticed: the newest may be caught up."""
        if self.unnoticed:
            newest = max(self.unnoticed)
            later = any(newest < slot <= self.now for slot in was_run)
            if not (self.promised[newest] or self.is_paused or later or self.now - newest > CATCH_UP):
                (self.skipped if is_busy else self.run).add(newest)
        self.unnoticed = []


class Home:
    """The home: its clock, its tables, and a scheduler that may run or not."""

    def __init__(self, database: Database, clock: FakeClock) -> None:
        self.database = database
        self.clock = clock
        self.model = Model(clock.now())
        self.runs = LastingRuns(database, clock)
        self._runner: Runner | None = None
        self._service: SchedulerService | None = None
        self._pausing = itertools.count(1)
        self._begun_before = 0
        self.errors = Errors()

    # -- what happens ---------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """The scheduler starts, as the engine starts it; where it runs already, nothing happens."""
        if self._service:
            return
        await self.database.write(interrupt_active_runs)
        self._runner = Runner(self.runs, self.database, self.clock)
        self._service = SchedulerService(SETTINGS, self.database, self._runner, self.clock, lambda: None)
        was_run = await self._was_run()
        await self._service.start()
        self.model.notices(was_run, is_busy=False)
        await self._quiet()

    async def kill(self) -> None:
        """The scheduler ends, and the active run with it, unfinished."""
        if not self._service or not self._runner:
            return
        self._service.stop()
        if self._runner._task:
            self._runner._task.cancel()
            await asyncio.wait([self._runner._task])
        await settle()
        self.runs.ends_at = None
        self._service = self._runner = None

    async def wait(self, how_long: timedelta) -> None:
        """Time passes, and the scheduler does its work where it runs."""
        until = self.clock.now() + how_long
        while (now := self.clock.now()) < until:
            slot = self.model.next_slot(now)
            await self._pass_to(min(slot, until, self._run_ends() or until))
            if self._service and self.clock.now() == slot:
                await self._pass_to(slot + NOTICED)

    async def jump_ahead(self, how_far: timedelta) -> None:
        """The machine sleeps, or its clock is set ahead."""
        moment = self.clock.now() + how_far
        self.clock.jump(moment)
        self.model.unnoticed += self.model.goes_to(moment)
        if self._service:
            is_busy, was_run = self._is_busy(), await self._was_run()
            await self._wake()
            self.model.notices(was_run, is_busy=is_busy)

    async def set_back(self, how_far: timedelta) -> None:
        """The clock is set back; where no scheduler runs, one starts then: nothing else could have noticed."""
        moment = self.clock.now() - max(how_far, NOTICED)
        self.clock.jump(moment)
        self.model.is_set_back(moment, await self._was_run())
        if self._service:
            await self._wake()
        await self.start()

    async def fail(self, how_long: timedelta) -> None:
        """The database refuses every write for some time."""

        async def refuse(*_: object) -> Any:
            raise StoreError("The database refused: the disk is full.")

        before = self.model.promised.keys()
        with patch.object(self.database, "write", refuse):
            known = set(before)
            run, skipped = set(self.model.run), set(self.model.skipped)
            await self.wait(how_long)
        self.errors.messages.clear()
        self.model.run, self.model.skipped = run, skipped
        self.model.unnoticed += [slot for slot in self.model.promised if slot not in known]
        is_busy, was_run = self._is_busy(), await self._was_run()
        if self._service:
            await self._pass_to(self.clock.now() + NOTICED)
            self.model.notices(was_run, is_busy=is_busy)

    async def edit(self, hour: int, minute: int, where: Where) -> None:
        """Somebody sets the daily time."""
        if self._service and where == "console":
            await self._service.reschedule_daily_sync(hour, minute, "alice")
        else:
            await self._editor.set_time(hour, minute)
        self.model.at = time(hour, minute)

    async def edit_around_now(self, minutes: int, where: Where) -> None:
        """Somebody sets the daily time to one that has just been, or is about to be."""
        moment = self.clock.now() + timedelta(minutes=minutes)
        await self.edit(moment.hour, moment.minute, where)

    async def reset(self, where: Where) -> None:
        """Somebody goes back to the time of the settings."""
        if self._service and where == "console":
            await self._service.reset_schedule("alice")
        else:
            await self._editor.reset_time()
        self.model.at = time(SETTINGS.sync_schedule_hour, SETTINGS.sync_schedule_minute)

    async def pause_or_resume(self, where: Where) -> None:
        """Somebody pauses the schedule, or resumes it."""
        there = self._service if where == "console" else None
        self._check_pause()
        if self.model.is_paused:
            await (there.resume_schedule("alice") if there else self._editor.resume())
        else:
            why = f"reason {next(self._pausing)}"
            await (there.pause_schedule(why, "alice") if there else self._editor.pause(why))
        self.model.is_paused = not self.model.is_paused
        self._begun_before = len(self.runs.begun)

    async def sync_by_hand(self) -> None:
        """Somebody starts a sync, where none is active."""
        if self._service:
            with suppress(RunActive):
                await self._service.trigger_manual_sync("alice")
            await settle()

    async def last(self, how_long: timedelta) -> None:
        """Runs that begin from now on take so long."""
        self.runs.takes = how_long

    # -- what must be so ------------------------------------------------------------------------------------------

    async def check(self) -> list[Row]:
        """Hold the tables against the model; returns the rows of the slots that have passed."""
        await self.start()
        await self.wait(NOTICED)
        self._check_pause()
        now, model = self.clock.now(), self.model
        every = await self._rows()
        rows = {row.slot: row for row in every}
        assert not self.errors.messages, "nothing was tried that the tables refuse"
        assert len(rows) == len(every), "a slot has one row"
        assert not [slot for slot, count in Counter(self.runs.begun).items() if count > 1], "no slot is run twice"
        assert {slot for slot, row in rows.items() if row.was_run} == set(self.runs.begun)
        assert all(row.was_run for slot, row in rows.items() if slot > now), "what is to come was not missed"
        passed = {slot: paused for slot, paused in model.promised.items() if slot <= now}
        assert {slot for slot in rows if slot <= now} == set(passed), "each slot that passed has a row, and no other"
        for slot, in_pause in passed.items():
            row = rows[slot]
            told = (row.error or "").startswith("The schedule was paused by ")
            assert (row.status == "skipped" and told) == in_pause, row
            assert row.was_run or slot not in model.run, row
            is_busy = row.status == "skipped" and "is active" in (row.error or "")
            assert is_busy or slot not in model.skipped, row
        return [row for row in every if row.slot <= now]

    def _check_pause(self) -> None:
        """While the schedule is paused it begins no run at all, not even to catch up."""
        assert not self.model.is_paused or len(self.runs.begun) == self._begun_before

    # -- how ------------------------------------------------------------------------------------------------------

    @property
    def _editor(self) -> Editor:
        return Editor(self.database, SETTINGS, "bob", self.clock.now)

    def _is_busy(self) -> bool:
        return self._runner is not None and self._runner.active_run_id is not None

    def _run_ends(self) -> datetime | None:
        if self.runs.ends_at is None:
            return None
        return self.clock.now() + timedelta(seconds=max(self.runs.ends_at - self.clock.monotonic(), 0))

    async def _pass_to(self, moment: datetime) -> None:
        await self.clock.advance((moment - self.clock.now()).total_seconds())
        passed = self.model.goes_to(self.clock.now())
        if self.runs.ends_at is not None and self.runs.ends_at <= self.clock.monotonic() + 1e-6:
            self.runs.end()
            if self._runner:
                await self._runner.wait()
        if not self._service:
            self.model.unnoticed += passed
            return
        due = {slot for slot in passed if not self.model.is_paused}
        (self.model.skipped if self._is_busy() else self.model.run).update(due)
        await self._wake()

    async def _wake(self) -> None:
        assert self._service is not None
        scheduler = self._service._scheduler
        if scheduler.get_job("reread_schedule").next_run_time < self.clock.now():
            # as if it had run every five seconds until now: APScheduler goes through each of those it missed
            scheduler.modify_job("reread_schedule", next_run_time=self.clock.now())
        scheduler.wakeup()
        await self._quiet()

    async def _quiet(self) -> None:
        assert self._service is not None
        await settle()
        while pending := self._service._scheduler._executors["default"]._pending_futures:
            await asyncio.gather(*pending)
            await settle()

    async def _was_run(self) -> set[datetime]:
        return {row.slot for row in await self._rows() if row.was_run}

    async def _rows(self) -> list[Row]:
        return await self.database.read(_read_rows)


def _read_rows(connection: Connection) -> list[Row]:
    rows = connection.exec_driver_sql(
        "SELECT slot || '+00:00', trigger, status, error FROM sync_runs WHERE job_id = ? ORDER BY slot", (DAILY_JOB_ID,)
    )
    return [Row(datetime.fromisoformat(slot), trigger, status, error) for slot, trigger, status, error in rows]


def days(first: date, count: int) -> list[date]:
    """So many days from the first on."""
    return [first + number * DAY for number in range(count)]
