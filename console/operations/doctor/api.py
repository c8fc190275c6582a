"""The G2A API: reachable, willing, quick; and what time it is there."""

from dataclasses import dataclass, replace

from console.clock import Clock
from console.g2a.client import G2AClient
from console.g2a.errors import CredentialsRefused, G2AError, NotTrusted, RequestRefused, Unreachable
from console.home import Home
from console.operations.checks import Check, doubtful, fine, wrong
from console.settings import Settings

_TIMEOUT_SECONDS = 8.0
_SLOW_SECONDS = 5.0
_CLOCK_SECONDS = 60.0
_ADVICE: tuple[tuple[type[G2AError], str], ...] = (
    (CredentialsRefused, "Compare them with those of your G2A account."),
    (NotTrusted, "Nothing is sent there until it is right."),
    (Unreachable, "Check the network, the proxy variables (HTTPS_PROXY, ALL_PROXY) and G2A_BASE_URL."),
    (RequestRefused, "Check G2A_BASE_URL."),
    (G2AError, "Try again in a few minutes; a sync does so by itself."),
)


@dataclass(frozen=True)
class Visit:
    """What one request for the first page told; `error` where it failed. `ahead_seconds` is how far our clock is."""

    seconds: float
    total: int
    error: G2AError | None
    ahead_seconds: float | None

    @property
    def advice(self) -> str:
        """What to do about the error."""
        return next((advice for kind, advice in _ADVICE if isinstance(self.error, kind)), "")


async def visit_api(settings: Settings, clock: Clock) -> Visit:
    """Ask for the first page, once, and not for longer than somebody would wait who looks on."""
    impatient = replace(
        settings, g2a_timeout_seconds=min(settings.g2a_timeout_seconds, _TIMEOUT_SECONDS), sync_concurrency=1
    )
    ahead_seconds: float | None = None
    total, failed = 0, None
    begun = clock.monotonic()
    try:
        async with G2AClient(impatient, clock) as client:
            try:
                total = (await client.fetch_page(1)).total
            finally:
                ahead_seconds = client.ahead_seconds
    except G2AError as error:
        failed = error
    return Visit(clock.monotonic() - begun, total, failed, ahead_seconds)


async def look_at_api(settings: Settings, home: Home, clock: Clock) -> list[Check]:
    """Whether it is there, takes the credentials and is quick, and what time it is there."""
    missing = settings.missing_credentials(home.env_file)
    if missing:
        said, _, advice = missing.partition(": ")
        return [wrong("api", f"{said}.", f"{advice[:1].upper()}{advice[1:]}"), *_clock(None)]
    visit = await visit_api(settings, clock)
    if visit.error is not None:
        return [wrong("api", str(visit.error), visit.advice), *_clock(visit.ahead_seconds)]
    said = accepted(settings, visit)
    if visit.seconds > _SLOW_SECONDS:
        return [doubtful("api", f"{said}.", "It is slow: a sync will take long."), *_clock(visit.ahead_seconds)]
    return [fine("api", said), *_clock(visit.ahead_seconds)]


def accepted(settings: Settings, visit: Visit) -> str:
    """That all is well, in one sentence."""
    return (
        f"{settings.api_host} accepts the credentials and answered in {visit.seconds:.2f} s: {visit.total:,} products"
    )


def _clock(ahead_seconds: float | None) -> list[Check]:
    if ahead_seconds is None:
        return [fine("clock", "not compared: no reply of G2A told the time")]
    if abs(ahead_seconds) <= _CLOCK_SECONDS:
        return [fine("clock", "agrees with that of G2A")]
    way = "ahead of" if ahead_seconds > 0 else "behind"
    said = f"The clock of this machine is {abs(ahead_seconds):,.0f} seconds {way} that of G2A."
    return [doubtful("clock", said, "Set it by the network: `timedatectl set-ntp true`.")]
