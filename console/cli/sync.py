"""`g2a-console sync`: one run, without a screen."""

import argparse

from console.cli.actor import actor
from console.cli.one_run import carry_out
from console.cli.output import ExitCode, complain
from console.cli.refusals import with_exit_code
from console.home import Home
from console.operations.engine import Engine
from console.operations.going_on import cut_off_run
from console.settings import Settings


def sync(arguments: argparse.Namespace, home: Home, settings: Settings) -> int:
    """Run a sync in this process and tell how it went."""
    missing = settings.missing_credentials(home.env_file)
    if missing:
        complain(f"{missing} Or try `g2a-console demo`, which needs none.")
        return ExitCode.USAGE
    pages: tuple[int, int] | None = arguments.pages
    as_json: bool = arguments.json
    if arguments.dry_run:
        from console.cli.dry_run import dry_run  # noqa: PLC0415 - only where it is asked for

        return with_exit_code(lambda: dry_run(pages, home, settings, as_json=as_json))

    async def begin(engine: Engine) -> int:
        if not as_json:
            await _mention_cut_off_run(engine)
        return await engine.scheduler.trigger_manual_sync(actor(), pages)

    return with_exit_code(lambda: carry_out(begin, home, settings, as_json=as_json))


async def _mention_cut_off_run(engine: Engine) -> None:
    """Say that there is less to do; a sync is still what was asked for."""
    run = await cut_off_run(engine.database, engine.settings, engine.clock.now())
    if run:
        done = f"{run.counts.pages_done:,} of {run.counts.pages_total:,} pages"
        complain(
            f"Run {run.run_id} was interrupted after {done}: `g2a-console retry {run.run_id}` would go on with it. "
            "This is a new sync."
        )
