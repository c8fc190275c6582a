"""`g2a-console approve RUN_ID --reason TEXT`: removes what a blocked run would have."""

import argparse
import asyncio
import logging

from console.cli.actor import actor
from console.cli.named_run import check_database, find_run
from console.cli.output import ExitCode, say, say_json
from console.cli.refusals import with_exit_code
from console.cli.workshop import open_log
from console.clock import SystemClock
from console.home import Home
from console.operations.approval import approve as approve_run
from console.operations.beside import writing_alone
from console.scheduling.lock import LockHeld
from console.settings import Settings

logger = logging.getLogger("console")


def approve(arguments: argparse.Namespace, home: Home, settings: Settings) -> int:
    """Remove what the run would have, but for what was seen since."""
    run_id: int = arguments.run_id

    def work() -> int:
        with open_log(home, settings):
            removed = asyncio.run(_approve(home, settings, run_id, arguments.reason))
        if arguments.json:
            say_json({"run_id": run_id, "removed": removed})
        else:
            say(f"Run {run_id} is approved: {removed:,} products are discontinued now.")
        return ExitCode.DONE

    return with_exit_code(work)


async def _approve(home: Home, settings: Settings, run_id: int, reason: str) -> int:
    check_database(settings, home, run_id)
    clock = SystemClock()
    try:
        async with writing_alone(settings, home, clock) as database:
            await find_run(database, run_id)
            removed = await approve_run(database, run_id, reason, actor(), clock.now())
    except LockHeld as error:
        raise LockHeld(f"{error} Run {run_id} can be approved there.") from None
    logger.info("%s approved run %s: %s products were discontinued", actor(), run_id, removed)
    return removed
