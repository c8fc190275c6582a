"""All checks at once, each behind a door of its own: whatever happens in one, the others are told."""

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TypeVar

from console.clock import Clock
from console.home import Home
from console.operations.checks import Check, fine, wrong
from console.operations.doctor.api import look_at_api
from console.operations.doctor.database import look_at_database, look_at_sqlite
from console.operations.doctor.engine import look_at_lock, look_at_next_run
from console.operations.doctor.machine import look_at_packages, look_at_zone
from console.operations.doctor.place import look_at_home
from console.operations.doctor.settings import look_at_settings
from console.operations.location import is_sqlite
from console.settings import Settings
from console.text import clean

T = TypeVar("T")

SECONDS = 20.0
"""What one check may take, the request to G2A included."""

Look = Callable[[], Awaitable[list[Check]]]


async def examine(
    settings: Settings, home: Home, environment: Mapping[str, str], clock: Clock, seconds: float = SECONDS
) -> list[Check]:
    """Look at everything, at once; the order of what is found is always the same."""

    async def next_run() -> list[Check]:
        return await look_at_next_run(settings, home, clock)

    async def api() -> list[Check]:
        return await look_at_api(settings, home, clock)

    looks: dict[str, Look] = {
        "settings": lambda: beside(lambda: look_at_settings(settings, home, environment)),
        "home": lambda: beside(lambda: look_at_home(home)),
        "database": lambda: beside(lambda: look_at_database(settings, home)),
        "sqlite": lambda: beside(look_at_sqlite),
        "engine": lambda: beside(lambda: look_at_lock(settings, home, clock)),
        "next run": next_run,
        "zone": lambda: beside(lambda: look_at_zone(clock)),
        "api": api,
        "packages": lambda: beside(look_at_packages),
    }
    if not is_sqlite(settings):
        del looks["sqlite"]
    found = await asyncio.gather(*(_safely(name, look, seconds) for name, look in looks.items()))
    return [check for checks in found for check in checks]


async def beside(work: Callable[[], T]) -> T:
    """Do blocking work on a thread that nobody waits for at the end: a disk may hang for ever."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def live() -> None:
        settle: Callable[[], None]
        try:
            settle = partial(done.set_result, work())
        except Exception as error:  # noqa: BLE001 - told where it is waited for
            settle = partial(done.set_exception, error)
        with contextlib.suppress(RuntimeError):  # too late: the program has ended
            loop.call_soon_threadsafe(lambda: None if done.done() else settle())

    threading.Thread(target=live, name="doctor", daemon=True).start()
    return await done


async def _safely(name: str, look: Look, seconds: float) -> list[Check]:
    try:
        async with asyncio.timeout(seconds):
            return await look() or [fine(name, "nothing to tell")]
    except TimeoutError:
        return [
            wrong(name, f"This took more than {seconds:g} seconds.", "Look what the disk or the network waits for.")
        ]
    except Exception as error:  # noqa: BLE001 - the outermost door of a check: the others go on
        said = clean(f"{type(error).__name__}: {error}", 300)
        return [wrong(name, f"This could not be looked at ({said}).", "Report this as a fault of g2a-console.")]
