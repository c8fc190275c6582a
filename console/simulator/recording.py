"""Reads recorded products: a fixture file, or a product that a test puts into the catalogue."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from console.simulator.product import Product


class FixtureError(ValueError):
    """A fixture is not a recorded page or product; the message names the file and what is wrong with it."""


class _Page(msgspec.Struct):
    docs: list[msgspec.Raw]


def read_fixture(path: Path) -> list[Product]:
    """Read a recorded response, one page or one product, and keep every product's JSON as it is in the file.

    Raises:
        FixtureError: the file cannot be read, is not JSON, or holds neither a page nor a product.
    """
    try:
        content = path.read_bytes()
        page = msgspec.json.decode(content, type=_Page)
        return [from_json(bytes(raw)) for raw in page.docs]
    except msgspec.ValidationError:
        try:
            return [from_json(content)]
        except msgspec.ValidationError as error:
            raise FixtureError(f"{path} holds neither a page nor a product: {error}") from error
    except (OSError, msgspec.DecodeError) as error:
        raise FixtureError(f"{path} cannot be served: {error}") from error


def from_json(raw: bytes) -> Product:
    """Make a product of its JSON, which is kept verbatim; it is listed even when its stock is 0.

    Raises:
        msgspec.ValidationError: it is not an object with a text as `id`.
    """
    document = msgspec.json.decode(raw)
    if not isinstance(document, dict) or not isinstance(document.get("id"), str):
        raise msgspec.ValidationError("a product is an object whose `id` is a text")
    product = Product(id=document["id"], cents=None, qty=0, updated=None, raw=raw, always_listed=True)
    read_numbers(product, document)
    return product


def read_numbers(product: Product, document: Mapping[str, Any]) -> None:
    """Take over what filters look at, as far as it has the right type."""
    price, qty, updated = document.get("minPrice"), document.get("qty"), document.get("updated_at")
    priced = isinstance(price, int | float) and not isinstance(price, bool)
    product.cents = round(price * 100) if priced and price is not None else None
    product.qty = qty if isinstance(qty, int) and not isinstance(qty, bool) else 0
    product.updated = updated if isinstance(updated, str) else None
