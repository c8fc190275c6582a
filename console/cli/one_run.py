"""One run in this process, without a screen: what `sync` and `retry` have in common."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator

import msgspec

from console.cli.output import complain, exit_code, say, say_json
from console.cli.progress import ProgressBar
from console.cli.signals import first_signal
from console.cli.way_on import way_on
from console.cli.workshop import black_out_key, open_log
from console.clock import SystemClock
from console.home import Home
from console.logs import Log
from console.operations.engine import Engine
from console.run import RunReport, RunStatus
from console.scheduling.runner import NoRunActive, Runner
from console.settings import Settings
from console.store.errors import StoreError
from console.sync.events import RunEvent

Begin = Callable[[Engine], Awaitable[int]]
"""Starts a run of the engine and returns its id."""
Hear = Callable[[Callable[[RunEvent], None]], None]
"""Says who hears the events of the run."""


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """How a run ended, the signal that ended it, and what can be done next."""

    report: RunReport
    stopped_by: signal.Signals | None = None
    way_on: str | None = None

    @property
    def exit_code(self) -> int:
        """What the command ends with."""
        return 128 + self.stopped_by if self.stopped_by else exit_code(self.report.status)


def carry_out(begin: Begin, home: Home, settings: Settings, *, as_json: bool) -> int:
    """Begin a run in this process, see it through, and tell how it went; returns the exit code."""
    with open_log(home, settings) as log:
        black_out_key(log, settings)
        ended = asyncio.run(_carry_out(begin, home, settings, log))
    _tell(ended, as_json=as_json)
    return ended.exit_code


async def see_through(runner: Runner, stopped_by: asyncio.Future[signal.Signals], hear: Hear) -> Ended:
    """Wait for the end of a run that has just begun; at the first signal it ends at a page boundary."""
    stopped_by.add_done_callback(lambda _: _stop(runner))
    with _progress() as tell:
        hear(tell)
        report = await runner.wait()
    assert report is not None, "a run was started"  # noqa: S101 - for the type checker
    was_stopped = report.status is RunStatus.INTERRUPTED and stopped_by.done()
    return Ended(report=report, stopped_by=stopped_by.result() if was_stopped else None)


async def _carry_out(begin: Begin, home: Home, settings: Settings, log: Log) -> Ended:
    stopped_by = first_signal()
    engine = await Engine.open(settings=settings, home=home, clock=SystemClock(), log=log)
    try:
        await begin(engine)
        ended = await see_through(engine.runner, stopped_by, lambda tell: engine.listen(tell, lambda: None))
        if not stopped_by.done():
            await engine.indexing.finish()
        with contextlib.suppress(StoreError):  # the run has told what is wrong with the database
            on = await way_on(engine.database, ended.report, settings, engine.clock.now())
            return msgspec.structs.replace(ended, way_on=on)
        return ended
    finally:
        await engine.close()


def _stop(runner: Runner) -> None:
    """Let the run end at a page boundary."""
    with contextlib.suppress(NoRunActive):
        runner.ask_to_stop(RunStatus.INTERRUPTED)


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[RunEvent], None]]:
    if not sys.stderr.isatty():
        yield lambda _event: None
        return
    with ProgressBar() as bar:
        yield bar.show


def _tell(ended: Ended, *, as_json: bool) -> None:
    report = ended.report
    if as_json:  # the document has it all, and who reads it is a program
        say_json(report.document())
        return
    say(f"Run {report.run_id} {report.status} after {report.duration_seconds or 0:.1f} seconds.")
    say(counts_line(report))
    if report.error:
        complain(report.error)
    if ended.way_on:
        complain(ended.way_on)


def counts_line(report: RunReport) -> str:
    """What a run has counted, in one line."""
    counts = report.counts
    pages = f"{counts.pages_done:,} {'page' if counts.pages_done == 1 else 'pages'}"
    return (
        f"{counts.products_seen:,} products on {pages}: {counts.products_new:,} new, "
        f"{counts.products_changed:,} changed, {counts.products_unchanged:,} unchanged, "
        f"{counts.products_discontinued:,} discontinued, {counts.products_rejected:,} rejected."
    )
