"""Broken products: one of a page is replaced by something that is not quite one."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

Document = dict[str, Any]
Break = Callable[[Document], object]

_DIGITS = 5_000
_LONG_NAME = 1 << 20


def _without(member: str) -> Break:
    def drop(document: Document) -> object:
        return {name: value for name, value in document.items() if name != member}

    return drop


def _with(**members: object) -> Break:
    """Set members; bytes are put in verbatim, so that they need not be JSON at all."""
    encoded = {name: msgspec.Raw(value) if isinstance(value, bytes) else value for name, value in members.items()}

    def put(document: Document) -> object:
        return document | encoded

    return put


def _instead(raw: bytes) -> Break:
    def replace(_document: Document) -> object:
        return msgspec.Raw(raw)

    return replace


BROKEN: Mapping[str, Break] = {
    "missing-id": _without("id"),
    "missing-name": _without("name"),
    "missing-price": _without("minPrice"),
    "empty-id": _with(id=""),
    "number-id": _with(id=10_000_000_024_005),
    "null-id": _with(id=None),
    "null-name": _with(name=None),
    "empty-name": _with(name=""),
    "long-name": lambda document: document | {"name": "N" * _LONG_NAME},
    "surrogate-name": _with(name=rb'"half a character: \ud83d"'),
    "invalid-utf8-name": _with(name=b'"not UTF-8: \xff\xfe"'),
    "text-price": _with(minPrice="12.99"),
    "nan-price": _with(minPrice=b"NaN"),
    "infinite-price": _with(minPrice=b"1e999"),
    "negative-price": _with(minPrice=-4.99),
    "absurd-price": _with(minPrice=b"9.99e+307"),
    "digits-price": lambda document: document | {"minPrice": msgspec.Raw(b"9" * _DIGITS)},
    "text-qty": _with(qty="many"),
    "negative-qty": _with(qty=-1),
    "huge-qty": _with(qty=b"1180591620717411303424"),
    "digits-qty": lambda document: document | {"qty": msgspec.Raw(b"7" * _DIGITS)},
    "wrong-types": _with(images={"0": "x"}, categories="Games", restrictions="none", videos=7, slug=["a"]),
    "wrong-categories": _with(categories=[{"id": "x", "name": 5}, None, 12, {"name": "no id"}]),
    "null-product": _instead(b"null"),
    "text-product": _instead(b'"sold out"'),
    "list-product": _instead(b"[]"),
    "deep-product": lambda document: document | {"extra": msgspec.Raw(b"[" * 5_000 + b"]" * 5_000)},
}
"""What can be wrong with a product, by name."""

HOSTILE_NAMES = (
    "[bold red]markup[/] [@click=app.quit]quit[/]",
    "\x1b]0;title\x07\x1b[2J\x1bP1$q\x1b\\ control sequences",
    "C1: \x9b31m \x85 NUL: \x00 bell: \x07",
    "bidi: \u202egnp.exe\u202c zero\u200bwidth\ufeff",
    "two\nlines\r\nand\ta tab",
    "'; DROP TABLE products; --",
    "漢字👩‍👩‍👧‍👦é́́́́",
    "=1+1",
)
"""Names that are valid text and must be shown as nothing else."""


def break_product(raw: bytes, kind: str) -> bytes:
    """Return a product's JSON, broken in the way of `kind`, a key of `BROKEN`."""
    document = msgspec.json.decode(raw)
    return msgspec.json.encode(BROKEN[kind](document if isinstance(document, dict) else {}))


def rename(raw: bytes, name: str) -> bytes:
    """Return a product's JSON with another name."""
    document = msgspec.json.decode(raw)
    return msgspec.json.encode(document | {"name": name} if isinstance(document, dict) else document)
