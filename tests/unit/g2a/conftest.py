"""Clients of servers that answer with exactly what a test says."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from console.clock import Clock
from console.g2a.client import G2AClient
from console.settings import SecretStr, Settings
from tests.clock import FakeClock
from tests.unit.g2a.server import Answer, Server

Connect = Callable[..., Awaitable[tuple[G2AClient, Server]]]

SECRET = "hunter2-and-a-half"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine's own network settings."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def settings_for(url: str, **changes: Any) -> Settings:
    """Settings that sign with the hash header, unless told otherwise."""
    usual: dict[str, Any] = {
        "g2a_base_url": url,
        "g2a_client_id": "me",
        "g2a_client_secret": SecretStr(SECRET),
        "g2a_email": "me@example.com",
        "g2a_auth": "hash",
        "sync_concurrency": 2,
        "g2a_timeout_seconds": 20,
    }
    return Settings(**(usual | changes))


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Starts a server with these answers and a client for it; both end with the test."""
    async with AsyncExitStack() as stack:

        async def begin(*answers: Answer, clock: Clock | None = None, **changes: Any) -> tuple[G2AClient, Server]:
            server = await stack.enter_async_context(Server(*answers))
            client = G2AClient(settings_for(server.url, **changes), clock or FakeClock())
            return await stack.enter_async_context(client), server

        yield begin
