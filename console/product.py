"""A product of the catalogue, as it is stored: cleaned, typed, empty texts as None."""

from datetime import date, datetime
from decimal import Decimal

import msgspec


class Category(msgspec.Struct, frozen=True, array_like=True):
    """A category of the shop. The id is what identifies it: G2A uses one name for several ids."""

    id: int
    name: str


class Product(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One product. Prices are in EUR; the fields have the names of the table's columns.

    `videos`, `restrictions` and `requirements` are JSON text: most products share a few of them, so they are checked
    and written once, and then handed on as they are.
    """

    id: str
    name: str
    slug: str | None
    type: str | None
    qty: int
    min_price: Decimal | None
    retail_min_price: Decimal | None
    retail_min_base_price: Decimal | None
    available_to_buy: bool | None
    thumbnail: str | None
    small_image: str | None
    cover_image: str | None
    images: tuple[str, ...]
    videos: str | None
    release_date: date | None
    region: str | None
    developer: str | None
    publisher: str | None
    platform: str | None
    price_limit_min: Decimal | None
    price_limit_max: Decimal | None
    restrictions: str | None
    requirements: str | None
    source_updated_at: datetime | None
    categories: tuple[Category, ...]


class RawProduct(msgspec.Struct, frozen=True):
    """A product as it came: its JSON text, and 16 bytes that differ when anything in it does.

    Most products of a night are the same as the night before: the fingerprint tells so without decoding them. `id` is
    None where the document has none that can be used.
    """

    id: str | None
    document: bytes
    fingerprint: bytes


class RejectedProduct(msgspec.Struct, frozen=True, kw_only=True):
    """A product that cannot be stored: what is wrong with it, and the document as it came (JSON text, bounded)."""

    product_id: str | None
    reason: str
    document: str
