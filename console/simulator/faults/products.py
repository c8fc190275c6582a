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

HOSTILE_TEXT = (
    "\x1b]52;c;aGlqYWNrZWQ=\x07\x1b]8;;http://evil.invalid\x1b\\link\x1b]8;;\x1b\\\x1b]0;title\x1b\\",
    "\x1bP+q544e\x1b\\\x1b_apc\x1b\\\x1b^pm\x1b\\\x1bXsos\x1b\\\x1bc\x1b#8\x1b(0 strings and resets",
    "\x9b2J\x9d52;c;aGk=\x9c\x90q\x9c\x85\x84 C1",
    "\x1b[?1049l\x1b[?25h\x1b[3;1H\x1b[2K\x1b[6n\x1b[c\x1b[?2026h\x1b[21t CSI",
    "\x07\x08\x08\x08\x7f\x00\x0b\x0c\x0e\x0f\x18\x1a\x1c C0",
    "\u202egnp\u202c \u2066a\u2067b\u2068c\u2069 \u200e\u200f\u061c שלום عربى",
    "zero\u200bwidth\u200cand\ufeffmarks\u2060\u00ad\U000e0041",
    "e" + "\u0301\u0323\u0489" * 200,
    "👩‍👩‍👧‍👦🏴‍☠️🇩🇪👍🏽" * 40,
    "[@click=app.quit]quit[/] [bold red]x[/] [/b] {0} %s $accent \\[",
    "a\rb\nc\r\nd\u2028e\u2029f\tg",
)
"""Text that takes a terminal over, if it comes there as it is: for every field that holds text."""

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


def poison(raw: bytes, number: int) -> bytes:
    """Return a product's JSON with hostile text in every text but its id, `number` says which."""
    document = msgspec.json.decode(raw)
    return msgspec.json.encode(_poisoned(document, number) | {"id": document["id"], "type": document["type"]})


def _poisoned(value: Any, number: int) -> Any:
    match value:
        case dict():
            return {name: _poisoned(each, number + place) for place, (name, each) in enumerate(value.items())}
        case list():
            return [_poisoned(each, number + place) for place, each in enumerate(value)]
        case str():
            return HOSTILE_TEXT[number % len(HOSTILE_TEXT)]
        case _:
            return value
