"""GET /v1/products: pages, filters and refusals, as the API documents them."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.simulator.catalogue import Catalogue
from console.simulator.config import SimulatorConfig
from console.simulator.query import BadParameterError, Filters, Query, parse_query
from console.simulator.recording import FixtureError

from .conftest import Bench, Start


async def test_an_envelope_has_these_three_members(start: Start) -> None:
    bench = await start(products=45)
    response = await bench.page(2)
    assert response.headers["Content-Type"] == "application/json"
    envelope = response.json()
    assert list(envelope) == ["total", "page", "docs"]
    assert (envelope["total"], envelope["page"], len(envelope["docs"])) == (45, 2, 20)


async def test_pages_hold_twenty_in_the_order_of_ids_and_end_empty(start: Start) -> None:
    bench = await start(products=45)
    pages = [await bench.docs(number) for number in (1, 2, 3, 4, 5_000_000)]
    assert [len(docs) for docs in pages] == [20, 20, 5, 0, 0]
    assert {doc["id"]: doc for docs in pages for doc in docs} == bench.sim.catalogue.documents()
    ids = [doc["id"] for docs in pages for doc in docs]
    assert ids == sorted(ids)
    assert (await bench.client.get("/v1/products")).json()["page"] == 1


async def test_an_empty_catalogue_has_an_empty_page(start: Start) -> None:
    assert (await (await start(products=0)).page()).json() == {"total": 0, "page": 1, "docs": []}


async def test_out_of_stock_products_are_on_request(start: Start) -> None:
    bench = await start(products=200)
    everything = await bench.sweep(includeOutOfStock="true")
    listed = await bench.sweep(includeOutOfStock="false")
    assert listed == bench.sim.catalogue.documents()
    assert {doc["qty"] for product_id, doc in everything.items() if product_id not in listed} == {0}


async def test_one_product_by_id(start: Start) -> None:
    bench = await start()
    product_id, document = next(iter(bench.sim.catalogue.documents().items()))
    assert (await bench.page(id=product_id)).json() == {"total": 1, "page": 1, "docs": [document]}
    assert (await bench.page(id="99999999999999")).json() == {"total": 0, "page": 1, "docs": []}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("page=0", "PR02"),
        ("page=-1", "PR02"),
        ("page=1.5", "PR02"),
        ("page=", "PR02"),
        ("page=%D9%A1", "PR02"),
        ("page=501", "PR02"),
        ("id=", "PR01"),
        ("id=abc", "PR01"),
        ("id=123", "BR04"),
        ("minQty=-1", "PR03"),
        ("minQty=x", "PR03"),
        ("minPriceFrom=cheap", "PR04"),
        ("minPriceFrom=1e3", "PR04"),
        ("minPriceTo=-1", "PR05"),
        ("minPriceTo=NaN", "PR05"),
        ("includeOutOfStock=1", "BR08"),
        ("includeOutOfStock=True", "BR08"),
        ("updatedAtFrom=2025-01-01", "BR08"),
        ("updatedAtTo=2025-13-01 00:00:00", "BR08"),
    ],
)
async def test_bad_parameters_are_refused(start: Start, query: str, code: str) -> None:
    bench = await start(page_limit=500)
    response = await bench.client.get(f"/v1/products?{query}")
    assert response.status_code == 400
    assert list(response.json()) == ["status", "message", "code"]
    assert (response.json()["status"], response.json()["code"]) == ("ERROR", code)


async def test_unknown_parameters_are_ignored(start: Start) -> None:
    bench = await start()
    assert await bench.docs(sort="name", limit=5) == await bench.docs()


async def test_the_last_page_of_the_window_is_served(start: Start) -> None:
    bench = await start(page_limit=2)
    assert len(await bench.docs(2)) == 20
    assert (await bench.page(3)).json()["code"] == "PR02"


@pytest.mark.parametrize(
    ("method", "path", "content_type"),
    [
        ("GET", "/v1/orders", "application/json"),
        ("POST", "/v1/products", "application/json"),
        ("GET", "/v1/products/", "application/json"),
        ("GET", "/v2/products", "text/html; charset=utf-8"),
        ("GET", "/", "text/html; charset=utf-8"),
    ],
)
async def test_wrong_addresses_are_not_found(start: Start, method: str, path: str, content_type: str) -> None:
    response = await (await start()).client.request(method, path)
    assert response.status_code == 404
    assert response.headers["Content-Type"] == content_type
    assert ("WRONGURL" in response.text) is (content_type == "application/json")


CATALOGUE = Catalogue(SimulatorConfig(products=600))
DOCUMENTS = [msgspec.json.decode(product.encoded()) for product in CATALOGUE.find(Filters(include_out_of_stock=True))]
MOMENTS = st.sampled_from(["2025-01-01 00:00:00", *filter(None, (doc.get("updated_at") for doc in DOCUMENTS[:20]))])
BOUNDS = st.decimals(0, 90, places=3) | st.sampled_from([doc["minPrice"] or 0 for doc in DOCUMENTS[:20]])


def matches(document: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """What the parameters mean, spelled out once more for one product."""
    price, updated = document["minPrice"], document.get("updated_at")
    return all(
        (
            document["qty"] > 0 or wanted.get("includeOutOfStock") == "true",
            document["qty"] >= wanted.get("minQty", 0),
            "minPriceFrom" not in wanted or (price is not None and price >= float(wanted["minPriceFrom"])),
            "minPriceTo" not in wanted or (price is not None and price <= float(wanted["minPriceTo"])),
            "updatedAtFrom" not in wanted or bool(updated and updated >= wanted["updatedAtFrom"]),
            "updatedAtTo" not in wanted or bool(updated and updated <= wanted["updatedAtTo"]),
        )
    )


@given(
    wanted=st.fixed_dictionaries(
        {},
        optional={
            "minQty": st.integers(0, 3_000),
            "minPriceFrom": BOUNDS,
            "minPriceTo": BOUNDS,
            "updatedAtFrom": MOMENTS,
            "updatedAtTo": MOMENTS,
            "includeOutOfStock": st.sampled_from(["true", "false"]),
        },
    )
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_filters_find_what_they_say(wanted: dict[str, Any]) -> None:
    text = "&".join(f"{name}={value}".replace(" ", "+") for name, value in wanted.items())
    found = CATALOGUE.find(parse_query(text, None).filters)
    assert [product.id for product in found] == [doc["id"] for doc in DOCUMENTS if matches(doc, wanted)]


@given(text=st.text(st.sampled_from("pageidminQty=&%0123456789.- "), max_size=60))
def test_any_query_is_read_or_refused(text: str) -> None:
    with suppress(BadParameterError):
        assert isinstance(parse_query(text, 500), Query)


async def test_both_ends_of_a_price_window_are_included(start: Start) -> None:
    bench = await start(products=300, null_prices=0)
    price = next(doc["minPrice"] for doc in bench.sim.catalogue.documents().values())
    window = await bench.sweep(minPriceFrom=price, minPriceTo=price)
    assert window
    assert {doc["minPrice"] for doc in window.values()} == {price}
    below = await bench.sweep(minPriceTo=price)
    above = await bench.sweep(minPriceFrom=price)
    assert len(below) + len(above) - len(window) == 300


async def test_a_recorded_page_is_served_as_it_was(start: Start, samples: Path) -> None:
    path = samples / "sandbox_products_page1.json"
    bench = await start(fixture=path)
    recorded = json.loads(path.read_text())["docs"]
    response = await bench.page()
    assert response.json() == {"total": len(recorded), "page": 1, "docs": recorded}
    assert await bench.docs(2) == []
    assert bench.sim.catalogue.advance().changed == ()
    assert await bench.docs() == recorded


@pytest.mark.parametrize("name", ["official_products_list.json", "official_product_minecraft.json"])
async def test_older_recordings_are_served_too(start: Start, samples: Path, name: str) -> None:
    recorded = json.loads((samples / name).read_text())
    bench = await start(fixture=samples / name)
    assert await bench.docs() == recorded.get("docs", [recorded])


async def test_recorded_values_stay_verbatim(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    path.write_text('{"docs": [{"id": "1", "minPrice": 19.0, "qty": 0, "name": "caf\\u00e9"}]}')
    assert (
        '{"id": "1", "minPrice": 19.0, "qty": 0, "name": "caf\\u00e9"}'
        in (await (await start(fixture=path)).page()).text
    )


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"docs": 5}', '{"docs": [{"id": 5}]}', None])
def test_a_file_that_is_no_recording_is_refused(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "page.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(FixtureError, match=r"page\.json"):
        Catalogue(SimulatorConfig(fixture=path))


async def test_the_catalogue_moves_between_two_sweeps(start: Start) -> None:
    bench = await start(products=150, churn=True)
    before = bench.sim.catalogue.documents()
    assert await bench.sweep() == before
    await bench.page(5)
    await bench.page(1, minQty=1)
    assert bench.sim.catalogue.generation == 0
    after = await bench.sweep()
    assert bench.sim.catalogue.generation == 1
    assert after == bench.sim.catalogue.documents() != before


async def test_the_catalogue_stays_while_a_sweep_is_unfinished(start: Start) -> None:
    bench = await start(products=150, churn=True)
    for number in (1, 2, 3, 1, 7, 1):
        await bench.page(number)
    assert bench.sim.catalogue.generation == 0
    await bench.page(id=next(iter(bench.sim.catalogue.documents())))
    await bench.page(1)
    assert bench.sim.catalogue.generation == 0
    await bench.page(8)
    await bench.page(1)
    await bench.page(1)
    assert bench.sim.catalogue.generation == 1


async def test_pages_are_compressed_only_if_configured_and_accepted(start: Start) -> None:
    plain, packing = await start(), await start(gzip=True)
    assert "Content-Encoding" not in (await plain.page()).headers
    packed = await packing.page()
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.json() == (await plain.page()).json()
    refused = await packing.client.get("/v1/products", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in refused.headers


async def test_what_was_asked_is_counted(start: Start) -> None:
    bench: Bench = await start()
    for number in (1, 2, 2):
        await bench.page(number)
    await bench.client.get("/nowhere")
    counters = bench.sim.counters
    assert (counters.requests, counters.products, counters.pages[2], counters.paths["/nowhere"]) == (4, 3, 2, 1)
    assert (counters.statuses[200], counters.statuses[404], counters.connections) == (3, 1, 1)
    assert (counters.in_flight, counters.in_flight_max) == (0, 1)
    assert counters.bytes_sent > 20_000
    counters.reset()
    assert (counters.requests, counters.pages, counters.bytes_sent) == (0, {}, 0)
