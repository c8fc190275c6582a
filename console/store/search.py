"""Finding products by their words and filters, in a catalogue of hundreds of thousands, while somebody types.

Two ways lead to the same products, and how many match decides which one is taken. A few: the full-text index names
them, and they are sorted. Many: the index of the order is walked and each product looked at, until there are enough;
the more match, the sooner that is.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from console.search import WITHOUT, Facet, FacetValue, Found, ProductLine, Query, Sort, Standing, sought_words
from console.store.rows import read_amount, read_time, stored_amount
from console.store.search_index import MATCH, count_noted, has_words, match_of

_FEW = 20_000
"""Products up to which it is quicker to sort them than to walk an order. Measured with 300,000 products."""

_ORDERS = {
    Sort.NAME: ("ix_product_search_words", "product_search.words, product_search.doc"),
    Sort.CHEAPEST: ("ix_product_search_min_price", "product_search.min_price ASC NULLS LAST, product_search.doc"),
    Sort.DEAREST: ("ix_product_search_min_price", "product_search.min_price DESC, product_search.doc DESC"),
    Sort.STOCK: ("ix_product_search_qty", "product_search.qty DESC, product_search.doc DESC"),
}
LINE_COLUMNS = (
    "products.id, products.name, products.platform, products.region, products.min_price, products.qty, "
    "products.is_active, products.discontinued_at"
)
_PRODUCTS = "FROM products JOIN json_each(?) AS place ON products.id = place.value ORDER BY place.key"
_MATCHING = f"product_words CROSS JOIN product_search ON product_search.doc = product_words.rowid WHERE {MATCH}"


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
    if words and not _are_many(connection, words):
        total = _scalar(connection, f"SELECT count(*) FROM {_MATCHING}{filters.sql}", match_of(words), *filters.values)
        ids = _column(
            connection,
            f"SELECT product_search.product_id FROM {_MATCHING}{filters.sql} ORDER BY {_ORDERS[query.sort][1]} "
            "LIMIT ? OFFSET ?",
            match_of(words), *filters.values, limit, offset,
        )  # fmt: skip
        return Found(products=_lines(connection, ids), total=total)
    ids = _walk(connection, query.sort, _with_words(filters, words), limit, offset)
    return Found(products=_lines(connection, ids), total=None)


def count(connection: Connection, query: Query) -> int:
    """How many products are found."""
    words, filters = sought_words(query.text), filters_of(query)
    if words and (not filters.told or not _are_many(connection, words)):
        return _scalar(connection, f"SELECT count(*) FROM {_MATCHING}{filters.sql}", match_of(words), *filters.values)
    condition = _with_words(filters, words)
    return _scalar(connection, f"SELECT count(*) FROM product_search WHERE 1{condition.sql}", *condition.values)


def unindexed(connection: Connection) -> int:
    """Products that are stored and cannot be found yet: in the first minutes of a new catalogue."""
    return count_noted(connection)


def list_facet(connection: Connection, query: Query, facet: Facet) -> list[FacetValue]:
    """The platforms, regions or categories of what is found without this filter, those of most products first."""
    asked = msgspec.structs.replace(query, **{facet.value: None})
    words = sought_words(asked.text)
    filters = filters_of(asked)
    if words and not _are_many(connection, words):
        found = f"{_MATCHING}{filters.sql}"
        values = [match_of(words), *filters.values]
    else:
        condition = _with_words(filters, words)
        found, values = f"product_search WHERE 1{condition.sql}", condition.values
    if facet is Facet.CATEGORY:
        statement = (
            "SELECT categories.id, categories.name, counted FROM (SELECT category_id, count(*) AS counted "
            "FROM product_categories WHERE product_id IN "
            f"(SELECT product_search.product_id FROM {found}) GROUP BY category_id) "
            "JOIN categories ON categories.id = category_id ORDER BY counted DESC, categories.name"
        )
    else:
        column = f"product_search.{facet.value}"
        statement = f"SELECT {column}, {column}, count(*) FROM {found} GROUP BY 1 ORDER BY 3 DESC, 1"
    rows = connection.exec_driver_sql(statement, tuple(values))
    return [
        FacetValue(key=WITHOUT if key is None else str(key), name=name or "none", count=counted)
        for key, name, counted in rows
    ]


def filters_of(query: Query, table: str = "product_search", product_id: str = "product_id") -> Condition:
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
        condition.add(
            f"EXISTS (SELECT 1 FROM product_categories WHERE product_categories.product_id = {table}.{product_id} "
            "AND product_categories.category_id = ?)",
            query.category,
        )
    return condition


def _with_words(filters: Condition, words: Sequence[str]) -> Condition:
    told, values = has_words(words)
    return Condition([*filters.told, *told], [*filters.values, *values])


def _are_many(connection: Connection, words: Sequence[str]) -> bool:
    statement = f"SELECT count(*) FROM (SELECT 1 FROM product_words WHERE {MATCH} LIMIT ?)"
    return _scalar(connection, statement, match_of(words), _FEW + 1) > _FEW


def _walk(connection: Connection, sort: Sort, condition: Condition, limit: int, offset: int) -> list[str]:
    """The ids from an index in the order, the narrow columns alone; the whole rows are looked up afterwards."""
    index, order = _ORDERS[sort]
    return _column(
        connection,
        f"SELECT product_id FROM product_search JOIN (SELECT doc AS found FROM product_search INDEXED BY {index} "
        f"WHERE 1{condition.sql} ORDER BY {order} LIMIT ? OFFSET ?) ON doc = found ORDER BY {order}",
        *condition.values, limit, offset,
    )  # fmt: skip


def _lines(connection: Connection, ids: Sequence[str]) -> tuple[ProductLine, ...]:
    asked = msgspec.json.encode(ids).decode()
    rows = connection.exec_driver_sql(f"SELECT {LINE_COLUMNS} {_PRODUCTS}", (asked,))
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
