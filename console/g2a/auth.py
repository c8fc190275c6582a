"""Signing in to G2A: the hash header, or an OAuth token that is fetched once and kept fresh.

Sources: G2A's integration guide for the hash; integrators' reports for the token.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from typing import Protocol

from console.clock import Clock
from console.g2a.documents import TokenDocument
from console.g2a.errors import CredentialsRefused, RequestRefused
from console.settings import SecretStr, Settings

_REFRESH_EARLY_SECONDS = 60.0
_SHORTEST_LIFE_SECONDS = 1.0
_LONGEST_LIFE_SECONDS = 86_400.0

FetchToken = Callable[[], Awaitable[TokenDocument]]
"""Asks the token endpoint. Raises CredentialsRefused or RequestRefused where it says no."""


class SignIn(Protocol):
    """A way to sign requests."""

    async def header(self) -> str:
        """The value of the Authorization header; may ask G2A for a token."""
        ...

    def refused(self, header: str) -> bool:
        """G2A refused a request signed so. True where signing anew may help."""
        ...


def api_key(client_id: str, email: str, client_secret: SecretStr) -> str:
    """The key of the hash header: SHA-256 over client id, e-mail and secret, in lower-case hex."""
    return hashlib.sha256(f"{client_id}{email}{client_secret.reveal()}".encode()).hexdigest()


class HashSignIn:
    """`Authorization: {client id}, {api key}`."""

    def __init__(self, settings: Settings) -> None:
        key = api_key(settings.g2a_client_id, settings.g2a_email, settings.g2a_client_secret)
        self._header = f"{settings.g2a_client_id}, {key}"

    async def header(self) -> str:
        """Always the same."""
        return self._header

    def refused(self, header: str) -> bool:
        """Signing anew gives the same header; it helps only where the refused one was a token."""
        return header != self._header


class TokenSignIn:
    """`Authorization: Bearer …`, with one refresh at a time, a minute before the token expires."""

    def __init__(self, fetch_token: FetchToken, clock: Clock) -> None:
        self._fetch_token = fetch_token
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()
        self._header: str | None = None
        self._fresh_until = 0.0

    async def header(self) -> str:
        """The header with a token that is still good for a while."""
        async with self._one_at_a_time:
            if self._header is None or self._clock.monotonic() >= self._fresh_until:
                token = await self._fetch_token()
                self._header = f"Bearer {token.access_token}"
                self._fresh_until = self._clock.monotonic() + _fresh_seconds(token)
            return self._header

    def refused(self, header: str) -> bool:
        """Drop the token, unless another request has refreshed it meanwhile; a fresh one may be accepted."""
        if header == self._header:
            self._header = None
        return True


class AutoSignIn:
    """The token, or the hash header once the token endpoint has refused (and there is an e-mail to make it of)."""

    def __init__(self, token: TokenSignIn, by_hash: HashSignIn) -> None:
        self._token = token
        self._hash = by_hash
        self._way: SignIn = token

    async def header(self) -> str:
        """The header of the way that works."""
        if self._way is self._token:
            try:
                return await self._token.header()
            except (CredentialsRefused, RequestRefused):
                self._way = self._hash
        return await self._way.header()

    def refused(self, header: str) -> bool:
        """As the way in use says."""
        return self._way.refused(header)


def sign_in(settings: Settings, fetch_token: FetchToken, clock: Clock) -> SignIn:
    """The way of signing in that the settings ask for."""
    if settings.g2a_auth == "hash":
        return HashSignIn(settings)
    token = TokenSignIn(fetch_token, clock)
    if settings.g2a_auth == "oauth" or not settings.g2a_email:
        return token
    return AutoSignIn(token, HashSignIn(settings))


def _fresh_seconds(token: TokenDocument) -> float:
    """How long the token is used: a minute less than it lives, or half its life where that is short."""
    try:
        life = float(token.expires_in)
    except ValueError:
        life = _SHORTEST_LIFE_SECONDS
    if not life >= _SHORTEST_LIFE_SECONDS:  # so that NaN is caught as well
        life = _SHORTEST_LIFE_SECONDS
    life = min(life, _LONGEST_LIFE_SECONDS)
    return max(life - _REFRESH_EARLY_SECONDS, life / 2)
