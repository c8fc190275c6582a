"""Products for the tests of the screen: a small catalogue, searched by the same rules as the real one."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from msgspec.structs import replace

from console.operations.products import (
    WITHOUT,
    Facet,
    FacetValue,
    Found,
    Point,
    Product,
    ProductChange,
    ProductLine,
    Query,
    Sort,
    Standing,
)
from console.operations.protocol import Refused
from console.run import Change
from console.search import is_found, sought_words

_SINCE = datetime(2026, 11, 1, 2, tzinfo=UTC)
_NAMES = (
    ("Assassin's Creed Valhalla", "Ubisoft Connect", "EUROPE"),
    ("Baldur's Gate 3", "Steam", "GLOBAL"),
    ("Counter-Strike 2 Prime Status Upgrade", "Steam", "GLOBAL"),
    ("Grand Theft Auto V: Premium Online Edition", "Rockstar", "GLOBAL"),
    ("Microsoft Windows 11 Pro", None, None),
    ("Pokémon Violet", "Nintendo", "EUROPE"),
    ("The Witcher 3: Wild Hunt - Game of the Year Edition", "GOG.COM", "UNITED STATES"),
    ("Xbox Game Pass Ultimate", "Xbox Live", "EUROPE"),
)
_CATEGORIES = ((1, "Games"), (2, "Software"))


def lines(count: int) -> tuple[ProductLine, ...]:
    """So many products; every twelfth is gone."""
    made = []
    for at in range(count):
        name, platform, region = _NAMES[at % len(_NAMES)]
        made.append(
            ProductLine(
                product_id=str(10_000_000_700_000 + at * 37),
                name=name if at < len(_NAMES) else f"{name} - Add-on {at // len(_NAMES):05}",
                platform=platform,
                region=region,
                min_price=None if at % 11 == 10 else Decimal(199 + at * 7 % 12_000) / 100,
                qty=at * 13 % 1_500,
                is_active=at % 12 != 9,
                gone_at=_SINCE + timedelta(days=3) if at % 12 == 9 else None,
            )
        )
    return tuple(made)


def sheet(line: ProductLine) -> Product:
    """All that is known of a product, with three weeks of prices."""
    prices = [24.99, 24.99, 21.5, 19.99, 19.99, 14.99, 14.99, 17.5, 17.5, 21.0]
    points = tuple(Point(_SINCE + timedelta(days=2 * at), price) for at, price in enumerate(prices))
    changes = tuple(
        ProductChange(
            run_id=41 - at,
            at=_SINCE + timedelta(days=18 - 2 * at),
            change=Change.CHANGED,
            fields={"min_price": [17.5, 21.0], "qty": [12, 9]},
        )
        for at in range(3)
    )
    return Product(
        line=line,
        columns={
            "name": line.name,
            "slug": f"/x-i{line.product_id}",
            "type": "key",
            "qty": line.qty,
            "min_price": None if line.min_price is None else float(line.min_price),
            "developer": "CD PROJEKT RED",
            "publisher": None,
            "available_to_buy": True,
            "images": ["https://images.example/1.jpg", "https://images.example/2.jpg"],
            "restrictions": {"pegi_violence": True, "pegi_drugs": False},
            "requirements": {"minimal": {"reqprocessor": "Intel i5", "reqmemory": "8 GB"}},
            "release_date": "2015-05-19",
        },
        categories=("Games", "RPG"),
        first_seen_at=_SINCE,
        last_changed_at=_SINCE + timedelta(days=18),
        last_seen_run_id=41,
        changes=changes,
        changes_total=len(changes),
        prices=points,
        stocks=tuple(Point(point.at, float(at * 3 % 7)) for at, point in enumerate(points)),
    )


@dataclass
class FakeProducts:
    """Answers from `catalogue`; remembers what it was asked. While `held` is set, searches for that text wait."""

    catalogue: tuple[ProductLine, ...] = ()
    refusal: str | None = None
    asked: list[str] = field(default_factory=list)
    held: dict[str, asyncio.Event] = field(default_factory=dict)
    not_indexed: int = 0

    async def search(self, query: Query, limit: int, offset: int = 0) -> Found:
        """Some of what is found; the total only from `count`, as where there is a lot."""
        self._ask(f"search {query.text!r} {offset}")
        if query.text in self.held:
            await self.held[query.text].wait()
        return Found(products=self._found(query)[offset : offset + limit], total=None)

    async def count(self, query: Query) -> int:
        """How many are found."""
        self._ask(f"count {query.text!r}")
        return len(self._found(query))

    async def unindexed(self) -> int:
        """As many as the test says."""
        return self.not_indexed

    async def facet(self, query: Query, facet: Facet) -> tuple[FacetValue, ...]:
        """Counted from what is found."""
        self._ask(f"facet {facet}")
        found = self._found(replace(query, **{facet.value: None}))
        if facet is Facet.CATEGORY:
            return tuple(FacetValue(key=str(key), name=name, count=len(found) // key) for key, name in _CATEGORIES)
        counted = Counter(getattr(each, facet.value) or WITHOUT for each in found)
        return tuple(FacetValue(key=key, name=key or "none", count=count) for key, count in counted.most_common())

    async def product(self, product_id: str) -> Product | None:
        """The sheet of one."""
        self._ask(f"product {product_id}")
        return next((sheet(each) for each in self.catalogue if each.product_id == product_id), None)

    def _ask(self, question: str) -> None:
        self.asked.append(question)
        if self.refusal is not None:
            raise Refused(self.refusal)

    def _found(self, query: Query) -> tuple[ProductLine, ...]:
        words = sought_words(query.text)
        return tuple(self._sorted([each for each in self.catalogue if _is_wanted(each, query, words)], query.sort))

    def _sorted(self, found: list[ProductLine], sort: Sort) -> Sequence[ProductLine]:
        match sort:
            case Sort.NAME:
                return sorted(found, key=lambda each: (each.name.lower(), each.product_id))
            case Sort.STOCK:
                return sorted(found, key=lambda each: -each.qty)
            case Sort.CHEAPEST:
                return sorted(found, key=lambda each: (each.min_price is None, each.min_price))
            case Sort.DEAREST:
                return sorted(found, key=lambda each: -(each.min_price or -1))


def _is_wanted(line: ProductLine, query: Query, words: Sequence[str]) -> bool:
    price = line.min_price
    return (
        is_found(words, f"{line.name} {line.product_id}")
        and (query.standing is Standing.ALL or line.is_active is (query.standing is Standing.ACTIVE))
        and (query.platform is None or (line.platform or WITHOUT) == query.platform)
        and (query.region is None or (line.region or WITHOUT) == query.region)
        and (query.price_from is None or (price is not None and price >= query.price_from))
        and (query.price_to is None or (price is not None and price <= query.price_to))
    )
