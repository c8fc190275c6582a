"""Times and what can be compared: as SQLAlchemy stores them, and back."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.product import Product
from console.store.rows import CONTENT_COLUMNS, changed_fields, content_row, read_time, stored_time
from console.store.tables import ProductRow

moments = st.datetimes(timezones=st.just(UTC), min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1))  # noqa: DTZ001


def product(**changes: object) -> Product:
    """A product with nothing but an id and a name."""
    nothing = dict.fromkeys(Product.__struct_fields__)
    bare = {"id": "1", "name": "a", "qty": 0, "images": (), "videos": "[]", "categories": ()}
    return Product(**(nothing | bare | changes))  # type: ignore[arg-type]


def test_the_columns_are_those_of_the_product_and_of_the_table() -> None:
    assert set(CONTENT_COLUMNS) == set(Product.__struct_fields__) - {"id", "categories"}
    assert set(CONTENT_COLUMNS) <= set(ProductRow.model_fields)
    assert len(content_row(product())) == len(CONTENT_COLUMNS)


@pytest.mark.parametrize("column", CONTENT_COLUMNS)
def test_every_value_stands_under_its_column(column: str) -> None:
    values: dict[str, object] = {
        "qty": 7,
        "available_to_buy": True,
        "images": ("x",),
        "release_date": datetime(2015, 4, 14, tzinfo=UTC).date(),
        "source_updated_at": datetime(2015, 4, 14, tzinfo=UTC),
    }
    value = values.get(column, Decimal("17.9") if "price" in column else "x")
    before, after = content_row(product()), content_row(product(**{column: value}))
    changed = [name for name, old, new in zip(CONTENT_COLUMNS, before, after, strict=True) if old != new]
    assert changed == [column]


@given(moments)
def test_a_time_comes_back_as_it_was(moment: datetime) -> None:
    assert read_time(stored_time(moment)) == moment


def test_times_are_stored_as_utc_whatever_their_zone() -> None:
    there = timezone(timedelta(hours=2))
    assert stored_time(datetime(2026, 11, 23, 1, 0, tzinfo=there)) == "2026-11-22 23:00:00.000000"
    assert read_time("2026-11-22 23:00:00.000000") == datetime(2026, 11, 22, 23, tzinfo=UTC)
    assert stored_time(None) is None
    assert read_time(None) is None


@given(moments, moments)
def test_stored_times_sort_as_the_times_do(one: datetime, other: datetime) -> None:
    assert ((stored_time(one) or "") < (stored_time(other) or "")) == (one < other)


def test_what_is_the_same_is_no_change() -> None:
    row = content_row(product(min_price=Decimal("19.00")))
    assert changed_fields(row, content_row(product(min_price=Decimal(19)))) == {}


def test_changes_are_told_as_people_read_them() -> None:
    old = content_row(product(available_to_buy=False, images=("a",), restrictions=None))
    new = content_row(product(available_to_buy=True, images=("b",), restrictions='{"pegi_sex":true}'))
    assert changed_fields(old, new) == {
        "available_to_buy": [False, True],
        "images": [["a"], ["b"]],
        "restrictions": [None, {"pegi_sex": True}],
    }
