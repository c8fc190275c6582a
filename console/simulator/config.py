"""What can be chosen about the simulator before it starts."""

from dataclasses import dataclass, field
from pathlib import Path

# Values nobody can mistake for an account of the real API.
DEMO_CLIENT_ID = "demo-client-id"
DEMO_EMAIL = "demo@example.com"
DEMO_CLIENT_KEY = "demo-client-secret"

LARGEST_CATALOGUE = 300_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorConfig:
    """The choices of one simulator. The defaults give a quiet, fast and faultless API.

    Raises:
        ValueError: a number is outside of what it can be; the message names it.
    """

    seed: int = 1
    """Everything random follows from it: the catalogue, its changes, the jitter of the latency, the faults."""

    products: int = 1_000
    """How many products the query without filters returns; a few per cent more are out of stock. 0 to 300,000."""

    price_spike: int = 0
    """That many products cost exactly 1.99 EUR, and no other does; 0 leaves the prices alone."""

    null_prices: float = 0.002
    """The share of products in stock whose minPrice is null: no filter on the price ever finds these."""

    churn: bool = False
    """The catalogue moves on by itself between two sweeps."""

    fixture: Path | None = None
    """A recorded response, a page or one product, that is served instead of a generated catalogue."""

    client_id: str = DEMO_CLIENT_ID
    email: str = DEMO_EMAIL
    client_secret: str = field(default=DEMO_CLIENT_KEY, repr=False)

    oauth: bool = True
    """Tokens are issued and accepted."""

    require_oauth: bool = False
    """The hash header is refused, as if the account had been moved to OAuth."""

    token_seconds: int = 3_600
    """How long a token is good for."""

    latency_ms: float = 0
    """The mean time a reply takes, in milliseconds, give or take a third; 0 answers at once."""

    requests_per_minute: int = 0
    """Requests beyond this rate are answered 429; 0 is no limit."""

    retry_after: bool = False
    """The limit's own 429 says in a `Retry-After` header how many seconds to wait."""

    page_limit: int | None = None
    """The last page that may be asked for; one beyond it is refused with PR02. None is no limit."""

    gzip: bool = False
    """Compress pages for clients that accept it. Costs more than half of the pages per second."""

    redirect_to: str = "http://elsewhere.invalid/v1/products"
    """Where the `redirect` fault points."""

    faults: tuple[str, ...] = ()
    """Faults that are on from the start, written as `console.simulator.faults.parse_fault` reads them."""

    def __post_init__(self) -> None:
        """Refuse numbers that make no sense."""
        problems = {
            f"products must be 0 to {LARGEST_CATALOGUE}, not {self.products}": (
                not 0 <= self.products <= LARGEST_CATALOGUE
            ),
            f"price_spike must be 0 to products, not {self.price_spike}": (not 0 <= self.price_spike <= self.products),
            f"null_prices must be 0 to 1, not {self.null_prices}": not 0 <= self.null_prices <= 1,
            f"token_seconds must be at least 1, not {self.token_seconds}": self.token_seconds < 1,
            f"latency_ms must not be negative, not {self.latency_ms}": not self.latency_ms >= 0,
            f"requests_per_minute must not be negative, not {self.requests_per_minute}": (self.requests_per_minute < 0),
            f"page_limit must be at least 1, not {self.page_limit}": (
                self.page_limit is not None and self.page_limit < 1
            ),
            "require_oauth needs oauth": self.require_oauth and not self.oauth,
        }
        for problem, wrong in problems.items():
            if wrong:
                raise ValueError(problem)
