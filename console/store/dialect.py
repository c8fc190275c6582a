"""The few things that SQLite and PostgreSQL each say in their own way; every other statement is one for both.

What is written for both: `?` marks a parameter, a truth is `TRUE`, a subquery has a name, and names are compared by
`lower` where their case does not count: it knows ASCII alone (the columns of PostgreSQL have the collation "C").
"""

from typing import NamedTuple

from sqlalchemy import Connection

IN_CATEGORY = (
    "EXISTS (SELECT 1 FROM product_categories WHERE product_categories.product_id = {} "
    "AND product_categories.category_id = ?)"
)
"""That a product is in a category."""


class Dialect(NamedTuple):
    """Statements and parts of statements.

    `known_products` tells what is known of the products of a JSON list, as one row of JSON, to a run: `bulk.py` says
    why. `listed` is a FROM with the products of such a list, `listed_order` their order. `categories` are those of a
    product as JSON, `minute` a time to the minute as text, `contains` whether a text holds another, `old_price` and
    `new_price` those of a change. `in_category` says that a product is in a category, where all products are asked.
    `unseen` says of a product that it is active and was not seen in a run. `refresh` lets the database learn what is in
    its tables.
    """

    known_products: str
    listed: str
    listed_order: str
    categories: str
    minute: str
    contains: str
    old_price: str
    new_price: str
    in_category: str
    unseen: str
    refresh: str


SQLITE = Dialect(
    known_products=(
        "SELECT json_group_array(json_array(page.value, hex(products.content_hash), products.is_active, "
        "run_sightings.run_id IS NOT NULL)) "
        "FROM json_each(?) AS page LEFT JOIN products ON products.id = page.value "
        "LEFT JOIN run_sightings ON run_sightings.run_id = ? AND run_sightings.product_id = page.value"
    ),
    listed="FROM products JOIN json_each(?) AS place ON products.id = place.value",
    listed_order="place.key",
    categories=(
        "(SELECT json_group_array(json_object('id', id, 'name', name)) FROM (SELECT categories.id, categories.name "
        "FROM product_categories JOIN categories ON categories.id = product_categories.category_id "
        "WHERE product_categories.product_id = products.id ORDER BY product_categories.category_id))"
    ),
    minute="substr({}, 1, 16)",
    contains="instr({}, {}) > 0",
    old_price="(fields ->> '$.min_price[0]')",
    new_price="(fields ->> '$.min_price[1]')",
    in_category=IN_CATEGORY,
    unseen=(
        "is_active = TRUE AND NOT EXISTS "
        "(SELECT 1 FROM run_sightings WHERE run_id = ? AND run_sightings.product_id = products.id)"
    ),
    refresh="PRAGMA optimize",
)


def dialect_of(connection: Connection) -> Dialect:
    """That of this connection."""
    if connection.dialect.name == "sqlite":
        return SQLITE
    from console.store.postgres.dialect import POSTGRES  # noqa: PLC0415 - only where there is one

    return POSTGRES
