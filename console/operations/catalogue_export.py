"""The whole catalogue for another program, however slowly that one takes it."""

import asyncio
from collections.abc import Generator

from console.home import Home
from console.operations.beside import reading
from console.search import Query
from console.settings import Settings
from console.store.named_filters import name_filters
from console.store.whole_products import WholeProduct, read_some

_AT_ONCE = 500
"""Products in memory at a time: about a megabyte."""


class NothingToExport(Exception):
    """There is no database yet. The message says so."""


def read_catalogue(
    settings: Settings, home: Home, query: Query, category: str | None
) -> Generator[list[WholeProduct], None, None]:
    """All products that pass the filters, in the order of their ids, some at a time. Blocks.

    Each batch is read in a moment, in a transaction of its own, and none is open while the caller works: whoever takes
    an hour to read keeps no WAL from being emptied. So each product is told as it stands when its batch is read, whole,
    and once. What is there from beginning to end and passes the filters is told for sure; what comes, goes or changes
    meanwhile may be told or not, and as it was or as it is. Where no run is active, it is one state of the catalogue.

    Raises:
        NothingToExport: there is no database yet.
        FilterUnclear: a filter names nothing, or several things.
        StoreError: the database cannot be opened or read.
    """
    # a runner and not one coroutine: Python answers a Ctrl+C between two batches only where no loop runs
    with asyncio.Runner() as runner:
        beside = reading(settings, home)
        database = runner.run(beside.__aenter__())
        try:
            if database is None:
                raise NothingToExport("There is no database yet: no sync has run here, so there is nothing to export.")
            named = runner.run(database.read(name_filters, query, category))
            last = ""
            while some := runner.run(database.read(read_some, named, last, _AT_ONCE)):
                yield some
                last = some[-1][0]
        finally:
            runner.run(beside.__aexit__(None, None, None))
