"""Whatever bytes come: a page or a broken reply, a product or a rejected one, and never another exception."""

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from console.g2a.decode import DOCUMENT_LIMIT, Page, decode_page, decode_product
from console.g2a.documents import ProductDocument
from console.g2a.errors import BrokenReply
from console.product import Product, RejectedProduct
from console.store.rows import content_row
from console.text import clean

texts = st.text(st.characters() | st.characters(categories=["Cs", "Cc", "Cf"]), max_size=20)
numbers = st.integers() | st.floats() | st.sampled_from([2**31, 2**53, 2**64, -1, 10**400, 1e400])
scalars = (
    st.none()
    | st.booleans()
    | numbers
    | texts
    | st.sampled_from(["NaN", "-Infinity", "0000-00-00", "1e5", "\N{ARABIC-INDIC DIGIT ONE}"])
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=12
)
names = st.sampled_from(ProductDocument.__struct_fields__)
parts = st.sampled_from(["id", "name", "min", "max", "type", "url", "minimal", "reqother"])
nearly = st.dictionaries(parts, values, max_size=4) | st.lists(st.dictionaries(parts, values, max_size=3), max_size=3)
documents = st.builds(
    lambda sound, rest: {**sound, **rest},
    st.just({"id": "1", "name": "A game"}) | st.just({}),
    st.dictionaries(names | texts, values | nearly, max_size=6),
)


def to_json(value: Any) -> bytes:
    """The value as JSON; half characters as escapes, and NaN as Python writes it."""
    return json.dumps(value).encode()


def check_page(body: bytes) -> None:
    """Take the body apart as far as it goes."""
    try:
        page = decode_page(body, 1)
    except BrokenReply as problem:
        said = str(problem)
    else:
        said = ""
        assert isinstance(page, Page)
        assert page.total >= 0
        for raw in page.products:
            check_product(decode_product(raw), raw.id)
    assert said == clean(said, 500), "a broken reply is told in one harmless line"


def check_product(decoded: Product | RejectedProduct, product_id: str | None) -> None:
    """What every product or rejected one keeps to."""
    if isinstance(decoded, Product):
        assert decoded.id == product_id
        row = content_row(decoded)
        assert [text for text in row if isinstance(text, str) and "\x00" in text] == []
        assert "\n" not in decoded.name
        assert decoded.min_price is None or 0 <= decoded.min_price <= 1_000_000
        assert len({category.id for category in decoded.categories}) == len(decoded.categories)
        return
    assert decoded.product_id == product_id
    assert decoded.reason
    assert decoded.reason == clean(decoded.reason, 300)
    assert len(decoded.document) <= 6 * DOCUMENT_LIMIT
    json.loads(decoded.document)
    decoded.document.encode()


@given(st.binary(max_size=200))
def test_any_bytes(body: bytes) -> None:
    check_page(body)


@given(values)
def test_any_json(value: Any) -> None:
    check_page(to_json(value))


@given(st.integers(0, 100), st.lists(documents | values, max_size=4))
@example(1, [{"id": "1", "name": "x", "minPrice": float("nan"), "qty": 10**30}])
@example(1, [{"id": 10**4_000, "name": "x"}])
@example(1, [{"id": "\ud800", "name": "\udfff", "requirements": {"\ud800": {"\x00": "\ud800"}}}])
def test_a_page_of_any_documents_is_a_page_and_none_of_them_is_lost(total: int, docs: list[Any]) -> None:
    body = to_json({"total": total, "page": 1, "docs": docs})
    check_page(body)
    assert len(decode_page(body, 1).products) == len(docs)


@given(documents, st.data())
def test_a_page_that_is_cut_or_has_a_wrong_byte(document: dict[str, Any], data: st.DataObject) -> None:
    body = to_json({"total": 1, "page": 1, "docs": [document]})
    place = data.draw(st.integers(0, len(body) - 1))
    check_page(body[:place])
    check_page(body[:place] + data.draw(st.binary(min_size=1, max_size=1)) + body[place + 1 :])
