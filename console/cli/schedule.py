"""`g2a-console schedule`: show when the daily sync runs, set the time, pause, resume, reset, undo."""

import argparse
import asyncio
import itertools
from collections.abc import Awaitable, Callable

from console.cli.actor import actor
from console.cli.output import ExitCode, complain, say, say_json
from console.clock import SystemClock
from console.home import Home
from console.operations.beside import reading, writing
from console.operations.telling import told_undo
from console.scheduling.daily import DailySchedule, default_schedule, read_schedule
from console.scheduling.edits import NOTHING_TO_UNDO, Editor, EditRefused
from console.scheduling.lock import LockUnusable
from console.scheduling.slots import next_slots
from console.settings import Settings
from console.store.errors import StoreError

Edit = Callable[[Editor], Awaitable[DailySchedule]]

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
    return _edit(lambda editor: editor.set_time(*arguments.time), arguments, home, settings)


def pause(arguments: argparse.Namespace, home: Home, settings: Settings) -> int:
    """Let nothing start by itself; a running console takes it over within seconds."""
    return _edit(lambda editor: editor.pause(arguments.reason), arguments, home, settings)


def resume(arguments: argparse.Namespace, home: Home, settings: Settings) -> int:
    """Let the daily sync run again; a running console takes it over within seconds."""
    return _edit(Editor.resume, arguments, home, settings)


def reset(arguments: argparse.Namespace, home: Home, settings: Settings) -> int:
    """Go back to the time of the settings; a running console takes it over within seconds."""
    return _edit(Editor.reset_time, arguments, home, settings)


def undo(arguments: argparse.Namespace, home: Home, settings: Settings) -> int:
    """Take back the last change; a running console takes it over within seconds."""

    async def take_back(editor: Editor) -> DailySchedule:
        last = told_undo((await editor.state()).undo, settings)
        if last is None:
            raise EditRefused(NOTHING_TO_UNDO)
        daily = await editor.undo(last.event_id)
        complain(f"Undone: {last.change(SystemClock().now())}.")
        return daily

    return _edit(take_back, arguments, home, settings)


def _edit(edit: Edit, arguments: argparse.Namespace, home: Home, settings: Settings) -> int:
    home.prepare()
    try:
        daily = asyncio.run(_carry_out(edit, home, settings))
    except EditRefused as error:
        complain(str(error))
        return ExitCode.REFUSED
    except (LockUnusable, StoreError) as error:
        complain(str(error))
        return ExitCode.FAILED
    _tell(daily, as_json=arguments.json)
    return ExitCode.DONE


async def _read(home: Home, settings: Settings) -> DailySchedule:
    async with reading(settings, home) as database:
        return await read_schedule(database, settings) if database else default_schedule(settings)


async def _carry_out(edit: Edit, home: Home, settings: Settings) -> DailySchedule:
    clock = SystemClock()
    async with writing(settings, home, clock) as database:
        return await edit(Editor(database, settings, actor(), clock.now))


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
                "paused_by": daily.paused_by,
                "paused_at": daily.paused_at,
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
        say(f"It is {daily.pause_words_since}.")
        say("`g2a-console schedule resume` lets it run again.")
