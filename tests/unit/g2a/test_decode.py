"""From the bytes of a page to products: liberal where answers vary, strict where a product would be wrong."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from console.g2a.decode import DOCUMENT_LIMIT, Page, decode_page, decode_product
from console.g2a.errors import BrokenReply
from console.product import Category, Product, RawProduct, RejectedProduct

ID = "10000000788017"
REPLACED = "\N{REPLACEMENT CHARACTER}"
Decoded = Product | RejectedProduct


def page_of(*docs: bytes, total: int = 1) -> bytes:
    """The body of page 1 with these documents."""
    return b'{"total":%d,"page":1,"docs":[%b]}' % (total, b",".join(docs))


def doc(**members: object) -> bytes:
    """The document of a product with an id and a name, and these members; a value in bytes is JSON as it is."""
    parts = {"id": ID, "name": "A game", **members}
    texts = (
        json.dumps(name).encode() + b":" + (value if isinstance(value, bytes) else json.dumps(value).encode())
        for name, value in parts.items()
    )
    return b"{" + b",".join(texts) + b"}"


def decode_all(*docs: bytes) -> list[Decoded]:
    """Everything on a page of these documents."""
    return [decode_product(raw) for raw in decode_page(page_of(*docs), 1).products]


def decode(**members: object) -> Decoded:
    """The one product of a page."""
    (decoded,) = decode_all(doc(**members))
    return decoded


def product(**members: object) -> Product:
    """The one product of a page, which is good."""
    decoded = decode(**members)
    assert isinstance(decoded, Product), decoded
    return decoded


def rejected(**members: object) -> RejectedProduct:
    """The one product of a page, which is bad."""
    decoded = decode(**members)
    assert isinstance(decoded, RejectedProduct), decoded
    return decoded


def parsed(text: str | None) -> Any:
    """What a JSON text of a product holds."""
    return None if text is None else json.loads(text)


# -- what a product may look like -------------------------------------------------------------------------------------


def test_a_product_of_id_and_name_alone_is_enough() -> None:
    bare = product()
    assert (bare.id, bare.name, bare.qty) == (ID, "A game", 0)
    given = {name: value for name, value in msgspec.structs.asdict(bare).items() if value not in (None, (), 0, "[]")}
    assert given == {"id": ID, "name": "A game"}


@pytest.mark.parametrize(("written", "stored"), [(b"10000000788017", ID), (b'" 42 "', "42"), (b"7", "7")])
def test_an_id_is_a_text_however_it_is_written(written: bytes, stored: str) -> None:
    assert product(id=written).id == stored


TEXTS = {
    "slug": "slug",
    "type": "type",
    "thumbnail": "thumbnail",
    "smallImage": "small_image",
    "coverImage": "cover_image",
    "region": "region",
    "developer": "developer",
    "publisher": "publisher",
    "platform": "platform",
}


@pytest.mark.parametrize(("member", "field"), TEXTS.items())
def test_a_text_goes_into_its_field_and_an_empty_one_is_none(member: str, field: str) -> None:
    assert getattr(product(**{member: "x"}), field) == "x"
    assert getattr(product(**{member: ""}), field) is None
    assert getattr(product(**{member: None}), field) is None


PRICES = {
    "minPrice": "min_price",
    "retail_min_price": "retail_min_price",
    "retailMinBasePrice": "retail_min_base_price",
}


@pytest.mark.parametrize(("member", "field"), PRICES.items())
@pytest.mark.parametrize(
    ("written", "price"),
    [
        (b"17.9", "17.9"),
        (b"19", "19"),
        (b"0", "0"),
        (b"0.01", "0.01"),
        (b"1000000", "1000000"),
        (b"1.23e2", "123"),
        (b'"9.25"', "9.25"),
        (b"1.00005", "1.0001"),
        (b"1.00004", "1.0000"),
        (b"1e-4000", "0"),
        (b"0." + b"3" * 5_000, "0.3333"),
    ],
)
def test_a_price_is_exact_to_four_decimals(member: str, field: str, written: bytes, price: str) -> None:
    assert getattr(product(**{member: written}), field) == Decimal(price)


@pytest.mark.parametrize("cents", range(1, 2_000, 7))
def test_no_cent_is_lost_on_the_way(cents: int) -> None:
    written = f"{cents // 100}.{cents % 100:02}"
    assert str(product(minPrice=written.encode()).min_price) == written


@pytest.mark.parametrize(("member", "field"), PRICES.items())
def test_a_price_may_be_null(member: str, field: str) -> None:
    assert getattr(product(**{member: None}), field) is None


@pytest.mark.parametrize(
    ("limit", "low", "high"),
    [
        ({"max": 5.99, "min": 4.99}, "4.99", "5.99"),
        ({"max": None, "min": None}, None, None),
        ({"min": 1}, "1", None),
        ({}, None, None),
        ([], None, None),
        (None, None, None),
    ],
)
def test_the_price_limit_may_be_incomplete_null_or_an_empty_list(limit: Any, low: str | None, high: str | None) -> None:
    decoded = product(priceLimit=limit)
    assert decoded.price_limit_min == (low and Decimal(low))
    assert decoded.price_limit_max == (high and Decimal(high))


def test_a_price_below_its_limit_is_what_the_api_says_and_no_fault() -> None:
    assert product(minPrice=1, priceLimit={"min": 4.99, "max": 5.99}).min_price == 1


@pytest.mark.parametrize(("written", "stored"), [(370, 370), (0, 0), (None, 0), (2**53, 2**53)])
def test_a_quantity_may_be_null_which_is_none_at_all(written: int | None, stored: int) -> None:
    assert product(qty=written).qty == stored


@pytest.mark.parametrize("value", [True, False, None])
def test_available_to_buy_may_be_unknown(value: bool | None) -> None:
    assert product(availableToBuy=value).available_to_buy is value


@pytest.mark.parametrize(
    ("written", "day"),
    [("2015-04-14", date(2015, 4, 14)), ("", None), (None, None), ("0000-00-00", None), ("TBA", None), ("2015", None)],
)
def test_a_release_date_that_is_none_does_not_cost_the_product(written: str | None, day: date | None) -> None:
    assert product(release_date=written).release_date == day


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2025-09-08 17:33:16", datetime(2025, 9, 8, 17, 33, 16, tzinfo=UTC)),
        ("2025-09-08T17:33:16+02:00", datetime(2025, 9, 8, 15, 33, 16, tzinfo=UTC)),
        ("2025-09-08T17:33:16Z", datetime(2025, 9, 8, 17, 33, 16, tzinfo=UTC)),
        ("", None),
        (None, None),
        ("0000-00-00 00:00:00", None),
        ("yesterday", None),
        ("0001-01-01 00:00:00+23:00", None),
        ("9999-12-31 23:59:59-23:00", None),
    ],
)
def test_the_update_time_is_utc_and_one_that_is_none_does_not_cost_the_product(
    written: str | None, moment: datetime | None
) -> None:
    stored = product(updated_at=written).source_updated_at
    assert stored == moment
    assert stored is None or stored.tzinfo is UTC


def test_images_keep_their_order_and_may_repeat() -> None:
    assert product(images=["b", "a", "b"]).images == ("b", "a", "b")
    assert product(images=[]).images == product(images=None).images == ()


def test_videos_may_lack_a_part() -> None:
    videos = [{"type": "YOUTUBE", "url": "https://x"}, {"url": None}, {}]
    assert parsed(product(videos=videos).videos) == [
        {"type": "YOUTUBE", "url": "https://x"},
        {"type": "", "url": ""},
        {"type": "", "url": ""},
    ]
    assert product(videos=None).videos == product(videos=[]).videos == product().videos == "[]"


@pytest.mark.parametrize(
    ("written", "stored"),
    [({"pegi_drugs": True, "pegi_sex": False}, {"pegi_drugs": True, "pegi_sex": False}), ([], None), (None, None)],
)
def test_restrictions_may_come_as_an_empty_list(written: Any, stored: Any) -> None:
    assert parsed(product(restrictions=written).restrictions) == stored


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ({"minimal": {"reqother": "x"}, "recommended": []}, {"minimal": {"reqother": "x"}, "recommended": {}}),
        ({"minimal": None}, {"minimal": {}}),
        ({"minimal": {"reqother": None}}, {"minimal": {"reqother": None}}),
        ([], None),
        (None, None),
    ],
)
def test_requirements_may_come_as_empty_lists_at_any_level(written: Any, stored: Any) -> None:
    assert parsed(product(requirements=written).requirements) == stored


@pytest.mark.parametrize("members", [{}, {"description": "<p>\\u0000</p>"}, {"region": "a\u202eb"}])
def test_requirements_are_the_same_whether_other_texts_need_cleaning_or_not(members: dict[str, object]) -> None:
    written = {"minimal": {"reqother": None, "reqsystem": "", "reqmemory": "4 GB"}}
    assert parsed(product(requirements=written, **members).requirements) == written


def test_the_order_of_members_makes_no_difference_to_what_is_stored() -> None:
    one = product(restrictions={"pegi_sex": True, "pegi_drugs": False})
    other = product(restrictions={"pegi_drugs": False, "pegi_sex": True})
    assert one.restrictions == other.restrictions


def test_a_category_counts_once_and_its_first_name_holds() -> None:
    categories = [{"id": 189, "name": "Games"}, {"id": 1, "name": "Games"}, {"id": 189, "name": "Spiele"}, {"id": 7}]
    assert product(categories=categories).categories == (
        Category(189, "Games"),
        Category(1, "Games"),
        Category(7, ""),
    )
    assert product(categories=None).categories == ()


def test_unknown_fields_are_ignored() -> None:
    assert product(new_field={"deep": [1, 2, {"x": None}]}, description="<p>…</p>") == product()


def test_html_entities_and_apostrophes_stay_as_they_are() -> None:
    assert product(name="Tom Clancy&#039;s Let's Go™ &amp; co").name == "Tom Clancy&#039;s Let's Go™ &amp; co"


def test_every_text_is_cleaned() -> None:
    bad, good = "a\x1b[31m\nb\u202e", "a␛[31m⏎b\N{REPLACEMENT CHARACTER}"
    decoded = product(
        name=bad,
        images=[bad],
        videos=[{"type": bad, "url": bad}],
        categories=[{"id": 1, "name": bad}],
        restrictions={bad: True},
        requirements={bad: {bad: bad}},
        **dict.fromkeys(TEXTS, bad),
    )
    assert {getattr(decoded, field) for field in TEXTS.values()} == {good}
    assert decoded.name == good
    assert decoded.images == (good,)
    assert parsed(decoded.videos) == [{"type": good, "url": good}]
    assert decoded.categories == (Category(1, good),)
    assert parsed(decoded.restrictions) == {good: True}
    assert parsed(decoded.requirements) == {good: {good: good}}


@pytest.mark.parametrize(
    ("character", "shown"),
    [
        ("\x7f", "␡"),
        ("\x9b", REPLACED),
        ("\x85", "⏎"),
        ("\u202e", REPLACED),
        ("\u200b", REPLACED),
        ("\ufeff", REPLACED),
    ],
)
@pytest.mark.parametrize("member", ["slug", "region"])
def test_a_harmful_character_that_comes_as_it_is_and_not_as_an_escape_is_cleaned(
    member: str, character: str, shown: str
) -> None:
    assert getattr(product(**{member: f'"a{character}b"'.encode()}), member) == f"a{shown}b"
    assert getattr(product(**{member: f'"é{character}b"'.encode()}), member) == f"é{shown}b"


def test_an_id_is_cleaned_too() -> None:
    assert product(id="1\x1b2").id == "1␛2"


def test_half_a_character_costs_only_itself() -> None:
    first, second = decode_all(doc(name=b'"a\\ud800b"'), doc(id="2"))
    assert isinstance(first, Product)
    assert first.name == "a\N{REPLACEMENT CHARACTER}b"
    assert isinstance(second, Product)


def test_a_name_of_a_megabyte_is_cut() -> None:
    assert product(name="x" * 1_000_000).name == "x" * 999 + "…"
    assert len(product(slug="x" * 1_000_000).slug or "") == 1_000


# -- what makes a product bad -----------------------------------------------------------------------------------------

BAD: list[tuple[dict[str, object], str]] = [
    ({"id": ""}, "its id is empty"),
    ({"id": "  "}, "its id is empty"),
    ({"id": "1" * 65}, "its id is too long"),
    ({"id": b"1" * 5_000}, "id: integer value out of range"),
    ({"id": None}, "id: expected int or str, got null"),
    ({"id": True}, "id: expected int or str, got bool"),
    ({"id": 1.5}, "id: expected int or str, got float"),
    ({"id": []}, "id: expected int or str, got array"),
    ({"name": ""}, "it has no name"),
    ({"name": " \t "}, "it has no name"),
    ({"name": None}, "name: expected str, got null"),
    ({"name": 5}, "name: expected str, got int"),
    ({"qty": -1}, "qty is -1"),
    ({"qty": 2**53 + 1}, "qty is 9007199254740993"),
    ({"qty": b"1" * 5_000}, "qty: integer value out of range"),
    ({"qty": "3"}, "qty: expected int or null, got str"),
    ({"qty": 1.5}, "qty: expected int or null, got float"),
    ({"qty": True}, "qty: expected int or null, got bool"),
    ({"minPrice": -0.01}, "minPrice is -0.01"),
    ({"minPrice": b"1000000.01"}, "minPrice is 1000000.01"),
    ({"minPrice": b"1e400"}, "minPrice is 1E+400"),
    ({"minPrice": b"NaN"}, "minPrice is not a number"),
    ({"minPrice": "sNaN"}, "minPrice is not a number"),
    ({"minPrice": b"Infinity"}, "minPrice is Infinity"),
    ({"minPrice": b"-Infinity"}, "minPrice is -Infinity"),
    ({"minPrice": b"1" * 5_000}, "minPrice is 11111111111111111111111111111…"),
    ({"minPrice": b"1e99999999999999999999"}, "minPrice: invalid decimal string"),
    ({"minPrice": "cheap"}, "minPrice: invalid decimal string"),
    ({"minPrice": {}}, "minPrice: expected decimal or null, got object"),
    ({"retail_min_price": -1}, "retail_min_price is -1"),
    ({"retailMinBasePrice": -1}, "retailMinBasePrice is -1"),
    ({"priceLimit": {"min": -1}}, "priceLimit.min is -1"),
    ({"priceLimit": {"max": b"NaN".decode()}}, "priceLimit.max is not a number"),
    ({"availableToBuy": "yes"}, "availableToBuy: expected bool or null, got str"),
    ({"slug": 7}, "slug: expected str or null, got int"),
    ({"images": "x"}, "images: expected array or null, got str"),
    ({"images": [None]}, "images[0]: expected str, got null"),
    ({"videos": [{"url": 1}]}, "videos[0].url: expected str or null, got int"),
    ({"videos": {}}, "videos: expected array or null, got object"),
    ({"restrictions": "none"}, "restrictions: expected object or array or null, got str"),
    ({"requirements": 5}, "requirements: expected object or array or null, got int"),
    ({"categories": [{"id": "x"}]}, "categories[0].id: expected int, got str"),
    ({"categories": [{"name": "x"}]}, "categories[0]: object missing required field id"),
    ({"categories": [{"id": -1}]}, "a category has the id -1"),
    ({"categories": [{"id": 2**31}]}, "a category has the id 2147483648"),
    ({"restrictions": {"pegi_sex": "no"}}, "restrictions[...]: expected bool, got str"),
    ({"requirements": {"minimal": 5}}, "requirements[...]: expected object or array or null, got int"),
    ({"release_date": 2015}, "release_date: expected str or null, got int"),
]


@pytest.mark.parametrize(("members", "reason"), BAD, ids=[reason for _, reason in BAD])
def test_a_bad_product_is_rejected_with_the_reason_and_its_page_is_kept(
    members: dict[str, object], reason: str
) -> None:
    good, bad, other = decode_all(doc(id="1"), doc(**members), doc(id="3"))
    assert isinstance(bad, RejectedProduct)
    assert bad.reason == reason
    assert [each.id for each in (good, other) if isinstance(each, Product)] == ["1", "3"]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b'{"name":"x"}', "Object missing required field id"),
        (b'{"id":"1"}', "Object missing required field name"),
        (b"{}", "Object missing required field id"),
        (b"null", "Expected object, got null"),
        (b"5", "Expected object, got int"),
        (b'"x"', "Expected object, got str"),
        (b"[]", "Expected object, got array"),
    ],
)
def test_what_is_no_product_at_all_is_rejected_alone(document: bytes, reason: str) -> None:
    bad, good = decode_all(document, doc())
    assert isinstance(bad, RejectedProduct)
    assert bad.reason.lower() == reason.lower()
    assert json.loads(bad.document) == json.loads(document)
    assert isinstance(good, Product)


def test_text_that_is_no_utf8_costs_only_its_product() -> None:
    bad, good = decode_all(doc(name=b'"\xff"'), doc(id="2"))
    assert isinstance(bad, RejectedProduct)
    assert json.loads(bad.document)["excerpt"].endswith('"name":"\N{REPLACEMENT CHARACTER}"}')
    assert isinstance(good, Product)


def test_a_price_beyond_all_numbers_is_rejected_beside_a_nan_too() -> None:
    decoded = decode_all(doc(minPrice=b"NaN"), doc(id="2", minPrice=b"1e400"), doc(id="3", minPrice=b"17.9"))
    assert [type(each) for each in decoded] == [RejectedProduct, RejectedProduct, Product]
    assert isinstance(decoded[2], Product)
    assert decoded[2].min_price == Decimal("17.9")


def test_a_rejected_product_is_kept_as_it_came_with_its_id() -> None:
    bad = rejected(qty=-1, extra={"a": [1, None]})
    assert bad.product_id == ID
    assert bad.document.encode() == doc(qty=-1, extra={"a": [1, None]})


@pytest.mark.parametrize("members", [{"id": ""}, {"id": None}, {"id": "1" * 65}])
def test_a_rejected_product_without_a_usable_id_has_none(members: dict[str, object]) -> None:
    assert rejected(**members).product_id is None


def test_the_document_of_a_rejected_product_is_bounded_and_still_json() -> None:
    bad = rejected(qty=-1, extra="x" * 1_000_000)
    assert len(bad.document) < DOCUMENT_LIMIT
    assert json.loads(bad.document)["excerpt"].startswith('{"id": "10000000788017"'.replace(": ", ":"))


def test_the_document_of_a_rejected_product_holds_no_nul() -> None:
    bad = rejected(qty=-1, name="a\x00b")
    assert json.loads(bad.document).keys() == {"excerpt"}
    assert "\x00" not in json.loads(bad.document)["excerpt"]


def test_a_reason_shows_text_from_outside_short_and_harmless() -> None:
    reason = rejected(minPrice="-1" + "0" * 500).reason
    assert len(reason) < 60
    assert reason.endswith("…")


# -- the page around them ---------------------------------------------------------------------------------------------

BROKEN: dict[str, bytes] = {
    "nothing": b"",
    "html": b"<!DOCTYPE html><html><body>Sign in</body></html>",
    "null": b"null",
    "a list": b"[]",
    "a number": b"5",
    "a text": b'"x"',
    "invalid": b'{"total":1,"docs":[{]}',
    "truncated": page_of(doc())[:-20],
    "two documents": page_of(doc()) + b"{}",
    "no total": b'{"page":1,"docs":[]}',
    "no docs": b'{"total":1,"page":1}',
    "docs null": b'{"total":1,"page":1,"docs":null}',
    "docs object": b'{"total":1,"page":1,"docs":{}}',
    "total null": b'{"total":null,"docs":[]}',
    "total text": b'{"total":"93","docs":[]}',
    "total negative": b'{"total":-1,"docs":[]}',
    "total true": b'{"total":true,"docs":[]}',
    "total NaN": b'{"total":NaN,"docs":[]}',
    "total beyond belief": b'{"total":9007199254740992,"docs":[]}',
    "total of 5,000 digits": b'{"total":' + b"9" * 5_000 + b',"docs":[]}',
    "another page": b'{"total":1,"page":2,"docs":[]}',
    "another page as text": b'{"total":1,"page":"2","docs":[]}',
    "an error": b'{"status":"ERROR","message":"no","code":"ERR99"}',
    "deep lists": b"[" * 200_000,
    "deep objects": b'{"a":' * 200_000,
    "a deep product": page_of(b'{"id":"1","name":"x","y":' + b"[" * 200_000 + b"]" * 200_000 + b"}"),
    "a page of 501": page_of(*[doc(id=str(number)) for number in range(501)]),
    "binary": bytes(range(256)),
    "half a character": b'"\\ud800"',
    "a bare newline": page_of(b'{"id":"1","name":"a\nb"}'),
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_page_is_a_broken_reply_told_in_one_short_line(body: bytes) -> None:
    with pytest.raises(BrokenReply) as problem:
        decode_page(body, 1)
    said = str(problem.value)
    assert said.startswith("G2A s") or said.startswith("Page 1 was asked for")  # noqa: PIE810
    assert len(said) < 400
    assert len(said.splitlines()) == 1


def test_a_broken_reply_shows_its_beginning_harmlessly() -> None:
    with pytest.raises(BrokenReply, match="no JSON: <html>␛]0;owned␇⏎"):
        decode_page(b"<html>\x1b]0;owned\x07\n", 1)
    with pytest.raises(BrokenReply, match="no JSON: nothing at all"):
        decode_page(b"", 1)
    with pytest.raises(BrokenReply) as problem:
        decode_page(b'{"sorry": "no"}', 1)
    assert str(problem.value).endswith(': {"sorry": "no"}')


@pytest.mark.parametrize(
    "body",
    [
        b'{"total":93,"page":1,"docs":[]}',
        b'{"total":93,"page":"1","docs":[]}',
        b'{"total":93,"page":null,"docs":[]}',
        b'{"total":93,"docs":[]}',
        b'  {\n "docs" : [ ] , "total" : 93, "more" : {} }  ',
        b'\xef\xbb\xbf{"total":93,"page":1,"docs":[]}',
    ],
)
def test_a_page_may_leave_out_or_add_what_does_not_matter(body: bytes) -> None:
    assert decode_page(body, 1) == Page(93, ())


def test_products_keep_their_order_and_duplicates() -> None:
    page = decode_page(page_of(doc(id="2"), doc(id="1"), doc(id="2"), total=50), 1)
    assert [raw.id for raw in page.products] == ["2", "1", "2"]
    assert page.total == 50


# -- fingerprints -----------------------------------------------------------------------------------------------------


def fingerprint(**members: object) -> bytes:
    """The fingerprint of the one product of a page."""
    (raw,) = decode_page(page_of(doc(**members)), 1).products
    return raw.fingerprint


def test_a_fingerprint_is_sixteen_bytes_that_stay_the_same() -> None:
    assert len(fingerprint()) == 16
    assert fingerprint(qty=1) == fingerprint(qty=1)


@pytest.mark.parametrize("members", [{"qty": 2}, {"minPrice": 1}, {"name": "b"}, {"unknown": 1}, {"categories": []}])
def test_a_fingerprint_differs_when_anything_does(members: dict[str, object]) -> None:
    assert fingerprint(**members) != fingerprint()


def test_decoding_needs_nothing_but_the_raw_product() -> None:
    raw = RawProduct(id="9", document=doc(id="9"), fingerprint=b"")
    decoded = decode_product(raw)
    assert isinstance(decoded, Product)
    assert decoded.id == "9"
