"""The generated catalogue: repeatable, of the size that was asked for, and as awkward as the real one."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from console.simulator.catalogue import SPIKE_CENTS, Catalogue, UnknownProductError
from console.simulator.config import SimulatorConfig
from console.simulator.product import price_json
from console.simulator.query import Filters

EVERYTHING = Filters(include_out_of_stock=True)


def encoded(catalogue: Catalogue, filters: Filters = EVERYTHING) -> list[bytes]:
    return [product.encoded() for product in catalogue.find(filters)]


def catalogue(products: int = 3_000, **choices: Any) -> Catalogue:
    return Catalogue(SimulatorConfig(products=products, **choices))


@pytest.fixture(scope="module")
def large() -> Catalogue:
    return catalogue(6_000)


@pytest.fixture(scope="module")
def documents(large: Catalogue) -> list[dict[str, Any]]:
    return [json.loads(raw) for raw in encoded(large)]


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert encoded(catalogue(500)) == encoded(catalogue(500))
    assert encoded(catalogue(500)) != encoded(catalogue(500, seed=2))


def test_a_larger_catalogue_begins_like_a_smaller_one() -> None:
    small = encoded(catalogue(200))
    assert encoded(catalogue(500))[: len(small)] == small


@pytest.mark.parametrize("products", [0, 1, 19, 20, 21, 1_000])
def test_exactly_as_many_products_are_listed_as_wanted(products: int) -> None:
    assert len(catalogue(products)) == products
    assert len(catalogue(products).documents()) == products


def test_a_few_per_cent_more_are_out_of_stock(large: Catalogue) -> None:
    extra = len(large.find(EVERYTHING)) - len(large)
    assert 0.01 < extra / len(large) < 0.06
    assert all(product.qty > 0 for product in large.find(Filters()))


def test_ids_ascend_and_slugs_end_with_them(documents: list[dict[str, Any]]) -> None:
    ids = [document["id"] for document in documents]
    assert ids == sorted(set(ids))
    assert all(re.fullmatch(r"[0-9]{14}", product_id) for product_id in ids)
    assert all(re.fullmatch(rf"/[a-z0-9-]+-i{document['id']}", document["slug"]) for document in documents)


@pytest.mark.parametrize(
    ("cents", "text"), [(1900, b"19"), (1790, b"17.9"), (499, b"4.99"), (5, b"0.05"), (0, b"0"), (None, b"null")]
)
def test_prices_are_written_like_the_api_writes_them(cents: int | None, text: bytes) -> None:
    assert price_json(cents) == text


def test_prices_are_numbers_with_two_decimals_whole_ones_integers(documents: list[dict[str, Any]]) -> None:
    prices = [document["minPrice"] for document in documents]
    assert any(isinstance(price, int) for price in prices)
    assert None in prices
    assert all(price == round(price, 2) and price > 0 for price in prices if price is not None)
    assert not any(isinstance(price, float) and price.is_integer() for price in prices)


@pytest.mark.parametrize(
    "member",
    ["retail_min_price", "retailMinBasePrice", "availableToBuy", "thumbnail", "images", "updated_at", "priceLimit"],
)
def test_some_products_lack_a_member(documents: list[dict[str, Any]], member: str) -> None:
    having = sum(member in document for document in documents)
    assert 0.6 < having / len(documents) < 1


@pytest.mark.parametrize("member", ["type", "thumbnail", "updated_at", "release_date", "region", "developer"])
def test_some_texts_are_empty(documents: list[dict[str, Any]], member: str) -> None:
    texts = [document.get(member, "absent") for document in documents]
    assert "" in texts
    assert len(set(texts)) > 2


def test_objects_are_empty_arrays_now_and_then(documents: list[dict[str, Any]]) -> None:
    for member in ("restrictions", "requirements"):
        kinds = Counter(type(document[member]) for document in documents)
        assert kinds[dict] > 20 * kinds[list] > 0
    assert any(document.get("priceLimit") == {"max": None, "min": None} for document in documents)
    assert any(document["minPrice"] and _lower_limit(document) > document["minPrice"] for document in documents)


def _lower_limit(document: dict[str, Any]) -> float:
    return (document.get("priceLimit") or {}).get("min") or 0


def test_categories_are_as_untidy_as_recorded_ones(documents: list[dict[str, Any]]) -> None:
    names: dict[int, set[str]] = {}
    ids: dict[str, set[int]] = {}
    repeated = 0
    for document in documents:
        numbers = [category["id"] for category in document["categories"]]
        repeated += len(set(numbers)) < len(numbers)
        for category in document["categories"]:
            names.setdefault(category["id"], set()).add(category["name"])
            ids.setdefault(category["name"], set()).add(category["id"])
    assert repeated
    assert any(len(several) > 1 for several in names.values())
    assert any(len(several) > 1 for several in ids.values())


def test_names_are_of_all_kinds_and_images_are_shared(documents: list[dict[str, Any]]) -> None:
    names = "\n".join(document["name"] for document in documents)
    for sign in ("'", "&amp;", '"', "é", "龍", "🐱", "®", "Steam Key GLOBAL"):
        assert sign in names
    images = Counter(url for document in documents for url in set(document.get("images", ())))
    assert images.most_common(1)[0][1] > 1
    assert any(document.get("images") == [] for document in documents)


def test_every_recorded_member_is_there_with_its_type(documents: list[dict[str, Any]], samples: Path) -> None:
    recorded = json.loads((samples / "sandbox_products_page1.json").read_text())["docs"]
    for member in {name for document in recorded for name in document}:
        types = {type(document[member]) for document in recorded if member in document}
        ours = {type(document[member]) for document in documents if member in document}
        assert types <= ours, member


def test_a_spike_is_of_exactly_that_many_products() -> None:
    spiked = catalogue(1_000, price_spike=300)
    at_price = [product for product in spiked.find(Filters()) if product.cents == SPIKE_CENTS]
    assert len(at_price) == 300
    for _ in range(3):
        gone = set(spiked.advance().gone)
        at_price = [product for product in at_price if product.id not in gone]
        assert all(product.cents == SPIKE_CENTS for product in at_price)


def test_null_prices_can_be_turned_off() -> None:
    assert all(product.cents is not None for product in catalogue(2_000, null_prices=0).find(Filters()))


def test_advance_is_repeatable_and_changes_what_it_says() -> None:
    first, second = catalogue(), catalogue()
    before = first.documents()
    changes = first.advance()
    assert changes == second.advance()
    assert encoded(first) == encoded(second)
    after = first.documents()
    assert set(after) - set(before) == set(changes.appeared)
    assert set(before) - set(after) == set(changes.gone)
    both = set(before) & set(after)
    assert {product_id for product_id in both if before[product_id] != after[product_id]} == set(changes.changed)
    for product_id in changes.changed:
        old, new = before[product_id], after[product_id]
        assert (old["qty"], old["minPrice"]) != (new["qty"], new["minPrice"])


def test_advance_moves_as_much_as_a_night_does() -> None:
    moving = catalogue(5_000)
    for generation in range(1, 6):
        changes = moving.advance()
        assert changes.generation == moving.generation == generation
        assert 0.008 < len(changes.changed) / 5_000 < 0.025
        assert len(changes.appeared) == len(changes.gone) == 5
        assert len(moving) == 5_000
    ids = [product.id for product in moving.find(EVERYTHING)]
    assert ids == sorted(ids)


@pytest.mark.parametrize("products", [0, 1, 100, 101])
def test_small_catalogues_move_too(products: int) -> None:
    small = catalogue(products)
    changes = small.advance()
    assert bool(changes.changed or changes.gone) is (products > 0)
    assert bool(changes.gone) is (products > 100)
    assert len(small) == products


def test_tests_can_add_change_and_remove() -> None:
    mine = catalogue(50)
    mine.add({"id": "10000000000001", "name": "Mine", "minPrice": 3.5, "qty": 0})
    assert next(iter(mine.documents())) == "10000000000001"
    assert mine.find(Filters(cents_from=350, cents_to=350))[0].id == "10000000000001"
    mine.change("10000000000001", minPrice=4, name="Yours")
    assert mine.documents()["10000000000001"] == {"id": "10000000000001", "name": "Yours", "minPrice": 4, "qty": 0}
    last = list(mine.documents())[-1]
    mine.change(last, qty=0)
    assert last not in mine.documents()
    mine.remove("10000000000001")
    assert len(mine) == 49
    for act in (mine.remove, mine.change, lambda product_id: mine.replace_raw(product_id, b"")):
        with pytest.raises(UnknownProductError):
            act("10000000000001")


def test_a_product_can_be_replaced_by_anything() -> None:
    mine = catalogue(50)
    first, second, *_ = mine.documents()
    mine.replace_raw(first, b"\xff not JSON")
    mine.replace_raw(second, b'{"id":"%b","name":5}' % second.encode())
    assert encoded(mine, Filters())[0] == b"\xff not JSON"
    assert first not in mine.documents()
    assert mine.documents()[second] == {"id": second, "name": 5}
    mine.advance()
    assert encoded(mine, Filters())[0] == b"\xff not JSON"
    with pytest.raises(msgspec.ValidationError):
        mine.add({"name": "without an id"})


@pytest.mark.parametrize(
    "choices",
    [
        {"products": -1},
        {"products": 300_001},
        {"products": 5, "price_spike": 6},
        {"null_prices": 1.5},
        {"token_seconds": 0},
        {"latency_ms": -1},
        {"latency_ms": float("nan")},
        {"requests_per_minute": -1},
        {"page_limit": 0},
        {"oauth": False, "require_oauth": True},
    ],
)
def test_a_configuration_that_makes_no_sense_is_refused(choices: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(reversed(choices))):
        SimulatorConfig(**choices)


def test_the_configuration_does_not_show_its_secret() -> None:
    assert "hush" not in repr(SimulatorConfig(client_secret="hush"))
