"""What keeps a wrong answer of the API from emptying a shop."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Removal:
    """What a complete sweep would remove: `gone` of `active` products, when the API says there are `total`."""

    gone: int
    active: int
    total: int

    @property
    def percent(self) -> float:
        """The share of the active products, in percent."""
        return 100 * self.gone / self.active if self.active else 0.0


def blocked_because(removal: Removal, max_removed_percent: float) -> str | None:
    """Why the removal must not happen without somebody looking at it; None where it may."""
    if not removal.gone:
        return None
    if removal.total == 0:
        return f"G2A says that it has no products at all; the {removal.active:,} active ones were kept."
    if removal.percent > max_removed_percent:
        return (
            f"{removal.gone:,} of {removal.active:,} active products ({removal.percent:.1f} %) would be removed, "
            f"more than SYNC_MAX_REMOVED_PERCENT allows ({max_removed_percent:g} %): nothing was removed."
        )
    return None
