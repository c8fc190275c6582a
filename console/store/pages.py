"""Writing pages of products, each with its checkpoint, so that a killed run loses nothing that was told as stored."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec
from sqlalchemy import Connection

from console.product import RawProduct, RejectedProduct
from console.run import PageState
from console.store.bulk import insert_rows
from console.store.catalogue import mark_seen
from console.store.dialect import dialect_of
from console.store.products import Arrival, Decode, insert_new, update_differing
from console.store.rows import stored_amount, stored_time
from console.store.runs import ACTIVE, check_goes_on

_PAGE_COLUMNS = (
    "run_id", "price_window", "page", "price_from", "price_to", "status", "attempts", "products", "duration_ms",
    "error",
)  # fmt: skip
_ON_PAGE_CONFLICT = (
    "ON CONFLICT (run_id, price_window, page) DO UPDATE SET "
    "status = excluded.status, attempts = excluded.attempts, products = excluded.products, "
    "duration_ms = excluded.duration_ms, error = excluded.error"
)
_REJECTED_COLUMNS = ("run_id", "page", "product_id", "reason", "document")
_COUNT_PAGES = (
    "UPDATE sync_runs SET pages_total = ?, catalogue_total = ?, pages_done = pages_done + ?, requests = ?, "
    "retries = ?, products_seen = products_seen + ?, products_new = products_new + ?, "
    "products_changed = products_changed + ?, products_unchanged = products_unchanged + ?, "
    f"products_rejected = products_rejected + ?, heartbeat_at = ? WHERE id = ? AND status IN {ACTIVE}"
)


class PageKey(msgspec.Struct, frozen=True, kw_only=True):
    """Which page it is, of which price window: 0 is the whole catalogue. Prices in EUR; None is no limit."""

    page: int
    window: int = 0
    price_from: Decimal | None = None
    price_to: Decimal | None = None


class PageWrite(msgspec.Struct, frozen=True, kw_only=True):
    """A fetched page on its way into the database. Without a `key` it is products asked for one by one.

    `is_new`: the run has not stored this page before.
    """

    key: PageKey | None
    is_new: bool = True
    products: tuple[RawProduct, ...]
    attempts: int
    duration_ms: int


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Pages of one run that are written together. `pages_total`, `requests` and `retries` are those of the run so far.

    `record_new`: whether a new product becomes a row of `product_changes`; the first sync into an empty catalogue
    does not write one for each of its products.
    """

    run_id: int
    pages: tuple[PageWrite, ...]
    pages_total: int
    products_total: int
    requests: int
    retries: int
    at: datetime
    record_new: bool


class PageOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a page brought. A product that the run had seen before is counted nowhere.

    `unidentified` of the rejected ones have no id: they cannot be told from products that are gone.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    unidentified: int = 0


class _Known(msgspec.Struct, frozen=True, array_like=True):
    """What we have of a product: an empty `fingerprint` where it is new. `is_seen`: the run has met it before."""

    id: str
    fingerprint: str
    is_active: int | None
    is_seen: int


class _Found(msgspec.Struct):
    """The products of a page, sorted by what is to be done with them; page 0 are those asked for one by one."""

    page: int
    new: list[Arrival] = []
    differing: list[Arrival] = []
    unchanged: list[str] = []
    rejected: list[RejectedProduct] = []

    def add(self, raw: RawProduct, known: _Known | None, decode: Decode) -> None:
        """Sort one product. Only where its fingerprint differs from the stored one is it decoded."""
        if known and known.is_active and known.fingerprint == raw.fingerprint.hex().upper():
            self.unchanged.append(known.id)
            return
        product = decode(raw)
        if isinstance(product, RejectedProduct):
            self.rejected.append(product)
        elif known is None or not known.fingerprint:
            self.new.append(Arrival(product, raw.fingerprint))
        else:
            self.differing.append(Arrival(product, raw.fingerprint, is_returning=not known.is_active))

    def outcome(self, changed: Collection[str]) -> PageOutcome:
        """What the page brought, when of all that differed these products truly changed."""
        truly = sum(each.product.id in changed for each in self.differing)
        return PageOutcome(
            new=len(self.new),
            changed=truly,
            unchanged=len(self.unchanged) + len(self.differing) - truly,
            rejected=len(self.rejected),
            unidentified=sum(each.product_id is None for each in self.rejected),
        )


_decode_known = msgspec.json.Decoder(list[_Known]).decode


def write_pages(connection: Connection, batch: Batch, decode: Decode) -> list[PageOutcome]:
    """Store pages, each whole: products, changes and checkpoint, within the open transaction.

    Returns what each of them brought.

    Raises:
        RunOver: another process has ended the run.
    """
    found = _sort(connection, batch, decode)
    at = stored_time(batch.at)
    insert_new(connection, batch.run_id, [new for each in found for new in each.new], at, record=batch.record_new)
    changed = update_differing(connection, batch.run_id, [one for each in found for one in each.differing], at)
    insert_rows(
        connection,
        "rejected_products",
        _REJECTED_COLUMNS,
        [
            (batch.run_id, each.page, product.product_id, product.reason, product.document)
            for each in found
            for product in each.rejected
        ],
    )
    outcomes = [each.outcome(changed) for each in found]
    _checkpoint(connection, batch, outcomes)
    return outcomes


def write_failed_page(
    connection: Connection, run_id: int, key: PageKey, attempts: int, duration_ms: int, error: str
) -> None:
    """Record that a page failed for good."""
    row = (run_id, *_key_values(key), PageState.FAILED, attempts, 0, duration_ms, error)
    insert_rows(connection, "sync_pages", _PAGE_COLUMNS, [row], _ON_PAGE_CONFLICT)
    connection.exec_driver_sql("UPDATE sync_runs SET pages_failed = pages_failed + 1 WHERE id = ?", (run_id,))


def _key_values(key: PageKey) -> tuple[int, int, float | None, float | None]:
    return key.window, key.page, stored_amount(key.price_from), stored_amount(key.price_to)


def _sort(connection: Connection, batch: Batch, decode: Decode) -> list[_Found]:
    """Sort the products of each page that the run has not seen before, and note that it has seen them now."""
    ids = {raw.id for page in batch.pages for raw in page.products if raw.id is not None}
    known = _known(connection, batch.run_id, ids)
    unseen = {product_id for product_id in ids if not known[product_id].is_seen}
    mark_seen(connection, batch.run_id, sorted(unseen))
    sorted_pages = []
    for page in batch.pages:
        found = _Found(page.key.page if page.key else 0)
        by_id = {raw.id: raw for raw in page.products if raw.id in unseen}
        for product_id, raw in by_id.items():
            found.add(raw, known[product_id or ""], decode)
        for raw in page.products:
            if raw.id is None:
                found.add(raw, None, decode)
        unseen.difference_update(by_id)
        sorted_pages.append(found)
    return sorted_pages


def _known(connection: Connection, run_id: int, ids: Collection[str]) -> dict[str, _Known]:
    """What we have of each product."""
    asked = msgspec.json.encode(sorted(ids)).decode()
    found = connection.exec_driver_sql(dialect_of(connection).known_products, (asked, run_id)).scalar_one()
    return {each.id: each for each in _decode_known(found)}


def _checkpoint(connection: Connection, batch: Batch, outcomes: Sequence[PageOutcome]) -> None:
    rows = [
        (
            batch.run_id, *_key_values(page.key), PageState.DONE, page.attempts, len(page.products), page.duration_ms,
            None,
        )
        for page in batch.pages
        if page.key is not None
    ]  # fmt: skip
    insert_rows(connection, "sync_pages", _PAGE_COLUMNS, rows, _ON_PAGE_CONFLICT)
    new = sum(each.new for each in outcomes)
    changed = sum(each.changed for each in outcomes)
    unchanged = sum(each.unchanged for each in outcomes)
    rejected = sum(each.rejected for each in outcomes)
    pages_new = sum(page.is_new and page.key is not None for page in batch.pages)
    counted = connection.exec_driver_sql(
        _COUNT_PAGES,
        (
            batch.pages_total, batch.products_total, pages_new, batch.requests, batch.retries,
            new + changed + unchanged, new, changed, unchanged, rejected, stored_time(batch.at), batch.run_id,
        ),
    )  # fmt: skip
    if not counted.rowcount:
        check_goes_on(connection, batch.run_id)
