"""`g2a-console removals RUN_ID`: what a blocked run would have removed, read from the database."""

import argparse
import asyncio

from console.cli.named_run import reading_run
from console.cli.output import ExitCode, complain, say, say_json
from console.cli.refusals import with_exit_code
from console.home import Home
from console.operations.approval import read_removals
from console.operations.protocol import Removals
from console.run import Removal, RunReport, RunStatus
from console.settings import Settings
from console.text import legible

_LINE_LIMIT = 200


def removals(arguments: argparse.Namespace, home: Home, settings: Settings) -> int:
    """List what the run would have removed."""

    def work() -> int:
        report, found = asyncio.run(_read(home, settings, arguments.run_id, arguments.limit))
        if arguments.json:
            say_json({"run_id": report.run_id, **removal_document(found)})
        elif not found.total:
            complain(f"Run {report.run_id} {report.status}: there is nothing that it was kept from removing.")
        else:
            say_removals(report, found)
            if report.status is RunStatus.BLOCKED:
                complain(f"To remove what is due: g2a-console approve {report.run_id} --reason TEXT")
        return ExitCode.DONE

    return with_exit_code(work)


async def _read(home: Home, settings: Settings, run_id: int, limit: int) -> tuple[RunReport, Removals]:
    async with reading_run(settings, home, run_id) as (database, report):
        return report, await read_removals(database, run_id, limit, 0)


def removal_document(found: Removals) -> dict[str, object]:
    """The members of a JSON document; prices are numbers, as everywhere in our JSON."""
    return {
        "total": found.total,
        "due": found.due,
        "products": [
            {
                "product_id": each.product_id,
                "name": each.name,
                "min_price": None if each.min_price is None else float(each.min_price),
                "qty": each.qty,
                "platform": each.platform,
                "is_due": each.is_due,
            }
            for each in found.products
        ],
    }


def say_removals(report: RunReport, found: Removals) -> None:
    """How many there are, a line for each of those that are listed, and how many more there are."""
    run_id, is_blocked = report.run_id, report.status is RunStatus.BLOCKED
    due = f"approving it would remove {found.due:,} of them." if is_blocked else f"it {report.status.in_words} now."
    say(f"Run {run_id} was blocked from removing {found.total:,} products; {due}")
    for each in found.products:
        kept = "" if each.is_due or not is_blocked else " (stays: seen since, or gone already)"
        say(f"  {_line(each)}{kept}")
    more = found.total - len(found.products)
    if more:
        say(f"  … and {more:,} more: `g2a-console removals {run_id} --limit {found.total}` lists all.")


def _line(product: Removal) -> str:
    price = "no price" if product.min_price is None else f"{product.min_price:.2f} EUR"
    platform = f", {product.platform}" if product.platform else ""
    return legible(f"{product.name} ({product.product_id}): {price}, {product.qty:,} in stock{platform}", _LINE_LIMIT)
