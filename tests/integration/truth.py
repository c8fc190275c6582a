"""What a product of the API must look like in the tables: written down a second time, from the promise alone."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from console.store.tables import ProductRow

Document = Mapping[str, Any]
Content = dict[str, Any]

_TEXTS = {
    "name": "name", "slug": "slug", "type": "type", "thumbnail": "thumbnail", "small_image": "smallImage",
    "cover_image": "coverImage", "region": "region", "developer": "developer", "publisher": "publisher",
    "platform": "platform",
}  # fmt: skip
_PRICES = {
    "min_price": "minPrice",
    "retail_min_price": "retail_min_price",
    "retail_min_base_price": "retailMinBasePrice",
}
_LIMITS = {"price_limit_min": "min", "price_limit_max": "max"}
_JSON = ("images", "videos", "restrictions", "requirements")
COLUMNS = (
    *_TEXTS, *_PRICES, *_LIMITS, *_JSON, "qty", "available_to_buy", "release_date", "source_updated_at",
)  # fmt: skip


def promised(document: Document) -> Content:
    """What the columns must hold for a product of the API; empty texts are NULL, prices exact, times UTC."""
    limit = document.get("priceLimit") or {}
    return {
        **{column: document.get(member) or None for column, member in _TEXTS.items()},
        **{column: _money(document.get(member)) for column, member in _PRICES.items()},
        **{column: _money(limit.get(member)) for column, member in _LIMITS.items()},
        "images": document.get("images") or [],
        "videos": document.get("videos") or [],
        "restrictions": document["restrictions"] if isinstance(document.get("restrictions"), dict) else None,
        "requirements": document["requirements"] if isinstance(document.get("requirements"), dict) else None,
        "qty": document["qty"],
        "available_to_buy": document.get("availableToBuy"),
        "release_date": date.fromisoformat(document["release_date"]) if document.get("release_date") else None,
        "source_updated_at": _moment(document.get("updated_at") or None),
    }


def promised_categories(document: Document) -> set[int]:
    """The ids of a product's categories, each once."""
    return {category["id"] for category in document.get("categories") or []}


def category_names(documents: Iterable[Document]) -> dict[int, set[str]]:
    """Every name that the API gives to a category: one id can come with two of them."""
    names: dict[int, set[str]] = {}
    for document in documents:
        for category in document.get("categories") or []:
            names.setdefault(category["id"], set()).add(category["name"])
    return names


def content_of_row(row: Mapping[str, Any]) -> Content:
    """The content of a row that was read through sqlite3."""
    content = {column: row[column] for column in COLUMNS}
    for column in (*_PRICES, *_LIMITS):
        content[column] = _money(row[column])
    for column in _JSON:
        content[column] = None if row[column] is None else json.loads(row[column])
    content["available_to_buy"] = None if row["available_to_buy"] is None else bool(row["available_to_buy"])
    content["release_date"] = date.fromisoformat(row["release_date"]) if row["release_date"] else None
    content["source_updated_at"] = _moment(row["source_updated_at"])
    return content


def content_of_model(product: ProductRow) -> Content:
    """The content of a row that was read through SQLModel."""
    return {column: getattr(product, column) for column in COLUMNS}


def _money(amount: float | None) -> Decimal | None:
    return None if amount is None else Decimal(str(amount))


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)
