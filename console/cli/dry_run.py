"""`g2a-console sync --dry-run`: tells what a sync would do, and writes nothing."""

import asyncio

from console.cli.actor import actor
from console.cli.changes import LISTED_AS_TEXT, LISTED_IN_JSON, changes_document, counted, say_changes
from console.cli.one_run import Ended, counts_line, see_through
from console.cli.output import complain, say, say_json
from console.cli.signals import first_signal
from console.cli.workshop import black_out_key, open_log
from console.clock import SystemClock
from console.home import Home
from console.operations.dry_run import open_dry_run
from console.operations.findings import read_changes
from console.operations.history import Changes
from console.run import Change
from console.settings import Settings


def dry_run(pages: tuple[int, int] | None, home: Home, settings: Settings, *, as_json: bool) -> int:
    """Sync a copy of the catalogue, and tell what came of it."""
    limit = LISTED_IN_JSON if as_json else LISTED_AS_TEXT
    with open_log(home, settings) as log:
        black_out_key(log, settings)
        ended, changes = asyncio.run(_dry_run(pages, home, settings, limit))
    if as_json:
        say_json(_document(ended, changes))
    else:
        _tell(ended, changes)
    return ended.exit_code


async def _dry_run(pages: tuple[int, int] | None, home: Home, settings: Settings, limit: int) -> tuple[Ended, Changes]:
    stopped_by = first_signal()
    async with open_dry_run(settings, home, SystemClock()) as opened:
        run_id = await opened.scheduler.trigger_manual_sync(actor(), pages)
        ended = await see_through(opened.runner, stopped_by, opened.listen)
        return ended, await read_changes(opened.database, run_id, limit)


def _document(ended: Ended, changes: Changes) -> dict[str, object]:
    """The document of a run; its id is none of the catalogue's."""
    return {**ended.report.document(), "run_id": None, "dry_run": True, **changes_document(changes)}


def _tell(ended: Ended, changes: Changes) -> None:
    report = ended.report
    say(f"Dry run {report.status} after {report.duration_seconds or 0:.1f} seconds: nothing was written.")
    say(f"A sync would find {counts_line(report)}")
    if changes.total:
        say(f"What would change: {counted(changes)}.")
        say_changes(changes)
    if report.counts.products_new and Change.NEW not in changes.by_kind:
        say("A first sync into an empty catalogue lists no changes: each of its products is new.")
    if report.error:
        complain(report.error)
