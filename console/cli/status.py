"""`g2a-console status`: how things stand, read from the database and the lock."""

import argparse
import asyncio
from datetime import datetime

import msgspec

from console.cli.output import ExitCode, complain, say, say_json
from console.clock import SystemClock
from console.home import Home
from console.operations.beside import reading
from console.operations.location import database_location, lock_holder
from console.run import RunReport
from console.scheduling.daily import DailySchedule, default_schedule, read_schedule
from console.scheduling.lock import LockHolder, LockUnusable
from console.scheduling.slots import next_slots
from console.settings import Settings
from console.store.catalogue import count_active
from console.store.errors import StoreError
from console.store.runs import active_run, last_finished_run


class _Status(msgspec.Struct, frozen=True, kw_only=True):
    runner: LockHolder | None
    daily: DailySchedule
    active_run: RunReport | None = None
    last_run: RunReport | None = None
    active_products: int = 0


def status(arguments: argparse.Namespace, home: Home, settings: Settings) -> int:
    """Tell how things stand."""
    try:
        found = asyncio.run(_look(home, settings))
    except (StoreError, LockUnusable) as error:
        complain(str(error))
        return ExitCode.FAILED
    next_run = next(next_slots(SystemClock().now(), found.daily.hour, found.daily.minute))
    will_run = found.runner is not None and found.daily.enabled
    if arguments.json:
        say_json(_document(found, home, settings, next_run if will_run else None))
    else:
        _tell(found, home, settings, next_run)
    return ExitCode.DONE


async def _look(home: Home, settings: Settings) -> _Status:
    runner = await asyncio.to_thread(lock_holder, settings, home, SystemClock().now())
    async with reading(settings, home) as database:
        if database is None:
            return _Status(runner=runner, daily=default_schedule(settings))
        return _Status(
            runner=runner,
            daily=await read_schedule(database, settings),
            active_run=await database.read(active_run) if runner else None,
            last_run=await database.read(last_finished_run),
            active_products=await database.read(count_active),
        )


def _document(found: _Status, home: Home, settings: Settings, next_run: datetime | None) -> dict[str, object]:
    return {
        "home": str(home.root),
        "database": database_location(settings, home).shown,
        "api_host": settings.api_host,
        "scheduler_running": found.runner is not None,
        "runner": found.runner,
        "schedule": found.daily.time,
        "schedule_enabled": found.daily.enabled,
        "paused_by": found.daily.paused_by,
        "paused_at": found.daily.paused_at,
        "pause_reason": found.daily.pause_reason,
        "next_run_time": next_run,
        "active_run": found.active_run.document() if found.active_run else None,
        "last_run": found.last_run.document() if found.last_run else None,
        "active_products": found.active_products,
    }


def _tell(found: _Status, home: Home, settings: Settings, next_run: datetime) -> None:
    say(f"Home       {home.root}")
    say(f"API        {settings.api_host}")
    say(f"Catalogue  {found.active_products:,} active products")
    runner = found.runner.words(SystemClock().now()) if found.runner else None
    say(f"Engine     {runner or 'not running: nothing is synced until g2a-console is started'}")
    if not found.daily.enabled:
        next_words = f", {found.daily.pause_words_since}"
    else:
        next_words = f", next {next_run:%a %Y-%m-%d %H:%M}" if found.runner else ""
    say(f"Schedule   daily at {found.daily.time} UTC{next_words}")
    if found.active_run:
        counts = found.active_run.counts
        say(f"Running    run {found.active_run.run_id}: {counts.pages_done:,} of {counts.pages_total:,} pages")
    if found.last_run:
        at = found.last_run.finished_at
        when = f" on {at:%Y-%m-%d at %H:%M} UTC" if at else ""
        say(f"Last run   run {found.last_run.run_id} {found.last_run.status}{when}")
        if found.last_run.error:
            say(f"           {found.last_run.error}")
    missing = settings.missing_credentials(home.env_file)
    if missing:
        complain(missing)
