"""What undoing the last change of the daily schedule would restore. It is read from the audit: no restart loses it."""

from typing import Any

import msgspec
from sqlalchemy import Connection

from console.scheduling.daily import DAILY_JOB_ID, DailySchedule, default_schedule, schedule_in_force
from console.scheduling.slots import time_of_day
from console.settings import Settings
from console.store.database import Database
from console.store.schedules import ScheduleEvent, get_schedule, schedule_events

_BY_OPERATORS = ("schedule.set", "schedule.reset", "schedule.pause", "schedule.resume", "schedule.undo")


class Undo(msgspec.Struct, frozen=True, kw_only=True):
    """The last change that somebody made, and the schedule as it would be without it."""

    event: ScheduleEvent
    restored: DailySchedule


class ScheduleState(msgspec.Struct, frozen=True, kw_only=True):
    """The schedule in force, and what can be undone of it; None where that is nothing."""

    daily: DailySchedule
    undo: Undo | None = None


async def read_state(database: Database, settings: Settings) -> ScheduleState:
    """How the schedule stands."""
    return await database.read(look_up_state, settings)


def look_up_state(connection: Connection, settings: Settings) -> ScheduleState:
    """The same within a transaction."""
    stored = get_schedule(connection, DAILY_JOB_ID)
    if stored is None:
        return ScheduleState(daily=default_schedule(settings))
    events = schedule_events(connection, DAILY_JOB_ID)
    daily = schedule_in_force(stored, events, settings)
    return ScheduleState(daily=daily, undo=_undo(events, daily, settings))


def _undo(events: tuple[ScheduleEvent, ...], daily: DailySchedule, settings: Settings) -> Undo | None:
    by_operators = [event for event in events if event.action in _BY_OPERATORS]
    if not by_operators:
        return None
    *earlier, last = by_operators
    changes = _time_before(last, earlier, settings) | _pause_before(last)
    restored = msgspec.structs.replace(daily, **changes)
    return Undo(event=last, restored=restored) if restored != daily else None


def _time_before(last: ScheduleEvent, earlier: list[ScheduleEvent], settings: Settings) -> dict[str, Any]:
    """The time before, and who had set it; where the settings said, they say again, whatever they say by now."""
    facts, default = last.before, default_schedule(settings)
    if facts.time is None:
        return {}
    by, at = facts.set_by, facts.set_at
    if by is msgspec.UNSET:  # written before that was kept
        setter = next((event for event in reversed(earlier) if event.after.time is not None), None)
        is_set = setter is not None and setter.action == "schedule.set"
        by, at = (setter.actor, setter.at) if setter is not None and is_set else (None, None)
    if by is None:
        return {"hour": default.hour, "minute": default.minute, "updated_by": None, "updated_at": None}
    told = time_of_day(facts.time)
    return {"hour": told[0], "minute": told[1], "updated_by": by, "updated_at": at} if told else {}


def _pause_before(last: ScheduleEvent) -> dict[str, Any]:
    facts = last.before
    if facts.enabled is None:
        return {}
    if facts.enabled:
        return {"enabled": True, "pause_reason": None, "paused_by": None, "paused_at": None}
    return {
        "enabled": False,
        "pause_reason": facts.reason,
        "paused_by": facts.paused_by,
        "paused_at": facts.paused_at,
    }
