"""How SQLite and PostgreSQL each look for words, and keep their index over them in step."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from console.search import Sort

Statement = tuple[str, tuple[Any, ...]]
"""With the values of its marks."""


class SearchDialect(NamedTuple):
    """The index over `product_search`, and how it is asked.

    `make` are the statements that fill an empty `product_search` from the products and keep it in step from then on.
    `index_noted` indexes what was noted up to a number; `once_indexed` are the statements for when all of it is.

    `matching` is a FROM and a WHERE of the products that have a word beginning with each of those that are looked for;
    its parameter is `match_of` them. Of words with more letters than `longest_word` it knows how they begin. `are_many`
    says whether they are more than a number, and `count_few` counts those of them that conditions leave; None where
    they are more. `matches_many`: for who wants no order, the index is quicker than a look at all products even where
    it names many.

    `orders` say how products are sorted. `walk` follows one of these orders through all products under conditions, of
    which it takes the values, a limit and an offset, without sorting.
    """

    make: tuple[str, ...]
    index_noted: Callable[[Connection, int], None]
    once_indexed: tuple[str, ...]
    matching: str
    match_of: Callable[[Iterable[str]], str]
    longest_word: int
    are_many: Callable[[Connection, str, int], bool]
    count_few: Callable[[Connection, str, str, Sequence[Any], int], int | None]
    matches_many: bool
    orders: dict[Sort, str]
    walk: Callable[[Sort, str, Sequence[Any], int, int], Statement]


def search_dialect_of(connection: Connection) -> SearchDialect:
    """That of this connection."""
    if connection.dialect.name == "sqlite":
        from console.store.sqlite_search import SQLITE_SEARCH  # noqa: PLC0415 - it needs what is above

        return SQLITE_SEARCH
    from console.store.postgres.search import POSTGRES_SEARCH  # noqa: PLC0415 - only where there is one

    return POSTGRES_SEARCH
