"""The tables, the same on every database. Other programs read them: columns are added, never renamed.

SQLModel's table classes do not check what they are given; everything that is written has been checked before.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, LargeBinary, Numeric, text
from sqlmodel import Field, SQLModel

from console.run import ACTIVE_STATUSES
from console.store.column_types import ROW_ID, TEXT

_ACTIVE_RUN = text("status IN ({})".format(", ".join(f"'{status}'" for status in ACTIVE_STATUSES)))


def _money() -> Any:
    return Field(default=None, sa_type=Numeric(12, 4))


def _json() -> Any:
    return Field(default=None, sa_type=JSON(none_as_null=True), nullable=True)


def _long_text() -> Any:
    return Field(default=None, sa_type=TEXT)


def _count() -> Any:
    return Field(default=0, sa_type=BigInteger)


def _row_id() -> Any:
    return Field(default=None, sa_column=Column(ROW_ID, primary_key=True))


class ProductRow(SQLModel, table=True):
    """A product as G2A showed it last; prices in EUR, NULL where G2A says nothing.

    `last_seen_run_id` of a product that did not change is brought up to date when its run ends, for all at once.
    """

    __tablename__ = "products"
    __table_args__ = (Index("ix_products_is_active_id", "is_active", "id"),)

    id: str = Field(sa_type=TEXT, primary_key=True)
    name: str = Field(sa_type=TEXT)
    slug: str | None = _long_text()
    type: str | None = _long_text()
    qty: int = _count()
    min_price: Decimal | None = _money()
    retail_min_price: Decimal | None = _money()
    retail_min_base_price: Decimal | None = _money()
    available_to_buy: bool | None = None
    thumbnail: str | None = _long_text()
    small_image: str | None = _long_text()
    cover_image: str | None = _long_text()
    images: list[str] | None = _json()
    videos: list[dict[str, str]] | None = _json()
    release_date: date | None = None
    region: str | None = _long_text()
    developer: str | None = _long_text()
    publisher: str | None = _long_text()
    platform: str | None = _long_text()
    price_limit_min: Decimal | None = _money()
    price_limit_max: Decimal | None = _money()
    restrictions: dict[str, bool] | None = _json()
    requirements: dict[str, dict[str, str]] | None = _json()
    source_updated_at: datetime | None = None
    is_active: bool = True
    first_seen_at: datetime
    last_changed_at: datetime
    last_seen_run_id: int = Field(sa_type=BigInteger)
    discontinued_at: datetime | None = None
    content_hash: bytes = Field(sa_type=LargeBinary(16))


class CategoryRow(SQLModel, table=True):
    """A category; several may have the same name."""

    __tablename__ = "categories"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: str = Field(sa_type=TEXT)


class ProductCategoryRow(SQLModel, table=True):
    """Which product is in which category."""

    __tablename__ = "product_categories"
    __table_args__ = (
        Index("ix_product_categories_category_id", "category_id", "product_id"),
        {"sqlite_with_rowid": False},
    )

    product_id: str = Field(sa_type=TEXT, primary_key=True, foreign_key="products.id")
    category_id: int = Field(primary_key=True, foreign_key="categories.id")


class ProductSearchRow(SQLModel, table=True):
    """What a product is found, filtered and sorted by: the narrow copy that `search_index.py` keeps in step.

    `words` are those of its name first, then its id and more, each with a space before it.
    """

    __tablename__ = "product_search"
    __table_args__ = (
        Index("ux_product_search_product_id", "product_id", unique=True),
        Index("ix_product_search_words", "words", "is_active", "platform", "region", "min_price"),
        Index("ix_product_search_min_price", "min_price", "is_active", "platform", "region"),
        Index("ix_product_search_qty", "qty", "is_active", "platform", "region", "min_price"),
    )

    doc: int | None = _row_id()
    product_id: str = Field(sa_type=TEXT)
    words: str = Field(sa_type=TEXT)
    platform: str | None = _long_text()
    region: str | None = _long_text()
    is_active: bool
    min_price: Decimal | None = _money()
    qty: int = Field(sa_type=BigInteger)


class SearchBacklogRow(SQLModel, table=True):
    """A product that is stored and cannot be found yet."""

    __tablename__ = "product_search_backlog"

    seq: int | None = _row_id()
    product_id: str = Field(sa_type=TEXT)


class RunRow(SQLModel, table=True):
    """A run of the sync: planned, running or over. At most one is active, and a slot has at most one.

    `catalogue_total` is how many products G2A said there are. `continues_run_id` names the run that this one goes on
    with: what that one had stored counts here as well. It can only where `filters` are the same, and `schema_revision`
    is that of a program that stores products alike.
    """

    __tablename__ = "sync_runs"
    __table_args__ = (
        Index(
            "ux_sync_runs_one_active", text("(1)"), unique=True, sqlite_where=_ACTIVE_RUN, postgresql_where=_ACTIVE_RUN
        ),
        Index("ux_sync_runs_slot", "job_id", "slot", unique=True),
    )

    id: int | None = _row_id()
    kind: str = Field(sa_type=TEXT)
    trigger: str = Field(sa_type=TEXT)
    status: str = Field(sa_type=TEXT)
    requested_by: str | None = _long_text()
    started_at: datetime | None = None
    finished_at: datetime | None = None
    duration_seconds: float | None = None
    pages_total: int = _count()
    pages_done: int = _count()
    pages_failed: int = _count()
    requests: int = _count()
    retries: int = _count()
    products_seen: int = _count()
    products_new: int = _count()
    products_changed: int = _count()
    products_unchanged: int = _count()
    products_discontinued: int = _count()
    products_rejected: int = _count()
    errors: list[dict[str, Any]] | None = _json()
    error: str | None = _long_text()
    job_id: str | None = _long_text()
    slot: datetime | None = None
    heartbeat_at: datetime | None = None
    catalogue_total: int | None = Field(default=None, sa_type=BigInteger)
    continues_run_id: int | None = Field(default=None, sa_type=BigInteger)
    filters: str | None = _long_text()
    schema_revision: str | None = _long_text()


class PageRow(SQLModel, table=True):
    """A page of a run: its checkpoint. `price_window` is 0 where the catalogue was not cut into windows."""

    __tablename__ = "sync_pages"
    __table_args__ = ({"sqlite_with_rowid": False},)

    run_id: int = Field(sa_type=BigInteger, primary_key=True, foreign_key="sync_runs.id")
    price_window: int = Field(default=0, primary_key=True)
    page: int = Field(primary_key=True)
    price_from: Decimal | None = _money()
    price_to: Decimal | None = _money()
    status: str = Field(sa_type=TEXT)
    attempts: int = 0
    products: int = 0
    duration_ms: int = 0
    error: str | None = _long_text()


class SightingRow(SQLModel, table=True):
    """A product was seen in a run: narrow, so that seeing an unchanged product does not rewrite it."""

    __tablename__ = "run_sightings"
    __table_args__ = ({"sqlite_with_rowid": False},)

    run_id: int = Field(sa_type=BigInteger, primary_key=True, foreign_key="sync_runs.id")
    product_id: str = Field(sa_type=TEXT, primary_key=True)


class RemovalRow(SQLModel, table=True):
    """A product that a blocked run would have marked as discontinued."""

    __tablename__ = "run_removals"
    __table_args__ = ({"sqlite_with_rowid": False},)

    run_id: int = Field(sa_type=BigInteger, primary_key=True, foreign_key="sync_runs.id")
    product_id: str = Field(sa_type=TEXT, primary_key=True)


class RejectedProductRow(SQLModel, table=True):
    """A product that could not be stored, and why."""

    __tablename__ = "rejected_products"
    __table_args__ = (Index("ix_rejected_products_run_id", "run_id"),)

    id: int | None = _row_id()
    run_id: int = Field(sa_type=BigInteger, foreign_key="sync_runs.id")
    page: int
    product_id: str | None = _long_text()
    reason: str = Field(sa_type=TEXT)
    document: Any = _json()


class ProductChangeRow(SQLModel, table=True):
    """What a run found different about a product; `fields` maps a column to [old, new]."""

    __tablename__ = "product_changes"
    __table_args__ = (
        Index("ix_product_changes_run_id", "run_id"),
        Index("ix_product_changes_product_id", "product_id"),
        Index("ix_product_changes_at", "at"),
    )

    id: int | None = _row_id()
    run_id: int = Field(sa_type=BigInteger, foreign_key="sync_runs.id")
    product_id: str = Field(sa_type=TEXT)
    change: str = Field(sa_type=TEXT)
    fields: dict[str, list[Any]] | None = _json()
    at: datetime


class ScheduleRow(SQLModel, table=True):
    """When a job runs, once somebody has edited it; until then the settings say."""

    __tablename__ = "schedules"

    job_id: str = Field(sa_type=TEXT, primary_key=True)
    hour: int
    minute: int
    enabled: bool = True
    pause_reason: str | None = _long_text()
    updated_by: str | None = _long_text()
    updated_at: datetime


class AuditEventRow(SQLModel, table=True):
    """Who did what, and what was before and after."""

    __tablename__ = "audit_events"

    id: int | None = _row_id()
    at: datetime
    actor: str = Field(sa_type=TEXT)
    role: str = Field(sa_type=TEXT)
    method: str = Field(sa_type=TEXT)
    action: str = Field(sa_type=TEXT)
    target: str | None = _long_text()
    before: Any = _json()
    after: Any = _json()
    outcome: str = Field(sa_type=TEXT)
