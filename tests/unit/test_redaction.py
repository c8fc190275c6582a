"""A secret is blacked out in every form in which it may come back, and nothing else is."""

import base64
import html
import json
import re
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.redaction import Redactor

SECRET = "a/b+c&d<e>'f\"g\\h%i é=="

FORMS = {
    "plain": SECRET,
    "url": quote(SECRET),
    "url, all of it": quote(SECRET, safe=""),
    "form": quote_plus(SECRET),
    "form, small letters": re.sub("%..", lambda each: each[0].lower(), quote_plus(SECRET)),
    "form of several": urlencode({"client_secret": SECRET, "x": "y"}),
    "json": json.dumps(SECRET),
    "json in utf-8": json.dumps(SECRET, ensure_ascii=False),
    "json of PHP": json.dumps(SECRET).replace("/", "\\/"),
    "json of Go": json.dumps(SECRET).replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"),
    "json in json": json.dumps(json.dumps(SECRET)),
    "html": html.escape(SECRET),
    "html in json": json.dumps(html.escape(SECRET)),
    "base64": base64.b64encode(SECRET.encode()).decode(),
    "base64 of a URL": base64.urlsafe_b64encode(SECRET.encode()).decode(),
    "basic": base64.b64encode(f"user:{SECRET}".encode()).decode(),
    "basic, otherwise aligned": base64.b64encode(f"user1:{SECRET}x".encode()).decode(),
    "basic, the third way": base64.b64encode(f"user12:{SECRET}xy".encode()).decode(),
}


@pytest.mark.parametrize("how", FORMS)
def test_a_secret_is_taken_out_in_this_form(how: str) -> None:
    redactor = Redactor([SECRET])
    text = f"before {FORMS[how]} after"
    for redacted in (redactor.text(text), redactor.body(text.encode()).decode()):
        assert redacted.startswith("before ")
        assert redacted.endswith(" after")
        assert "***" in redacted
        left = redacted.removeprefix("before ").removesuffix(" after").replace("***", "")
        assert len(left) < len(FORMS[how]) / 2, left


@given(st.text(min_size=12, alphabet=st.characters(exclude_categories=["Cs"])), st.binary(), st.binary())
def test_whatever_stands_around_it_base64_gives_nothing_away_but_its_edges(
    secret: str, before: bytes, after: bytes
) -> None:
    encoded = base64.b64encode(before + secret.encode() + after).decode()
    redacted = Redactor([secret]).text(encoded)
    assert "***" in redacted
    assert len(redacted) <= len(encoded) - len(secret.encode()) * 8 // 6 + 3 + 4


def test_other_text_is_left_as_it_is() -> None:
    redactor = Redactor(["hunter2-and-a-half", ""])
    text = "GET /v1/products?page=7&includeOutOfStock=false hunter2-and-a-hal"
    assert redactor.text(text) == text
    assert redactor.body(text.encode()) == text.encode()


def test_a_secret_so_short_that_it_may_be_anything_leaves_bodies_alone() -> None:
    assert Redactor(["1"]).body(b'{"total": 10}') == b'{"total": 10}'
    assert Redactor(["1"]).text("key 1") == "key ***"


def test_json_stays_json() -> None:
    body = json.dumps({"name": f"x{SECRET}y", "total": 1}).encode()
    assert json.loads(Redactor([SECRET]).body(body)) == {"name": "x***y", "total": 1}
