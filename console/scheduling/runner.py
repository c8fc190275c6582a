"""The single runner: every run goes through it, and only one at a time."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from console.clock import Clock
from console.run import RunKind, RunReport, RunStatus, Trigger
from console.store.catalogue import count_active
from console.store.database import Database
from console.store.errors import StoreError
from console.store.runs import (
    NewRun,
    active_run,
    beat_run,
    create_run,
    finish_run,
    get_run,
    interrupt_silent_runs,
    set_cancelling,
)
from console.store.unfinished import Unfinished, take_over
from console.sync.product_service import ProductService
from console.sync.stop import Stop
from console.sync.ticket import Ticket

logger = logging.getLogger("scheduler")


class NotStarted(Exception):
    """A run cannot begin. The message says why."""


class RunActive(NotStarted):
    """Another one is active. The message names it."""


class NoRunActive(Exception):
    """There is nothing to cancel."""


class RunRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A run that somebody wants: of all pages, of the `pages` from the first to the last, or of what a run left."""

    trigger: Trigger
    requested_by: str | None
    job_id: str
    slot: datetime | None = None
    pages: tuple[int, int] | None = None
    unfinished: Unfinished | None = None

    @property
    def kind(self) -> RunKind:
        """What it fetches."""
        if self.pages is not None:
            return RunKind.PAGE
        if self.unfinished is None:
            return RunKind.FULL
        return self.unfinished.report.kind if self.trigger is Trigger.RESUME else RunKind.RETRY


class Runner:
    """Starts runs, stops them, and knows which one is active. Lives on the engine's loop."""

    def __init__(
        self,
        service: ProductService,
        database: Database,
        clock: Clock,
        filters: str = "",
        recorded: Callable[[RunReport], None] = lambda _report: None,
    ) -> None:
        self._service = service
        self._recorded = recorded
        self._filters = filters
        self._database = database
        self._clock = clock
        self._starting = asyncio.Lock()
        self._is_closed = False
        self.leaves_a_run = False
        """Whether a run of this process may look as though it went on, because its end could not be recorded."""
        self._task: asyncio.Task[RunReport] | None = None
        self._stop: Stop | None = None
        self._ticket: Ticket | None = None

    @property
    def active_run_id(self) -> int | None:
        """The run that is active, or None."""
        return self._ticket.run_id if self._ticket and self._task and not self._task.done() else None

    async def start(self, request: RunRequest) -> int:
        """Record a run, begin it, and return its id at once.

        Raises:
            RunActive: another one is.
            NotStarted: the engine is ending.
            StoreError: it cannot be recorded.
        """
        async with self._starting:
            if self._is_closed:
                raise NotStarted("g2a-console is ending: no more runs begin.")
            if self.active_run_id is not None:
                raise RunActive(f"Run {self.active_run_id} is active; only one can be.")
            now, unfinished = self._clock.now(), request.unfinished
            new = NewRun(
                kind=request.kind,
                trigger=request.trigger,
                status=RunStatus.RUNNING,
                requested_by=request.requested_by,
                job_id=request.job_id,
                slot=request.slot,
                at=now,
                filters=self._filters,
                continues_run_id=unfinished.report.run_id if unfinished else None,
            )
            await self._close_what_ended()
            run_id, is_empty = await self._database.write(_record, new)
            ticket = Ticket(
                run_id=run_id,
                kind=request.kind,
                trigger=request.trigger,
                requested_by=request.requested_by,
                job_id=request.job_id,
                slot=request.slot,
                started_at=now,
                record_new=unfinished.record_new if unfinished else not is_empty,
                continues_run_id=new.continues_run_id,
            )
            self._stop, self._ticket = Stop(), ticket
            self._task = asyncio.create_task(self._run(ticket, self._stop, request), name=f"run {run_id}")
            return run_id

    async def _run(self, ticket: Ticket, stop: Stop, request: RunRequest) -> RunReport:
        if request.pages is not None:
            return await self._service.sync_products_pages(*request.pages, ticket, stop)
        return await self._service.sync_all_products_paginated(ticket, stop, request.unfinished)

    async def record(self, request: RunRequest, status: RunStatus, reason: str) -> int:
        """Record a slot that does not run, as `skipped` or `missed`, and why; it is told at once."""
        new = NewRun(
            kind=request.kind,
            trigger=request.trigger,
            status=status,
            requested_by=request.requested_by,
            job_id=request.job_id,
            slot=request.slot,
            at=self._clock.now(),
            error=reason,
        )
        report = await self._database.write(_record_not_run, new)
        self._recorded(report)
        return report.run_id

    async def cancel(self) -> int:
        """Ask the active run to end at the next page boundary, and record that; returns its id.

        Raises:
            NoRunActive: there is none.
        """
        run_id = self.ask_to_stop(RunStatus.CANCELLED)
        await self._database.write(set_cancelling, run_id)
        return run_id

    def ask_to_stop(self, status: RunStatus) -> int:
        """Ask the active run to end at the next page boundary; it is then called `status`. Returns its id.

        Raises:
            NoRunActive: there is none.
        """
        run_id = self.active_run_id
        if run_id is None or self._stop is None:
            raise NoRunActive("No run is active.")
        if status is RunStatus.INTERRUPTED:
            self._database.wait_no_more()
        self._stop.ask(status)
        return run_id

    async def close(self, status: RunStatus) -> None:
        """Start no more runs, and let the active one end at the next page boundary; it is then called `status`."""
        self._database.wait_no_more()
        async with self._starting:  # one that is just being recorded ends like any other
            self._is_closed = True
        if self._task and self._stop:
            self._stop.ask(status)
            await asyncio.wait([self._task])
        try:
            await self.recover()
        except StoreError:
            self.leaves_a_run = self._task is not None

    async def beat(self) -> None:
        """Show in the tables that the active run's process works. What the database refuses now is shown next time."""
        if (run_id := self.active_run_id) is not None:
            with contextlib.suppress(StoreError):
                await self._database.write(beat_run, run_id, self._clock.now())

    async def recover(self) -> bool:
        """Close in the tables what could not be closed when it ended; returns whether a dead process's run was there.

        Raises:
            StoreError: the database refused.
        """
        async with self._starting:
            return self.active_run_id is None and bool(await self._close_what_ended())

    async def _close_what_ended(self) -> list[int]:
        if await self._database.read(active_run) is None:
            return []
        interrupted = await self._database.write(_close_ended, self._last_report, self._clock.now())
        for run_id in interrupted:
            logger.warning("Run %s was interrupted: its process has shown no life for a minute", run_id)
        return interrupted

    @property
    def _last_report(self) -> RunReport | None:
        """How the latest run of this runner ended."""
        task = self._task
        return task.result() if task and task.done() and not task.cancelled() and not task.exception() else None

    async def wait(self) -> RunReport | None:
        """Until the active run is over; its report, or None where none was started."""
        return await asyncio.shield(self._task) if self._task else None


def _record(connection: Connection, run: NewRun) -> tuple[int, bool]:
    """Record the run; also say whether the catalogue is empty."""
    other = active_run(connection)
    if other is not None:
        raise RunActive(f"Run {other.run_id} is active in another process; only one can be.")
    is_empty = count_active(connection) == 0
    run_id = create_run(connection, run)
    if run.continues_run_id is not None:
        take_over(connection, run.continues_run_id, run_id, run.at)
    return run_id, is_empty


def _record_not_run(connection: Connection, run: NewRun) -> RunReport:
    report = get_run(connection, create_run(connection, run))
    assert report is not None, "it was just recorded"  # noqa: S101 - for the type checker
    return report


def _close_ended(connection: Connection, last: RunReport | None, now: datetime) -> list[int]:
    """Close the run that could not be closed when it ended, on a full disk say, and those of dead processes.

    Returns the latter.
    """
    stored = get_run(connection, last.run_id) if last else None
    if last and stored and stored.status.is_active:
        finish_run(connection, last)
    return interrupt_silent_runs(connection, now)
