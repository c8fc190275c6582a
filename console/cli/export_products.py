"""`g2a-console products export`: the catalogue as CSV or JSON lines, read from the database.

In JSON lines every text is as it is stored, and so it is in CSV but for one thing. A spreadsheet takes a cell that
begins with = + - or @ for a formula, and names come from outside: so an apostrophe goes before it, which tells a
spreadsheet that it is text. The same after a semicolon, where many of them begin a new cell.
"""

import argparse
import csv
import io
import re
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from console.cli.output import ExitCode, complain, pour
from console.cli.product_filters import query_of
from console.cli.refusals import with_exit_code
from console.home import Home
from console.operations.catalogue_export import NothingToExport, read_catalogue
from console.settings import Settings
from console.store.whole_products import COLUMNS, WholeProduct

CSV, JSONL = "csv", "jsonl"

_FORMULA = re.compile(r"(?:^|;)\s*(?=[=+\-@\t\r\n＝＋－＠])")  # noqa: RUF001 - wide ones count in some languages
_CENT = Decimal("0.01")

_encode = msgspec.json.Encoder().encode


def export(arguments: argparse.Namespace, home: Home, settings: Settings) -> int:
    """Write the products to stdout."""
    form = JSONL if arguments.json and not arguments.format else arguments.format
    if form is None or (arguments.json and form != JSONL):
        complain("Name one format: --format csv, or --format jsonl (--json is the same).")
        return ExitCode.USAGE

    def work() -> int:
        try:
            return _export(home, settings, arguments, form)
        except NothingToExport as error:
            complain(str(error))
            return ExitCode.FAILED

    return with_exit_code(work)


def _export(home: Home, settings: Settings, arguments: argparse.Namespace, form: str) -> int:
    told: Callable[[Sequence[WholeProduct]], str] = _as_csv if form == CSV else _as_json_lines
    head = _csv_lines([COLUMNS]) if form == CSV else ""
    is_wanted, exported = True, 0
    with closing(read_catalogue(settings, home, query_of(arguments), arguments.category)) as catalogue:
        for some in catalogue:
            is_wanted = pour(head + told(some))
            head = ""
            exported += len(some)
            if not is_wanted:
                break
    if not exported:
        pour(head)
        complain("There is no such product: nothing is exported.")
    return ExitCode.DONE


def _as_json_lines(products: Sequence[WholeProduct]) -> str:
    lines = [_encode(dict(zip(COLUMNS, map(_in_json, each), strict=True))) for each in products]
    return b"\n".join([*lines, b""]).decode()


def _in_json(value: Any) -> Any:
    match value:
        case Decimal():
            return float(value)  # of four decimals: what is printed is exact
        case datetime():
            return _time(value)
    return value


def _as_csv(products: Sequence[WholeProduct]) -> str:
    return _csv_lines([list(map(_in_csv, each)) for each in products])


def _csv_lines(rows: Sequence[Sequence[str]]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue()


def _in_csv(value: Any) -> str:
    return "" if value is None else _TOLD.get(type(value), str)(value)


def harmless(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula."""
    if ";" not in text and (text[:1].isalnum() or text[:1] in "/[{"):
        return text  # nearly all of them, ten times as fast
    return _FORMULA.sub(r"\g<0>'", text)


def _amount(amount: Decimal) -> str:
    return f"{amount:.2f}" if amount.quantize(_CENT) == amount else f"{amount:f}"


def _time(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


_TOLD: dict[type, Callable[[Any], str]] = {
    str: harmless,
    bool: lambda value: "true" if value else "false",
    Decimal: _amount,
    datetime: _time,
    msgspec.Raw: lambda value: harmless(bytes(value).decode()),
}
