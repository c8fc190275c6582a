"""Writing the catalogue: a page of products at a time, and at the end of a sweep what is gone."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection

from console.product import Product, RawProduct, RejectedProduct
from console.run import Change, PageState
from console.store.rows import CONTENT_COLUMNS, changed_fields, content_row, stored_time

_CHANGES_AT_ONCE = 2_000
_BOOKKEEPING = ("is_active", "first_seen_at", "last_changed_at", "last_seen_run_id", "content_hash", "id")

_INSERT = "INSERT INTO products ({}) VALUES ({})".format(
    ", ".join((*CONTENT_COLUMNS, *_BOOKKEEPING)), ", ".join("?" * (len(CONTENT_COLUMNS) + len(_BOOKKEEPING)))
)
_UPDATE = (
    "UPDATE products SET {}, is_active = 1, discontinued_at = NULL, last_changed_at = ?, last_seen_run_id = ?, "
    "content_hash = ? WHERE id = ?".format(", ".join(f"{column} = ?" for column in CONTENT_COLUMNS))
)
_SELECT_CONTENT = f"SELECT id, {', '.join(CONTENT_COLUMNS)} FROM products WHERE id IN "
_INSERT_SIGHTING = "INSERT INTO run_sightings (run_id, product_id) VALUES (?, ?) ON CONFLICT DO NOTHING"
_INSERT_CHANGE = "INSERT INTO product_changes (run_id, product_id, change, fields, at) VALUES (?, ?, ?, ?, ?)"
_INSERT_REJECTED = "INSERT INTO rejected_products (run_id, page, product_id, reason, document) VALUES (?, ?, ?, ?, ?)"
_INSERT_PAGE = (
    "INSERT INTO sync_pages (run_id, price_window, page, status, attempts, products, duration_ms, error) "
    "VALUES (?, 0, ?, ?, ?, ?, ?, ?) ON CONFLICT (run_id, price_window, page) DO UPDATE SET "
    "status = excluded.status, attempts = excluded.attempts, products = excluded.products, "
    "duration_ms = excluded.duration_ms, error = excluded.error"
)
_COUNT_PAGE = (
    "UPDATE sync_runs SET pages_done = pages_done + 1, requests = ?, retries = ?, products_seen = products_seen + ?, "
    "products_new = products_new + ?, products_changed = products_changed + ?, "
    "products_unchanged = products_unchanged + ?, products_rejected = products_rejected + ?, heartbeat_at = ? "
    "WHERE id = ?"
)


class PageWrite(msgspec.Struct, frozen=True, kw_only=True):
    """A fetched page on its way into the database. `requests` and `retries` are those of the run so far.

    `record_new`: whether a new product becomes a row of `product_changes`; the first sync into an empty catalogue
    does not write one for each of its products.
    """

    run_id: int
    page: int
    products: tuple[RawProduct, ...]
    attempts: int
    duration_ms: int
    requests: int
    retries: int
    at: datetime
    record_new: bool


class PageOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a page brought. A product that the run had seen before is counted nowhere.

    `unidentified` of the rejected ones have no id: they cannot be told from products that are gone.
    """

    new: int
    changed: int
    unchanged: int
    rejected: int
    unidentified: int


class _Arrival(msgspec.Struct, frozen=True):
    """A product to be written, with the fingerprint of the document it came in."""

    product: Product
    fingerprint: bytes


class _Found(msgspec.Struct):
    """The products of a page, sorted by what is to be done with them."""

    new: list[_Arrival]
    differing: list[_Arrival]
    returning: set[str]
    unchanged: list[str]
    rejected: list[RejectedProduct]


Decode = Callable[[RawProduct], Product | RejectedProduct]


def write_page(connection: Connection, page: PageWrite, decode: Decode) -> PageOutcome:
    """Store a page: its products, their changes and its checkpoint, within the open transaction.

    Only products whose fingerprint differs from the stored one are decoded and written.
    """
    found = _sort(connection, page, decode)
    at = stored_time(page.at)
    _insert_new(connection, page, found.new, at)
    changed, same = _update_differing(connection, page, found, at)
    seen = [*(each.product.id for each in found.new), *changed, *same, *found.unchanged]
    rejected_ids = [each.product_id for each in found.rejected if each.product_id is not None]
    _many(connection, _INSERT_SIGHTING, [(page.run_id, product_id) for product_id in (*seen, *rejected_ids)])
    _many(
        connection,
        _INSERT_REJECTED,
        [(page.run_id, page.page, each.product_id, each.reason, each.document) for each in found.rejected],
    )
    outcome = PageOutcome(
        new=len(found.new),
        changed=len(changed),
        unchanged=len(found.unchanged) + len(same),
        rejected=len(found.rejected),
        unidentified=len(found.rejected) - len(rejected_ids),
    )
    _checkpoint(connection, page, outcome, at)
    return outcome


def _checkpoint(connection: Connection, page: PageWrite, outcome: PageOutcome, at: str | None) -> None:
    connection.exec_driver_sql(
        _INSERT_PAGE,
        (page.run_id, page.page, PageState.DONE, page.attempts, len(page.products), page.duration_ms, None),
    )
    seen = outcome.new + outcome.changed + outcome.unchanged
    connection.exec_driver_sql(
        _COUNT_PAGE,
        (
            page.requests, page.retries, seen, outcome.new, outcome.changed, outcome.unchanged, outcome.rejected,
            at, page.run_id,
        ),
    )  # fmt: skip


def write_failed_page(
    connection: Connection, run_id: int, page: int, attempts: int, duration_ms: int, error: str
) -> None:
    """Record that a page failed for good."""
    connection.exec_driver_sql(_INSERT_PAGE, (run_id, page, PageState.FAILED, attempts, 0, duration_ms, error))
    connection.exec_driver_sql("UPDATE sync_runs SET pages_failed = pages_failed + 1 WHERE id = ?", (run_id,))


def _sort(connection: Connection, page: PageWrite, decode: Decode) -> _Found:
    by_id = {raw.id: raw for raw in page.products if raw.id is not None}
    nameless = [raw for raw in page.products if raw.id is None]
    known = _known(connection, page.run_id, by_id)
    found = _Found([], [], set(), [], [each for each in map(decode, nameless) if isinstance(each, RejectedProduct)])
    for product_id, raw in by_id.items():
        fingerprint, is_active, is_seen = known[product_id]
        if is_seen:
            continue
        if is_active and fingerprint == raw.fingerprint:
            found.unchanged.append(product_id)
            continue
        product = decode(raw)
        if isinstance(product, RejectedProduct):
            found.rejected.append(product)
        elif fingerprint is None:
            found.new.append(_Arrival(product, raw.fingerprint))
        else:
            found.differing.append(_Arrival(product, raw.fingerprint))
            if not is_active:
                found.returning.add(product.id)
    return found


def _known(
    connection: Connection, run_id: int, ids: Collection[str]
) -> dict[str, tuple[bytes | None, bool | None, bool]]:
    """Of each product its fingerprint (None where it is new), whether it is active, and whether the run has seen it."""
    if not ids:
        return {}
    marks = ", ".join("(?)" for _ in ids)
    rows = connection.exec_driver_sql(
        f"WITH page(id) AS (VALUES {marks}) SELECT page.id, products.content_hash, products.is_active, "
        "run_sightings.run_id IS NOT NULL FROM page LEFT JOIN products ON products.id = page.id "
        "LEFT JOIN run_sightings ON run_sightings.run_id = ? AND run_sightings.product_id = page.id",
        (*ids, run_id),
    )
    return {product_id: (fingerprint, is_active, is_seen) for product_id, fingerprint, is_active, is_seen in rows}


def _insert_new(connection: Connection, page: PageWrite, arrivals: Sequence[_Arrival], at: str | None) -> None:
    rows = [
        (*content_row(each.product), True, at, at, page.run_id, each.fingerprint, each.product.id) for each in arrivals
    ]
    _many(connection, _INSERT, rows)
    _write_categories(connection, [each.product for each in arrivals])
    if page.record_new:
        _many(connection, _INSERT_CHANGE, [(page.run_id, each.product.id, Change.NEW, None, at) for each in arrivals])


def _update_differing(
    connection: Connection, page: PageWrite, found: _Found, at: str | None
) -> tuple[list[str], list[str]]:
    """Write the products whose fingerprint differs; returns the ids that truly changed, and those that did not.

    A fingerprint can differ though no column does: G2A has a new field, or orders its fields anew.
    """
    if not found.differing:
        return [], []
    ids = tuple(each.product.id for each in found.differing)
    stored = {row[0]: tuple(row[1:]) for row in connection.exec_driver_sql(_SELECT_CONTENT + _marks(ids), ids)}
    categories = _stored_categories(connection, ids)
    updates: list[tuple[Any, ...]] = []
    changes: list[tuple[Any, ...]] = []
    same: list[tuple[bytes, str]] = []
    for each in found.differing:
        product, row = each.product, content_row(each.product)
        fields = changed_fields(stored[product.id], row)
        before, after = categories.get(product.id, []), sorted(category.id for category in product.categories)
        if before != after:
            fields["categories"] = [before, after]
        if product.id in found.returning:
            fields["is_active"] = [False, True]
        if not fields:
            same.append((each.fingerprint, product.id))
            continue
        change = Change.RETURNED if product.id in found.returning else Change.CHANGED
        updates.append((*row, at, page.run_id, each.fingerprint, product.id))
        changes.append((page.run_id, product.id, change, msgspec.json.encode(fields).decode(), at))
    _many(connection, _UPDATE, updates)
    _many(connection, "UPDATE products SET content_hash = ? WHERE id = ?", same)
    _many(connection, "DELETE FROM product_categories WHERE product_id = ?", [(product_id,) for product_id in ids])
    _write_categories(connection, [each.product for each in found.differing])
    _many(connection, _INSERT_CHANGE, changes)
    return [update[-1] for update in updates], [product_id for _, product_id in same]


def _stored_categories(connection: Connection, ids: Sequence[str]) -> dict[str, list[int]]:
    categories: dict[str, list[int]] = {}
    rows = connection.exec_driver_sql(
        "SELECT product_id, category_id FROM product_categories WHERE product_id IN "
        f"{_marks(ids)} ORDER BY category_id",
        tuple(ids),
    )
    for product_id, category_id in rows:
        categories.setdefault(product_id, []).append(category_id)
    return categories


def _write_categories(connection: Connection, products: Iterable[Product]) -> None:
    names = {category.id: category.name for product in products for category in product.categories}
    _many(
        connection,
        "INSERT INTO categories (id, name) VALUES (?, ?) "
        "ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE excluded.name NOT IN (name, '')",
        list(names.items()),
    )
    _many(
        connection,
        "INSERT INTO product_categories (product_id, category_id) VALUES (?, ?)",
        [(product.id, category.id) for product in products for category in product.categories],
    )


def count_active(connection: Connection) -> int:
    """Products that the shop can show now."""
    return _scalar(connection, "SELECT count(*) FROM products WHERE is_active = 1")


def count_sightings(connection: Connection, run_id: int) -> int:
    """Distinct products that a run has seen, those it had to reject included."""
    return _scalar(connection, "SELECT count(*) FROM run_sightings WHERE run_id = ?", run_id)


_UNSEEN = (
    "is_active = 1 AND NOT EXISTS "
    "(SELECT 1 FROM run_sightings WHERE run_id = ? AND run_sightings.product_id = products.id)"
)


def count_unseen(connection: Connection, run_id: int) -> int:
    """Active products that a run has not seen: those that a complete sweep takes for gone."""
    return _scalar(connection, f"SELECT count(*) FROM products WHERE {_UNSEEN}", run_id)


def list_unseen(connection: Connection, run_id: int, limit: int) -> list[str]:
    """The ids of the first of them."""
    return _column(connection, f"SELECT id FROM products WHERE {_UNSEEN} ORDER BY id LIMIT ?", run_id, limit)


def mark_seen(connection: Connection, run_id: int, ids: Sequence[str]) -> None:
    """Note that a run has seen these products after all."""
    _many(connection, _INSERT_SIGHTING, [(run_id, product_id) for product_id in ids])


def discontinue(connection: Connection, run_id: int, ids: Sequence[str], at: datetime) -> int:
    """Mark these products as discontinued, all of them in the open transaction; returns how many."""
    moment = stored_time(at)
    fields = msgspec.json.encode({"is_active": [True, False]}).decode()
    _many(connection, _INSERT_CHANGE, [(run_id, product_id, Change.DISCONTINUED, fields, moment) for product_id in ids])
    _many(
        connection,
        "UPDATE products SET is_active = 0, discontinued_at = ?, last_changed_at = ? WHERE id = ?",
        [(moment, moment, product_id) for product_id in ids],
    )
    return len(ids)


def settle_sightings(connection: Connection, run_id: int, after_id: str) -> str | None:
    """Bring `last_seen_run_id` of the next products that the run saw up to date, in the order of their ids.

    A few thousand at a time, so that no transaction grows with the catalogue. Returns the id to go on after, or None
    when all is done and the sightings are no longer needed.
    """
    ids = _column(
        connection,
        "SELECT product_id FROM run_sightings WHERE run_id = ? AND product_id > ? ORDER BY product_id LIMIT ?",
        run_id,
        after_id,
        _CHANGES_AT_ONCE,
    )
    if not ids:
        return None
    connection.exec_driver_sql(
        "UPDATE products SET last_seen_run_id = ? WHERE id BETWEEN ? AND ? AND last_seen_run_id <> ? "
        "AND id IN (SELECT product_id FROM run_sightings WHERE run_id = ? AND product_id BETWEEN ? AND ?)",
        (run_id, ids[0], ids[-1], run_id, run_id, ids[0], ids[-1]),
    )
    return ids[-1]


def forget_sightings(connection: Connection, run_id: int) -> None:
    """Drop the sightings of every run up to this one."""
    connection.exec_driver_sql("DELETE FROM run_sightings WHERE run_id <= ?", (run_id,))


def _scalar(connection: Connection, statement: str, *parameters: Any) -> int:
    return int(connection.exec_driver_sql(statement, parameters).scalar_one())


def _column(connection: Connection, statement: str, *parameters: Any) -> list[str]:
    return [value for (value,) in connection.exec_driver_sql(statement, parameters)]


def _marks(values: Iterable[object]) -> str:
    return "({})".format(", ".join("?" for _ in values))


def _many(connection: Connection, statement: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        connection.exec_driver_sql(statement, rows)
