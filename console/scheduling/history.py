"""Which slots the daily schedule has promised: pure arithmetic on what has become of it.

A slot is promised when the clock passes it while its time is in force. An edit is in force from its own time on; where
the clock was set back since, from the time of the next event at the latest.
"""

from datetime import datetime
from typing import Any

import msgspec

from console.scheduling.daily import DailySchedule
from console.scheduling.slots import slots_between, time_of_day
from console.store.schedules import ScheduleEvent, ScheduleFacts


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """A slot that has passed, and the schedule that was in force then."""

    slot: datetime
    daily: DailySchedule


def promised(
    events: tuple[ScheduleEvent, ...], current: DailySchedule, since: datetime, until: datetime
) -> list[Promise]:
    """The slots after `since` and not after `until`, oldest first."""
    begins = [since, *_in_force_from(events, until)]
    ends = [*begins[1:], until]
    return [
        Promise(slot=slot, daily=daily)
        for begin, end, daily in zip(begins, ends, _schedules(events, current), strict=True)
        for slot in slots_between(max(begin, since), end, daily.hour, daily.minute)
    ]


def promised_since(events: tuple[ScheduleEvent, ...], created_at: datetime) -> datetime | None:
    """From when on slots are promised; None where nothing tells. `created_at` is when the schedule was first kept."""
    if not events:
        return created_at
    told = [facts.since for event in events for facts in (event.before, event.after) if facts.since]
    return told[-1] if told else None


def _in_force_from(events: tuple[ScheduleEvent, ...], until: datetime) -> list[datetime]:
    moments: list[datetime] = []
    for event in reversed(events):
        until = min(event.at, until)
        moments.append(until)
    return moments[::-1]


def _schedules(events: tuple[ScheduleEvent, ...], current: DailySchedule) -> list[DailySchedule]:
    """What was in force before the first event, and after each of them."""
    daily = current
    for event in reversed(events):
        daily = _with(daily, event.before, None)
    found = [daily]
    for event in events:
        found.append(_with(found[-1], event.after, event.actor))
    return [*found[:-1], current]


def _with(daily: DailySchedule, facts: ScheduleFacts, actor: str | None) -> DailySchedule:
    changes: dict[str, Any] = {}
    if facts.time is not None and (told := time_of_day(facts.time)):
        changes |= {"hour": told[0], "minute": told[1]}
    if facts.enabled is not None:
        paused = not facts.enabled
        by = facts.paused_by or actor if paused else None
        changes |= {"enabled": facts.enabled, "paused_by": by, "pause_reason": facts.reason}
    return msgspec.structs.replace(daily, **changes)
