"""`g2a-console sync`: one run, without a screen."""

import argparse
import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable, Iterator

from console.cli.actor import actor
from console.cli.output import ExitCode, complain, exit_code, say, say_json
from console.cli.progress import ProgressBar
from console.cli.workshop import open_log
from console.clock import SystemClock
from console.home import Home
from console.logs import Log
from console.operations.engine import Engine
from console.run import RunReport, RunStatus
from console.scheduling.lock import LockHeld, LockUnusable
from console.scheduling.runner import NoRunActive
from console.settings import Settings
from console.store.errors import StoreError
from console.sync.events import RunEvent

_SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


def sync(arguments: argparse.Namespace, home: Home, settings: Settings) -> int:
    """Run a sync in this process and tell how it went."""
    missing = settings.missing_credentials(home.env_file)
    if missing:
        complain(f"{missing} Or try `g2a-console demo`, which needs none.")
        return ExitCode.USAGE
    with open_log(home, settings) as log:
        try:
            report, stopped_by = asyncio.run(_sync(arguments.page, home, settings, log))
        except LockHeld as error:
            complain(str(error))
            return ExitCode.REFUSED
        except (LockUnusable, StoreError) as error:
            complain(str(error))
            return ExitCode.FAILED
    _tell(report, as_json=arguments.json)
    return 128 + stopped_by if stopped_by else exit_code(report.status)


async def _sync(page: int | None, home: Home, settings: Settings, log: Log) -> tuple[RunReport, signal.Signals | None]:
    stopped_by = _first_signal()
    engine = await Engine.open(settings=settings, home=home, clock=SystemClock(), log=log)
    try:
        with _progress() as tell:
            engine.listen(tell, lambda: None)
            await engine.scheduler.trigger_manual_sync(actor(), (page, page) if page else None)
            stopped_by.add_done_callback(lambda _: _stop(engine))
            report = await engine.runner.wait()
    finally:
        await engine.close()
    assert report is not None, "a run was started"  # noqa: S101 - for the type checker
    return report, stopped_by.result() if report.status is RunStatus.INTERRUPTED and stopped_by.done() else None


def _first_signal() -> asyncio.Future[signal.Signals]:
    """The first signal that asks us to end. One that is ignored already stays so: that is what nohup does."""
    loop = asyncio.get_running_loop()
    first: asyncio.Future[signal.Signals] = loop.create_future()

    def came(number: signal.Signals) -> None:
        if not first.done():
            first.set_result(number)

    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, came, number)
    return first


def _stop(engine: Engine) -> None:
    """Let the run end at a page boundary."""
    with contextlib.suppress(NoRunActive):
        engine.runner.ask_to_stop(RunStatus.INTERRUPTED)


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[RunEvent], None]]:
    if not sys.stderr.isatty():
        yield lambda _event: None
        return
    with ProgressBar() as bar:
        yield bar.show


def _tell(report: RunReport, *, as_json: bool) -> None:
    if as_json:
        say_json(report.document())
        return
    counts = report.counts
    say(f"Run {report.run_id} {report.status} after {report.duration_seconds or 0:.1f} seconds.")
    say(
        f"{counts.products_seen:,} products on {counts.pages_done:,} pages: {counts.products_new:,} new, "
        f"{counts.products_changed:,} changed, {counts.products_unchanged:,} unchanged, "
        f"{counts.products_discontinued:,} discontinued, {counts.products_rejected:,} rejected."
    )
    if report.error:
        complain(report.error)
