"""The server itself: connections, order, malformed requests, the limit, the latency."""

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import httpx
import pytest

from console.simulator.api import Api
from console.simulator.config import SimulatorConfig
from console.simulator.connection import Connection
from console.simulator.limit import RateLimit
from console.simulator.messages import Reply, Request
from console.simulator.server import NotLoopbackError, Simulator

from .conftest import DEADLINE_S, Bench, HandClock, Start, hash_header

Eventually = Callable[[Callable[[], bool]], Awaitable[None]]


def request(page: int, version: str = "1.1", extra: str = "") -> bytes:
    """A raw request for a page."""
    head = f"GET /v1/products?page={page} HTTP/{version}\r\nHost: x\r\n{extra}"
    return f"{head}Authorization: {hash_header(SimulatorConfig())}\r\n\r\n".encode()


async def dial(bench: Bench) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    address = urlsplit(bench.sim.url)
    return await asyncio.open_connection(address.hostname, address.port)


async def read_reply(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """The head and the body of the next reply."""
    async with asyncio.timeout(DEADLINE_S):
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0])
        return head, await reader.readexactly(length)


async def send(bench: Bench, data: bytes) -> bytes:
    """Send bytes and return everything that comes until the server closes."""
    reader, writer = await dial(bench)
    writer.write(data)
    async with asyncio.timeout(DEADLINE_S):
        received = await reader.read(-1)
    writer.close()
    await writer.wait_closed()
    return received


@pytest.mark.parametrize("choices", [{}, {"latency_ms": 1.0}])
async def test_pipelined_requests_are_answered_in_order(start: Start, choices: dict[str, float]) -> None:
    bench = await start(products=45, **choices)
    reader, writer = await dial(bench)
    wanted = [1 + number % 4 for number in range(200)]
    writer.write(b"".join(map(request, wanted)))
    for page in wanted:
        head, body = await read_reply(reader)
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b'"page":%d,' % page in body
    writer.close()
    await writer.wait_closed()
    assert bench.sim.counters.connections == 1


async def test_a_request_may_come_in_pieces(start: Start) -> None:
    bench = await start()
    reader, writer = await dial(bench)
    for byte in request(3):
        writer.write(bytes([byte]))
        await writer.drain()
    assert b'"page":3,' in (await read_reply(reader))[1]
    writer.close()
    await writer.wait_closed()


async def test_a_client_that_does_not_read_is_waited_for(start: Start, eventually: Eventually) -> None:
    bench = await start(products=200)
    reader, writer = await dial(bench)
    count = 2_000
    writer.write(request(1) * count)
    await eventually(lambda: bench.sim.counters.in_flight > 0)
    answered = bench.sim.counters.requests
    assert answered < count
    for _ in range(count):
        await read_reply(reader)
    writer.close()
    await writer.wait_closed()
    assert bench.sim.counters.requests == count


@pytest.mark.parametrize(
    "data", [request(1, extra="Connection: close\r\n"), request(1, version="1.0"), request(1) * 2 + b"GARBAGE\r\n\r\n"]
)
async def test_the_server_closes_when_it_should(start: Start, data: bytes) -> None:
    received = await send(await start(), data)
    assert received.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"Connection: close\r\n" in received


@pytest.mark.parametrize("data", [b"GARBAGE\r\n\r\n", b"\x00\xff\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"])
async def test_what_is_not_http_is_refused(start: Start, data: bytes) -> None:
    received = await send(await start(), data)
    assert received.startswith(b"HTTP/1.1 400 Bad Request\r\n")


async def test_a_large_body_is_refused(start: Start) -> None:
    bench = await start()
    response = await bench.client.post("/oauth/token", content=b"x" * (2 << 20))
    assert response.status_code == 400


async def test_a_client_that_closed_its_end_gets_what_was_answered_at_once(start: Start) -> None:
    bench = await start()
    reader, writer = await dial(bench)
    writer.write(request(1))
    writer.write_eof()
    async with asyncio.timeout(DEADLINE_S):
        assert b'"page":1,' in await reader.read(-1)
    writer.close()
    await writer.wait_closed()


async def test_what_was_pipelined_behind_a_broken_reply_is_not_answered(start: Start) -> None:
    bench = await start(faults=("close@1",))
    received = await send(bench, request(1) + request(2))
    assert b'"page":2' not in received
    assert (bench.sim.counters.products, bench.sim.counters.in_flight) == (1, 0)


async def test_head_has_no_body(start: Start) -> None:
    response = await (await start()).client.head("/nowhere")
    assert (response.status_code, response.content) == (404, b"")
    assert int(response.headers["Content-Length"]) > 0


async def test_requests_in_flight_are_counted_and_forgotten(start: Start, eventually: Eventually) -> None:
    bench = await start(latency_ms=60_000)
    lanes = [await dial(bench) for _ in range(5)]
    for _, writer in lanes:
        writer.write(request(1))
    await eventually(lambda: bench.sim.counters.in_flight == 5)
    for _, writer in lanes:
        writer.close()
        await writer.wait_closed()
    await eventually(lambda: bench.sim.counters.in_flight == 0)
    assert bench.sim.counters.in_flight_max == 5


async def test_stopping_breaks_off_what_is_under_way_and_frees_the_port(start: Start, eventually: Eventually) -> None:
    bench = await start(latency_ms=60_000)
    port = int(urlsplit(bench.sim.url).port or 0)
    asking = asyncio.create_task(bench.page())
    await eventually(lambda: bench.sim.counters.in_flight > 0)
    await bench.sim.stop()
    with pytest.raises(httpx.TransportError):
        await asking
    with pytest.raises(httpx.ConnectError):
        await bench.page()
    await bench.sim.start(port=port)
    assert bench.sim.url.endswith(f":{port}")
    assert bench.sim.counters.in_flight == 0


async def test_a_failure_of_the_simulator_is_answered(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = await start()

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(bench.sim.catalogue, "find", fail)
    response = await bench.page()
    assert (response.status_code, response.json()["code"]) == (500, "ERR99")


def products_request() -> Request:
    headers = {b"authorization": hash_header(SimulatorConfig()).encode()}
    return Request(b"GET", "/v1/products", "", headers, b"", keep_alive=True)


def replies(clock: HandClock, count: int, **choices: float) -> list[Reply]:
    api = Api(SimulatorConfig(products=1, **choices), clock)  # type: ignore[arg-type]
    return [api.handle(products_request()) for _ in range(count)]


def test_the_latency_scatters_around_its_mean_and_repeats(hand_clock: HandClock) -> None:
    delays = [reply.delay for reply in replies(hand_clock, 600, latency_ms=300)]
    assert delays == [reply.delay for reply in replies(hand_clock, 600, latency_ms=300)]
    assert delays != [reply.delay for reply in replies(hand_clock, 600, latency_ms=300, seed=2)]
    assert 0.2 <= min(delays) < 0.22
    assert 0.38 < max(delays) <= 0.4
    assert abs(sum(delays) / len(delays) - 0.3) < 0.01
    assert {reply.delay for reply in replies(hand_clock, 10)} == {0}


def test_the_limit_lets_a_burst_pass_and_then_the_rate(hand_clock: HandClock) -> None:
    limit = RateLimit(600, hand_clock)
    assert [limit.wait() for _ in range(10)] == [0] * 10
    assert limit.wait() == pytest.approx(0.1)
    hand_clock.now += 0.1
    assert limit.wait() == 0
    assert limit.wait() > 0
    passed = 0
    for _ in range(6_000):
        hand_clock.now += 0.01
        passed += limit.wait() == 0
    assert passed == pytest.approx(600, abs=2)


def test_a_slow_limit_lets_single_requests_pass(hand_clock: HandClock) -> None:
    limit = RateLimit(6, hand_clock)
    assert limit.wait() == 0
    assert limit.wait() == pytest.approx(10)


@pytest.mark.parametrize("retry_after", [True, False])
async def test_too_many_requests_are_refused(start: Start, hand_clock: HandClock, *, retry_after: bool) -> None:
    bench = await start(clock=hand_clock, requests_per_minute=60, retry_after=retry_after)
    assert (await bench.page()).status_code == 200
    refused = await bench.page()
    assert (refused.status_code, refused.json()["code"]) == (429, "BR03")
    assert refused.headers.get("Retry-After") == ("1" if retry_after else None)
    hand_clock.now += 1
    assert (await bench.page()).status_code == 200
    assert bench.sim.counters.limited == 1


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.1", "example.com", ""])  # noqa: S104 - what is refused
async def test_only_loopback_is_listened_on(host: str) -> None:
    with pytest.raises(NotLoopbackError):
        await Simulator(SimulatorConfig(products=1)).start(host)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.0.2"])
async def test_any_loopback_address_will_do(host: str) -> None:
    sim = Simulator(SimulatorConfig(products=1))
    with pytest.raises(RuntimeError):
        _ = sim.url
    await sim.start(host)
    with pytest.raises(RuntimeError):
        await sim.start(host)
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(f"{sim.url}/_control/faults")).json() == []
    await sim.stop()
    await sim.stop()


def test_a_stray_resume_does_no_harm() -> None:
    async def resume() -> None:
        Connection(lambda _: Reply(200), Api(SimulatorConfig(products=0)).counters, set()).resume_writing()

    asyncio.run(resume())
