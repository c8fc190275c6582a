"""The request that a fault strikes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a fault may depend on."""

    seed: int
    number: int
    """The request's number at its address, from 1."""
    page: int
    """The page asked for; 1 for a token."""
    seconds: float | None = None
    """How long, for the faults that take time or tell one; None is the fault's own default."""
    now: float = 0
    """The time of day, in seconds since 1970, for faults that write a date."""
    redirect_to: str = ""

    def lasts(self, default: float) -> float:
        """Return the seconds that were chosen, or else `default`."""
        return default if self.seconds is None else self.seconds
