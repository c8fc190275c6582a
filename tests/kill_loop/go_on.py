"""A process that goes on with a run that was cut off: `python -m tests.kill_loop.go_on HOME RUN`."""

import asyncio
import os
import sys
from pathlib import Path

from console.cli.output import exit_code
from console.cli.workshop import open_log
from console.clock import SystemClock
from console.home import Home
from console.logs import Log
from console.operations.engine import Engine
from console.run import RunReport
from console.settings import Settings, load_settings


async def _go_on(run_id: int, home: Home, settings: Settings, log: Log) -> RunReport:
    engine = await Engine.open(settings=settings, home=home, clock=SystemClock(), log=log)
    try:
        await engine.scheduler.retry(run_id, "kill loop")
        report = await engine.runner.wait()
    finally:
        await engine.close()
    assert report is not None
    return report


def main() -> int:
    """Go on with the run; the exit code is that of `g2a-console sync`."""
    home = Home(Path(sys.argv[1]))
    settings = load_settings(home.env_file, os.environ)
    with open_log(home, settings) as log:
        return int(exit_code(asyncio.run(_go_on(int(sys.argv[2]), home, settings, log)).status))


if __name__ == "__main__":
    sys.exit(main())
