"""`g2a-console run ID`: everything about one run, read from the database."""

import argparse
import asyncio

from console.cli.changes import LISTED_AS_TEXT, LISTED_IN_JSON, changes_document, counted, say_changes
from console.cli.named_run import reading_run
from console.cli.output import ExitCode, say, say_json
from console.cli.refusals import with_exit_code
from console.cli.removals import removal_document, say_removals
from console.history import Rejected
from console.home import Home
from console.operations.findings import Findings, read_findings
from console.operations.history import Page
from console.run import RunReport
from console.settings import Settings
from console.text import clean

_LINE_LIMIT = 400


def show(arguments: argparse.Namespace, home: Home, settings: Settings) -> int:
    """Tell everything about one run."""

    def work() -> int:
        limit = LISTED_IN_JSON if arguments.json else LISTED_AS_TEXT
        report, findings = asyncio.run(_read(home, settings, arguments.run_id, limit))
        if arguments.json:
            say_json(_document(report, findings))
        else:
            _tell(report, findings)
        return ExitCode.DONE

    return with_exit_code(work)


async def _read(home: Home, settings: Settings, run_id: int, limit: int) -> tuple[RunReport, Findings]:
    async with reading_run(settings, home, run_id) as (database, report):
        return report, await read_findings(database, report, limit)


def _document(report: RunReport, findings: Findings) -> dict[str, object]:
    removals = findings.removals
    return {
        **report.document(),
        "failed_pages": [
            {"page": each.page, "window": each.window, "attempts": each.attempts, "error": each.error}
            for each in findings.failed_pages.pages
        ],
        "failed_pages_total": findings.failed_pages.total,
        "rejected": [
            {"page": each.page, "product_id": each.product_id, "reason": each.reason}
            for each in findings.rejected.products
        ],
        "rejected_total": findings.rejected.total,
        "changes_by_kind": findings.changes.by_kind,
        **changes_document(findings.changes),
        "removals": removal_document(removals) if removals else None,
    }


def _tell(report: RunReport, findings: Findings) -> None:
    for line in _lines_about(report):
        say(clean(line, _LINE_LIMIT))
    failed, rejected = findings.failed_pages, findings.rejected
    _tell_some("Failed pages", failed.total, [_failed_line(each) for each in failed.pages])
    _tell_some("Rejected products", rejected.total, [_rejected_line(each) for each in rejected.products])
    if findings.changes.total:
        say(f"Changes: {counted(findings.changes)}")
        say_changes(findings.changes)
    if findings.removals:
        say_removals(report, findings.removals)


def _lines_about(report: RunReport) -> list[str]:
    counts = report.counts
    by = f", asked for by {report.requested_by}" if report.requested_by else ""
    lines = [f"Run {report.run_id} {report.status}: {report.kind}, {report.trigger}{by}"]
    if report.slot:
        lines.append(f"Slot      {report.slot:%Y-%m-%d %H:%M} UTC")
    if report.started_at:
        took = "" if report.duration_seconds is None else f", took {report.duration_seconds:.1f} seconds"
        lines.append(f"Started   {report.started_at:%Y-%m-%d %H:%M:%S} UTC{took}")
    if report.continues_run_id is not None:
        lines.append(f"Goes on   with what run {report.continues_run_id} had done")
    found = (
        f"{counts.products_seen:,} seen: {counts.products_new:,} new, {counts.products_changed:,} changed, "
        f"{counts.products_unchanged:,} unchanged, {counts.products_discontinued:,} discontinued, "
        f"{counts.products_rejected:,} rejected"
    )
    lines += [
        f"Pages     {counts.pages_done:,} of {counts.pages_total:,} done, {counts.pages_failed:,} failed",
        f"Requests  {counts.requests:,}, {counts.retries:,} of them retries",
        f"Products  {found}",
    ]
    if report.error:
        lines.append(f"Note      {report.error}")
    return lines


def _tell_some(title: str, total: int, lines: list[str]) -> None:
    if not total:
        return
    say(f"{title}: {total:,}")
    for line in lines:
        say(f"  {clean(line, _LINE_LIMIT)}")
    if total > len(lines):
        say(f"  … and {total - len(lines):,} more: --json lists up to {LISTED_IN_JSON:,}.")


def _failed_line(page: Page) -> str:
    tries = "1 try" if page.attempts == 1 else f"{page.attempts} tries"
    return f"{page.name} after {tries}: {page.error}"


def _rejected_line(product: Rejected) -> str:
    where = f"on page {product.page}" if product.page else "asked for by its id"
    return f"{product.product_id or '(no id)'} {where}: {product.reason}"
