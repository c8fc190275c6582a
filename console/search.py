"""Looking for products: what can be asked of the catalogue, what it answers, and when a text is found in another.

Every word that is typed must begin a word of the product, in any order; case, accents and signs do not count.
"""

import enum
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from console.run import Change
from console.text import without_entities

WORDS_LIMIT = 12
"""Words of a search that count: no name needs more, and a pasted page must not become a query of thousands."""

WITHOUT = ""
"""As a platform or region: those products that have none."""

_WORD = re.compile(r"[^\W_]+")
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "\u0131": "i", "æ": "ae", "œ": "oe"})
"""Letters whose strokes Unicode does not take for accents."""

_APOSTROPHES = dict.fromkeys((0x27, 0x60, 0xB4, 0x2BC, 0x2018, 0x2019))


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: small letters and digits, without accents."""
    text = without_entities(text)
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES))
        text = "".join(each for each in apart if not unicodedata.combining(each)).casefold()
        text = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
        return _WORD.findall(text.translate(_LETTERS))
    return _WORD.findall(text.replace("'", "").replace("`", "").lower())


def sought_words(text: str) -> tuple[str, ...]:
    """The words that somebody looks for: what begins a longer one of them says nothing more."""
    words = sorted(set(words_of(text)[:WORDS_LIMIT]))
    return tuple(word for at, word in enumerate(words) if not (words[at + 1 : at + 2] or [""])[0].startswith(word))


def search_words(*texts: str | None) -> str:
    """The words of these texts, each once, with a space before each of them: what a product is found by."""
    words = dict.fromkeys(word for text in texts if text for word in words_of(text))
    return f" {' '.join(words)}"


def is_found(words: Iterable[str], text: str) -> bool:
    """Whether each of these words begins a word of the text."""
    there = words_of(text)
    return all(any(each.startswith(word) for each in there) for word in words)


class Standing(enum.StrEnum):
    """Whether the shop can show a product."""

    ACTIVE = "active"
    GONE = "gone"
    ALL = "all"


class Sort(enum.StrEnum):
    """The order of what is found."""

    NAME = "name"
    CHEAPEST = "cheapest first"
    DEAREST = "dearest first"
    STOCK = "most in stock"


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody looks for. Prices in EUR, both ends included; None is no filter, `WITHOUT` those that have none."""

    text: str = ""
    platform: str | None = None
    region: str | None = None
    category: int | None = None
    standing: Standing = Standing.ACTIVE
    price_from: Decimal | None = None
    price_to: Decimal | None = None
    sort: Sort = Sort.NAME


class ProductLine(msgspec.Struct, frozen=True, kw_only=True):
    """A product as a line of a list; `gone_at` is when it was discontinued."""

    product_id: str
    name: str
    platform: str | None
    region: str | None
    min_price: Decimal | None
    qty: int
    is_active: bool
    gone_at: datetime | None


class FilterUnclear(Exception):
    """A filter names what no product has, or several things. The message says so."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Some of what was found, and how many products that are in all; None where counting them takes longer."""

    products: tuple[ProductLine, ...]
    total: int | None


class Facet(enum.StrEnum):
    """What products can be filtered by from a list."""

    PLATFORM = "platform"
    REGION = "region"
    CATEGORY = "category"


class FacetValue(msgspec.Struct, frozen=True, kw_only=True):
    """A platform, region or category, and how many products of the search have it.

    `key` is the name of a platform or region, `WITHOUT` for none, and the id of a category as text.
    """

    key: str
    name: str
    count: int


class ProductChange(msgspec.Struct, frozen=True, kw_only=True):
    """What a run found different about the product; `fields` maps a column to [old, new]."""

    run_id: int
    at: datetime
    change: Change
    fields: dict[str, list[Any]]


class Point(msgspec.Struct, frozen=True):
    """A value from a moment on; None where there was none."""

    at: datetime
    value: float | None


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of a product: its columns as they are told, its categories, and what became of it.

    `columns` are those that G2A fills, in the table's order, each as text or as JSON has it. `changes` are the newest
    first; `changes_total` counts those that are not listed as well.
    """

    line: ProductLine
    columns: dict[str, Any]
    categories: tuple[str, ...]
    first_seen_at: datetime
    last_changed_at: datetime
    last_seen_run_id: int
    changes: tuple[ProductChange, ...]
    changes_total: int
    prices: tuple[Point, ...]
    stocks: tuple[Point, ...]
