"""The interface between the engine and its faces: commands, queries, events. Frozen values go across, nothing else.

Importing this module costs next to nothing: a face can be drawn before the engine's libraries are loaded.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import msgspec

from console.logs import LogLine
from console.run import Past, Removal, RunReport
from console.scheduling.lock import LockHolder
from console.sync.events import RunEvent
from console.sync.progress import RunProgress

if TYPE_CHECKING:
    from console.operations.credentials import Credentials, Trial
    from console.operations.history import History
    from console.operations.logbook import LogBook
    from console.operations.products import Products


class Refused(Exception):
    """A command was not carried out. The message says why and what to do."""


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """When the daily sync runs, in UTC, and who said so (None: the settings); while it is not enabled, it is paused.

    `settings_time` is the time (HH:MM) that a reset goes back to.
    """

    hour: int
    minute: int
    enabled: bool
    pause_reason: str | None
    updated_by: str | None
    updated_at: datetime | None
    paused_by: str | None = None
    paused_at: datetime | None = None
    settings_time: str | None = None

    @property
    def time(self) -> str:
        """The time of day as HH:MM."""
        return f"{self.hour:02}:{self.minute:02}"


class ScheduleUndo(msgspec.Struct, frozen=True, kw_only=True):
    """The last change that somebody made to the schedule, and the schedule as it was before: what undoing restores.

    `event_id` is what names the change to `undo_schedule`; `action` is `set`, `reset`, `pause`, `resume` or `undo`.
    """

    event_id: int
    action: str
    actor: str
    at: datetime
    is_of_pause: bool
    restored: Schedule

    def change(self, now: datetime) -> str:
        """Whose change it was, and when: alice's edit at 14:03 UTC."""
        what = _CHANGES.get(self.action, self.action)
        day = "" if self.at.date() == now.date() else f" on {self.at:%a} {self.at.day} {self.at:%b}"
        return f"{self.actor}'s {what}{day} at {self.at:%H:%M} UTC"

    def words(self, now: datetime) -> str:
        """What exactly is restored: back to 02:00 UTC, from the settings, as before alice's edit at 14:03 UTC."""
        return f"back to {self._state}, as before {self.change(now)}"

    @property
    def _state(self) -> str:
        restored = self.restored
        if self.is_of_pause:
            by = f" by {restored.paused_by}" if restored.paused_by else ""
            pause = f"the pause{by} ({restored.pause_reason or 'no reason was given'})"
            return "a schedule that runs" if restored.enabled else pause
        return f"{restored.time} UTC, {f'set by {restored.updated_by}' if restored.updated_by else 'from the settings'}"


_CHANGES = {"set": "edit"}


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A job of the scheduler. `next_run_at` is None while it is paused; `last_run` is its latest run.

    `keeps_runs`: its runs have rows in the tables. The maintenance has none, so that nothing tells of its last one.
    """

    job_id: str
    name: str
    trigger: str
    next_run_at: datetime | None
    last_run: RunReport | None
    keeps_runs: bool = True


class ReadOnly(msgspec.Struct, frozen=True, kw_only=True):
    """Another process runs the engine, and this one watches; it takes over by itself when that one is gone.

    `holder` is None where it does not say who it is. `trouble` is why this one could not take over, or cannot see.
    """

    holder: LockHolder | None
    trouble: str | None = None

    def words(self, now: datetime) -> str:
        """Who runs the engine, with all that is known of it."""
        return self.holder.words(now) if self.holder else "another process, which does not say who it is"

    def refusal(self, now: datetime) -> str:
        """Why no command is carried out, and what to do."""
        told = (
            f"This console is read-only: the engine is run by {self.words(now)}. Use that one, or end it: "
            "then this one takes over by itself."
        )
        return f"{told} {self.trouble}" if self.trouble else told


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a face shows, as it is at one moment.

    `next_runs` are the next times of the daily sync, soonest first (three, or none while it is paused). `run` is the
    active run, or else the latest of this engine. `last_run` is the latest finished run of all, `last_sweep` the latest
    of those that fetched more than single pages, and `blocked` one that waits for an approval. `notice` is what the
    operator must know before anything works, such as missing credentials; None when all is well. `read_only` says
    that every command is refused, because another process runs the engine; None where this one does. `undo` is the
    last change of the schedule, as long as it can be undone; `past` what the runs before tell.
    """

    home: str
    api_host: str
    database: str
    schedule: Schedule
    next_runs: tuple[datetime, ...]
    jobs: tuple[Job, ...]
    run: RunProgress | None
    last_run: RunReport | None
    active_products: int
    notice: str | None
    read_only: ReadOnly | None = None
    last_sweep: RunReport | None = None
    blocked: RunReport | None = None
    past: Past = Past()
    undo: ScheduleUndo | None = None


class Removals(msgspec.Struct, frozen=True, kw_only=True):
    """What a blocked run would have removed: how many products, how many of them still would be, and some of them."""

    total: int
    due: int
    products: tuple[Removal, ...]


class ScheduleChanged(msgspec.Struct, frozen=True, tag=True):
    """The jobs, the schedule or the next times changed."""

    schedule: Schedule
    next_runs: tuple[datetime, ...]
    jobs: tuple[Job, ...]
    undo: ScheduleUndo | None = None


class CatalogueChanged(msgspec.Struct, frozen=True, tag=True):
    """A run ended, or a slot did not run, and this is what the catalogue is now; see `Snapshot`."""

    active_products: int
    last_run: RunReport | None
    last_sweep: RunReport | None = None
    blocked: RunReport | None = None
    past: Past = Past()


class LogWritten(msgspec.Struct, frozen=True, tag=True):
    """The log has a new record."""

    line: LogLine


class ReadOnlyChanged(msgspec.Struct, frozen=True, tag=True):
    """Another process holds the engine now, or the same one has given a sign of life."""

    read_only: ReadOnly


class EngineFailed(msgspec.Struct, frozen=True, tag=True):
    """The engine stopped by itself and will not go on; `message` says why, in the operator's terms."""

    message: str


Event = RunEvent | ScheduleChanged | CatalogueChanged | LogWritten | ReadOnlyChanged | EngineFailed


class Feed(Protocol):
    """The events since the last look, for one face. May be read from any thread; never blocks."""

    def drain(self) -> tuple[Sequence[Event], bool]:
        """The events since the last call, oldest first, and whether some were lost because nobody looked.

        After a loss, ask for a new snapshot.
        """
        ...

    def close(self) -> None:
        """No more events, please."""
        ...


class Operations(Protocol):
    """What a face can ask of the engine. Every method raises Refused where the answer is no."""

    @property
    def products(self) -> "Products":
        """What can be asked about products."""
        ...

    @property
    def history(self) -> "History":
        """What can be asked about the runs that there were."""
        ...

    @property
    def logbook(self) -> "LogBook":
        """What can be asked about the log and the files that it was before."""
        ...

    async def snapshot(self) -> Snapshot:
        """Everything a face shows, now."""
        ...

    async def log_tail(self, limit: int) -> tuple[LogLine, ...]:
        """The newest log records, oldest first."""
        ...

    def subscribe(self) -> Feed:
        """The events from now on.

        Subscribe first, then take the snapshot: an event may then be told twice, but is never lost.
        """
        ...

    async def sync_now(self) -> int:
        """Start a full sync and return its run id. Refused while a run is active or without credentials."""
        ...

    async def sync_page(self, page: int) -> int:
        """Start a sync of one page alone and return its run id."""
        ...

    async def sync_pages(self, first: int, last: int) -> int:
        """Start a sync of these pages alone and return its run id."""
        ...

    async def retry(self, run_id: int) -> int:
        """Go on with a run that was cut off or lacks pages, and return the id of the new run.

        Refused where it cannot be gone on with, while a run is active or without credentials.
        """
        ...

    async def removals(self, run_id: int, limit: int, offset: int = 0) -> Removals:
        """What a blocked run would have removed. Refused where there is no such run."""
        ...

    async def approve(self, run_id: int, reason: str) -> int:
        """Remove what a blocked run would have, but for what was seen since; returns how many products that were.

        It is kept who approved it and why. Refused where the run is not blocked, without a reason, or while a run is
        active.
        """
        ...

    async def cancel(self) -> int:
        """Ask the active run to stop at the next page boundary and return its id. Refused when none is active."""
        ...

    async def set_daily_time(self, hour: int, minute: int) -> Schedule:
        """Run the daily sync at this time (UTC) from now on. Refused where it is no time of day."""
        ...

    async def pause_schedule(self, reason: str) -> Schedule:
        """Start nothing by itself until it is resumed; syncs by hand are still possible.

        Refused without a reason, and where it is paused already.
        """
        ...

    async def resume_schedule(self) -> Schedule:
        """Run the daily sync again from its next time on. Refused where it is not paused."""
        ...

    async def reset_schedule(self) -> Schedule:
        """Run the daily sync at the time of the settings again; a pause goes on."""
        ...

    async def try_credentials(self, credentials: "Credentials") -> "Trial":
        """Whether G2A takes these credentials; nothing is kept. Refused in a console that only watches."""
        ...

    async def keep_credentials(self, credentials: "Credentials") -> None:
        """Write these credentials into the `.env` of the home: they count from the next start on.

        Refused where they cannot be written, or something is missing.
        """
        ...

    async def undo_schedule(self, expected: int) -> Schedule:
        """Make the schedule what it was before its last change, the event `expected` of its ScheduleUndo.

        Undoing an undo is a redo. Refused where there is nothing to undo, and where somebody has changed the schedule
        since that was offered.
        """
        ...

    async def preview(self, hour: int, minute: int) -> tuple[datetime, ...]:
        """The next three runs if the daily sync were at this time (UTC). Refused where it is no time of day."""
        ...
