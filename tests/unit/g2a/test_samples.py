"""The recorded responses, field by field."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from console.g2a.decode import decode_page, decode_product
from console.product import Category, Product

LISTS = ["sandbox_products_page1.json", "official_products_list.json", "official_product_minecraft.json"]
AS_THEY_ARE = {
    "id": "id",
    "name": "name",
    "slug": "slug",
    "type": "type",
    "thumbnail": "thumbnail",
    "smallImage": "small_image",
    "coverImage": "cover_image",
    "region": "region",
    "developer": "developer",
    "publisher": "publisher",
    "platform": "platform",
    "availableToBuy": "available_to_buy",
    "minPrice": "min_price",
    "retail_min_price": "retail_min_price",
    "retailMinBasePrice": "retail_min_base_price",
}
AS_JSON = {"videos", "restrictions", "requirements"}
UNUSED = {"description"}


def recorded(samples: Path, name: str) -> tuple[bytes, list[dict[str, Any]]]:
    """The body of a recorded page (a single product becomes a page), and its documents with exact numbers."""
    body = (samples / name).read_bytes()
    document = json.loads(body, parse_float=Decimal)
    if "docs" not in document:
        body, document = b'{"total":1,"page":1,"docs":[' + body + b"]}", {"docs": [document]}
    docs: list[dict[str, Any]] = document["docs"]
    return body, docs


def products(body: bytes) -> list[Product]:
    """The products of a page on which all are good."""
    decoded = [decode_product(raw) for raw in decode_page(body, 1).products]
    assert [each for each in decoded if not isinstance(each, Product)] == []
    return [each for each in decoded if isinstance(each, Product)]


def expected(doc: dict[str, Any]) -> dict[str, Any]:
    """The fields of the product that a document must become."""
    limit = doc.get("priceLimit") or {}
    categories: dict[int, str] = {}
    for each in doc.get("categories", []):
        categories.setdefault(each["id"], each["name"])
    released, updated = doc.get("release_date"), doc.get("updated_at")
    fields = {field: doc.get(member) if doc.get(member) != "" else None for member, field in AS_THEY_ARE.items()}
    return fields | {
        "qty": doc["qty"],
        "images": tuple(doc.get("images", [])),
        "videos": doc.get("videos", []),
        "release_date": date.fromisoformat(released) if released else None,
        "source_updated_at": datetime.strptime(updated, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC) if updated else None,
        "price_limit_min": limit.get("min"),
        "price_limit_max": limit.get("max"),
        "restrictions": doc.get("restrictions") or None,
        "requirements": doc.get("requirements") or None,
        "categories": tuple(Category(number, name) for number, name in categories.items()),
    }


def readable(field: str, value: Any) -> Any:
    """The value of a field; what is kept as JSON text is read."""
    return json.loads(value) if field in AS_JSON and value is not None else value


@pytest.mark.parametrize("name", LISTS)
def test_every_field_of_every_recorded_product_is_where_it_belongs(samples: Path, name: str) -> None:
    body, docs = recorded(samples, name)
    found = products(body)
    assert len(found) == len(docs)
    for product, doc in zip(found, docs, strict=True):
        wanted = expected(doc)
        assert {field: readable(field, getattr(product, field)) for field in product.__struct_fields__} == wanted


@pytest.mark.parametrize("name", LISTS)
def test_no_recorded_field_is_unknown_to_us(samples: Path, name: str) -> None:
    _, docs = recorded(samples, name)
    known = {*AS_THEY_ARE, *UNUSED, "qty", "images", "videos", "release_date", "updated_at", "priceLimit",
             "restrictions", "requirements", "categories"}  # fmt: skip
    assert {member for doc in docs for member in doc} <= known


def test_the_sandbox_says_how_many_products_there_are(samples: Path) -> None:
    page = decode_page((samples / LISTS[0]).read_bytes(), 1)
    assert (page.total, len(page.products)) == (93, 20)


def test_a_recorded_page_is_not_taken_for_another(samples: Path) -> None:
    from console.g2a.errors import BrokenReply

    with pytest.raises(BrokenReply, match="Page 2 was asked for, and G2A sent page 1"):
        decode_page((samples / LISTS[0]).read_bytes(), 2)


def test_the_recordings_hold_the_awkwardness_that_these_tests_are_for(samples: Path) -> None:
    docs = [doc for name in LISTS for doc in recorded(samples, name)[1]]
    repeats = [doc for doc in docs if len({each["id"] for each in doc["categories"]}) < len(doc["categories"])]
    assert repeats, "a category id repeats inside one product"
    assert any(isinstance(doc["minPrice"], int) for doc in docs), "a whole amount comes as an integer"
    assert any(not doc["name"].isascii() for doc in docs) or any("'" in doc["name"] for doc in docs)
