"""The filters that the commands for products share: as words of the command line, and as a query."""

import argparse
from decimal import Decimal, InvalidOperation
from typing import Any

from console.search import FilterUnclear, Query, Sort, Standing

SORTS = {each.name.lower(): each for each in Sort}
_HIGHEST = Decimal(100_000_000)


def add_filters(parser: argparse.ArgumentParser) -> None:
    """The words for the filters."""
    add: Any = parser.add_argument
    add("--platform", metavar="NAME", help="only this platform; '' for those that have none")
    add("--region", metavar="NAME", help="only this region; '' for those that have none")
    add("--category", metavar="NAME", help="only this category, by its name or its number")
    add("--price-from", type=_amount, metavar="EUR", help="only those that cost so much or more")
    add("--price-to", type=_amount, metavar="EUR", help="only those that cost so much or less")
    standing: Any = parser.add_mutually_exclusive_group().add_argument
    for name, value, about in (
        ("--gone", Standing.GONE, "only what is gone"),
        ("--all", Standing.ALL, "what is gone too"),
    ):
        standing(name, dest="standing", action="store_const", const=value, default=Standing.ACTIVE, help=about)


def query_of(arguments: argparse.Namespace) -> Query:
    """What is asked for; platform and region as they were typed, the category left to `name_filters`.

    Raises:
        FilterUnclear: the lowest price is above the highest.
    """
    low, high = arguments.price_from, arguments.price_to
    if low is not None and high is not None and low > high:
        raise FilterUnclear(f"No price is from {low} to {high} EUR: the first must not be above the second.")
    return Query(
        text=" ".join(getattr(arguments, "text", ())),
        platform=arguments.platform,
        region=arguments.region,
        standing=arguments.standing,
        price_from=low,
        price_to=high,
        sort=SORTS[getattr(arguments, "sort", "name")],
    )


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
        is_amount = 0 <= amount <= _HIGHEST
    except InvalidOperation:
        is_amount = False
    if not is_amount:
        raise argparse.ArgumentTypeError("takes an amount in EUR such as 19.99")
    return amount
