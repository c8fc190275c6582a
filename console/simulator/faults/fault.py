"""A fault by name, with how often and where it strikes."""

import math
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from console.simulator.faults.pages import PAGE_FAULTS
from console.simulator.faults.replies import REPLY_FAULTS
from console.simulator.faults.streams import STREAM_FAULTS

MIX = "mix"
MIXED = (
    "html", "empty", "null", "invalid-json", "truncated-json", "truncated-gzip", "reset", "close", "429",
    "429-retry-after", "500", "502-empty", "503",
)  # fmt: skip
"""What `mix` is a mixture of: what passes when the same page is asked for again."""

TOKEN_PREFIX = "token-"  # noqa: S105 - the start of a fault's name
_ALIKE = (*REPLY_FAULTS, *STREAM_FAULTS)
NAMES = (MIX, *_ALIKE, *PAGE_FAULTS, *(TOKEN_PREFIX + name for name in _ALIKE))
"""The names of all faults. Those with `token-` in front strike at /oauth/token, all others at /v1/products."""

# A mixture that strikes every time would never let a retry through.
_USUAL_RATES: Mapping[str, float] = {MIX: 0.1}

_SYNTAX = re.compile(
    r"(?P<name>[a-z0-9-]+)(=(?P<seconds>[0-9.]+))?(:(?P<rate>[0-9.]+))?(@(?P<pages>[0-9,-]+))?(\*(?P<times>[0-9]+))?"
)
_LARGEST_RANGE = 100_000


class FaultError(ValueError):
    """A fault does not exist, or its rate, pages or times make no sense; the message says what would."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which the API fails.

    Raises:
        FaultError: there is no fault of this name, or a number makes no sense.
    """

    name: str
    rate: float | None = None
    """The share of requests it strikes, 0 to 1; None is all of them (of `mix`, one in ten)."""
    pages: AbstractSet[int] = frozenset()
    """Strike only requests for these pages; empty is any page."""
    times: int | None = None
    """Strike that many times and then no more; None is no limit."""
    seconds: float | None = None
    """For `slow` how late (10), for `slow-body` how long a byte takes (1), for the 429 with a time how long (1)."""

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if self.name not in NAMES:
            raise FaultError(f"there is no fault named {self.name!r}; the names are: {', '.join(NAMES)}")
        if not 0 <= self.probability <= 1:
            raise FaultError(f"the rate of {self.name} must be 0 to 1, not {self.rate}")
        if self.times is not None and self.times < 1:
            raise FaultError(f"{self.name} must strike at least once, not {self.times} times")
        if self.seconds is not None and not (math.isfinite(self.seconds) and self.seconds >= 0):
            raise FaultError(f"the seconds of {self.name} must not be negative, not {self.seconds}")
        if any(page < 1 for page in self.pages):
            raise FaultError(f"the pages of {self.name} start with 1")
        object.__setattr__(self, "pages", frozenset(self.pages))

    @property
    def probability(self) -> float:
        """How likely it strikes a request that it may strike."""
        return _USUAL_RATES.get(self.name, 1.0) if self.rate is None else self.rate

    def __str__(self) -> str:
        """Return the fault the way `parse_fault` reads it."""
        parts = [self.name]
        if self.seconds is not None:
            parts.append(f"={self.seconds:g}")
        if self.rate is not None:
            parts.append(f":{self.rate:g}")
        if self.pages:
            parts.append("@" + ",".join(map(str, sorted(self.pages))))
        if self.times is not None:
            parts.append(f"*{self.times}")
        return "".join(parts)


def parse_fault(text: str) -> Fault:
    """Read `NAME[=SECONDS][:RATE][@PAGES][*TIMES]`.

    Examples: `html` always, `html:0.2` one request in five, `502-empty@3,4-6` whenever one of these pages is asked
    for, `502-empty*2` the next two requests, `slow=0.5` half a second late.

    Raises:
        FaultError: the text is not of this form, or names no fault; the message lists the names.
    """
    match = _SYNTAX.fullmatch(text.strip())
    if match is None:
        form = "NAME[=SECONDS][:RATE][@PAGES][*TIMES], for instance html:0.2, 502-empty@3,4 or 502-empty*2"
        raise FaultError(f"{text!r} is not a fault; write {form}; the names are: {', '.join(NAMES)}")
    name, seconds, rate, pages, times = match.group("name", "seconds", "rate", "pages", "times")
    return Fault(
        name,
        rate=_number(text, rate),
        pages=_pages(text, pages or ""),
        times=int(times) if times else None,
        seconds=_number(text, seconds),
    )


def _number(text: str, digits: str | None) -> float | None:
    try:
        return None if digits is None else float(digits)
    except ValueError:
        raise FaultError(f"{digits!r} in {text!r} is not a number") from None


def _pages(text: str, given: str) -> AbstractSet[int]:
    """Read page numbers and ranges, such as `3,5-7`."""
    pages: set[int] = set()
    for part in given.split(",") if given else ():
        first, dash, last = part.partition("-")
        if not first.isdigit() or (dash and not last.isdigit()):
            raise FaultError(f"{part!r} in {text!r} is neither a page nor a range of pages")
        numbers = range(int(first), int(last or first) + 1)
        if not 0 < len(numbers) <= _LARGEST_RANGE:
            raise FaultError(f"{part!r} in {text!r} is not a range of 1 to {_LARGEST_RANGE} pages")
        pages.update(numbers)
    return pages
