"""The connections to G2A: one for each request that may be under way, each a pool of its own.

httpx's shared pool looks at every idle connection whenever a request begins or ends, which takes longer than the
request itself; and it can die for good when a request is cancelled while others wait for a connection. With a pool for
each connection there is nothing to look through and nobody waits. Using httpx's transports directly also leaves out
cookies, redirects and client-wide state, none of which this API needs.
"""

import asyncio
import importlib.util
import ssl
import sys
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx

from console.g2a.body import read_body
from console.g2a.errors import BrokenReply, ClientUnusable
from console.text import clean

if importlib.util.find_spec("sniffio") is None:
    # httpx imports it at every request to learn which event loop it runs on. Where it is not installed, looking for it
    # on the disk again and again takes a quarter of the time of a request; None makes the import fail at once.
    sys.modules["sniffio"] = None  # type: ignore[assignment]


class Connections:
    """Sends requests, at most `count` at once; a further one waits for its turn.

    Raises:
        ClientUnusable: a proxy or certificate setting of this machine cannot be used.
    """

    def __init__(self, base_url: str, count: int, timeout_seconds: float) -> None:
        self._extensions = {"timeout": httpx.Timeout(timeout_seconds).as_dict()}
        try:
            tls = _tls(base_url)
            self._transports = [_one_connection(tls, _proxy_for(base_url)) for _ in range(count)]
        except (httpx.InvalidURL, ValueError, ImportError, OSError) as error:
            raise ClientUnusable(
                f"The HTTP client cannot be set up ({clean(str(error), 200)}): check the proxy and certificate "
                "variables of this machine (ALL_PROXY, HTTPS_PROXY, SSL_CERT_FILE)."
            ) from None
        self._free: asyncio.LifoQueue[httpx.AsyncHTTPTransport] = asyncio.LifoQueue()
        for transport in self._transports:
            self._free.put_nowait(transport)

    async def send(self, request: httpx.Request) -> tuple[httpx.Response, bytes]:
        """The reply and its unpacked body; of a reply that is not 200 the body may be missing.

        Raises:
            httpx.TransportError: the connection failed.
            BrokenReply: the body of a 200 cannot be read.
        """
        request.extensions = self._extensions
        async with self._connection() as transport:
            response = await transport.handle_async_request(request)
            try:
                return response, await read_body(response)
            except BrokenReply:
                if response.status_code == httpx.codes.OK:
                    raise
                return response, b""  # the status alone says enough
            finally:
                await response.aclose()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[httpx.AsyncHTTPTransport]:
        transport = await self._free.get()
        try:
            yield transport
        finally:
            self._free.put_nowait(transport)

    async def close(self) -> None:
        """Close every connection."""
        for transport in self._transports:
            await transport.aclose()


def _tls(base_url: str) -> ssl.SSLContext:
    """What certificates must satisfy. Loading the authorities takes 40 ms, for nothing where there is no TLS."""
    if urlsplit(base_url).scheme == "http":
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody
    return httpx.create_ssl_context()


def _one_connection(tls: ssl.SSLContext, proxy: str | None) -> httpx.AsyncHTTPTransport:
    limits = httpx.Limits(max_connections=1, max_keepalive_connections=1)
    return httpx.AsyncHTTPTransport(verify=tls, limits=limits, proxy=proxy)


def _proxy_for(base_url: str) -> str | None:
    """The proxy that the environment sets for this address (HTTPS_PROXY, ALL_PROXY, NO_PROXY), or None."""
    url = urlsplit(base_url)
    is_this_machine = url.scheme == "http"  # the settings allow plain HTTP for nothing else
    if url.hostname is None or is_this_machine or urllib.request.proxy_bypass(url.hostname):
        return None
    proxies = urllib.request.getproxies()
    return proxies.get(url.scheme) or proxies.get("all")
