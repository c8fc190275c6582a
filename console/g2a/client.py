"""Asking the G2A API for pages: one request at a time here, each with a deadline and every failure in plain words."""

import asyncio
import email.utils
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from decimal import Decimal
from types import TracebackType
from typing import Self
from urllib.parse import quote_plus, urlsplit

import httpx
import msgspec

from console import __version__
from console.clock import Clock
from console.g2a.auth import SignIn, sign_in
from console.g2a.connections import Connections
from console.g2a.decode import Page, decode_page, excerpt_of
from console.g2a.documents import ErrorDocument, TokenDocument
from console.g2a.errors import (
    BrokenReply,
    ClientUnusable,
    CredentialsRefused,
    EmptyPage,
    G2AError,
    NotTrusted,
    RequestRefused,
    ServerFailed,
    TimedOut,
    TooManyRequests,
    Unreachable,
)
from console.g2a.pacing import Pacer
from console.product import RawProduct
from console.redaction import Redactor
from console.run import PRODUCTS_PER_PAGE
from console.settings import Settings
from console.text import clean

_PRODUCTS_PATH = "/v1/products"
_TOKEN_PATH = "/oauth/token"  # noqa: S105 - a path
_TOKEN = re.compile("[!-~]+")
_HEADERS = {
    b"User-Agent": f"g2a-console/{__version__}".encode(),
    b"Accept": b"application/json",
    b"Accept-Encoding": b"gzip",
}
_NO_SUCH_ID = ("BR04", "PR01")
"""Codes for an id that G2A does not know the like of."""
_SAID_LIMIT = 200
_LONGEST_RETRY_AFTER_SECONDS = 86_400.0
_LONGEST_PAUSE_SECONDS = 30.0
"""How long all pages pause at most when one is refused; that one waits on its own for what G2A asked."""


class G2AClient:
    """The client of one run. Use it as a context manager; its connections are closed at the end.

    Raises:
        CredentialsRefused: there are none.
        ClientUnusable: a proxy or certificate setting of this machine cannot be used.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        missing = settings.missing_credentials()
        if missing:
            raise CredentialsRefused(missing)
        self._settings = settings
        self._clock = clock
        self._pacer = Pacer(settings.g2a_max_requests_per_minute, clock)
        self._sign_in: SignIn = sign_in(settings, self._fetch_token, clock)
        self._host = settings.api_host
        self._base_url = settings.g2a_base_url
        self._connections = Connections(settings.g2a_base_url, settings.sync_concurrency, settings.g2a_timeout_seconds)
        self._redactor = Redactor(settings.g2a_secrets())
        self._asked_seconds: float | None = None
        self.requests = 0
        """Requests for products so far."""
        self.ahead_seconds: float | None = None
        """How far the clock here is ahead of G2A's, by its last reply; None while that is not known."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._connections.close()

    @property
    def asked_seconds(self) -> float | None:
        """The pause that G2A asked for, as long as nothing goes out because of it."""
        return self._asked_seconds if self._pacer.is_paused else None

    async def pause_over(self) -> None:
        """Wait until that pause is over."""
        await self._pacer.pause_over()

    async def fetch_page(self, page: int, low: Decimal | None = None, high: Decimal | None = None) -> Page:
        """Ask once for a page of products, in its turn; `low` and `high` bound their price in EUR.

        Raises:
            G2AError: there is no such page to be had; the type says why.
        """
        query = f"page={page}"
        if low is not None:
            query += f"&minPriceFrom={low:f}"
        if high is not None:
            query += f"&minPriceTo={high:f}"
        reply = await self._query(query, page)
        if not reply.products and (page - 1) * PRODUCTS_PER_PAGE < reply.total:
            raise EmptyPage(f"G2A says there are {reply.total} products, and sent page {page} of them empty.")
        return reply

    async def fetch_product(self, product_id: str) -> RawProduct | None:
        """Ask once for a product, with the same filters as for a page; None where the catalogue does not have it.

        Raises:
            G2AError: it cannot be told; the type says why.
        """
        try:
            reply = await self._query(f"id={quote_plus(product_id)}", 1)
        except RequestRefused as refusal:
            if refusal.code in _NO_SUCH_ID:
                return None
            raise
        found = next((raw for raw in reply.products if raw.id == product_id), None)
        if found is None and (reply.products or reply.total):
            raise BrokenReply(f"G2A was asked for product {clean(product_id, 30)} and sent something else.")
        return found

    async def _query(self, query: str, page: int) -> Page:
        """What the catalogue answers to a query, which must be page `page`."""
        try:
            body = await self._get(f"{_PRODUCTS_PATH}?{query}&{self._settings.filters}")
            # a server may repeat what it was sent, in a product's name even: nothing of that is stored or told
            reply = decode_page(self._redactor.body(body), page)
        except G2AError as error:
            error.args = tuple(self._redactor.text(str(each)) for each in error.args)
            raise
        self._pacer.accepted()
        return reply

    async def _get(self, path: str) -> bytes:
        header = await self._sign_in.header()
        try:
            return await self._get_signed(path, header)
        except CredentialsRefused:
            if not self._sign_in.refused(header):
                raise
        return await self._get_signed(path, await self._sign_in.header())

    async def _get_signed(self, path: str, header: str) -> bytes:
        await self._pacer.turn()
        self.requests += 1
        self._redactor.add(header.rpartition(" ")[2])
        headers = {**_HEADERS, b"Authorization": header.encode()}
        return await self._send(httpx.Request("GET", f"{self._base_url}{path}", headers=headers))

    async def _fetch_token(self) -> TokenDocument:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._settings.g2a_client_id,
            "client_secret": self._settings.g2a_client_secret.reveal(),
        }
        await self._pacer.turn()
        request = httpx.Request("POST", f"{self._base_url}{_TOKEN_PATH}", headers=_HEADERS, data=form)
        body = await self._send(request)
        try:
            token = msgspec.json.decode(body, type=TokenDocument)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            token = None
        # what is no header would be quoted in the error of whoever tries to send it
        if token is None or not _TOKEN.fullmatch(token.access_token):
            raise BrokenReply(f"The token endpoint of {self._host} sent something that is no token.")
        return token

    async def _send(self, request: httpx.Request) -> bytes:
        async with self._in_plain_words():
            response, body = await self._connections.send(request)
        self._compare_clocks(response.headers.get("date"))
        if response.status_code == httpx.codes.OK:
            return body
        raise self._refusal(response, self._redactor.body(body))

    def _compare_clocks(self, date: str | None) -> None:
        if date:
            with suppress(ValueError, TypeError, OverflowError):
                self.ahead_seconds = (self._clock.now() - email.utils.parsedate_to_datetime(date)).total_seconds()

    @asynccontextmanager
    async def _in_plain_words(self) -> AsyncIterator[None]:
        """One deadline for all of a request, and every exception of the transport as ours."""
        seconds = self._settings.g2a_timeout_seconds
        try:
            async with asyncio.timeout(seconds):
                yield
        except (TimeoutError, httpx.TimeoutException):
            raise TimedOut(f"{self._host} did not answer within {seconds:g} seconds.") from None
        except httpx.TransportError as error:
            if isinstance(error.__cause__, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise NotTrusted(
                    f"The certificate of {self._host} does not hold ({clean(str(error), _SAID_LIMIT)}): "
                    "check G2A_BASE_URL and the clock and certificates of this machine."
                ) from None
            said = clean(str(error), _SAID_LIMIT) or type(error).__name__
            raise Unreachable(f"{self._host} cannot be reached or broke off ({said}).") from None
        except httpx.InvalidURL as error:
            raise ClientUnusable(f"G2A_BASE_URL cannot be used: {clean(str(error), _SAID_LIMIT)}") from None

    def _refusal(self, response: httpx.Response, body: bytes) -> G2AError:
        status = response.status_code
        document = _error_document(body)
        code = clean(document.code, 20) if document.code else None
        said = f"{status}{f' {code}' if code else ''}"
        if document.message:
            said += f": {clean(document.message, _SAID_LIMIT)}"
        elif body.strip():
            said += f": {excerpt_of(body)}"
        if status == httpx.codes.TOO_MANY_REQUESTS:
            seconds = self._retry_after(response.headers.get("retry-after"))
            self._pacer.refused(min(seconds or 0.0, _LONGEST_PAUSE_SECONDS))
            self._asked_seconds = seconds or self._asked_seconds
            asks = f" and asks for a pause of {seconds:.0f} s" if seconds else ""
            return TooManyRequests(f"G2A says that there are too many requests ({said}){asks}.", seconds)
        if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            return CredentialsRefused(
                f"G2A refuses the credentials ({said}): check G2A_CLIENT_ID, G2A_CLIENT_SECRET and G2A_EMAIL, "
                "and that this machine's address is allowed at G2A."
            )
        if response.is_redirect:
            target = _host_of(self._redactor.text(response.headers.get("location", "")))
            return NotTrusted(f"{self._host} redirects to {target}; that is not followed: check G2A_BASE_URL.")
        if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            return ServerFailed(f"G2A has a fault of its own ({said}).")
        return RequestRefused(f"G2A refuses the request ({said}).", status, code)

    def _retry_after(self, value: str | None) -> float | None:
        """The seconds of a Retry-After header, which may be a number or a date; None where it is neither."""
        if not value:
            return None
        try:
            seconds = float(value)
        except ValueError:
            try:
                seconds = (email.utils.parsedate_to_datetime(value) - self._clock.now()).total_seconds()
            except (ValueError, TypeError, OverflowError):
                return None
        return min(max(seconds, 0.0), _LONGEST_RETRY_AFTER_SECONDS) if seconds == seconds else None  # noqa: PLR0124


def _host_of(location: str) -> str:
    try:
        return clean(urlsplit(location).netloc.rpartition("@")[2], 100) or "nowhere"
    except ValueError:
        return "nowhere"


def _error_document(body: bytes) -> ErrorDocument:
    try:
        return msgspec.json.decode(body, type=ErrorDocument)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ErrorDocument()
