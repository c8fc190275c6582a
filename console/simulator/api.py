"""The API itself: which address answers what."""

import gzip
import math
import time
from collections.abc import Callable
from dataclasses import replace

from console.simulator.auth import Gate
from console.simulator.catalogue import Catalogue
from console.simulator.config import SimulatorConfig
from console.simulator.control import Control
from console.simulator.counters import Counters
from console.simulator.dice import roll
from console.simulator.faults import Faults
from console.simulator.faults.pages import PAGE_SIZE, encode_page, page_of
from console.simulator.faults.schedule import Strike
from console.simulator.limit import RateLimit
from console.simulator.messages import Reply, Request, error_reply, html_reply
from console.simulator.query import BadParameterError, Query, page_asked_for, parse_query

PRODUCTS_PATH = "/v1/products"
TOKEN_PATH = "/oauth/token"  # noqa: S105 - an address, not a secret


class Api:
    """Answers requests. It holds all the state of a simulator except the connections.

    Args:
        config: the choices.
        clock: the time in seconds that tokens and the limit go by; only differences matter.
        wall_clock: the time of day in seconds since 1970, for replies that contain a date.
    """

    def __init__(
        self,
        config: SimulatorConfig,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._config = config
        self._wall_clock = wall_clock
        self.counters = Counters()
        self.faults = Faults(config.seed, config.redirect_to)
        self.faults.set(*config.faults)
        self.catalogue = Catalogue(config)
        self.gate = Gate(config, clock, self.counters)
        self._control = Control(self.faults, self.catalogue, self.gate, self.counters)
        self._limit = RateLimit(config.requests_per_minute, clock)
        # Numbers that chance goes by, so not the counters, which can be reset.
        self._requests = 0
        self._product_requests = 0
        self._token_requests = 0
        self._swept = False

    def handle(self, request: Request) -> Reply:
        """Answer one request."""
        if request.control:
            return self._control.handle(request)
        self._requests += 1
        self.counters.requests += 1
        self.counters.paths[request.path] += 1
        reply = self._delayed(self._route(request))
        self.counters.statuses[reply.status] += 1
        return reply

    def _route(self, request: Request) -> Reply:
        if request.path == PRODUCTS_PATH and request.method == b"GET":
            return self._products(request)
        if request.path == TOKEN_PATH:
            self._token_requests += 1
            strike = self._strike(self._token_requests, 1, token=True)
            return strike.on_reply(self.gate.token(request))
        if request.path.startswith("/v1/"):
            return error_reply(404, "WRONGURL", "Wrong URL")
        return html_reply(404, "404 Not Found")

    def _products(self, request: Request) -> Reply:
        """Answer a request for a page of products: in full, then with what was made to go wrong."""
        self._product_requests += 1
        page = page_asked_for(request.query)
        self.counters.products += 1
        self.counters.pages[page] += 1
        wait = self._limit.wait()
        if wait:
            return self._too_many(wait)
        strike = self._strike(self._product_requests, page, token=False)
        reply = strike.on_reply(self._authorised_page(request, strike))
        return _packed(reply) if self._config.gzip and _accepts_gzip(request) else reply

    def _authorised_page(self, request: Request, strike: Strike) -> Reply:
        refusal = self.gate.check(request.headers)
        if refusal is not None:
            return refusal
        try:
            query = parse_query(request.query, self._config.page_limit)
        except BadParameterError as error:
            return error_reply(400, error.code, str(error))
        return Reply(200, self._page(query, strike))

    def _page(self, query: Query, strike: Strike) -> bytes:
        if self._config.churn and self._swept and query.page == 1 and not query.filters.narrow:
            self.catalogue.advance()
            self._swept = False
        found = self.catalogue.find(query.filters)
        # In a sweep by slices every slice has a last page; that is no harm, as only a new sweep starts unfiltered.
        if query.page * PAGE_SIZE >= len(found) and query.filters.product_id is None:
            self._swept = True
        return encode_page(strike.on_page(page_of(found, query.page)))

    def _strike(self, number: int, page: int, *, token: bool) -> Strike:
        return self.faults.strike(
            number=number, page=page, token=token, now=self._wall_clock(), counts=self.counters.faults
        )

    def _too_many(self, wait: float) -> Reply:
        self.counters.limited += 1
        headers = ((b"Retry-After", b"%d" % math.ceil(wait)),) if self._config.retry_after else ()
        return error_reply(429, "BR03", "Too many requests", headers)

    def _delayed(self, reply: Reply) -> Reply:
        """Add the latency: the mean, give or take up to a third of it."""
        mean = self._config.latency_ms / 1_000
        if not mean:
            return reply
        jitter = (2 * roll(self._config.seed, "latency", self._requests) - 1) / 3
        return replace(reply, delay=reply.delay + mean * (1 + jitter))


def _accepts_gzip(request: Request) -> bool:
    return b"gzip" in request.headers.get(b"accept-encoding", b"")


def _packed(reply: Reply) -> Reply:
    """Compress a body, unless a fault has had its own way with it."""
    if reply.headers or reply.stream is not None or not reply.body:
        return reply
    return replace(reply, body=gzip.compress(reply.body, 1, mtime=0), headers=((b"Content-Encoding", b"gzip"),))
