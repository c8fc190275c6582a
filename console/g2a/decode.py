"""From the bytes of a page to products: strict about each product, so that a bad one does not take its page along."""

import functools
import hashlib
import json
import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, NoReturn, TypeVar

import msgspec

from console.g2a.documents import (
    IdDocument,
    PageDocument,
    PriceLimitDocument,
    ProductDocument,
    Requirements,
    Restrictions,
    VideoDocument,
)
from console.g2a.errors import BrokenReply
from console.product import Category, Product, RawProduct, RejectedProduct
from console.text import clean

DOCUMENT_LIMIT = 16_384
"""Characters kept of the document of a rejected product."""

_ID_LIMIT = 64
_LONG_TEXT_LIMIT = 10_000
_HIGHEST_PRICE = Decimal(1_000_000)
_HIGHEST_COUNT = 2**53
_HIGHEST_TOTAL = 10_000_000
"""Products of a catalogue that is believed to exist: the pages of a run are kept in memory."""
_HIGHEST_CATEGORY_ID = 2**31 - 1
_FOUR_DECIMALS = Decimal("0.0001")
_URL_LIMIT = 4_000
_SHARED_KEPT = 2_048
"""Different videos, restrictions and requirements that are remembered."""
_SHARED_LIMIT = 4_000
"""Bytes of the longest of them that is: products share only short ones."""
_MOST_PRODUCTS_OF_A_PAGE = 500
"""Far above the twenty that a page has, and as many as the database takes in one go."""
_PLAIN_LIMIT = 8_000
"""Bytes of a document beyond which its texts are looked at one by one: one of them may be too long."""
_TEXT_FIELDS = ("name", "slug", "type", "thumbnail", "smallImage", "coverImage", "region", "developer", "publisher",
                "platform")  # fmt: skip
_EXCERPT_LIMIT = 120
_REASON_LIMIT = 300
_NO_LIMIT = PriceLimitDocument()

T = TypeVar("T")

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_DECODER_VERSION = b"1"
"""Part of every fingerprint: a new version of what is below makes every product be decoded anew."""

_decode_page = msgspec.json.Decoder(PageDocument).decode
_decode_id = msgspec.json.Decoder(IdDocument).decode
_decode_product = msgspec.json.Decoder(ProductDocument).decode

_BROKEN = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class Page(msgspec.Struct, frozen=True):
    """A page of the catalogue. `total` counts the products of all pages."""

    total: int
    products: tuple[RawProduct, ...]


class _Unacceptable(Exception):
    """A product cannot be stored; the message says why."""


def decode_page(body: bytes, asked_for: int) -> Page:
    """Take apart the body of a reply to a request for page `asked_for`.

    Raises:
        BrokenReply: it is not a page of products, or another page.
    """
    page = _page_document(body)
    if not 0 <= page.total <= _HIGHEST_TOTAL:
        raise BrokenReply(f"G2A says there are {page.total} products.")
    if page.page is not None and str(page.page) != str(asked_for):
        raise BrokenReply(f"Page {asked_for} was asked for, and G2A sent page {clean(str(page.page), 20)}.")
    if len(page.docs) > _MOST_PRODUCTS_OF_A_PAGE:
        raise BrokenReply(f"G2A sent {len(page.docs)} products on one page.")
    return Page(page.total, tuple([_raw_product(bytes(raw)) for raw in page.docs]))


def decode_product(raw: RawProduct) -> Product | RejectedProduct:
    """The product, or why it cannot be stored."""
    try:
        return _product(_decode_product(raw.document), raw.id, is_plain=_is_plain(raw.document))
    except (_Unacceptable, *_BROKEN) as problem:
        text = raw.document.decode(errors="replace")
        if len(text) > DOCUMENT_LIMIT or "\\u0000" in text or not _is_json(raw.document):
            text = msgspec.json.encode({"excerpt": clean(text, DOCUMENT_LIMIT // 4)}).decode()
        return RejectedProduct(product_id=raw.id, reason=_reason(problem), document=text)


def _page_document(body: bytes) -> PageDocument:
    try:
        return _decode_page(body)
    except msgspec.ValidationError as error:
        raise BrokenReply(f"G2A sent JSON that is no page of products ({_reason(error)}): {excerpt_of(body)}") from None
    except _BROKEN:
        pass
    try:  # NaN, and escapes that are half a character, are no JSON: read them, so that only their product is lost
        lenient = json.loads(body, parse_constant=str, parse_int=_whole_number, parse_float=_finite)
        return _decode_page(msgspec.json.encode(_encodable(lenient)))
    except (ValueError, RecursionError, msgspec.MsgspecError):
        raise BrokenReply(f"G2A sent something that is no JSON: {excerpt_of(body)}") from None


def excerpt_of(body: bytes) -> str:
    """How the body of a reply begins, in one harmless line."""
    return clean(body[: _EXCERPT_LIMIT * 4].decode(errors="replace"), _EXCERPT_LIMIT) or "nothing at all"


def _whole_number(digits: str) -> int | str:
    return int(digits) if len(digits) <= len(str(_HIGHEST_COUNT)) else digits


def _finite(digits: str) -> float | str:
    number = float(digits)
    return number if math.isfinite(number) else digits


def _encodable(value: Any) -> Any:
    """The value without lone surrogates, which UTF-8 cannot express."""
    match value:
        case str():
            return _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", value)
        case list():
            return [_encodable(each) for each in value]
        case dict():
            return {_encodable(key): _encodable(each) for key, each in value.items()}
        case _:
            return value


def _raw_product(document: bytes) -> RawProduct:
    try:
        product_id = _id(_decode_id(document).id)
    except (_Unacceptable, *_BROKEN):
        product_id = None
    fingerprint = hashlib.blake2b(document, digest_size=16, person=_DECODER_VERSION).digest()
    return RawProduct(product_id, document, fingerprint)


def _is_plain(document: bytes) -> bool:
    """Whether no text in the JSON can need cleaning: all of it printable, without escapes, and not long.

    Looking at the whole is ten times cheaper than looking at each of its fifty texts. JSON itself has no raw control
    characters but DEL.
    """
    if len(document) > _PLAIN_LIMIT or b"\\" in document:
        return False
    return b"\x7f" not in document if document.isascii() else document.decode().isprintable()


def _is_json(document: bytes) -> bool:
    try:
        msgspec.json.decode(document)
    except _BROKEN:
        return False
    return True


def _reason(problem: Exception) -> str:
    """What is wrong with the product: "qty: expected int or null, got str"."""
    text = str(problem).replace("`", "").replace(" | ", " or ")
    said, _, place = text.partition(" - at $")
    text = f"{place.lstrip('.')}: {said[:1].lower()}{said[1:]}" if place else text
    return clean(text, _REASON_LIMIT)


def _product(document: ProductDocument, product_id: str | None, *, is_plain: bool) -> Product:
    if not is_plain:
        _clean_texts(document)
    limit = document.priceLimit if isinstance(document.priceLimit, PriceLimitDocument) else _NO_LIMIT
    return Product(
        id=product_id or _id(document.id),
        name=clean(document.name) if document.name.strip() else _reject("it has no name"),
        slug=document.slug or None,
        type=document.type or None,
        qty=_quantity(document.qty),
        min_price=_price("minPrice", document.minPrice),
        retail_min_price=_price("retail_min_price", document.retail_min_price),
        retail_min_base_price=_price("retailMinBasePrice", document.retailMinBasePrice),
        available_to_buy=document.availableToBuy,
        thumbnail=document.thumbnail or None,
        small_image=document.smallImage or None,
        cover_image=document.coverImage or None,
        images=tuple(document.images or ()),
        videos=_shared(_videos, bytes(document.videos)),
        release_date=_moment(document.release_date, date.fromisoformat),
        region=document.region or None,
        developer=document.developer or None,
        publisher=document.publisher or None,
        platform=document.platform or None,
        price_limit_min=_price("priceLimit.min", limit.min),
        price_limit_max=_price("priceLimit.max", limit.max),
        restrictions=_shared(_restrictions, bytes(document.restrictions)),
        requirements=_shared(_requirements, bytes(document.requirements)),
        source_updated_at=_moment(document.updated_at, _utc),
        categories=_categories(document),
    )


def _clean_texts(document: ProductDocument) -> None:
    """Clean every text of the document, in place."""
    for name in _TEXT_FIELDS:
        value = getattr(document, name)
        if value:
            setattr(document, name, clean(value))
    document.images = [clean(url) for url in document.images or ()]
    for category in document.categories or ():
        category.name = clean(category.name)


def _reject(reason: str) -> NoReturn:
    raise _Unacceptable(reason)


def _id(value: str | int) -> str:
    text = clean(str(value), _ID_LIMIT + 1).strip()
    if not text or len(text) > _ID_LIMIT:
        _reject("its id is empty" if not text else "its id is too long")
    return text


def _quantity(value: int | None) -> int:
    if value is None:
        return 0
    if not 0 <= value <= _HIGHEST_COUNT:
        _reject(f"qty is {clean(str(value), 30)}")
    return value


def _price(name: str, value: Decimal | None) -> Decimal | None:
    if value is None:
        return None
    try:
        if not 0 <= value <= _HIGHEST_PRICE:  # raises InvalidOperation for NaN
            _reject(f"{name} is {clean(str(value), 30)}")
    except InvalidOperation:
        _reject(f"{name} is not a number")
    rounded = value.quantize(_FOUR_DECIMALS, ROUND_HALF_UP)
    return value if rounded == value else rounded


def _moment(value: str | None, parse: Callable[[str], T]) -> T | None:
    """The date or time; None where it is none ("", "0000-00-00", "TBA"): no reason to lose a product."""
    if not value:
        return None
    try:
        return parse(value)
    except (ValueError, OverflowError):
        return None


def _utc(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _shared(write: "functools._lru_cache_wrapper[str | None]", document: bytes) -> str | None:
    return write(document) if len(document) <= _SHARED_LIMIT else write.__wrapped__(document)


@functools.lru_cache(_SHARED_KEPT)
def _videos(document: bytes) -> str | None:
    videos = _member("videos", document, list[VideoDocument] | None) or []
    return _json([{"type": clean(each.type or ""), "url": clean(each.url or "", _URL_LIMIT)} for each in videos])


@functools.lru_cache(_SHARED_KEPT)
def _restrictions(document: bytes) -> str | None:
    values = _member("restrictions", document, Restrictions)
    return _json({clean(key): value for key, value in values.items()}) if isinstance(values, dict) else None


@functools.lru_cache(_SHARED_KEPT)
def _requirements(document: bytes) -> str | None:
    levels = _member("requirements", document, Requirements)
    if not isinstance(levels, dict):
        return None
    return _json({clean(level): _needs(needs) for level, needs in levels.items()})


def _member(name: str, document: bytes, kind: Any) -> Any:
    """A member that is decoded apart; what is wrong with it is told as for the others, with its name."""
    try:
        return msgspec.json.decode(document, type=kind)
    except msgspec.ValidationError as error:
        said, _, place = str(error).partition(" - at `$")
        raise msgspec.ValidationError(f"{said} - at `$.{name}{place or '`'}") from None


def _needs(needs: dict[str, str | None] | list[None] | None) -> dict[str, str | None]:
    if not isinstance(needs, dict):
        return {}
    return {clean(name): clean(text, _LONG_TEXT_LIMIT) if text else text for name, text in needs.items()}


def _json(value: object) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()


def _categories(document: ProductDocument) -> tuple[Category, ...]:
    """The categories, each id once: the API repeats them, at times with another name; the first one counts."""
    unique: dict[int, Category] = {}
    for each in document.categories or ():
        if not 0 <= each.id <= _HIGHEST_CATEGORY_ID:
            _reject(f"a category has the id {clean(str(each.id), 30)}")
        if each.id not in unique:
            unique[each.id] = Category(each.id, each.name)
    return tuple(unique.values())
