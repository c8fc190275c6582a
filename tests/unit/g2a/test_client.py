"""Asking for pages over a real connection: what is sent, and what every kind of answer means."""

import asyncio
import importlib.util
import json
import shutil
import socket
import ssl
import subprocess
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console import __version__
from console.g2a.auth import api_key
from console.g2a.client import G2AClient
from console.g2a.errors import (
    BrokenReply,
    ClientUnusable,
    CredentialsRefused,
    G2AError,
    NotTrusted,
    RequestRefused,
    ServerFailed,
    TimedOut,
    TooManyRequests,
    Unreachable,
)
from console.settings import SecretStr
from console.text import clean
from tests.clock import FakeClock, settle
from tests.unit.g2a.conftest import SECRET, Connect, settings_for
from tests.unit.g2a.server import Server, page, reply

PAGE = reply(page({"id": "1", "name": "A game"}, total=93))
KEY = api_key("me", "me@example.com", SecretStr(SECRET))


def error(code: str, message: str = "No") -> bytes:
    """The body of an error of G2A."""
    return json.dumps({"status": "ERROR", "message": message, "code": code}).encode()


def token(text: object = "t0ken", **more: object) -> bytes:
    """The reply of the token endpoint."""
    return reply(json.dumps({"access_token": text, "token_type": "Bearer", "expires_in": 3_600} | more).encode())


async def failure_of(client: G2AClient) -> G2AError:
    """What asking for page 1 raises."""
    with pytest.raises(G2AError) as raised:
        await client.fetch_page(1)
    everything = "".join(traceback.format_exception(raised.value))
    assert SECRET not in everything
    assert KEY not in everything
    assert str(raised.value) == clean(str(raised.value), 600), "one harmless line"
    return raised.value


# -- what is sent -----------------------------------------------------------------------------------------------------


async def test_a_page_is_asked_for_as_the_api_wants_it(connect: Connect) -> None:
    client, server = await connect(reply(page(number=7)))
    assert (await client.fetch_page(7)).products == ()
    (request,) = server.requests
    assert (request.method, request.path) == ("GET", "/v1/products")
    assert request.query == {"page": "7", "includeOutOfStock": "false"}
    assert request.headers["authorization"] == f"me, {KEY}"
    assert request.headers["user-agent"] == f"g2a-console/{__version__}"
    assert request.headers["accept"] == "application/json"
    assert request.headers["host"] == server.url.removeprefix("http://")
    assert SECRET not in str(request)


async def test_products_out_of_stock_are_asked_for_when_the_settings_say_so(connect: Connect) -> None:
    client, server = await connect(PAGE, g2a_include_out_of_stock=True)
    await client.fetch_page(1)
    assert server.requests[0].query["includeOutOfStock"] == "true"


async def test_a_base_url_may_have_a_path() -> None:
    async with Server(PAGE) as server, G2AClient(settings_for(f"{server.url}/proxy"), FakeClock()) as client:
        await client.fetch_page(1)
        assert server.requests[0].path == "/proxy/v1/products"


async def test_a_client_id_that_is_not_ascii_is_sent_and_not_a_fault(connect: Connect) -> None:
    client, server = await connect(PAGE, g2a_client_id="é")
    await client.fetch_page(1)
    sent = server.requests[0].headers["authorization"].encode("latin-1").decode()
    assert sent.startswith("é, ")


async def test_connections_are_kept_and_requests_counted(connect: Connect) -> None:
    client, server = await connect(PAGE)
    for _ in range(5):
        await client.fetch_page(1)
    assert client.requests == 5
    assert len(server._tasks) == 1


async def test_no_more_requests_are_under_way_than_the_settings_allow(connect: Connect) -> None:
    under_way = most = 0
    go_on = asyncio.Event()

    async def slowly(writer: asyncio.StreamWriter) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await go_on.wait()
        under_way -= 1
        writer.write(PAGE)
        await writer.drain()

    client, server = await connect(slowly, sync_concurrency=3, g2a_max_requests_per_minute=0)
    pages = [asyncio.create_task(client.fetch_page(1)) for _ in range(9)]
    async with asyncio.timeout(20):
        while len(server.requests) < 3:  # noqa: ASYNC110 - it comes from the other end of a socket
            await asyncio.sleep(0.001)
    await settle()
    go_on.set()
    await asyncio.gather(*pages)
    assert most == 3


async def test_requests_keep_to_the_rate(connect: Connect) -> None:
    clock = FakeClock()
    client, _ = await connect(PAGE, clock=clock, g2a_max_requests_per_minute=60)
    for _ in range(4):
        await client.fetch_page(1)
    assert clock.slept == pytest.approx([1, 1, 1])


async def test_a_request_that_is_cancelled_does_not_harm_those_after_it(connect: Connect) -> None:
    async def never(_: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    client, server = await connect(never, never, PAGE, sync_concurrency=2)
    stuck = [asyncio.create_task(client.fetch_page(1)) for _ in range(2)]
    async with asyncio.timeout(20):
        while len(server.requests) < 2:  # noqa: ASYNC110 - it comes from the other end of a socket
            await asyncio.sleep(0.001)
    waiting = asyncio.create_task(client.fetch_page(1))
    await settle()
    for task in (*stuck, waiting):
        task.cancel()
    await asyncio.gather(*stuck, waiting, return_exceptions=True)
    async with asyncio.timeout(20):
        assert len(await asyncio.gather(*(client.fetch_page(1) for _ in range(4)))) == 4


# -- what answers mean ------------------------------------------------------------------------------------------------

REFUSALS = [
    ("400 Bad Request", error("PR02", "Bad page"), RequestRefused, "G2A refuses the request (400 PR02: Bad page)."),
    ("404 Not Found", b"<html>no</html>", RequestRefused, "G2A refuses the request (404: <html>no</html>)."),
    ("204 No Content", b"", RequestRefused, "G2A refuses the request (204)."),
    ("304 Not Modified", b"", NotTrusted, "redirects to nowhere"),
    ("401 Unauthorized", error("AUTH02"), CredentialsRefused, "G2A refuses the credentials (401 AUTH02: No): check"),
    ("403 Forbidden", error("AUTH03"), CredentialsRefused, "this machine's address is allowed at G2A"),
    ("403 Bad Request", error("AUTH01"), CredentialsRefused, "check G2A_CLIENT_ID, G2A_CLIENT_SECRET and G2A_EMAIL"),
    ("429 Too Many Requests", error("BR03"), TooManyRequests, "there are too many requests (429 BR03: No)"),
    ("500 Internal Server Error", error("API00"), ServerFailed, "G2A has a fault of its own (500 API00: No)."),
    ("502 Bad Gateway", b"", ServerFailed, "G2A has a fault of its own (502)."),
    ("503 Service Unavailable", b"[]", ServerFailed, "(503: [])."),
    ("599 What", b"[" * 100_000, ServerFailed, f"(599: {'[' * 119}…)."),
]


@pytest.mark.parametrize(("status", "body", "kind", "said"), REFUSALS, ids=[status for status, *_ in REFUSALS])
async def test_every_status_has_its_meaning_in_plain_words(
    connect: Connect, status: str, body: bytes, kind: type[G2AError], said: str
) -> None:
    client, _ = await connect(reply(body, status))
    problem = await failure_of(client)
    assert type(problem) is kind
    assert said in str(problem)


async def test_a_refusal_carries_its_status_and_code(connect: Connect) -> None:
    client, _ = await connect(reply(error("PR02"), "400 Bad Request"))
    problem = await failure_of(client)
    assert isinstance(problem, RequestRefused)
    assert (problem.status, problem.code) == (400, "PR02")


async def test_what_the_api_says_is_shown_short_and_harmless(connect: Connect) -> None:
    client, _ = await connect(reply(error("C" * 500, "\x1b]0;x\x07\n" + "m" * 5_000), "400 Bad Request"))
    said = str(await failure_of(client))
    assert "␛]0;x␇⏎mmm" in said
    assert len(said) < 300


async def test_the_recorded_errors_mean_what_they_say(connect: Connect, samples: Path) -> None:
    meant: dict[str, type[G2AError]] = {
        "429": TooManyRequests,
        "403": CredentialsRefused,
        "401": CredentialsRefused,
        "400": RequestRefused,
    }
    for each in json.loads((samples / "official_error_examples.json").read_text()):
        client, _ = await connect(reply(json.dumps(each["body"]).encode(), each["http"]))
        problem = await failure_of(client)
        assert type(problem) is meant[each["http"][:3]]
        assert each["body"]["code"] in str(problem)


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"<html>", page()[:-3], b'{"total":1,"page":2,"docs":[]}'])
async def test_a_200_that_is_no_page_is_a_broken_reply(connect: Connect, body: bytes) -> None:
    client, _ = await connect(reply(body))
    assert type(await failure_of(client)) is BrokenReply


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent", "300 Choices"])
@pytest.mark.parametrize(
    ("location", "target"),
    [("https://evil.example/v1/products", "evil.example"), ("/login", "nowhere"), ("http://[bad", "nowhere")],
)
async def test_a_redirect_is_not_followed_and_nothing_is_sent_there(
    connect: Connect, status: str, location: str, target: str
) -> None:
    client, server = await connect(reply(b"", status, location=location))
    problem = await failure_of(client)
    assert type(problem) is NotTrusted
    assert f"redirects to {target}; that is not followed: check G2A_BASE_URL" in str(problem)
    assert len(server.requests) == 1


async def test_nobody_listening_is_told_with_the_host() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        async with G2AClient(settings_for(url), FakeClock()) as client:
            problem = await failure_of(client)
    assert type(problem) is Unreachable
    assert str(problem).startswith(f"{url.removeprefix('http://')} cannot be reached or broke off (")


async def test_a_host_that_does_not_exist_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    async with G2AClient(settings_for("https://nowhere.invalid"), FakeClock()) as client:
        problem = await failure_of(client)
    assert type(problem) is Unreachable
    assert str(problem).startswith("nowhere.invalid cannot be reached or broke off (")
    assert "Name or service not known" in str(problem)


async def test_a_server_that_says_nothing_is_waited_for_no_longer_than_the_deadline(connect: Connect) -> None:
    async def silent(_: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    client, _ = await connect(silent, g2a_timeout_seconds=0.1)
    assert type(await failure_of(client)) is TimedOut


@pytest.fixture
def self_signed(tmp_path: Path) -> ssl.SSLContext:
    """A certificate for localhost that nobody vouches for."""
    if shutil.which("openssl") is None:
        pytest.skip("makes a certificate with openssl")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost"
    subprocess.run([*command.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    return tls


@pytest.mark.parametrize("base", ["https://127.0.0.1", "https://localhost"])
async def test_a_certificate_that_nobody_vouches_for_is_not_trusted(self_signed: ssl.SSLContext, base: str) -> None:
    async with Server(PAGE, tls=self_signed) as server:
        url = f"{base}:{server.url.rpartition(':')[2]}"
        async with G2AClient(settings_for(url), FakeClock()) as client:
            problem = await failure_of(client)
        assert type(problem) is NotTrusted
        assert "certificate" in str(problem)
        assert server.requests == [], "nothing was sent"


has_socks = importlib.util.find_spec("socksio") is not None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SSL_CERT_FILE", "/nowhere/ca.pem"),
        ("HTTPS_PROXY", "nonsense://x"),
        pytest.param(
            "ALL_PROXY", "socks5://127.0.0.1:1", marks=pytest.mark.skipif(has_socks, reason="SOCKS works here")
        ),
    ],
)
def test_bad_network_settings_of_the_machine_are_told_and_no_crash(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ClientUnusable, match="check the proxy and certificate variables of this machine"):
        G2AClient(settings_for("https://api.g2a.com"), FakeClock())


# -- too many requests ------------------------------------------------------------------------------------------------

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("0", 0),
        ("1.5", 1.5),
        ("-5", 0),
        ("999999999", 86_400),
        ("1e999", 86_400),
        ("nan", None),
        ("soon", None),
        ("Mon, 23 Nov 2026 01:00:30 GMT", 30),
        ("Mon, 23 Nov 2026 00:00:00 GMT", 0),
        ("Mon, 23 Nov 2026 02:00:30 +0100", 30),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
        ("Mon, 01 Jan 99999999999 00:00:00 GMT", None),
        ("Mon, 99 Nov 2026 00:00:00 GMT", None),
    ],
)
async def test_the_pause_that_the_api_asks_for_is_understood_and_bounded(
    connect: Connect, header: str, seconds: float | None
) -> None:
    client, _ = await connect(reply(b"", "429 Slow Down", retry_after=header), clock=FakeClock(NOW))
    problem = await failure_of(client)
    assert isinstance(problem, TooManyRequests)
    assert problem.retry_after == seconds


@given(st.text(max_size=60) | st.from_regex(r"\w{3}, [0-9]{1,20} \w{3} [0-9]{1,20} [0-9:]{1,12} [+-][0-9]{1,20}"))
def test_any_wish_for_a_pause_is_a_bounded_number_or_none(header: str) -> None:
    client = G2AClient.__new__(G2AClient)
    client._clock = FakeClock(NOW)
    seconds = client._retry_after(header)
    assert seconds is None or 0 <= seconds <= 86_400


async def test_after_a_429_everybody_pauses_and_goes_on_at_half_the_rate(connect: Connect) -> None:
    clock = FakeClock()
    client, _ = await connect(
        reply(b"", "429 Slow Down", retry_after="7"), PAGE, clock=clock, g2a_max_requests_per_minute=600
    )
    await failure_of(client)
    await client.fetch_page(1)
    await client.fetch_page(1)
    assert clock.slept == pytest.approx([7, 0.2])
    assert client._pacer.rate == pytest.approx(5.4)


async def test_as_long_as_a_pause_lasts_that_g2a_asked_for_it_is_told(connect: Connect) -> None:
    clock = FakeClock()
    client, _ = await connect(reply(b"", "429 Slow Down", retry_after="60"), reply(b"", "429 Slow Down"), clock=clock)
    asked = [client.asked_seconds]
    problem = await failure_of(client)
    assert str(problem) == "G2A says that there are too many requests (429) and asks for a pause of 60 s."
    asked.append(client.asked_seconds)
    await client.pause_over()
    assert clock.slept == [30], "the others go on before: the one that was refused waits on its own"
    asked.append(client.asked_seconds)
    assert str(await failure_of(client)) == "G2A says that there are too many requests (429)."
    asked.append(client.asked_seconds)
    assert asked == [None, 60, None, None], "the second refusal asks for no pause"


async def test_an_absurd_pause_does_not_stop_everybody(connect: Connect) -> None:
    clock = FakeClock()
    client, _ = await connect(reply(b"", "429 Slow Down", retry_after="86400"), PAGE, clock=clock)
    await failure_of(client)
    await client.fetch_page(1)
    assert clock.slept == pytest.approx([30])


async def test_a_broken_page_brings_no_speed_back(connect: Connect) -> None:
    client, _ = await connect(reply(b"", "429 Slow Down"), reply(b"<html>"), g2a_max_requests_per_minute=600)
    await failure_of(client)
    await failure_of(client)
    assert client._pacer.rate == 5


# -- signing in -------------------------------------------------------------------------------------------------------


async def test_a_token_is_asked_for_with_a_form_and_then_used(connect: Connect) -> None:
    client, server = await connect(token(), PAGE, g2a_auth="oauth")
    await client.fetch_page(1)
    await client.fetch_page(1)
    asked, first, second = server.requests
    assert (asked.method, asked.path) == ("POST", "/oauth/token")
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert asked.form == {"grant_type": "client_credentials", "client_id": "me", "client_secret": SECRET}
    assert "authorization" not in asked.headers
    assert [each.headers["authorization"] for each in (first, second)] == ["Bearer t0ken"] * 2
    assert client.requests == 2, "only requests for products count"


async def test_a_refused_token_is_fetched_anew_once(connect: Connect) -> None:
    client, server = await connect(token("old"), reply(error("AUTH02"), "401 No"), token("new"), PAGE, g2a_auth="oauth")
    await client.fetch_page(1)
    assert [each.headers.get("authorization") for each in server.requests] == [None, "Bearer old", None, "Bearer new"]


async def test_credentials_that_are_refused_twice_are_given_up(connect: Connect) -> None:
    no = reply(error("AUTH02"), "401 No")
    client, server = await connect(token("old"), no, token("new"), no, g2a_auth="oauth")
    assert type(await failure_of(client)) is CredentialsRefused
    assert len(server.requests) == 4


async def test_a_refused_hash_header_is_given_up_at_once(connect: Connect) -> None:
    client, server = await connect(reply(error("AUTH02"), "401 No"))
    assert type(await failure_of(client)) is CredentialsRefused
    assert len(server.requests) == 1


async def test_auto_falls_back_to_the_hash_header_over_the_wire(connect: Connect) -> None:
    client, server = await connect(reply(b"", "401 No"), PAGE, g2a_auth="auto")
    await client.fetch_page(1)
    assert [each.path for each in server.requests] == ["/oauth/token", "/v1/products"]
    assert server.requests[1].headers["authorization"] == f"me, {KEY}"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (reply(b"", "502 Bad Gateway"), ServerFailed),
        (reply(b"", "429 Slow Down"), TooManyRequests),
        (reply(b"", "302 Found", location="https://evil.example/"), NotTrusted),
        (reply(b"<html>"), BrokenReply),
    ],
)
async def test_auto_does_not_fall_back_for_a_fault_of_the_endpoint(
    connect: Connect, answer: bytes, kind: type[G2AError]
) -> None:
    client, server = await connect(answer, g2a_auth="auto")
    assert type(await failure_of(client)) is kind
    assert [each.path for each in server.requests] == ["/oauth/token"]


@pytest.mark.parametrize(
    "answer",
    [
        reply(b""),
        reply(b"null"),
        reply(b"<html>"),
        reply(b"{}"),
        reply(b"[" * 100_000),
        reply(b'{"access_token":"x","scope":' + b"[" * 100_000),
        reply(b'{"access_token":"\xff"}'),
        token(None),
        token(7),
        token(""),
        token("tok en"),
        token("tok\nen"),
        token("tok\x00en"),
        token("tokén"),
        token("x", expires_in=None),
        token("x", expires_in=[]),
    ],
)
async def test_what_is_no_token_is_a_broken_reply_that_does_not_show_it(connect: Connect, answer: bytes) -> None:
    client, server = await connect(answer, g2a_auth="oauth")
    problem = await failure_of(client)
    assert type(problem) is BrokenReply
    assert str(problem) == f"The token endpoint of {client._host} sent something that is no token."
    assert len(server.requests) == 1


async def test_the_token_itself_is_in_no_error(connect: Connect) -> None:
    client, _ = await connect(token("t0ken"), reply(b"", "500 No"), g2a_auth="oauth")
    assert "t0ken" not in "".join(traceback.format_exception(await failure_of(client)))


# -- secrets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["200 OK", "400 No", "401 No", "429 No", "500 No"])
@pytest.mark.parametrize("shown", [f"me, {KEY}", SECRET, f"client_secret={SECRET}"])
async def test_a_server_that_repeats_what_it_was_sent_gets_no_secret_into_a_message(
    connect: Connect, status: str, shown: str
) -> None:
    body = f"<html>{shown}".encode() if status == "200 OK" else error("AUTH02", f"You sent {shown}")
    client, _ = await connect(reply(body, status))
    assert "***" in str(await failure_of(client))


@pytest.mark.parametrize("status", ["400 No", "404 No", "429 No", "500 No", "502 Bad Gateway"])
async def test_what_a_broken_reply_began_with_is_told_without_secrets_and_harmlessly(
    connect: Connect, status: str
) -> None:
    body = f"<html>\x1b[2J you sent {SECRET}, {KEY} and {'x' * 5_000}".encode()
    client, _ = await connect(reply(body, status))
    said = str(await failure_of(client))
    assert "<html>␛[2J you sent ***, *** and xxx" in said
    assert len(said) < 300


async def test_a_server_that_repeats_the_token_gets_it_into_no_message(connect: Connect) -> None:
    no = reply(error("ERR99", "You sent Bearer a-long-token"), "500 No")
    client, _ = await connect(token("a-long-token"), no, g2a_auth="oauth")
    assert "You sent Bearer ***" in str(await failure_of(client))


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"g2a_client_id": ""}, "G2A_CLIENT_ID"),
        ({"g2a_client_secret": SecretStr("")}, "G2A_CLIENT_SECRET"),
        ({"g2a_email": ""}, "G2A_EMAIL"),
    ],
)
def test_without_credentials_nothing_is_asked_and_the_missing_ones_are_named(
    changes: dict[str, Any], missing: str
) -> None:
    with pytest.raises(CredentialsRefused, match=f"No G2A credentials yet: set {missing} in"):
        G2AClient(settings_for("https://api.g2a.com", **changes), FakeClock())
