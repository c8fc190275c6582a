"""`g2a-console products search TEXT`: products found as the console finds them, read from the database."""

import argparse
import asyncio
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from console.cli.output import ExitCode, complain, say, say_json
from console.cli.product_filters import query_of
from console.cli.refusals import with_exit_code
from console.cli.tables import aligned, terminal_width
from console.home import Home
from console.operations.beside import reading
from console.search import ProductLine, Query, Standing
from console.settings import Settings
from console.store.named_filters import name_filters
from console.store.search import count, search, unindexed
from console.text import legible

_HEADER = ("ID", "NAME", "PLATFORM", "REGION", "PRICE EUR", "STOCK")
_GONE = "GONE SINCE"
_NUMBERS = ("PRICE EUR", "STOCK")
_GIVES_WAY = (("NAME", 30), ("REGION", 6), ("PLATFORM", 6), ("NAME", 4))
_NOTHING = "-"


class _Result(msgspec.Struct, frozen=True):
    """`total` products are found, these of them are listed, and so many cannot be found yet."""

    products: tuple[ProductLine, ...] = ()
    total: int = 0
    unindexed: int = 0


def find(arguments: argparse.Namespace, home: Home, settings: Settings) -> int:
    """List the products that are found."""

    def work() -> int:
        query = query_of(arguments)
        result = asyncio.run(_read(home, settings, query, arguments.category, arguments.limit))
        found = result or _Result()
        if arguments.json:
            say_json(_document(found))
        elif found.products:
            _tell(found, with_gone=query.standing is not Standing.ACTIVE)
        if result is None:
            complain("There is no database yet: no sync has run here.")
        else:
            _tell_what_is_missing(result, query)
        return ExitCode.DONE

    return with_exit_code(work)


async def _read(home: Home, settings: Settings, query: Query, category: str | None, limit: int) -> _Result | None:
    async with reading(settings, home) as database:
        return await database.read(_look, query, category, limit) if database else None


def _look(connection: Connection, query: Query, category: str | None, limit: int) -> _Result:
    named = name_filters(connection, query, category)
    found = search(connection, named, limit)
    total = count(connection, named) if found.total is None else found.total
    return _Result(found.products, total, unindexed(connection))


def _document(found: _Result) -> dict[str, object]:
    """Prices are numbers, as everywhere in our JSON."""
    return {
        "total": found.total,
        "unindexed": found.unindexed,
        "products": [
            {
                "id": each.product_id,
                "name": each.name,
                "platform": each.platform,
                "region": each.region,
                "min_price": None if each.min_price is None else float(each.min_price),
                "qty": each.qty,
                "is_active": each.is_active,
                "discontinued_at": each.gone_at,
            }
            for each in found.products
        ],
    }


def _tell(found: _Result, *, with_gone: bool) -> None:
    header = (*_HEADER, _GONE) if with_gone else _HEADER
    rows = [_row(each)[: len(header)] for each in found.products]
    for line in aligned(header, rows, _NUMBERS, room=terminal_width(), gives_way=_GIVES_WAY):
        say(line)


def _row(product: ProductLine) -> tuple[str, ...]:
    return (
        product.product_id,
        legible(product.name),
        legible(product.platform or _NOTHING),
        legible(product.region or _NOTHING),
        _NOTHING if product.min_price is None else f"{product.min_price:,.2f}",
        f"{product.qty:,}",
        _moment(product.gone_at),
    )


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else _NOTHING


def _tell_what_is_missing(found: _Result, query: Query) -> None:
    listed = len(found.products)
    if not found.total:
        where = (
            "" if query.standing is Standing.ALL else f" among what is {query.standing}: --all looks at all products"
        )
        complain(f"Nothing is found{where}.")
    elif listed < found.total:
        complain(f"{listed:,} of {found.total:,} products: --limit {found.total} lists all.")
    if found.unindexed:
        complain(
            f"{found.unindexed:,} new products cannot be found yet: they can in some minutes, while g2a-console runs. "
            "`products show` and `products export` have them."
        )
