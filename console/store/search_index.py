"""The index over what products are found by, kept in step in the transaction that writes them.

`product_search` has a narrow row for each product: its words, and what it is filtered and sorted by; a scan of it is
quick where a scan of `products` is not. `product_words` is SQLite's full-text index over those words (FTS5), and all
that is SQLite's own about it stands here. The words are cut and compared by `console.search`; the index only ever sees
small letters and digits with spaces between them.

The first sync of a large catalogue would take half as long again if each page had to bring the index up to date. It
only notes its products in `product_search_backlog`; they are indexed many at once, a little later.
"""

import sqlite3
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from console.product import Product
from console.search import words_of
from console.store.bulk import for_each, insert_rows
from console.store.rows import stored_amount

_COLUMNS = ("product_id", "words", "platform", "region", "is_active", "min_price", "qty")

INDEX_ALL = (
    (
        "INSERT INTO product_search (product_id, words, platform, region, is_active, min_price, qty) "
        "SELECT id, search_words(name, id, slug, developer, publisher, platform, region) AS found_by, "
        "platform, region, is_active, min_price, qty FROM products ORDER BY found_by"
    ),
)
"""Fills an empty `product_search`; `register_words` comes first."""

INDEX_TABLES = (
    (
        "CREATE VIRTUAL TABLE product_words USING fts5(words, content='product_search', content_rowid='doc', "
        "tokenize='ascii', prefix='1 2 3', detail=none, columnsize=0)"
    ),
    "INSERT INTO product_words (product_words) VALUES ('rebuild')",
)
"""Makes the full-text index over `product_search`. `detail=none`: where in a text a word stands is not asked."""

TRIGGERS = (
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

MATCH = "product_words MATCH ?"
"""Products that have a word beginning with each of those that are looked for; its parameter is `match_of` them."""

_INDEX_SOME = (
    "INSERT OR IGNORE INTO product_search (product_id, words, platform, region, is_active, min_price, qty) "
    "SELECT id, search_words(name, id, slug, developer, publisher, platform, region), "
    "platform, region, is_active, min_price, qty FROM products "
    "WHERE id IN (SELECT product_id FROM product_search_backlog WHERE seq <= ?)"
)
_HAS_WORD = "product_search.words LIKE ?"


def match_of(words: Iterable[str]) -> str:
    """The parameter of MATCH. Each word is quoted: nothing that is typed is ever read as a query language."""
    return " AND ".join(f'"{word}" *' for word in words)


def has_words(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """The same as conditions on `product_search` alone, with their parameters."""
    return [_HAS_WORD] * len(words), [f"% {word}%" for word in words]


def search_words(*texts: str | None) -> str:
    """The words of these texts, each once, with a space before each of them."""
    words = dict.fromkeys(word for text in texts if text for word in words_of(text))
    return f" {' '.join(words)}"


def register_words(connection: sqlite3.Connection) -> None:
    """Let the statements of this connection use `search_words`."""
    connection.create_function("search_words", -1, search_words, deterministic=True)


def index_new(connection: Connection, products: Sequence[Product]) -> None:
    """Let new products be found."""
    rows = [
        (each.id, _words(each), each.platform, each.region, True, stored_amount(each.min_price), each.qty)
        for each in products
    ]
    insert_rows(connection, "product_search", _COLUMNS, rows)


def note_new(connection: Connection, products: Sequence[Product]) -> None:
    """Let new products be found once `index_noted` gets to them."""
    insert_rows(connection, "product_search_backlog", ("product_id",), [(each.id,) for each in products])


def index_noted(connection: Connection, limit: int) -> int:
    """Index products that were only noted, the first of them; returns how many are left."""
    last = connection.exec_driver_sql(
        "SELECT max(seq) FROM (SELECT seq FROM product_search_backlog ORDER BY seq LIMIT ?)", (limit,)
    ).scalar_one()
    if last is None:
        return 0
    connection.exec_driver_sql(_INDEX_SOME, (last,))
    connection.exec_driver_sql("DELETE FROM product_search_backlog WHERE seq <= ?", (last,))
    return count_noted(connection)


def count_noted(connection: Connection) -> int:
    """Products that cannot be found yet."""
    return int(connection.exec_driver_sql("SELECT count(*) FROM product_search_backlog").scalar_one())


def index_changed(connection: Connection, products: Sequence[Product]) -> None:
    """Let products be found by their new words; their other columns follow by themselves."""
    for_each(
        connection,
        "UPDATE product_search SET words = ? WHERE product_id = ?",
        [(_words(each), each.id) for each in products],
    )


def _words(product: Product) -> str:
    return search_words(
        product.name, product.id, product.slug, product.developer, product.publisher, product.platform, product.region
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
