"""`g2a-console runs`: the runs, newest first, read from the database."""

import argparse
import asyncio
from datetime import datetime

from console.cli.output import ExitCode, complain, say, say_json
from console.cli.refusals import with_exit_code
from console.cli.tables import aligned
from console.history import RunFilter
from console.home import Home
from console.operations.beside import reading
from console.run import RunReport
from console.settings import Settings
from console.store.history import find_runs

_NUMBERS = ("ID", "DURATION", "PAGES", "SEEN", "NEW", "CHANGED", "DISCONTINUED", "REJECTED")
_HEADER = (
    "ID", "KIND", "TRIGGER", "STATUS", "STARTED (UTC)", "DURATION", "PAGES", "SEEN", "NEW", "CHANGED", "DISCONTINUED",
    "REJECTED", "BY",
)  # fmt: skip
_NOTHING = "-"


def runs(arguments: argparse.Namespace, home: Home, settings: Settings) -> int:
    """List the runs."""

    def work() -> int:
        found = asyncio.run(_read(home, settings, arguments.limit))
        if arguments.json:
            say_json([report.document() for report in found or []])
        elif found:
            for line in aligned(_HEADER, [_row(report) for report in found], _NUMBERS):
                say(line)
        if found is None:
            complain("There is no database yet: no sync has run here.")
        elif not found:
            complain("No sync has run here yet.")
        return ExitCode.DONE

    return with_exit_code(work)


async def _read(home: Home, settings: Settings, limit: int) -> list[RunReport] | None:
    async with reading(settings, home) as database:
        return await database.read(find_runs, RunFilter(), limit) if database else None


def _row(report: RunReport) -> tuple[str, ...]:
    counts = report.counts
    return (
        str(report.run_id),
        report.kind,
        report.trigger,
        report.status,
        _started(report),
        _NOTHING if report.duration_seconds is None else f"{report.duration_seconds:.1f} s",
        f"{counts.pages_done}/{counts.pages_total}",
        str(counts.products_seen),
        str(counts.products_new),
        str(counts.products_changed),
        str(counts.products_discontinued),
        str(counts.products_rejected),
        report.requested_by or _NOTHING,
    )


def _started(report: RunReport) -> str:
    """When it began; in brackets when it should have, where it never did."""
    if report.started_at:
        return _moment(report.started_at)
    return f"({_moment(report.slot)})" if report.slot else _NOTHING


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
