"""What operators do to the daily schedule: set its time, pause it, resume it, go back, undo what was done last.

Each is one transaction that reads, changes and writes down who did it: two processes cannot undo each other's edit.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection

from console.scheduling.daily import DAILY_JOB_ID, DailySchedule, check_time, default_schedule
from console.scheduling.undo import ScheduleState, look_up_state, read_state
from console.settings import Settings
from console.store.audit import AuditEvent
from console.store.database import Database
from console.store.schedules import ScheduleFacts, StoredSchedule, get_schedule, save_schedule, schedule_events
from console.text import clean

NOTHING_TO_UNDO = "There is nothing to undo: nobody has changed the schedule."
_REASON_LIMIT = 500

Now = Callable[[], datetime]


class EditRefused(Exception):
    """The schedule stays as it is. The message says why and what to do."""


class _Edit(msgspec.Struct, frozen=True, kw_only=True):
    """What to make of the schedule, and the facts that the audit keeps."""

    action: str
    after: DailySchedule
    told_before: ScheduleFacts
    told_after: ScheduleFacts


_MakeEdit = Callable[[ScheduleState, datetime], _Edit | None]
"""What somebody wants to make of how the schedule stands now; None where it is so already."""


class Editor:
    """Edits the daily schedule in somebody's name. `now` is asked within the transaction, when its turn has come."""

    def __init__(self, database: Database, settings: Settings, actor: str, now: Now) -> None:
        self._database = database
        self._settings = settings
        self._actor = actor
        self._now = now

    async def state(self) -> ScheduleState:
        """How the schedule stands, and what can be undone of it."""
        return await read_state(self._database, self._settings)

    async def set_time(self, hour: int, minute: int) -> DailySchedule:
        """Run the daily sync at this time (UTC); a pause goes on. Nothing happens where somebody has set just that.

        Raises:
            NoSuchTime: it is no time of day.
            StoreError: it cannot be kept.
        """
        check_time(hour, minute)

        def edit(state: ScheduleState, now: datetime) -> _Edit | None:
            before = state.daily
            if before.updated_by is not None and (before.hour, before.minute) == (hour, minute):
                return None
            changes = {"hour": hour, "minute": minute, "updated_by": self._actor, "updated_at": now}
            return _of_time("schedule.set", before, msgspec.structs.replace(before, **changes))

        return await self._carry_out(edit)

    async def reset_time(self) -> DailySchedule:
        """Run the daily sync at the time of the settings; a pause goes on. Nothing happens where it does already.

        Raises:
            StoreError: it cannot be kept.
        """
        default = default_schedule(self._settings)

        def edit(state: ScheduleState, _now: datetime) -> _Edit | None:
            if state.daily.updated_by is None:
                return None
            changes = {"hour": default.hour, "minute": default.minute, "updated_by": None, "updated_at": None}
            return _of_time("schedule.reset", state.daily, msgspec.structs.replace(state.daily, **changes))

        return await self._carry_out(edit)

    async def pause(self, reason: str) -> DailySchedule:
        """Run nothing by itself until somebody resumes it; each slot until then is recorded as skipped.

        Raises:
            EditRefused: there is no reason, or it is paused already.
            StoreError: it cannot be kept.
        """
        told = clean(reason.strip(), _REASON_LIMIT)
        if not told:
            raise EditRefused("Say why: the schedule is paused with a reason, which everybody sees.")

        def edit(state: ScheduleState, now: datetime) -> _Edit:
            before = state.daily
            if not before.enabled:
                raise EditRefused(f"The schedule is {before.pause_words}. Resume it first to pause it anew.")
            changes = {"enabled": False, "pause_reason": told, "paused_by": self._actor, "paused_at": now}
            return _of_pause("schedule.pause", before, msgspec.structs.replace(before, **changes))

        return await self._carry_out(edit)

    async def resume(self) -> DailySchedule:
        """Let the slots run again from now on; those of the pause are not caught up.

        Raises:
            EditRefused: it is not paused.
            StoreError: it cannot be kept.
        """

        def edit(state: ScheduleState, _now: datetime) -> _Edit:
            before = state.daily
            if before.enabled:
                raise EditRefused(f"The schedule is not paused: the daily sync runs at {before.time} UTC.")
            changes = {"enabled": True, "pause_reason": None, "paused_by": None, "paused_at": None}
            return _of_pause("schedule.resume", before, msgspec.structs.replace(before, **changes))

        return await self._carry_out(edit)

    async def undo(self, expected: int) -> DailySchedule:
        """Make the schedule what it was before the change `expected`, the id of an event, as an edit of its own.

        Raises:
            EditRefused: nothing can be undone, or it is not the last change any longer.
            StoreError: it cannot be kept.
        """

        def edit(state: ScheduleState, _now: datetime) -> _Edit:
            if state.undo is None:
                raise EditRefused(NOTHING_TO_UNDO)
            last = state.undo.event
            if last.id != expected:
                raise EditRefused(
                    f"Nothing was undone: {last.actor} has changed the schedule meanwhile. Look at it, and then undo "
                    "that, or set what you want."
                )
            of_facet = _of_time if last.before.time is not None else _of_pause
            made = of_facet("schedule.undo", state.daily, state.undo.restored)
            told = msgspec.structs.replace(made.told_after, undid=last.id, undid_action=last.action)
            return msgspec.structs.replace(made, told_after=told)

        return await self._carry_out(edit)

    async def _carry_out(self, edit: _MakeEdit) -> DailySchedule:
        return await self._database.write(self._transact, edit)

    def _transact(self, connection: Connection, edit: _MakeEdit) -> DailySchedule:
        now = self._now()
        state = look_up_state(connection, self._settings)
        made = edit(state, now)
        if made is None:
            return state.daily
        stored = get_schedule(connection, DAILY_JOB_ID)
        is_first = stored is not None and not schedule_events(connection, DAILY_JOB_ID)
        # the row tells since when slots are promised until the first event takes its place
        since = stored.updated_at if stored is not None and is_first else None
        audit = AuditEvent(
            at=now,
            actor=self._actor,
            role="admin",
            method="console",
            action=made.action,
            target=DAILY_JOB_ID,
            before=facts_document(msgspec.structs.replace(made.told_before, since=since)),
            after=facts_document(made.told_after),
            outcome="done",
        )
        save_schedule(connection, stored_schedule(made.after, now), audit)
        return made.after


def stored_schedule(daily: DailySchedule, now: datetime) -> StoredSchedule:
    """The row that holds it."""
    return StoredSchedule(
        job_id=DAILY_JOB_ID,
        hour=daily.hour,
        minute=daily.minute,
        enabled=daily.enabled,
        pause_reason=daily.pause_reason,
        updated_by=daily.updated_by,
        updated_at=daily.updated_at or now,
    )


def facts_document(facts: ScheduleFacts) -> Any:
    """What the audit keeps of them."""
    return msgspec.to_builtins(facts)


def _of_time(action: str, before: DailySchedule, after: DailySchedule) -> _Edit:
    return _Edit(action=action, after=after, told_before=_time_facts(before), told_after=_time_facts(after))


def _of_pause(action: str, before: DailySchedule, after: DailySchedule) -> _Edit:
    return _Edit(action=action, after=after, told_before=_pause_facts(before), told_after=_pause_facts(after))


def _time_facts(daily: DailySchedule) -> ScheduleFacts:
    return ScheduleFacts(time=daily.time, set_by=daily.updated_by, set_at=daily.updated_at)


def _pause_facts(daily: DailySchedule) -> ScheduleFacts:
    return ScheduleFacts(
        enabled=daily.enabled, reason=daily.pause_reason, paused_by=daily.paused_by, paused_at=daily.paused_at
    )
