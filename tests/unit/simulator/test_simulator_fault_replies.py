"""What each fault looks like to a client."""

import asyncio
import gzip
import json
import time
import zlib
from collections.abc import Awaitable, Callable
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import msgspec
import pytest

from console.simulator.faults import Fault
from console.simulator.faults.products import BROKEN
from console.simulator.faults.streams import HUGE_BODY_BYTES

from .conftest import Bench, Start

Eventually = Callable[[Callable[[], bool]], Awaitable[None]]


async def raw(bench: Bench, number: int = 1) -> tuple[httpx.Response, bytes]:
    """A page's response, and its body as it was sent, not unpacked."""
    async with bench.client.stream("GET", "/v1/products", params={"page": number}) as response:
        return response, b"".join([chunk async for chunk in response.aiter_raw()])


@pytest.mark.parametrize(
    ("name", "status", "body"),
    [
        ("empty", 200, b""),
        ("null", 200, b"null"),
        ("list", 200, b"[]"),
        ("502-empty", 502, b""),
        ("500", 500, b'{"status":"ERROR","message":"Internal error","code":"ERR99"}'),
        ("401", 401, b'{"status":"ERROR","message":"Authorization failed","code":"AUTH02"}'),
        ("403", 403, b'{"status":"ERROR","message":"IP address is not allowed","code":"AUTH03"}'),
        ("429", 429, b'{"status":"ERROR","message":"Too many requests","code":"BR03"}'),
    ],
)
async def test_another_status_or_body(start: Start, name: str, status: int, body: bytes) -> None:
    bench = await start(faults=(name,))
    response = await bench.page()
    assert (response.status_code, response.content) == (status, body)
    assert bench.sim.counters.faults == {name: 1}
    assert "Retry-After" not in response.headers


@pytest.mark.parametrize(("name", "status"), [("html", 200), ("503", 503)])
async def test_html(start: Start, name: str, status: int) -> None:
    response = await (await start(faults=(name,))).page()
    assert response.status_code == status
    assert response.headers["Content-Type"].startswith("text/html")
    assert response.text.startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("name", ["invalid-json", "truncated-json"])
@pytest.mark.parametrize("products", [0, 45])
async def test_json_that_cannot_be_read(start: Start, name: str, products: int) -> None:
    response = await (await start(products=products, faults=(name,))).page()
    assert response.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        response.json()


async def test_gzip_that_ends_in_the_middle(start: Start) -> None:
    response, body = await raw(await start(faults=("truncated-gzip",)))
    assert response.headers["Content-Encoding"] == "gzip"
    with pytest.raises(EOFError):
        gzip.decompress(body)


async def test_gzip_in_gzip(start: Start) -> None:
    bench = await start(faults=("double-gzip",))
    response = await bench.page()
    assert response.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(response.content))["total"] == 45


async def test_a_bomb_is_small_and_unpacks_to_a_gigabyte(start: Start) -> None:
    response, body = await raw(await start(faults=("gzip-bomb",)))
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(body) < 2 << 20
    packer = zlib.decompressobj(16 + zlib.MAX_WBITS)
    first = packer.decompress(body, 1 << 24)
    size = len(first)
    while packer.unconsumed_tail:
        size += len(packer.decompress(packer.unconsumed_tail, 1 << 24))
    assert packer.eof
    assert size > HUGE_BODY_BYTES
    assert first.startswith(b'{"total":1,"page":1,"docs":[ ')


async def test_a_huge_body_is_streamed_until_the_client_leaves(start: Start, eventually: Eventually) -> None:
    bench = await start(faults=("huge-body",))
    async with bench.client.stream("GET", "/v1/products") as response:
        assert "Content-Length" not in response.headers
        received = 0
        async for chunk in response.aiter_raw():
            received += len(chunk)
            if received > 20 << 20:
                break
    await eventually(lambda: bench.sim.counters.in_flight == 0)
    assert bench.sim.counters.bytes_sent < HUGE_BODY_BYTES / 4


async def test_a_slow_body_comes_byte_by_byte(start: Start) -> None:
    bench = await start(products=0, faults=("slow-body=0.001",))
    chunks = []
    async with bench.client.stream("GET", "/v1/products") as response:
        async for chunk in response.aiter_raw():
            chunks.append(chunk)  # noqa: PERF401 - the loop is what takes the time
    assert b"".join(chunks) == b'{"total":0,"page":1,"docs":[]}'
    assert len(chunks) > 5


async def test_a_slow_body_takes_a_second_a_byte_unless_told_otherwise(start: Start, eventually: Eventually) -> None:
    bench = await start(faults=("slow-body",))
    with pytest.raises(httpx.ReadTimeout):
        await bench.client.get("/v1/products", timeout=0.05)
    await eventually(lambda: bench.sim.counters.in_flight == 0)


async def test_a_slow_reply_is_right_but_late(start: Start) -> None:
    bench = await start(faults=("slow",))
    with pytest.raises(httpx.ReadTimeout):
        await bench.client.get("/v1/products", timeout=0.05)
    bench.sim.faults.set("slow=0.05")
    began = time.monotonic()
    assert len(await bench.docs()) == 20
    assert time.monotonic() - began >= 0.05


async def test_deep_nesting_is_valid_and_deep(start: Start) -> None:
    body = (await (await start(faults=("deep-nesting",))).page()).content
    assert body.count(b"[") == body.count(b"]") == 100_000
    with pytest.raises(RecursionError):
        msgspec.json.decode(body)


@pytest.mark.parametrize(("name", "error"), [("reset", httpx.ReadError), ("close", httpx.RemoteProtocolError)])
async def test_connections_that_break(start: Start, name: str, error: type[Exception]) -> None:
    bench = await start(faults=(name,))
    with pytest.raises(error):
        await bench.page()
    bench.sim.faults.clear()
    assert len(await bench.docs()) == 20
    assert bench.sim.counters.connections == 2
    assert bench.sim.counters.in_flight == 0


@pytest.mark.parametrize(
    ("fault", "header"),
    [
        ("429-retry-after", "1"),
        ("429-retry-after=30", "30"),
        ("429-negative", "-5"),
        ("429-absurd", "1000000000000"),
        ("429-date=60", "Thu, 01 Jan 1970 01:01:00 GMT"),
    ],
)
async def test_when_to_come_again(start: Start, fault: str, header: str) -> None:
    response = await (await start(wall_clock=lambda: 3_600.0, faults=(fault,))).page()
    assert (response.status_code, response.headers["Retry-After"]) == (429, header)
    if "date" in fault:
        assert parsedate_to_datetime(header).timestamp() == 3_660


async def test_a_redirect_leads_to_another_host(start: Start) -> None:
    elsewhere = await start()
    bench = await start(faults=("redirect",), redirect_to=f"{elsewhere.sim.url}/v1/products")
    response = await bench.page()
    assert response.status_code == 302
    assert response.headers["Location"] == f"{elsewhere.sim.url}/v1/products"
    assert elsewhere.sim.counters.requests == 0


async def test_the_total_is_zero(start: Start) -> None:
    assert (await (await start(faults=("total-zero",))).page(2)).json() == {"total": 0, "page": 2, "docs": []}


async def test_the_total_drops_and_the_pages_agree(start: Start) -> None:
    bench = await start(products=400, faults=("total-drop",))
    assert (await bench.page()).json()["total"] == 40
    assert len(await bench.sweep()) == 40


async def test_pages_repeat_for_ever(start: Start) -> None:
    bench = await start(faults=("repeat-pages",))
    first = await bench.docs(1)
    for number in (2, 3, 4, 1_000):
        assert await bench.docs(number) == first


async def test_pages_in_the_middle_are_empty(start: Start) -> None:
    bench = await start(faults=("empty-middle",))
    assert [len(await bench.docs(number)) for number in (1, 2, 3)] == [20, 0, 5]


async def test_products_move_between_pages(start: Start) -> None:
    bench = await start(products=400)
    truth = bench.sim.catalogue.documents()
    bench.sim.faults.set("shuffle")
    pages = [await bench.docs(number) for number in range(1, 21)]
    assert {len(docs) for docs in pages} == {20}
    ids = [doc["id"] for docs in pages for doc in docs]
    assert len(set(ids)) < len(ids)
    assert set(ids) < set(truth)
    for _ in range(4):
        ids += [doc["id"] for number in range(1, 21) for doc in await bench.docs(number)]
    assert set(ids) == set(truth)


async def test_ids_come_twice_in_a_page_and_between_pages(start: Start) -> None:
    bench = await start(faults=("duplicate-ids",))
    first, second = await bench.docs(1), await bench.docs(2)
    assert len(first) == 21
    assert first[20] == first[0]
    assert len(second) == 22
    assert second[20:] == [second[0], first[0]]
    assert await bench.sweep() == bench.sim.catalogue.documents()


@pytest.mark.parametrize("kind", BROKEN)
async def test_one_product_is_broken_and_the_others_are_not(start: Start, kind: str) -> None:
    bench = await start(products=20)
    good = [product.encoded() for product in bench.sim.catalogue.find(msgspec_filters())]
    bench.sim.faults.set(f"bad-product-{kind}")
    first, second = (await bench.page()).content, (await bench.page()).content
    assert first == second
    assert sum(raw in first for raw in good) == 19


def msgspec_filters() -> Any:
    from console.simulator.query import Filters

    return Filters()


async def test_broken_products_are_of_many_kinds(start: Start) -> None:
    bench = await start(products=2_000, faults=("bad-product",))
    bodies = {(await bench.page(number)).content for number in range(1, 101)}
    assert any(b"NaN" in body for body in bodies)
    assert any(b"9" * 5_000 in body for body in bodies)
    assert any(len(body) > 1 << 20 for body in bodies)
    assert any(b"\xff" in body for body in bodies)


async def test_hostile_names_are_valid_json(start: Start) -> None:
    names = [doc["name"] for doc in await (await start(faults=("hostile-names",))).docs()]
    assert any("\x1b" in name for name in names)
    assert any("[/]" in name for name in names)
    assert any("\x00" in name for name in names)


async def test_content_faults_leave_empty_pages_alone(start: Start) -> None:
    names = ("shuffle", "bad-product", "duplicate-ids", "hostile-names", "repeat-pages", "total-drop", "empty-middle")
    bench = await start(products=0, faults=names)
    assert (await bench.page()).json() == {"total": 0, "page": 1, "docs": []}


async def test_a_fault_strikes_given_pages_or_the_next_requests(start: Start) -> None:
    bench = await start(faults=("502-empty@2",))
    assert [(await bench.page(number)).status_code for number in (1, 2, 3, 2)] == [200, 502, 200, 502]
    bench.sim.faults.set(Fault("502-empty", times=2))
    assert [(await bench.page()).status_code for _ in range(4)] == [502, 502, 200, 200]


async def test_a_content_fault_and_a_broken_transfer_together(start: Start) -> None:
    bench = await start(faults=("total-zero", "truncated-json", "slow=0.01"))
    assert (await bench.page()).content == b'{"total":0,"page":1,"docs":[]}'[:15]


async def test_tokens_fail_on_their_own(start: Start) -> None:
    bench = await start(faults=("token-500*1", "token-401*2"))
    assert [(await bench.ask_token()).status_code for _ in range(3)] == [500, 401, 200]
    assert (await bench.page()).status_code == 200
    assert bench.sim.counters.faults == {"token-500": 1, "token-401": 2}


async def test_a_client_that_retries_gets_through_the_mixture(start: Start) -> None:
    bench = await start(products=200, faults=("mix:0.5",))
    found: dict[str, Any] = {}
    for number in range(1, 11):
        async with asyncio.timeout(20):
            while True:
                try:
                    response = await bench.page(number)
                    docs = response.raise_for_status().json()["docs"]
                except (httpx.HTTPError, ValueError, TypeError, KeyError):
                    continue
                break
        found |= {doc["id"]: doc for doc in docs}
    assert found == bench.sim.catalogue.documents()
    assert bench.sim.counters.faults.total() > 3
