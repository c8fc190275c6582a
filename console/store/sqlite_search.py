"""SQLite's index over the words of products: FTS5, which is kept in step by triggers.

`product_words` is the full-text index; the words that it sees were cut and compared by `console.search`: they are small
letters and digits with spaces between them.
"""

import sqlite3
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from console.search import Sort, search_words
from console.store.search_dialect import SearchDialect, Statement

_INDEX_ALL = (
    "INSERT INTO product_search (product_id, words, platform, region, is_active, min_price, qty) "
    "SELECT id, search_words(name, id, slug, developer, publisher, platform, region) AS found_by, "
    "platform, region, is_active, min_price, qty FROM products ORDER BY found_by"
)
"""Fills an empty `product_search`; `register_words` comes first."""

_INDEXES = (
    "CREATE INDEX ix_product_search_words ON product_search (words, is_active, platform, region, min_price)",
    "CREATE INDEX ix_product_search_min_price ON product_search (min_price, is_active, platform, region)",
    "CREATE INDEX ix_product_search_qty ON product_search (qty, is_active, platform, region, min_price)",
)
"""Each holds what is filtered by as well: an order is walked without the table."""

_FULL_TEXT = (
    (
        "CREATE VIRTUAL TABLE product_words USING fts5(words, content='product_search', content_rowid='doc', "
        "tokenize='ascii', prefix='1 2 3', detail=none, columnsize=0)"
    ),
    "INSERT INTO product_words (product_words) VALUES ('rebuild')",
)
"""Makes the full-text index over `product_search`. `detail=none`: where in a text a word stands is not asked."""

_TRIGGERS = (
    (
        "CREATE TRIGGER product_search_of_changed AFTER UPDATE OF platform, region, is_active, min_price, qty "
        "ON products WHEN (old.platform, old.region, old.is_active, old.min_price, old.qty) "
        "IS NOT (new.platform, new.region, new.is_active, new.min_price, new.qty) BEGIN "
        "UPDATE product_search SET platform = new.platform, region = new.region, is_active = new.is_active, "
        "min_price = new.min_price, qty = new.qty WHERE product_id = new.id; END"
    ),
    (
        "CREATE TRIGGER product_search_of_deleted AFTER DELETE ON products BEGIN "
        "DELETE FROM product_search WHERE product_id = old.id; END"
    ),
    (
        "CREATE TRIGGER product_words_of_new AFTER INSERT ON product_search BEGIN "
        "INSERT INTO product_words (rowid, words) VALUES (new.doc, new.words); END"
    ),
    (
        "CREATE TRIGGER product_words_of_changed AFTER UPDATE OF words ON product_search "
        "WHEN old.words <> new.words BEGIN "
        "INSERT INTO product_words (product_words, rowid, words) VALUES ('delete', old.doc, old.words); "
        "INSERT INTO product_words (rowid, words) VALUES (new.doc, new.words); END"
    ),
    (
        "CREATE TRIGGER product_words_of_deleted AFTER DELETE ON product_search BEGIN "
        "INSERT INTO product_words (product_words, rowid, words) VALUES ('delete', old.doc, old.words); END"
    ),
)
"""What follows from a change by itself, whoever makes it."""

_INDEX_NOTED = (
    "INSERT OR IGNORE INTO product_search (product_id, words, platform, region, is_active, min_price, qty) "
    "SELECT id, search_words(name, id, slug, developer, publisher, platform, region), "
    "platform, region, is_active, min_price, qty FROM products "
    "WHERE id IN (SELECT product_id FROM product_search_backlog WHERE seq <= ?)"
)
_MATCH = "product_words MATCH ?"
_MATCHING = f"product_words CROSS JOIN product_search ON product_search.doc = product_words.rowid WHERE {_MATCH}"
_COUNT_SOME = f"SELECT count(*) FROM (SELECT 1 FROM product_words WHERE {_MATCH} LIMIT ?)"
_ORDERS = {
    Sort.NAME: ("ix_product_search_words", "product_search.words, product_search.doc"),
    Sort.CHEAPEST: ("ix_product_search_min_price", "product_search.min_price ASC NULLS LAST, product_search.doc"),
    Sort.DEAREST: ("ix_product_search_min_price", "product_search.min_price DESC, product_search.doc DESC"),
    Sort.STOCK: ("ix_product_search_qty", "product_search.qty DESC, product_search.doc DESC"),
}


def register_words(connection: sqlite3.Connection) -> None:
    """Let the statements of this connection use `search_words`."""
    connection.create_function("search_words", -1, search_words, deterministic=True)


def _index_noted(connection: Connection, last: int) -> None:
    connection.exec_driver_sql(_INDEX_NOTED, (last,))


def _match_of(words: Iterable[str]) -> str:
    """Each word is quoted: nothing that is typed is ever read as a query language."""
    return " AND ".join(f'"{word}" *' for word in words)


def _are_many(connection: Connection, match: str, most: int) -> bool:
    counted = connection.exec_driver_sql(_COUNT_SOME, (match, most + 1))
    return int(counted.scalar_one()) > most


def _count_few(connection: Connection, match: str, conditions: str, values: Sequence[Any], most: int) -> int | None:
    if _are_many(connection, match, most):
        return None
    counted = connection.exec_driver_sql(f"SELECT count(*) FROM {_MATCHING}{conditions}", (match, *values))
    return int(counted.scalar_one())


def _walk(sort: Sort, conditions: str, values: Sequence[Any], limit: int, offset: int) -> Statement:
    """The narrow columns of the index alone are walked; the whole rows are looked up afterwards."""
    index, order = _ORDERS[sort]
    walked = (
        f"SELECT product_id FROM product_search JOIN (SELECT doc AS found FROM product_search INDEXED BY {index} "
        f"WHERE TRUE{conditions} ORDER BY {order} LIMIT ? OFFSET ?) ON doc = found ORDER BY {order}"
    )
    return walked, (*values, limit, offset)


SQLITE_SEARCH = SearchDialect(
    make=(_INDEX_ALL, *_INDEXES, *_FULL_TEXT, *_TRIGGERS),
    index_noted=_index_noted,
    once_indexed=(),
    matching=_MATCHING,
    match_of=_match_of,
    longest_word=sys.maxsize,
    are_many=_are_many,
    count_few=_count_few,
    matches_many=False,
    orders={sort: order for sort, (_index, order) in _ORDERS.items()},
    walk=_walk,
)


def find_strays(connection: sqlite3.Connection) -> int:
    """Products that the index does not hold as they are, or holds though there are none. Blocks, for seconds."""
    (missing,) = connection.execute(
        "SELECT count(*) FROM products LEFT JOIN product_search ON product_search.product_id = products.id "
        "WHERE (product_search.doc IS NULL AND products.id NOT IN (SELECT product_id FROM product_search_backlog)) "
        "OR (product_search.doc IS NOT NULL AND (products.platform, products.region, products.is_active, "
        "products.min_price, products.qty) IS NOT (product_search.platform, product_search.region, "
        "product_search.is_active, product_search.min_price, product_search.qty))"
    ).fetchone()
    (lost,) = connection.execute(
        "SELECT count(*) FROM product_search WHERE product_id NOT IN (SELECT id FROM products)"
    ).fetchone()
    return int(missing) + int(lost) + _wrongly_worded(connection)


def _wrongly_worded(connection: sqlite3.Connection) -> int:
    """Products whose words differ between the full-text index and the table that it was made from."""
    connection.execute("PRAGMA query_only = OFF")  # for this view of the index; the file itself is opened to be read
    connection.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.indexed_words USING fts5vocab(main, product_words, instance)"
    )
    connection.execute("PRAGMA query_only = ON")
    indexed: dict[int, int] = {}
    for doc, word in connection.execute("SELECT doc, term FROM temp.indexed_words"):
        indexed[doc] = indexed.get(doc, 0) + hash(word)
    wrong = sum(
        indexed.pop(doc, 0) != sum(map(hash, words.split()))
        for doc, words in connection.execute("SELECT doc, words FROM product_search")
    )
    return wrong + len(indexed)
