"""Reads the parameters of a request for products."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from urllib.parse import parse_qsl

_INTEGER = re.compile(r"[0-9]{1,9}")
_DECIMAL = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_PRODUCT_ID = re.compile(r"[0-9]{14}")
_TIME = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d", re.ASCII)


class BadParameterError(ValueError):
    """A parameter that the API refuses with status 400.

    Attributes:
        code: the API's code for it, such as "PR02".
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Filters:
    """Which products are asked for. Two equal filters give the same products."""

    product_id: str | None = None
    min_qty: int | None = None
    cents_from: int | None = None
    cents_to: int | None = None
    updated_from: str | None = None
    updated_to: str | None = None
    include_out_of_stock: bool = False

    @property
    def narrow(self) -> bool:
        """Whether this is a part of the catalogue only, not a sweep over all of it."""
        return self != Filters() and self != Filters(include_out_of_stock=True)


@dataclass(frozen=True, slots=True)
class Query:
    """A page of the products that match."""

    page: int
    filters: Filters


def parse_query(text: str, page_limit: int | None) -> Query:
    """Read a query string.

    Parameters the API does not know are ignored; of one given twice the last counts.

    Args:
        text: the part of the URL behind the question mark.
        page_limit: the last page that may be asked for; None is no limit.

    Raises:
        BadParameterError: a parameter is not what it has to be.
    """
    given = dict(parse_qsl(text, keep_blank_values=True))
    if not given:
        return Query(1, Filters())
    page = _integer(given, "page", "PR02")
    if page == 0 or (page_limit is not None and page is not None and page > page_limit):
        raise BadParameterError("PR02", "Parameter page is not valid")
    filters = Filters(
        product_id=_product_id(given),
        min_qty=_integer(given, "minQty", "PR03"),
        cents_from=_cents(given, "minPriceFrom", "PR04", ROUND_CEILING),
        cents_to=_cents(given, "minPriceTo", "PR05", ROUND_FLOOR),
        updated_from=_time(given, "updatedAtFrom"),
        updated_to=_time(given, "updatedAtTo"),
        include_out_of_stock=_boolean(given, "includeOutOfStock"),
    )
    return Query(page or 1, filters)


def page_asked_for(text: str) -> int:
    """Return the page of a query string, whatever else is in it; 1 when there is none that can be read."""
    given = dict(parse_qsl(text, keep_blank_values=True)).get("page", "")
    return int(given) if _INTEGER.fullmatch(given) else 1


def _integer(given: dict[str, str], name: str, code: str) -> int | None:
    text = given.get(name)
    if text is None:
        return None
    if not _INTEGER.fullmatch(text):
        raise BadParameterError(code, f"Parameter {name} is not valid")
    return int(text)


def _product_id(given: dict[str, str]) -> str | None:
    text = given.get("id")
    if text is None or _PRODUCT_ID.fullmatch(text):
        return text
    # The sources know two codes for this; a number of the wrong length is taken for an id, other text is not.
    if text.isascii() and text.isdigit():
        raise BadParameterError("BR04", "Product ID is not valid")
    raise BadParameterError("PR01", "Parameter id is not valid")


def _cents(given: dict[str, str], name: str, code: str, rounding: str) -> int | None:
    """A bound in cents. A fraction of a cent is rounded inwards, so that both ends stay included."""
    text = given.get(name)
    if text is None:
        return None
    if not _DECIMAL.fullmatch(text):
        raise BadParameterError(code, f"Parameter {name} is not valid")
    return int((Decimal(text) * 100).to_integral_value(rounding))


def _time(given: dict[str, str], name: str) -> str | None:
    text = given.get(name)
    if text is not None and not _TIME.fullmatch(text):
        raise BadParameterError("BR08", f"Parameter {name} is not valid")
    return text


def _boolean(given: dict[str, str], name: str) -> bool:
    choices: Sequence[str] = ("false", "true")
    text = given.get(name, "false")
    if text not in choices:
        raise BadParameterError("BR08", f"Parameter {name} is not valid")
    return text == "true"
