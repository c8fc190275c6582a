"""Who runs the engine, and what it will do next."""

from console.clock import Clock
from console.home import Home
from console.operations.beside import reading
from console.operations.checks import Check, doubtful, fine
from console.operations.location import lock_holder
from console.scheduling.daily import default_schedule, read_schedule
from console.scheduling.lock import LockUnusable
from console.scheduling.slots import next_slots
from console.settings import Settings
from console.store.errors import StoreError


def look_at_lock(settings: Settings, home: Home, clock: Clock) -> list[Check]:
    """Who holds the runner lock."""
    try:
        holder = lock_holder(settings, home, clock.now())
    except LockUnusable:
        return [doubtful("engine", "This cannot be told: the database cannot be reached.", "See the line `database`.")]
    return [fine("engine", f"runs in {holder}" if holder else "not running: nothing is synced until it is started")]


async def look_at_next_run(settings: Settings, home: Home, clock: Clock) -> list[Check]:
    """When the daily sync runs next."""
    try:
        async with reading(settings, home) as database:
            daily = await read_schedule(database, settings) if database else default_schedule(settings)
    except StoreError:
        return [doubtful("next run", "This cannot be told: the database cannot be read.", "See the line `database`.")]
    if not daily.enabled:
        reason = daily.pause_reason or "no reason was given"
        return [doubtful("next run", f"The daily sync is paused ({reason}).", "Resume it when the reason is gone.")]
    slot = next(next_slots(clock.now(), daily.hour, daily.minute))
    return [fine("next run", f"{slot:%a %Y-%m-%d %H:%M} UTC, where the engine runs then")]
