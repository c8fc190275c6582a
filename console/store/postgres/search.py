"""PostgreSQL's index over the words of products: a GIN index over `product_search.words`, as lexemes.

The words were cut and compared by `console.search`; no configuration of PostgreSQL's text search has a say in them.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from console.search import Sort, search_words
from console.store.bulk import insert_rows
from console.store.search_dialect import SearchDialect, Statement

_LETTERS_OF_A_WORD = 200
"""A lexeme has 2,046 bytes at most, and an entry of an index 2,704."""
_LEXEMES = "product_lexemes(words)"
_FUNCTION = (
    "CREATE FUNCTION product_lexemes(words text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE "
    "COST 5000 AS $$ BEGIN RETURN array_to_tsvector(string_to_array(ltrim(regexp_replace(words, "
    rf"'([^ ]{{{_LETTERS_OF_A_WORD}}})[^ ]+', '\1', 'g')), ' ')); END $$"
)
"""Its cost is far above the truth, so that nothing but the index is ever asked."""
_FITS = "octet_length(words) <= 2000"
"""Whether the words fit into an entry of an index; those of nearly all products do."""

_NOTE_ALL = "INSERT INTO product_search_backlog (product_id) SELECT id FROM products ORDER BY id"
_LOOKED_AT = "INCLUDE (is_active, product_id)"
"""What is asked of most products: an order is walked without the table."""
_INDEXES = (
    f"CREATE INDEX ix_product_search_words ON product_search (words, doc) {_LOOKED_AT} WHERE {_FITS}",
    f"CREATE INDEX ix_product_search_long_words ON product_search (left(words, 100)) WHERE NOT ({_FITS})",
    f"CREATE INDEX ix_product_search_min_price ON product_search (min_price, doc) {_LOOKED_AT}",
    f"CREATE INDEX ix_product_search_dearest ON product_search (min_price DESC NULLS LAST, doc DESC) {_LOOKED_AT}",
    f"CREATE INDEX ix_product_search_qty ON product_search (qty, doc) {_LOOKED_AT}",
    f"CREATE INDEX ix_product_search_lexemes ON product_search USING gin ({_LEXEMES}) WITH (fastupdate = off)",
)
_TRIGGERS = (
    (
        "CREATE FUNCTION product_search_follows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'DELETE' THEN DELETE FROM product_search WHERE product_id = OLD.id; "
        "ELSE UPDATE product_search SET platform = NEW.platform, region = NEW.region, is_active = NEW.is_active, "
        "min_price = NEW.min_price, qty = NEW.qty WHERE product_id = NEW.id; END IF; RETURN NULL; END $$"
    ),
    (
        "CREATE TRIGGER product_search_of_changed AFTER UPDATE OF platform, region, is_active, min_price, qty "
        "ON products FOR EACH ROW WHEN ((OLD.platform, OLD.region, OLD.is_active, OLD.min_price, OLD.qty) "
        "IS DISTINCT FROM (NEW.platform, NEW.region, NEW.is_active, NEW.min_price, NEW.qty)) "
        "EXECUTE FUNCTION product_search_follows()"
    ),
    (
        "CREATE TRIGGER product_search_of_deleted AFTER DELETE ON products FOR EACH ROW "
        "EXECUTE FUNCTION product_search_follows()"
    ),
)
_FOUND_BY = "name, id, slug, developer, publisher, platform, region"
_NOTED = (
    f"SELECT {_FOUND_BY}, platform, region, is_active, min_price, qty, id FROM products "
    "WHERE id IN (SELECT product_id FROM product_search_backlog WHERE seq <= ?) ORDER BY id"
)
_COLUMNS = ("platform", "region", "is_active", "min_price", "qty", "product_id", "words")
_MATCHING = f"product_search WHERE {_LEXEMES} @@ CAST(? AS tsquery)"
_ORDERS = {
    Sort.NAME: "product_search.words, product_search.doc",
    Sort.CHEAPEST: "product_search.min_price, product_search.doc",
    Sort.DEAREST: "product_search.min_price DESC NULLS LAST, product_search.doc DESC",
    Sort.STOCK: "product_search.qty DESC, product_search.doc DESC",
}


def _index_noted(connection: Connection, last: int) -> None:
    words = len(_FOUND_BY.split(", "))
    rows = [(*row[words:], search_words(*row[:words])) for row in connection.exec_driver_sql(_NOTED, (last,))]
    insert_rows(connection, "product_search", _COLUMNS, rows, "ON CONFLICT (product_id) DO NOTHING")


def _match_of(words: Iterable[str]) -> str:
    """Words are letters and digits alone: nothing that is typed is ever read as a query language."""
    return " & ".join(f"'{word[:_LETTERS_OF_A_WORD]}':*" for word in words)


def _are_many(connection: Connection, match: str, most: int) -> bool:
    return _count_few(connection, match, "", (), most) is None


def _count_few(connection: Connection, match: str, conditions: str, values: Sequence[Any], most: int) -> int | None:
    """In one go: it is the look into the index that takes its time."""
    counted = (
        f"SELECT count(*), count(*) FILTER (WHERE TRUE{conditions}) "
        f"FROM (SELECT * FROM {_MATCHING} LIMIT ?) AS product_search"
    )
    matching, left = connection.exec_driver_sql(counted, (*values, match, most + 1)).one()
    return int(left) if matching <= most else None


def _walk(sort: Sort, conditions: str, values: Sequence[Any], limit: int, offset: int) -> Statement:
    order = _ORDERS[sort]
    if sort is not Sort.NAME:
        walked = f"SELECT product_id FROM product_search WHERE TRUE{conditions} ORDER BY {order} LIMIT ? OFFSET ?"
        return walked, (*values, limit, offset)
    # the words that fit into an index are walked, the others sorted, and then the two put together
    parts = [
        f"(SELECT product_id, words, doc FROM product_search WHERE {part}{conditions} ORDER BY {order} LIMIT ?)"
        for part in (_FITS, f"NOT ({_FITS})")
    ]
    walked = f"SELECT product_id FROM ({' UNION ALL '.join(parts)}) AS walked ORDER BY words, doc LIMIT ? OFFSET ?"
    return walked, (*values, limit + offset, *values, limit + offset, limit, offset)


POSTGRES_SEARCH = SearchDialect(
    make=(_NOTE_ALL, _FUNCTION, *_INDEXES, *_TRIGGERS),
    index_noted=_index_noted,
    once_indexed=("ANALYZE product_search", "ANALYZE products", "ANALYZE product_categories"),
    matching=_MATCHING,
    match_of=_match_of,
    longest_word=_LETTERS_OF_A_WORD,
    are_many=_are_many,
    count_few=_count_few,
    matches_many=True,
    orders=_ORDERS,
    walk=_walk,
)
