"""Looking for products: what a face can ask of the catalogue.

Importing this module costs next to nothing: a face can be drawn before the engine's libraries are loaded.
"""

from typing import Protocol

from console.search import (
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
    is_found,
    sought_words,
    words_of,
)

__all__ = [
    "WITHOUT",
    "Facet",
    "FacetValue",
    "Found",
    "Overtaken",
    "Point",
    "Product",
    "ProductChange",
    "ProductLine",
    "Products",
    "Query",
    "Sort",
    "Standing",
    "is_found",
    "sought_words",
    "words_of",
]


class Overtaken(Exception):
    """The question was given up, because another one was asked: there is nothing to show or to tell."""


class Products(Protocol):
    """What can be asked about products, from any loop. A question about another query ends those before it.

    Every method raises Refused where there is no answer, and Overtaken where another question took its place.
    """

    async def search(self, query: Query, limit: int, offset: int = 0) -> Found:
        """Some of the products that are found, in their order."""
        ...

    async def count(self, query: Query) -> int:
        """How many products are found."""
        ...

    async def unindexed(self) -> int:
        """How many products are stored and cannot be found yet: in the first minutes of a new catalogue."""
        ...

    async def facet(self, query: Query, facet: Facet) -> tuple[FacetValue, ...]:
        """The platforms, regions or categories of what is found without this filter, those of most products first."""
        ...

    async def product(self, product_id: str) -> Product | None:
        """All that is known of a product; None where there is none."""
        ...
