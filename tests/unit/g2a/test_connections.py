"""The connections: through the proxy that the machine has, and never to itself through one."""

import pytest

from console.g2a.client import G2AClient
from console.g2a.connections import _proxy_for
from console.g2a.errors import Unreachable
from tests.clock import FakeClock
from tests.unit.g2a.conftest import SECRET, Connect, settings_for
from tests.unit.g2a.server import Server, page, reply

PROXY = "http://proxy.example:3128"
G2A = "https://api.g2a.com"


@pytest.mark.parametrize(
    ("variables", "url", "proxy"),
    [
        ({}, G2A, None),
        ({"HTTPS_PROXY": PROXY}, G2A, PROXY),
        ({"https_proxy": PROXY}, G2A, PROXY),
        ({"ALL_PROXY": PROXY}, G2A, PROXY),
        ({"HTTP_PROXY": PROXY}, G2A, None),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "g2a.com"}, G2A, None),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "*"}, G2A, None),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "other.example"}, G2A, PROXY),
        ({"HTTP_PROXY": PROXY, "ALL_PROXY": PROXY}, "http://127.0.0.1:8080", None),
        ({"HTTP_PROXY": PROXY, "ALL_PROXY": PROXY}, "http://localhost", None),
    ],
)
def test_the_proxy_is_that_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], url: str, proxy: str | None
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert _proxy_for(url) == proxy


async def test_a_server_on_this_machine_is_reached_though_there_is_a_proxy(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    client, server = await connect(reply(page()))
    await client.fetch_page(1)
    assert len(server.requests) == 1


async def test_a_proxy_is_told_the_host_and_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Server(reply(b"", "403 Forbidden")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        async with G2AClient(settings_for(G2A), FakeClock()) as client:
            with pytest.raises(Unreachable, match=r"^api\.g2a\.com cannot be reached or broke off \(403 Forbidden\)"):
                await client.fetch_page(1)
    (asked,) = proxy.requests
    assert asked.method == "CONNECT"
    assert asked.headers["host"] == "api.g2a.com:443"
    assert "authorization" not in asked.headers
    assert SECRET not in str(asked)
