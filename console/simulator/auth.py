"""Who may ask: the hash header and the tokens."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from hmac import compare_digest
from urllib.parse import parse_qsl

from console.simulator.config import SimulatorConfig
from console.simulator.counters import Counters
from console.simulator.messages import Reply, Request, error_reply, json_reply

# The statuses are those of the recorded errors: 403 without the header, 401 with a wrong one.
NO_HEADER = error_reply(403, "AUTH01", "No Authorization header")
REFUSED = error_reply(401, "AUTH02", "Authorization failed")


class Gate:
    """Checks credentials and issues tokens.

    Args:
        config: whose credentials are right.
        clock: the time in seconds; only differences matter.
        counters: where issued tokens are counted.
    """

    def __init__(self, config: SimulatorConfig, clock: Callable[[], float], counters: Counters) -> None:
        self._config = config
        self._clock = clock
        self._counters = counters
        text = config.client_id + config.email + config.client_secret
        self._hash_header = f"{config.client_id}, {sha256(text.encode()).hexdigest()}".encode()
        self._tokens: dict[bytes, float] = {}
        self._issued = 0

    def check(self, headers: Mapping[bytes, bytes]) -> Reply | None:
        """Return the error for a request with these headers, or None when it may pass."""
        given = headers.get(b"authorization")
        if given is None:
            return NO_HEADER
        if given[:7].lower() == b"bearer ":
            expiry = self._tokens.get(given[7:].strip())
            good = self._config.oauth and expiry is not None and self._clock() < expiry
        else:
            good = not self._config.require_oauth and compare_digest(given, self._hash_header)
        return None if good else REFUSED

    def token(self, request: Request) -> Reply:
        """Answer a request for a token; the errors are those that OAuth prescribes."""
        if not self._config.oauth:
            return error_reply(404, "WRONGURL", "Wrong URL")
        if request.method != b"POST":
            return json_reply({"error": "invalid_request"}, 405)
        form = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
        content_type = request.headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        if content_type != b"application/x-www-form-urlencoded" or "grant_type" not in form:
            return json_reply({"error": "invalid_request"}, 400)
        if form["grant_type"] != "client_credentials":
            return json_reply({"error": "unsupported_grant_type"}, 400)
        right = (self._config.client_id, self._config.client_secret)
        if (form.get("client_id"), form.get("client_secret")) != right:
            return json_reply({"error": "invalid_client"}, 401)
        return self._issue()

    def revoke_all(self) -> None:
        """Make every token issued so far worthless. Safe to call from any thread."""
        self._tokens = {}

    def _issue(self) -> Reply:
        self._issued += 1
        self._counters.tokens_issued += 1
        token = sha256(f"{self._config.seed}/token/{self._issued}".encode()).hexdigest()
        now = self._clock()
        self._tokens = {known: expiry for known, expiry in self._tokens.items() if expiry > now}
        self._tokens[token.encode()] = now + self._config.token_seconds
        return json_reply({"access_token": token, "token_type": "bearer", "expires_in": self._config.token_seconds})
