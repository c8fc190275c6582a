"""The interface between the engine and its faces: commands, queries, events. Frozen values go across, nothing else.

Importing this module costs next to nothing: a face can be drawn before the engine's libraries are loaded.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from console.logs import LogLine
from console.operations.history import History
from console.run import Removal, RunReport
from console.scheduling.lock import LockHolder
from console.sync.events import RunEvent
from console.sync.progress import RunProgress


class Refused(Exception):
    """A command was not carried out. The message says why and what to do."""


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """When the daily sync runs, in UTC, and who said so (None: the settings); while it is not enabled, it is paused."""

    hour: int
    minute: int
    enabled: bool
    pause_reason: str | None
    updated_by: str | None
    updated_at: datetime | None
    paused_by: str | None = None

    @property
    def time(self) -> str:
        """The time of day as HH:MM."""
        return f"{self.hour:02}:{self.minute:02}"


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A job of the scheduler. `next_run_at` is None while it is paused; `last_run` is its latest run."""

    job_id: str
    name: str
    trigger: str
    next_run_at: datetime | None
    last_run: RunReport | None


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
    active run, or else the latest of this engine. `last_run` is the latest finished run of all. `notice` is what the
    operator must know before anything works, such as missing credentials; None when all is well. `read_only` says
    that every command is refused, because another process runs the engine; None where this one does.
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


class CatalogueChanged(msgspec.Struct, frozen=True, tag=True):
    """A run ended, and this is what the catalogue is now."""

    active_products: int
    last_run: RunReport | None


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
    def history(self) -> History:
        """What can be asked about the runs that there were."""
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

    async def runs(self, limit: int, offset: int = 0) -> tuple[RunReport, ...]:
        """The runs, newest first."""
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

    async def preview(self, hour: int, minute: int) -> tuple[datetime, ...]:
        """The next three runs if the daily sync were at this time (UTC). Refused where it is no time of day."""
        ...
