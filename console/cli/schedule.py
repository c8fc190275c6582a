"""`g2a-console schedule show` and `schedule set HH:MM`."""

import argparse
import asyncio
import itertools

from console.cli.actor import actor
from console.cli.output import ExitCode, complain, say, say_json
from console.clock import SystemClock
from console.home import Home
from console.operations.beside import reading, writing
from console.scheduling.daily import DailySchedule, default_schedule, keep_daily_time, read_schedule
from console.scheduling.lock import LockUnusable
from console.scheduling.slots import next_slots
from console.settings import Settings
from console.store.errors import StoreError

_RUNS_SHOWN = 3


def show(arguments: argparse.Namespace, home: Home, settings: Settings) -> int:
    """Tell when the daily sync runs."""
    try:
        daily = asyncio.run(_read(home, settings))
    except StoreError as error:
        complain(str(error))
        return ExitCode.FAILED
    _tell(daily, as_json=arguments.json)
    return ExitCode.DONE


def change(arguments: argparse.Namespace, home: Home, settings: Settings) -> int:
    """Set when the daily sync runs; a running console takes it over within seconds."""
    home.prepare()
    try:
        daily = asyncio.run(_set(home, settings, *arguments.time))
    except (LockUnusable, StoreError) as error:
        complain(str(error))
        return ExitCode.FAILED
    _tell(daily, as_json=arguments.json)
    return ExitCode.DONE


async def _read(home: Home, settings: Settings) -> DailySchedule:
    async with reading(settings, home) as database:
        return await read_schedule(database, settings) if database else default_schedule(settings)


async def _set(home: Home, settings: Settings, hour: int, minute: int) -> DailySchedule:
    clock = SystemClock()
    async with writing(settings, home, clock) as database:
        before = await read_schedule(database, settings)
        return await keep_daily_time(database, before, hour, minute, actor(), clock.now())


def _tell(daily: DailySchedule, *, as_json: bool) -> None:
    slots = itertools.islice(next_slots(SystemClock().now(), daily.hour, daily.minute), _RUNS_SHOWN)
    next_runs = list(slots) if daily.enabled else []
    if as_json:
        say_json(
            {
                "time": daily.time,
                "timezone": "UTC",
                "enabled": daily.enabled,
                "pause_reason": daily.pause_reason,
                "updated_by": daily.updated_by,
                "updated_at": daily.updated_at,
                "next_runs": next_runs,
            }
        )
        return
    by = f"set by {daily.updated_by}" if daily.updated_by else "from the settings"
    say(f"The daily product sync runs at {daily.time} UTC ({by}).")
    if next_runs:
        say(f"Next runs: {', '.join(f'{slot:%a %Y-%m-%d %H:%M}' for slot in next_runs)} UTC")
    else:
        say(f"It is paused: {daily.pause_reason or 'no reason was given'}.")
