"""Looking for products in the database of the moment, on lanes of its own: browsing never holds up the engine."""

from collections.abc import Callable, Hashable
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from console.operations.products import Facet, FacetValue, Found, Overtaken, Product, Query
from console.operations.protocol import Refused
from console.store import lane, product_sheet, search
from console.store.database import Database
from console.store.errors import StoreError

P = ParamSpec("P")
T = TypeVar("T")


class ProductsReader:
    """Answers from the database that `current` names; there may be none yet, and then nothing is found."""

    def __init__(self, current: Callable[[], Database | None]) -> None:
        self._current = current
        self._database: Database | None = None
        self._lanes: dict[str, lane.Lane] = {}

    async def search(self, query: Query, limit: int, offset: int = 0) -> Found:
        """Some of the products that are found, in their order."""
        found = await self._read("search", query, search.search, query, limit, offset)
        return found or Found(products=(), total=0)

    async def count(self, query: Query) -> int:
        """How many products are found."""
        return await self._read("count", query, search.count, query) or 0

    async def unindexed(self) -> int:
        """How many products are stored and cannot be found yet."""
        database = self._current()
        try:
            return await database.read(search.unindexed) if database else 0
        except StoreError as error:
            raise Refused(str(error)) from None

    async def facet(self, query: Query, facet: Facet) -> tuple[FacetValue, ...]:
        """The platforms, regions or categories of what is found without this filter, those of most products first."""
        return tuple(await self._read("count", (query, facet), search.list_facet, query, facet) or ())

    async def product(self, product_id: str) -> Product | None:
        """All that is known of a product; None where there is none."""
        return await self._read("product", product_id, product_sheet.read_product, product_id)

    async def _read(
        self,
        name: str,
        subject: Hashable,
        work: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T | None:
        """The answer; None where there is no database yet."""
        used = self._lane(name)
        if used is None:
            return None
        try:
            return await used.read(subject, work, *args, **kwargs)
        except lane.Overtaken:
            raise Overtaken from None
        except StoreError as error:
            raise Refused(str(error)) from None

    def _lane(self, name: str) -> lane.Lane | None:
        database = self._current()
        if database is not self._database:
            self._database, self._lanes = database, {}
        if database is not None and name not in self._lanes:
            self._lanes[name] = database.lane(name)
        return self._lanes.get(name)
