"""The words of the command line. A command's module is imported only when it is the one."""

import argparse
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import console
from console.cli.product_filters import SORTS, add_filters
from console.garbage import set_aside
from console.home import Home
from console.settings import Settings

Command = Callable[[argparse.Namespace, Home, Settings], int]

_ABOUT = "The operations console of a G2A product catalogue. Without a command it opens the console."


def parse(words: list[str]) -> argparse.Namespace:
    """The arguments; `.command` is what to call with them. Ends the process with 2 where they make no sense."""
    parser = argparse.ArgumentParser(prog="g2a-console", description=_ABOUT)
    parser.add_argument("--version", action="version", version=f"g2a-console {console.__version__}")
    _add_home(parser, default=None)
    parser.set_defaults(command=_later("console.cli.open_console", "command"))
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    _command(commands, "demo", "console.cli.demo", "demo", "open the console against a simulator of the G2A API")

    _add_runs(commands)
    status = _command(commands, "status", "console.cli.status", "status", "how things stand")
    _add_json(status)

    _add_products(commands)
    _add_schedule(commands)
    _add_care(commands)
    _add_simulator(commands)
    return parser.parse_args(words)


def _add_runs(commands: Any) -> None:
    """What starts runs, and what tells of them."""
    sync = _command(commands, "sync", "console.cli.sync", "sync", "sync the catalogue now, without a screen")
    pages = sync.add_mutually_exclusive_group()
    pages.add_argument("--page", dest="pages", type=_page, metavar="N", help="only page N")
    pages.add_argument("--pages", type=_pages, metavar="A-B", help="only the pages from A to B")
    sync.add_argument("--dry-run", action="store_true", help="write nothing, and tell what would change")
    _add_json(sync)

    retry = _command(
        commands, "retry", "console.cli.retry", "retry", "go on with a run that was cut off or lacks pages"
    )
    _add_run_id(retry)
    _add_json(retry)

    runs = _command(commands, "runs", "console.cli.runs", "runs", "the runs, newest first")
    runs.add_argument("--limit", type=_POSITIVE, default=20, metavar="N", help="no more than N (default: 20)")
    _add_json(runs)

    run = _command(commands, "run", "console.cli.show_run", "show", "everything about one run")
    _add_run_id(run)
    _add_json(run)

    removals = _command(
        commands, "removals", "console.cli.removals", "removals", "what a blocked run would have removed"
    )
    _add_run_id(removals)
    removals.add_argument("--limit", type=_POSITIVE, default=100, metavar="N", help="list N of them (default: 100)")
    _add_json(removals)

    approve = _command(commands, "approve", "console.cli.approve", "approve", "remove what a blocked run would have")
    _add_run_id(approve)
    approve.add_argument("--reason", required=True, type=_reason, metavar="TEXT", help="why it is right; this is kept")
    _add_json(approve)


def _add_products(commands: Any) -> None:
    """What there is in the catalogue."""
    products = commands.add_parser("products", help="find, show and export the products of the catalogue")
    _add_home(products, default=argparse.SUPPRESS)
    actions = products.add_subparsers(title="actions", metavar="ACTION", required=True)
    find = _command(actions, "search", "console.cli.products", "find", "products by the beginnings of their words")
    find.add_argument(
        "text", nargs="*", metavar="TEXT", help="words in any order; without any, whatever passes the filters"
    )
    add_filters(find)
    find.add_argument("--sort", choices=SORTS, default="name", help="the order (default: name)")
    find.add_argument("--limit", type=_POSITIVE, default=20, metavar="N", help="no more than N (default: 20)")
    _add_json(find)

    show = _command(actions, "show", "console.cli.show_product", "show", "all fields of a product, and its history")
    show.add_argument("product_id", metavar="ID", help="the id of the product")
    _add_json(show)

    export = _command(actions, "export", "console.cli.export_products", "export", "write the active products to stdout")
    export.add_argument("--format", choices=("csv", "jsonl"), help="CSV for spreadsheets, or a JSON document a line")
    export.add_argument("--json", action="store_true", help="the same as --format jsonl")
    add_filters(export)


def _add_schedule(commands: Any) -> None:
    """When the daily sync runs, and whether."""
    schedule = commands.add_parser("schedule", help="when the daily sync runs")
    _add_home(schedule, default=argparse.SUPPRESS)
    actions = schedule.add_subparsers(title="actions", metavar="ACTION", required=True)
    module = "console.cli.schedule"
    _add_json(_command(actions, "show", module, "show", "the time and the next runs"))
    change = _command(actions, "set", module, "change", "set the time")
    change.add_argument("time", type=_time_of_day, metavar="HH:MM", help="time of day, UTC")
    _add_json(change)
    pause = _command(actions, "pause", module, "pause", "start nothing by itself until it is resumed")
    pause.add_argument("--reason", required=True, type=_reason, metavar="TEXT", help="why; everybody sees it")
    _add_json(pause)
    _add_json(_command(actions, "resume", module, "resume", "run the daily sync again"))
    _add_json(_command(actions, "reset", module, "reset", "go back to the time of the settings"))
    _add_json(_command(actions, "undo", module, "undo", "take back the last of these changes; twice is a redo"))


def _add_care(commands: Any) -> None:
    """What looks after the installation and its database."""
    doctor = _command(commands, "doctor", "console.cli.doctor", "doctor", "what is set, reachable, writable")
    _add_json(doctor)

    db = commands.add_parser("db", help="look after the database")
    _add_home(db, default=argparse.SUPPRESS)
    actions = db.add_subparsers(title="actions", metavar="ACTION", required=True)
    check = _command(actions, "check", "console.cli.db", "check", "is it sound? Exits with 1 where it is not")
    _add_json(check)
    _command(actions, "upgrade", "console.cli.db", "upgrade", "back it up and bring its tables up to date")
    backup = _command(actions, "backup", "console.cli.db", "backup", "copy it to a new file, even while a sync runs")
    backup.add_argument("file", metavar="FILE", help="there must be none of that name yet")


def _add_simulator(commands: Any) -> None:
    simulator = _command(
        commands, "simulator", "console.cli.simulator", "simulator", "serve a simulated G2A API on this machine"
    )
    add = simulator.add_argument
    add("--port", type=_whole(0, 65_535), default=0, metavar="N", help="port on 127.0.0.1 (default: any free one)")
    add("--products", type=_COUNT, default=15_420, metavar="N", help="size of the catalogue")
    add("--latency-ms", type=_COUNT, default=0, metavar="N", help="mean time to answer")
    add("--seed", type=_COUNT, default=1, metavar="N", help="another seed, another catalogue")
    add("--churn", action="store_true", help="change some products between two syncs")
    add("--page-limit", type=_POSITIVE, metavar="N", help="refuse pages above N, as G2A may above 500")
    add("--requests-per-minute", type=_COUNT, default=0, metavar="N", help="answer 429 above this rate (0: no limit)")
    add("--fault", action="append", default=[], metavar="NAME[:RATE]", help="misbehave; may be repeated")
    add("--fixture", type=Path, metavar="FILE", help="serve this recorded response as the catalogue")
    add("--until-eof", action="store_true", help="end when standard input does")


def _command(commands: Any, name: str, module: str, function: str, about: str) -> argparse.ArgumentParser:
    description = f"{about[:1].upper()}{about[1:]}."
    parser: argparse.ArgumentParser = commands.add_parser(name, help=about, description=description)
    parser.set_defaults(command=_later(module, function))
    _add_home(parser, default=argparse.SUPPRESS)  # so that it does not undo what stood before the command
    return parser


def _later(module: str, function: str) -> Command:
    def command(arguments: argparse.Namespace, home: Home, settings: Settings) -> int:
        found: Command = getattr(importlib.import_module(module), function)
        set_aside()
        return found(arguments, home, settings)

    return command


def _add_home(parser: argparse.ArgumentParser, default: str | None) -> None:
    parser.add_argument("--home", metavar="DIR", default=default, help="the folder that holds everything")


def _add_run_id(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run_id", type=_RUN_ID, metavar="RUN_ID", help="the number of the run")


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse_number(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and low <= int(text) <= high):
            raise argparse.ArgumentTypeError(f"takes a whole number from {low} to {high}")
        return int(text)

    return parse_number


def _time_of_day(text: str) -> tuple[int, int]:
    hour, colon, minute = text.partition(":")
    digits = hour.isdecimal() and minute.isdecimal() and len(hour) in (1, 2) and len(minute) == 2  # noqa: PLR2004
    if not colon or not digits or int(hour) > 23 or int(minute) > 59:  # noqa: PLR2004 - hours and minutes
        raise argparse.ArgumentTypeError("takes a time of day from 00:00 to 23:59 (UTC)")
    return int(hour), int(minute)


def _reason(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("takes a reason: a few words")
    return text


def _page(text: str) -> tuple[int, int]:
    number = _POSITIVE(text)
    return number, number


def _pages(text: str) -> tuple[int, int]:
    first, dash, last = text.partition("-")
    try:
        pages = _POSITIVE(first), _POSITIVE(last)
    except argparse.ArgumentTypeError:
        pages = 1, 0
    if not dash or pages[0] > pages[1]:
        raise argparse.ArgumentTypeError("takes the first page and the last, from 1 on, such as 3-7")
    return pages


_POSITIVE = _whole(1, 1_000_000)
_COUNT = _whole(0, 1_000_000_000)
_RUN_ID = _whole(1, 2**63 - 1)
