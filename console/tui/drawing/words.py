"""Numbers, durations, times and paths as they are read: thousands apart, units named, every time with its zone."""

import math
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import msgspec

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_TENTHS_BELOW = 9.95
"""Seconds below which a tenth is worth reading."""

_WEEKDAY_TELLS = timedelta(days=6)
"""How near a moment must be for its weekday alone to name the day."""


_FIELDS = {
    "min_price": "price EUR",
    "retail_min_price": "retail price",
    "retail_min_base_price": "base price",
    "available_to_buy": "can be bought",
    "source_updated_at": "G2A updated it",
    "qty": "stock",
}


def field_name(name: str) -> str:
    """What a field of a product is called wherever it is shown."""
    return _FIELDS.get(name, name.replace("_", " "))


def number(value: int) -> str:
    """12,345."""
    return f"{value:,}"


def duration(seconds: float) -> str:
    """The two units that tell: 0.4 s, 17 s, 1 m 17 s, 11 h 56 m, 2 d 3 h."""
    if not math.isfinite(seconds):
        return "?"
    seconds = max(seconds, 0.0)
    if seconds < _TENTHS_BELOW:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} m {whole % _MINUTE:02} s"
    if whole < _DAY:
        return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE:02} m"
    return f"{whole // _DAY:,} d {whole % _DAY // _HOUR} h"


def running(seconds: float) -> str:
    """A duration that ticks: whole seconds, so that it changes once a second and never jumps in width by a point."""
    whole = max(int(seconds), 0)
    return f"{whole} s" if whole < _MINUTE else duration(whole)


def countdown(seconds: float) -> str:
    """A duration to the second: 11 h 56 m 38 s."""
    whole = max(math.ceil(seconds), 0)
    days, hours, minutes = whole // _DAY, whole % _DAY // _HOUR, whole % _HOUR // _MINUTE
    parts = [f"{days:,} d"] if days else []
    if whole >= _HOUR:
        parts.append(f"{hours} h")
    if whole >= _MINUTE:
        parts.append(f"{minutes:02} m" if whole >= _HOUR else f"{minutes} m")
    parts.append(f"{whole % _MINUTE:02} s" if whole >= _MINUTE else f"{whole} s")
    return " ".join(parts)


def clock(at: datetime) -> str:
    """14:03:22 UTC."""
    return f"{at.astimezone(UTC):%H:%M:%S} UTC"


def part_of(before: int, seen: int, total: int) -> str:
    """1 to 9 of 10, where there are so many before what is seen."""
    return f"{number(before + 1)} to {number(min(before + seen, total))} of {number(total)}"


def day(at: datetime) -> str:
    """Tue 24 Nov."""
    return f"{at:%a} {at.day} {at:%b}"


def moment(at: datetime) -> str:
    """Tue 24 Nov 02:00 UTC."""
    at = at.astimezone(UTC)
    return f"{day(at)} {at:%H:%M} UTC"


def short_moment(at: datetime, now: datetime) -> str:
    """The least that is not mistaken: Tue 02:00 UTC within a week, otherwise 24 Nov 02:00 UTC."""
    at = at.astimezone(UTC)
    name = f"{at:%a}" if abs(at - now) < _WEEKDAY_TELLS else f"{at.day} {at:%b}"
    return f"{name} {at:%H:%M} UTC"


def short_path(path: str) -> str:
    """The path, beginning with ~ where it is the user's own."""
    own = str(Path.home())
    return f"~{path[len(own) :]}" if path == own or path.startswith(f"{own}/") else path


class LocalZone(msgspec.Struct, frozen=True):
    """The operator's own time. Without a zone it is the machine's, which knows its summer time by the date."""

    zone: tzinfo | None = None

    def of(self, at: datetime) -> datetime:
        """The moment on the operator's clock."""
        return at.astimezone(self.zone)

    def is_utc(self, at: datetime) -> bool:
        """Whether local time is UTC at that moment, so that saying both says nothing."""
        return not self.of(at).utcoffset()

    def name(self, at: datetime) -> str:
        """CET."""
        return self.of(at).tzname() or "local time"

    def moment(self, at: datetime) -> str:
        """Tue 24 Nov 03:00 CET."""
        local = self.of(at)
        return f"{day(local)} {local:%H:%M} {self.name(at)}"

    def time(self, at: datetime) -> str:
        """03:00 CET."""
        return f"{self.of(at):%H:%M} {self.name(at)}"
