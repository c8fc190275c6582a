"""The filters of the last time, as they are kept and as they are used. What makes no sense any more is no filter."""

from decimal import Decimal
from typing import Protocol, TypeVar

from msgspec.structs import replace

from console.preferences import RunsShown
from console.search import Query
from console.text import clean
from console.tui.state.run_filter import ORIGINS, OUTCOMES, SPANS, HistoryFilter


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_Choice = TypeVar("_Choice", bound=_Named)


def history_filter(kept: RunsShown) -> HistoryFilter:
    """The filter of the run history; words are never kept."""
    return HistoryFilter(
        outcome=_by_name(kept.outcome, OUTCOMES),
        origin=_by_name(kept.origin, ORIGINS),
        person=_cleaned(kept.person),
        span=_by_name(kept.span, SPANS),
    )


def runs_shown(chosen: HistoryFilter) -> RunsShown:
    """What is kept of it."""
    return RunsShown(
        outcome=chosen.outcome.name if chosen.outcome != OUTCOMES[0] else None,
        origin=chosen.origin.name if chosen.origin != ORIGINS[0] else None,
        person=chosen.person,
        span=chosen.span.name if chosen.span != SPANS[0] else None,
    )


def products_query(kept: Query) -> Query:
    """The filters and the order of the products; words are never kept."""
    return replace(
        kept,
        text="",
        platform=_cleaned(kept.platform),
        region=_cleaned(kept.region),
        price_from=_price(kept.price_from),
        price_to=_price(kept.price_to),
    )


def _by_name(name: str | None, choices: tuple[_Choice, ...]) -> _Choice:
    return next((each for each in choices if each.name == name), choices[0])


def _cleaned(text: str | None) -> str | None:
    return None if text is None else clean(text)


def _price(value: Decimal | None) -> Decimal | None:
    return value if value is not None and value.is_finite() else None
