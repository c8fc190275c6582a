"""Whole products for whoever takes them elsewhere, and filters by name, are the same on both."""

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest

from console.search import WITHOUT, FilterUnclear, Query, Standing
from console.store.named_filters import name_filters
from console.store.whole_products import COLUMNS, read_some, read_whole
from tests.unit.store.conftest import NOW, Shop, doc

FULL = doc(
    "2", name='Łódź "é" \\ / \x01', minPrice=0.1, priceLimit={"min": 0.0001, "max": 999_999.9999}, images=["https://a"],
    release_date="2015-04-14", updated_at="2026-11-20T10:00:00.5+02:00", availableToBuy=True, platform="Éa Play",
    restrictions={"pegi_violence": True}, categories=[{"id": 9, "name": 'a"\\/é\x01'}, {"id": 3, "name": "Games"}],
)  # fmt: skip


async def test_a_whole_product_has_every_column_in_its_form(shop: Shop) -> None:
    await shop.put(await shop.begin_run(), FULL, doc("1"), doc("3"))
    whole = await shop.database.read(read_whole, "2")
    assert whole is not None
    told = dict(zip(COLUMNS, whole, strict=True))
    assert told["name"] == 'Łódź "é" \\ / ␁'
    assert (told["min_price"], told["price_limit_min"], told["price_limit_max"]) == (
        Decimal("0.1"), Decimal("0.0001"), Decimal("999999.9999"),
    )  # fmt: skip
    assert bytes(told["categories"]).decode() == '[{"id":3,"name":"Games"},{"id":9,"name":"a\\"\\\\/é␁"}]'
    assert bytes(told["restrictions"]) == b'{"pegi_violence":true}'
    assert msgspec.json.decode(told["images"]) == ["https://a"]
    assert told["release_date"] == "2015-04-14"
    assert told["source_updated_at"] == datetime(2026, 11, 20, 8, 0, 0, 500_000, tzinfo=UTC)
    assert (told["first_seen_at"], told["discontinued_at"]) == (NOW, None)
    assert (told["available_to_buy"], told["is_active"]) == (True, True)
    without = await shop.database.read(read_whole, "1")
    assert without is not None
    assert bytes(without[COLUMNS.index("categories")]) == b"[]"
    assert await shop.database.read(read_whole, "4") is None


async def test_whole_products_come_in_the_order_of_their_ids_some_at_a_time(shop: Shop) -> None:
    await shop.put(await shop.begin_run(), *(doc(each) for each in ("10", "9", "a", "B", "é", "Ł")))
    query, ids, after = Query(standing=Standing.ALL), [], ""
    while some := await shop.database.read(read_some, query, after, 2):
        ids += [product[0] for product in some]
        after = ids[-1]
    assert ids == ["10", "9", "B", "a", "é", "Ł"]


@pytest.mark.parametrize(("typed", "named"), [("Éa Play", "Éa Play"), ("ÉA PLAY", "Éa Play"), (WITHOUT, WITHOUT)])
async def test_a_platform_is_found_whatever_the_case_of_its_plain_letters(shop: Shop, typed: str, named: str) -> None:
    await shop.put(await shop.begin_run(), FULL)
    assert (await shop.database.read(name_filters, Query(platform=typed), None)).platform == named


async def test_a_category_is_found_by_its_name_or_its_number_and_what_is_unclear_is_told(shop: Shop) -> None:
    await shop.put(
        await shop.begin_run(), FULL, doc("5", categories=[{"id": 7, "name": "DLC"}, {"id": 8, "name": "dlc"}])
    )
    for typed, number in (("Games", 3), ("gAMES", 3), ("9", 9), ("dlc", 8)):
        assert (await shop.database.read(name_filters, Query(), typed)).category == number
    with pytest.raises(FilterUnclear, match=r"2 categories are named .Dlc."):
        await shop.database.read(name_filters, Query(), "Dlc")
    with pytest.raises(FilterUnclear, match=r"There is no category .x.\. There are: "):
        await shop.database.read(name_filters, Query(), "x")
