"""From a product to the row that holds it, and back to what can be compared."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from console.product import Product

CONTENT_COLUMNS = (
    "name", "slug", "type", "qty", "min_price", "retail_min_price", "retail_min_base_price", "available_to_buy",
    "thumbnail", "small_image", "cover_image", "images", "videos", "release_date", "region", "developer", "publisher",
    "platform", "price_limit_min", "price_limit_max", "restrictions", "requirements", "source_updated_at",
)  # fmt: skip
"""The columns that G2A fills, in the order of `content_row`."""

JSON_COLUMNS = frozenset({"images", "videos", "restrictions", "requirements"})
AMOUNT_COLUMNS = frozenset(
    {"min_price", "retail_min_price", "retail_min_base_price", "price_limit_min", "price_limit_max"}
)

_encode = msgspec.json.Encoder(order="deterministic").encode


def content_row(product: Product) -> tuple[Any, ...]:
    """The values of CONTENT_COLUMNS as the database driver takes them."""
    return (
        product.name,
        product.slug,
        product.type,
        product.qty,
        stored_amount(product.min_price),
        stored_amount(product.retail_min_price),
        stored_amount(product.retail_min_base_price),
        product.available_to_buy,
        product.thumbnail,
        product.small_image,
        product.cover_image,
        _json(product.images),
        product.videos,
        _day(product.release_date),
        product.region,
        product.developer,
        product.publisher,
        product.platform,
        stored_amount(product.price_limit_min),
        stored_amount(product.price_limit_max),
        product.restrictions,
        product.requirements,
        stored_time(product.source_updated_at),
    )


def changed_fields(old: tuple[Any, ...], new: tuple[Any, ...]) -> dict[str, list[Any]]:
    """What differs between two content rows: column → [old, new]."""
    return {
        column: [readable(column, before), readable(column, after)]
        for column, before, after in zip(CONTENT_COLUMNS, old, new, strict=True)
        if before != after
    }


def readable(column: str, value: Any) -> Any:
    """The value of a content column as it is told: JSON decoded, a truth as one."""
    if value is None:
        return None
    if column in JSON_COLUMNS:
        return msgspec.json.decode(value)
    return bool(value) if column == "available_to_buy" else value


def stored_time(moment: datetime | None) -> str | None:
    """A time as SQLAlchemy stores it in SQLite: UTC, without an offset."""
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def read_time(stored: str | None) -> datetime | None:
    """The aware time that `stored_time` wrote."""
    return None if stored is None else datetime.fromisoformat(stored).replace(tzinfo=UTC)


def stored_amount(amount: Decimal | None) -> float | None:
    """An amount in EUR as SQLite keeps it."""
    return None if amount is None else float(amount)


def read_amount(stored: float | None) -> Decimal | None:
    """The amount that `stored_amount` wrote."""
    return None if stored is None else Decimal(str(stored))


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _json(value: Any) -> str:
    return _encode(value).decode()
