"""Finding products by their words and filters, in a catalogue of hundreds of thousands, while somebody types.

Two ways lead to the same products, and how many match decides which one is taken. A few: the full-text index names
them, and they are sorted. Many: the index of the order is walked and each product looked at, until there are enough;
the more match, the sooner that is.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from console.search import WITHOUT, Facet, FacetValue, Found, ProductLine, Query, Standing, sought_words
from console.store.dialect import IN_CATEGORY, dialect_of
from console.store.rows import read_amount, read_time, stored_amount
from console.store.search_dialect import SearchDialect, search_dialect_of
from console.store.search_index import count_noted, has_words

_FEW = 20_000
"""Products up to which it is quicker to sort them than to walk an order. Measured with 300,000 products."""

LINE_COLUMNS = (
    "products.id, products.name, products.platform, products.region, products.min_price, products.qty, "
    "products.is_active, products.discontinued_at"
)


class Condition(msgspec.Struct):
    """Conditions on products, and their parameters."""

    told: list[str]
    values: list[Any]

    def add(self, told: str, *values: Any) -> None:
        """One more."""
        self.told.append(told)
        self.values.extend(values)

    @property
    def sql(self) -> str:
        """All of them, to be put behind a WHERE that has one already."""
        return "".join(f" AND {each}" for each in self.told)


def search(connection: Connection, query: Query, limit: int, offset: int = 0) -> Found:
    """Some of the products that are found, in the order that is asked for. Counting many is the affair of `count`."""
    words, filters = sought_words(query.text), filters_of(query)
    spoken = search_dialect_of(connection)
    match = spoken.match_of(words)
    _look_at_long(words, filters, spoken)
    total = spoken.count_few(connection, match, filters.sql, filters.values, _FEW) if words else None
    if total is not None:
        ids = _column(
            connection,
            f"SELECT product_search.product_id FROM {spoken.matching}{filters.sql} "
            f"ORDER BY {spoken.orders[query.sort]} LIMIT ? OFFSET ?",
            match, *filters.values, limit, offset,
        )  # fmt: skip
        return Found(products=_lines(connection, ids), total=total)
    condition = _with_words(filters, words)
    walked, values = spoken.walk(query.sort, condition.sql, condition.values, limit, offset)
    ids = _column(connection, walked, *values)
    return Found(products=_lines(connection, ids), total=None)


def count(connection: Connection, query: Query) -> int:
    """How many products are found."""
    words, filters = sought_words(query.text), _filters_of_all(connection, query)
    spoken = search_dialect_of(connection)
    match = spoken.match_of(words)
    _look_at_long(words, filters, spoken)
    if words and (not filters.told or spoken.matches_many or not spoken.are_many(connection, match, _FEW)):
        found = f"SELECT count(*) FROM {spoken.matching}{filters.sql}"
        return _scalar(connection, found, match, *filters.values)
    condition = _with_words(filters, words)
    return _scalar(connection, f"SELECT count(*) FROM product_search WHERE TRUE{condition.sql}", *condition.values)


def unindexed(connection: Connection) -> int:
    """Products that are stored and cannot be found yet: in the first minutes of a new catalogue."""
    return count_noted(connection)


def list_facet(connection: Connection, query: Query, facet: Facet) -> list[FacetValue]:
    """The platforms, regions or categories of what is found without this filter, those of most products first."""
    asked = msgspec.structs.replace(query, **{facet.value: None})
    words = sought_words(asked.text)
    filters = _filters_of_all(connection, asked)
    spoken = search_dialect_of(connection)
    match = spoken.match_of(words)
    _look_at_long(words, filters, spoken)
    if words and (spoken.matches_many or not spoken.are_many(connection, match, _FEW)):
        found, values = f"{spoken.matching}{filters.sql}", [match, *filters.values]
    else:
        condition = _with_words(filters, words)
        found, values = f"product_search WHERE TRUE{condition.sql}", condition.values
    if facet is Facet.CATEGORY:
        statement = (
            "SELECT categories.id, categories.name, counted FROM (SELECT category_id, count(*) AS counted "
            "FROM product_categories WHERE product_id IN "
            f"(SELECT product_search.product_id FROM {found}) GROUP BY category_id) AS found "
            "JOIN categories ON categories.id = category_id ORDER BY counted DESC, categories.name"
        )
    else:
        column = f"product_search.{facet.value}"
        statement = f"SELECT {column}, {column}, count(*) FROM {found} GROUP BY 1 ORDER BY 3 DESC, 1 NULLS FIRST"
    rows = connection.exec_driver_sql(statement, tuple(values))
    return [
        FacetValue(key=WITHOUT if key is None else str(key), name=name or "none", count=counted)
        for key, name, counted in rows
    ]


def filters_of(
    query: Query, table: str = "product_search", product_id: str = "product_id", in_category: str = IN_CATEGORY
) -> Condition:
    """The filters as conditions on the index, or on another table that has the same columns and the id of a product."""
    condition = Condition([], [])
    if query.standing is not Standing.ALL:
        condition.add(f"{table}.is_active = ?", query.standing is Standing.ACTIVE)
    for column, value in (("platform", query.platform), ("region", query.region)):
        if value == WITHOUT:
            condition.add(f"{table}.{column} IS NULL")
        elif value is not None:
            condition.add(f"{table}.{column} = ?", value)
    if query.price_from is not None:
        condition.add(f"{table}.min_price >= ?", stored_amount(query.price_from))
    if query.price_to is not None:
        condition.add(f"{table}.min_price <= ?", stored_amount(query.price_to))
    if query.category is not None:
        condition.add(in_category.format(f"{table}.{product_id}"), query.category)
    return condition


def _filters_of_all(connection: Connection, query: Query) -> Condition:
    """The filters for a question that looks at all that is found."""
    return filters_of(query, in_category=dialect_of(connection).in_category)


def _look_at_long(words: Sequence[str], filters: Condition, spoken: SearchDialect) -> None:
    """Add that the products have the words that are too long for the index, which knows how they begin."""
    told, values = has_words([word for word in words if len(word) > spoken.longest_word])
    filters.told += told
    filters.values += values


def _with_words(filters: Condition, words: Sequence[str]) -> Condition:
    told, values = has_words(words)
    return Condition([*filters.told, *told], [*filters.values, *values])


def _lines(connection: Connection, ids: Sequence[str]) -> tuple[ProductLine, ...]:
    spoken, asked = dialect_of(connection), msgspec.json.encode(ids).decode()
    rows = connection.exec_driver_sql(f"SELECT {LINE_COLUMNS} {spoken.listed} ORDER BY {spoken.listed_order}", (asked,))
    return tuple(line_of(tuple(row)) for row in rows)


def line_of(row: tuple[Any, ...]) -> ProductLine:
    """The line of a product, from its LINE_COLUMNS."""
    product_id, name, platform, region, min_price, qty, is_active, gone_at = row
    return ProductLine(
        product_id=product_id,
        name=name,
        platform=platform,
        region=region,
        min_price=read_amount(min_price),
        qty=qty,
        is_active=bool(is_active),
        gone_at=read_time(gone_at),
    )


def _scalar(connection: Connection, statement: str, *parameters: Any) -> int:
    return int(connection.exec_driver_sql(statement, parameters).scalar_one())


def _column(connection: Connection, statement: str, *parameters: Any) -> list[str]:
    return [value for (value,) in connection.exec_driver_sql(statement, parameters)]
