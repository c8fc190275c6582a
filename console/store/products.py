"""The rows of products: inserting new ones, and bringing those up to date whose document differs."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from console.product import Product, RawProduct, RejectedProduct
from console.run import Change
from console.store.bulk import for_each, insert_rows, marks
from console.store.rows import CONTENT_COLUMNS, changed_fields, content_row
from console.store.search_index import index_changed, index_new, note_new

Decode = Callable[[RawProduct], Product | RejectedProduct]

CHANGE_COLUMNS = ("run_id", "product_id", "change", "fields", "at")

_COLUMNS = (
    *CONTENT_COLUMNS, "is_active", "first_seen_at", "last_changed_at", "last_seen_run_id", "content_hash", "id",
)  # fmt: skip
_UPDATE = (
    "UPDATE products SET {}, is_active = TRUE, discontinued_at = NULL, last_changed_at = ?, last_seen_run_id = ?, "
    "content_hash = ? WHERE id = ?".format(", ".join(f"{column} = ?" for column in CONTENT_COLUMNS))
)
_FOUND_BY = frozenset({"name", "slug", "developer", "publisher", "platform", "region"})
"""Columns whose words a product is found by."""
_SELECT_CONTENT = f"SELECT id, {', '.join(CONTENT_COLUMNS)} FROM products WHERE id IN "


class Arrival(msgspec.Struct, frozen=True):
    """A product to be written, with the fingerprint of the document it came in.

    `is_returning`: we have it as discontinued.
    """

    product: Product
    fingerprint: bytes
    is_returning: bool = False


def insert_new(
    connection: Connection, run_id: int, arrivals: Sequence[Arrival], at: str | None, *, record: bool
) -> None:
    """Insert products that we do not have; `record` writes each down as a change.

    Without it they are so many that they are indexed later.
    """
    rows = [(*content_row(each.product), True, at, at, run_id, each.fingerprint, each.product.id) for each in arrivals]
    insert_rows(connection, "products", _COLUMNS, rows)
    let_be_found = index_new if record else note_new
    let_be_found(connection, [each.product for each in arrivals])
    _write_categories(connection, [each.product for each in arrivals])
    if record:
        changes = [(run_id, each.product.id, Change.NEW, None, at) for each in arrivals]
        insert_rows(connection, "product_changes", CHANGE_COLUMNS, changes)


def update_differing(connection: Connection, run_id: int, arrivals: Sequence[Arrival], at: str | None) -> set[str]:
    """Write the products whose fingerprint differs; returns the ids of those that truly changed.

    A fingerprint can differ though no column does: G2A has a new field, or orders its fields anew.
    """
    if not arrivals:
        return set()
    ids = tuple(each.product.id for each in arrivals)
    stored = {row[0]: tuple(row[1:]) for row in connection.exec_driver_sql(_SELECT_CONTENT + marks(ids), ids)}
    categories = _stored_categories(connection, ids)
    updates: list[tuple[Any, ...]] = []
    renamed: list[Product] = []
    changes: list[tuple[Any, ...]] = []
    same: list[tuple[bytes, str]] = []
    for each in arrivals:
        product, row = each.product, content_row(each.product)
        fields = changed_fields(stored[product.id], row)
        before, after = categories.get(product.id, []), sorted(category.id for category in product.categories)
        if before != after:
            fields["categories"] = [before, after]
        if each.is_returning:
            fields["is_active"] = [False, True]
        if not fields:
            same.append((each.fingerprint, product.id))
            continue
        change = Change.RETURNED if each.is_returning else Change.CHANGED
        if not _FOUND_BY.isdisjoint(fields):
            renamed.append(product)
        updates.append((*row, at, run_id, each.fingerprint, product.id))
        changes.append((run_id, product.id, change, msgspec.json.encode(fields).decode(), at))
    for_each(connection, _UPDATE, updates)
    index_changed(connection, renamed)
    for_each(connection, "UPDATE products SET content_hash = ? WHERE id = ?", same)
    connection.exec_driver_sql(f"DELETE FROM product_categories WHERE product_id IN {marks(ids)}", ids)
    _write_categories(connection, [each.product for each in arrivals])
    insert_rows(connection, "product_changes", CHANGE_COLUMNS, changes)
    return {update[-1] for update in updates}


def _stored_categories(connection: Connection, ids: Sequence[str]) -> dict[str, list[int]]:
    categories: dict[str, list[int]] = {}
    rows = connection.exec_driver_sql(
        f"SELECT product_id, category_id FROM product_categories WHERE product_id IN {marks(ids)} ORDER BY category_id",
        tuple(ids),
    )
    for product_id, category_id in rows:
        categories.setdefault(product_id, []).append(category_id)
    return categories


def _write_categories(connection: Connection, products: Iterable[Product]) -> None:
    names = {category.id: category.name for product in products for category in product.categories}
    insert_rows(
        connection,
        "categories",
        ("id", "name"),
        list(names.items()),
        "ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE excluded.name NOT IN (categories.name, '')",
    )
    insert_rows(
        connection,
        "product_categories",
        ("product_id", "category_id"),
        [(product.id, category.id) for product in products for category in product.categories],
    )
