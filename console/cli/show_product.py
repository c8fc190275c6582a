"""`g2a-console products show ID`: everything about one product and what became of it, read from the database."""

import argparse
import asyncio
import json
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import Connection

from console.cli.changes import told_fields
from console.cli.output import ExitCode, complain, say, say_json
from console.cli.refusals import with_exit_code
from console.cli.tables import aligned
from console.home import Home
from console.operations.beside import reading
from console.search import Point, Product, ProductChange
from console.settings import Settings
from console.store.product_sheet import read_product
from console.store.whole_products import COLUMNS, WholeProduct, read_whole
from console.text import clean, legible

_CHANGES_AS_TEXT = 20
_LINE_LIMIT = 2_000
_NOTHING = "-"

_Found = tuple[WholeProduct, Product]


def show(arguments: argparse.Namespace, home: Home, settings: Settings) -> int:
    """Tell everything about one product."""

    def work() -> int:
        product_id = arguments.product_id
        has_database, found = asyncio.run(_read(home, settings, product_id))
        if found is None:
            why = (
                "`g2a-console products search` finds those that there are"
                if has_database
                else "no sync has run here yet"
            )
            complain(f"There is no product {clean(product_id, 80)}: {why}.")
            return ExitCode.USAGE
        if arguments.json:
            say_json(_document(*found))
        else:
            _tell(*found)
        return ExitCode.DONE

    return with_exit_code(work)


async def _read(home: Home, settings: Settings, product_id: str) -> tuple[bool, _Found | None]:
    async with reading(settings, home) as database:
        return database is not None, await database.read(_look, product_id) if database else None


def _look(connection: Connection, product_id: str) -> _Found | None:
    whole, product = read_whole(connection, product_id), read_product(connection, product_id)
    return (whole, product) if whole is not None and product is not None else None


def _document(whole: WholeProduct, product: Product) -> dict[str, object]:
    """Its columns; what its price and stock were from when on, oldest first; and its newest changes, newest first."""
    return {
        **{name: _plain(value) for name, value in zip(COLUMNS, whole, strict=True)},
        "prices": [{"at": each.at, "min_price": each.value} for each in product.prices],
        "stocks": [{"at": each.at, "qty": None if each.value is None else int(each.value)} for each in product.stocks],
        "changes": [
            {"run_id": each.run_id, "at": each.at, "change": each.change, "fields": each.fields}
            for each in product.changes
        ],
        "changes_total": product.changes_total,
    }


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return float(value)  # of four decimals: what is printed is exact
        case msgspec.Raw():
            return msgspec.json.decode(value)
    return value


def _tell(whole: WholeProduct, product: Product) -> None:
    width = max(map(len, COLUMNS))
    for name, value in zip(COLUMNS, whole, strict=True):
        say(f"{name:<{width}}  {legible(_told(_plain(value)), _LINE_LIMIT)}")
    if len(product.prices) + len(product.stocks) > 2:  # noqa: PLR2004 - each has the one from the beginning
        say("")
        for line in aligned(("FROM (UTC)", "PRICE EUR", "STOCK"), _course(product), ("PRICE EUR", "STOCK")):
            say(line)
    if product.changes_total:
        say("")
        say(f"Changes: {product.changes_total:,}")
    for change in product.changes[:_CHANGES_AS_TEXT]:
        say(clean(f"  {_told_change(change)}", _LINE_LIMIT))
    more = product.changes_total - min(len(product.changes), _CHANGES_AS_TEXT)
    if more:
        say(f"  … and {more:,} older: --json lists up to 200.")


def _told(value: Any) -> str:
    if value in (None, [], {}):
        return _NOTHING
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S} UTC"
        case float():
            return f"{value:,.2f}"
        case list() | dict():
            return json.dumps(value, ensure_ascii=False)
    return str(value)


def _course(product: Product) -> list[tuple[str, str, str]]:
    """What its price and stock were from when on, oldest first."""
    prices, stocks = _by_time(product.prices), _by_time(product.stocks)
    price = stock = None
    rows = []
    for at in sorted({*prices, *stocks}):
        price, stock = prices.get(at, price), stocks.get(at, stock)
        told = _NOTHING if price is None else f"{price:,.2f}"
        rows.append((f"{at:%Y-%m-%d %H:%M}", told, _NOTHING if stock is None else f"{stock:,.0f}"))
    return rows


def _by_time(points: tuple[Point, ...]) -> dict[datetime, float | None]:
    return {each.at: each.value for each in points}


def _told_change(change: ProductChange) -> str:
    return f"{change.at:%Y-%m-%d %H:%M}  run {change.run_id}  {change.change}{told_fields(change.fields)}"
