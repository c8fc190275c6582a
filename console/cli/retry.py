"""`g2a-console retry RUN_ID`: goes on with a run that was cut off or lacks pages, without a screen."""

import argparse

from console.cli.actor import actor
from console.cli.named_run import check_database, find_run
from console.cli.one_run import carry_out
from console.cli.output import ExitCode, complain
from console.cli.refusals import with_exit_code
from console.home import Home
from console.operations.engine import Engine
from console.settings import Settings


def retry(arguments: argparse.Namespace, home: Home, settings: Settings) -> int:
    """Go on with the run in this process and tell how it went."""
    missing = settings.missing_credentials(home.env_file)
    if missing:
        complain(missing)
        return ExitCode.USAGE
    run_id: int = arguments.run_id

    async def begin(engine: Engine) -> int:
        await find_run(engine.database, run_id)  # one that there is not is wrong usage, not a refusal
        return await engine.scheduler.retry(run_id, actor())

    def work() -> int:
        check_database(settings, home, run_id)
        return carry_out(begin, home, settings, as_json=arguments.json)

    return with_exit_code(work)
