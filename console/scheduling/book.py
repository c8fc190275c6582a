"""The book of the daily schedule: all that the tables know of it and of its slots, and what the scheduler adds.

An operator's edit writes itself down. What nobody does is written down here: the first start, a new time in the
settings, and a clock that was set back to before the last of these.
"""

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from console.run import RunStatus
from console.scheduling.daily import DAILY_JOB_ID, DailySchedule, default_schedule, schedule_in_force
from console.scheduling.edits import facts_document, stored_schedule
from console.scheduling.history import Promise, promised, promised_since
from console.settings import Settings
from console.store.audit import AuditEvent, write_audit
from console.store.schedules import (
    ScheduleEvent,
    ScheduleFacts,
    get_schedule,
    recorded_slots,
    save_schedule,
    schedule_events,
    withdraw_slots,
)

LOOK_BACK = timedelta(days=366)
"""How far back slots are accounted for."""


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """How the schedule stood at `now`. `since` is None where no slot has been promised yet."""

    now: datetime
    daily: DailySchedule
    kept_time: str | None
    since: datetime | None
    events: tuple[ScheduleEvent, ...]
    recorded: dict[datetime, RunStatus]

    @property
    def unsettled(self) -> list[Promise]:
        """The slots that have passed and have no row, oldest first."""
        since = max(self.since or self.now, self.now - LOOK_BACK)
        passed = promised(self.events, self.daily, since, self.now)
        return [promise for promise in passed if promise.slot not in self.recorded]

    @property
    def was_set_back(self) -> bool:
        """Whether the clock was ahead when something of this was written."""
        newest = [self.events[-1].at] if self.events else []
        return any(moment > self.now for moment in [*newest, *filter(None, [self.since])])

    @property
    def withdrawn(self) -> list[datetime]:
        """The slots that are said not to have run, and are still to come."""
        not_run = (RunStatus.MISSED, RunStatus.SKIPPED)
        return [slot for slot, status in self.recorded.items() if slot > self.now and status in not_run]

    @property
    def is_up_to_date(self) -> bool:
        """Whether there is nothing to write down."""
        return not (self.since is None or self.kept_time != self.daily.time or self.was_set_back or self.withdrawn)


def read_book(connection: Connection, settings: Settings, now: datetime) -> Book:
    """Open the book."""
    stored = get_schedule(connection, DAILY_JOB_ID)
    events = schedule_events(connection, DAILY_JOB_ID)
    return Book(
        now=now,
        daily=schedule_in_force(stored, events, settings) if stored else default_schedule(settings),
        kept_time=f"{stored.hour:02}:{stored.minute:02}" if stored else None,
        since=promised_since(events, stored.updated_at) if stored else None,
        events=events,
        recorded=recorded_slots(connection, DAILY_JOB_ID, now - LOOK_BACK),
    )


def bring_up_to_date(connection: Connection, settings: Settings, now: datetime) -> Book:
    """Write down what nobody else does, and open the book again."""
    book = read_book(connection, settings, now)
    first = max((slot for slot in book.recorded if slot <= now), default=now)
    if book.kept_time is None:
        save_schedule(connection, stored_schedule(book.daily, first), None)
    elif book.since is None:
        _write(connection, now, "schedule.start", ScheduleFacts(), ScheduleFacts(since=first))
    if book.was_set_back:
        is_early = book.since is not None and book.since > now
        _write(connection, now, "schedule.clock", ScheduleFacts(), ScheduleFacts(since=now if is_early else None))
    if book.kept_time not in (None, book.daily.time):
        since = None if book.events else book.since  # as an edit does: the row does not tell it any longer
        before = ScheduleFacts(time=book.kept_time, since=since)
        _write(connection, now, "schedule.settings", before, ScheduleFacts(time=book.daily.time))
        save_schedule(connection, stored_schedule(book.daily, now), None)
    if book.withdrawn:
        withdraw_slots(connection, DAILY_JOB_ID, now)
    return read_book(connection, settings, now)


def _write(connection: Connection, now: datetime, action: str, before: ScheduleFacts, after: ScheduleFacts) -> None:
    audit = AuditEvent(
        at=now,
        actor="g2a-console",
        role="system",
        method="scheduler",
        action=action,
        target=DAILY_JOB_ID,
        before=facts_document(before),
        after=facts_document(after),
        outcome="done",
    )
    write_audit(connection, audit)
