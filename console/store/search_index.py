"""The index over what products are found by, kept in step in the transaction that writes them.

`product_search` has a narrow row for each product: its words, and what it is filtered and sorted by; a scan of it is
quick where a scan of `products` is not. Over those words there is a full-text index, which SQLite and PostgreSQL each
keep in their own way (`search_dialect.py`). The words are cut and compared by `console.search`.

The first sync of a large catalogue would take half as long again if each page had to bring the index up to date. It
only notes its products in `product_search_backlog`; they are indexed many at once, a little later.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from console.product import Product
from console.search import search_words
from console.store.bulk import for_each, insert_rows
from console.store.rows import stored_amount
from console.store.search_dialect import search_dialect_of

_COLUMNS = ("product_id", "words", "platform", "region", "is_active", "min_price", "qty")

_HAS_WORD = "product_search.words LIKE ?"


def has_words(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """That products have a word beginning with each of these, as conditions on `product_search`, and the parameters."""
    return [_HAS_WORD] * len(words), [f"% {word}%" for word in words]


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
        "SELECT max(seq) FROM (SELECT seq FROM product_search_backlog ORDER BY seq LIMIT ?) AS noted", (limit,)
    ).scalar_one()
    if last is None:
        return 0
    search_dialect_of(connection).index_noted(connection, last)
    connection.exec_driver_sql("DELETE FROM product_search_backlog WHERE seq <= ?", (last,))
    left = count_noted(connection)
    if not left:
        for statement in search_dialect_of(connection).once_indexed:
            connection.exec_driver_sql(statement)
    return left


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
