"""Writing a page: what is new, changed, unchanged, back, rejected; and at the end what is gone."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlmodel import Session

from console.store import catalogue
from console.store.catalogue import (
    count_active,
    count_sightings,
    count_unseen,
    discontinue,
    forget_sightings,
    list_unseen,
    settle_sightings,
    sighted_runs,
)
from console.store.errors import StoreError
from console.store.pages import PageKey, PageOutcome, write_failed_page
from console.store.tables import ProductRow
from tests.unit.store.conftest import NOW, Shop, doc, forbid, plain_engine

LATER = NOW + timedelta(days=1)


def outcome(**counts: int) -> PageOutcome:
    """What a page brought; what is not named is 0."""
    return PageOutcome(**counts)


async def changes(shop: Shop, run_id: int) -> list[tuple[str, str, Any]]:
    """What a run wrote down: product, change, fields."""
    rows = await shop.rows(
        "SELECT product_id, change, fields FROM product_changes WHERE run_id = ? ORDER BY id", run_id
    )
    return [(product_id, change, fields and json.loads(fields)) for product_id, change, fields in rows]


async def refuse_to_touch_products(shop: Shop) -> None:
    """From now on every change of a row of products fails."""
    await shop.database.write(forbid, "BEFORE UPDATE", "products")


async def settle(shop: Shop, run_id: int) -> int:
    """Bring last_seen_run_id up to date; returns in how many steps."""
    steps, after = 0, ""
    while (reached := await shop.database.write(settle_sightings, run_id, after)) is not None:
        steps, after = steps + 1, reached
    return steps


# -- new --------------------------------------------------------------------------------------------------------------


def discontinue_unseen(connection: Connection, run_id: int, at: datetime) -> int:
    """Discontinue everything that the run has not seen."""
    return discontinue(connection, run_id, list_unseen(connection, run_id, 1_000), at)


async def test_a_new_product_is_stored_with_everything_it_has(shop: Shop) -> None:
    run = await shop.begin_run()
    full = doc(
        "1",
        name="Grand Theft Auto V",
        slug="/gta-i1",
        type="egoods",
        qty=370,
        minPrice=17.9,
        retail_min_price=9.25,
        retailMinBasePrice=9,
        availableToBuy=False,
        thumbnail="https://t",
        smallImage="https://s",
        coverImage="",
        images=["https://a", "https://b"],
        updated_at="2025-09-08 17:33:16",
        release_date="2015-04-14",
        region="GLOBAL",
        developer="",
        publisher="Rockstar",
        platform="Steam",
        priceLimit={"max": 5.99, "min": None},
        restrictions={"pegi_violence": True},
        requirements={"minimal": {"reqother": ""}},
        videos=[{"type": "YOUTUBE", "url": "https://v"}],
        categories=[{"id": 189, "name": "Games"}],
    )
    assert await shop.put(run, full) == outcome(new=1)

    with Session(plain_engine(shop.database.location)) as session:
        stored = session.get_one(ProductRow, "1").model_dump(exclude={"content_hash"})
    assert {name: str(value) if "price" in name and value is not None else value for name, value in stored.items()} == {
        "id": "1",
        "name": "Grand Theft Auto V",
        "slug": "/gta-i1",
        "type": "egoods",
        "qty": 370,
        "min_price": "17.9000",
        "retail_min_price": "9.2500",
        "retail_min_base_price": "9.0000",
        "available_to_buy": False,
        "thumbnail": "https://t",
        "small_image": "https://s",
        "cover_image": None,
        "images": ["https://a", "https://b"],
        "videos": [{"type": "YOUTUBE", "url": "https://v"}],
        "release_date": NOW.date().replace(year=2015, month=4, day=14),
        "region": "GLOBAL",
        "developer": None,
        "publisher": "Rockstar",
        "platform": "Steam",
        "price_limit_min": None,
        "price_limit_max": "5.9900",
        "restrictions": {"pegi_violence": True},
        "requirements": {"minimal": {"reqother": ""}},
        "source_updated_at": NOW.replace(year=2025, month=9, day=8, hour=17, minute=33, second=16, microsecond=0),
        "is_active": True,
        "first_seen_at": NOW,
        "last_changed_at": NOW,
        "last_seen_run_id": run,
        "discontinued_at": None,
    }


async def test_a_new_product_is_written_down_as_a_change_unless_all_are_new(shop: Shop) -> None:
    run = await shop.begin_run()
    await shop.put(run, doc("1"), record_new=False)
    await shop.put(run, doc("2"), page=2)
    assert await changes(shop, run) == [("2", "new", None)]
    assert await shop.value("SELECT at FROM product_changes") == "2026-11-23 02:00:00.123456"


# -- unchanged --------------------------------------------------------------------------------------------------------


async def test_an_unchanged_product_is_counted_and_its_row_is_not_touched(shop: Shop) -> None:
    await shop.put(await shop.begin_run(), doc("1", categories=[{"id": 1, "name": "Games"}]), doc("2"))
    before = await shop.rows("SELECT * FROM products, product_categories")
    run = await shop.begin_run(LATER)
    await refuse_to_touch_products(shop)
    documents = (doc("1", categories=[{"id": 1, "name": "Games"}]), doc("2"))
    assert await shop.put(run, *documents, at=LATER) == outcome(unchanged=2)
    assert await shop.rows("SELECT * FROM products, product_categories") == before
    assert await changes(shop, run) == []


async def test_an_unchanged_product_is_not_even_decoded(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    import tests.unit.store.conftest as helpers

    await shop.put(await shop.begin_run(), doc("1"))
    run = await shop.begin_run()

    def never(raw: object) -> Any:
        raise AssertionError(f"decoded {raw}")

    monkeypatch.setattr(helpers, "decode_product", never)
    assert await shop.put(run, doc("1")) == outcome(unchanged=1)


async def test_a_document_that_differs_in_nothing_that_we_keep_is_unchanged(shop: Shop) -> None:
    category = {"id": 1, "name": "Games"}
    await shop.put(await shop.begin_run(), doc("1", categories=[category, {"id": 2, "name": "b"}]))
    run = await shop.begin_run(LATER)
    again = doc("1", description="<p>new</p>", minPrice=17.90, categories=[{"id": 2, "name": "b"}, category, category])
    assert await shop.put(run, again, at=LATER) == outcome(unchanged=1)
    assert await changes(shop, run) == []
    assert await shop.value("SELECT last_changed_at FROM products") == "2026-11-23 02:00:00.123456"
    assert await shop.rows("SELECT category_id FROM product_categories ORDER BY 1") == [(1,), (2,)]
    third = await shop.begin_run()
    await refuse_to_touch_products(shop)
    assert await shop.put(third, again) == outcome(unchanged=1), "its new fingerprint is known by now"


# -- changed ----------------------------------------------------------------------------------------------------------

CHANGES: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ({"minPrice": 17.9}, {"minPrice": 19}, {"min_price": [17.9, 19]}),
    ({"minPrice": 17.9}, {"minPrice": None}, {"min_price": [17.9, None]}),
    ({"qty": 3}, {"qty": 0}, {"qty": [3, 0]}),
    ({"name": "a"}, {"name": "b"}, {"name": ["a", "b"]}),
    ({"region": ""}, {"region": "GLOBAL"}, {"region": [None, "GLOBAL"]}),
    ({"availableToBuy": False}, {"availableToBuy": True}, {"available_to_buy": [False, True]}),
    ({"availableToBuy": None}, {"availableToBuy": False}, {"available_to_buy": [None, False]}),
    ({"images": ["a"]}, {"images": ["a", "b"]}, {"images": [["a"], ["a", "b"]]}),
    ({}, {"videos": [{"type": "Y", "url": "u"}]}, {"videos": [[], [{"type": "Y", "url": "u"}]]}),
    (
        {"restrictions": {"pegi_sex": False}},
        {"restrictions": {"pegi_sex": True}},
        {"restrictions": [{"pegi_sex": False}, {"pegi_sex": True}]},
    ),
    ({"requirements": []}, {"requirements": {"minimal": []}}, {"requirements": [None, {"minimal": {}}]}),
    ({"release_date": "2015-04-14"}, {"release_date": ""}, {"release_date": ["2015-04-14", None]}),
    (
        {"updated_at": "2025-09-08 17:33:16"},
        {"updated_at": "2025-09-09 00:00:00"},
        {"source_updated_at": ["2025-09-08 17:33:16.000000", "2025-09-09 00:00:00.000000"]},
    ),
    (
        {"priceLimit": {"min": 1, "max": 2}},
        {"priceLimit": {"min": 1.5, "max": 3}},
        {"price_limit_min": [1, 1.5], "price_limit_max": [2, 3]},
    ),
    (
        {"categories": [{"id": 2, "name": "b"}, {"id": 1, "name": "a"}]},
        {"categories": [{"id": 3, "name": "c"}, {"id": 1, "name": "a"}]},
        {"categories": [[1, 2], [1, 3]]},
    ),
    ({"categories": [{"id": 2, "name": "b"}]}, {"categories": []}, {"categories": [[2], []]}),
]


@pytest.mark.parametrize(("old", "new", "fields"), CHANGES, ids=[" ".join(fields) for _, _, fields in CHANGES])
async def test_a_change_is_written_down_with_what_was_and_what_is(
    shop: Shop, old: dict[str, Any], new: dict[str, Any], fields: dict[str, Any]
) -> None:
    first = await shop.begin_run()
    await shop.put(first, doc("1", **old))
    run = await shop.begin_run(LATER)
    assert await shop.put(run, doc("1", **new), at=LATER) == outcome(changed=1)
    assert await changes(shop, run) == [("1", "changed", fields)]
    times = await shop.rows("SELECT first_seen_at, last_changed_at, last_seen_run_id FROM products")
    assert times == [("2026-11-23 02:00:00.123456", "2026-11-24 02:00:00.123456", run)]
    again = await shop.begin_run()
    assert await shop.put(again, doc("1", **new)) == outcome(unchanged=1)


async def test_of_many_products_only_those_that_changed_are_written(shop: Shop) -> None:
    await shop.put(await shop.begin_run(), *(doc(str(number)) for number in range(20)))
    run = await shop.begin_run(LATER)
    documents = [doc(str(number), qty=9 if number in (3, 7) else 1) for number in range(20)]
    assert await shop.put(run, *documents, doc("20"), at=LATER) == outcome(new=1, changed=2, unchanged=18)
    assert [change[:2] for change in await changes(shop, run)] == [("20", "new"), ("3", "changed"), ("7", "changed")]


# -- seen twice -------------------------------------------------------------------------------------------------------


async def test_a_product_seen_twice_is_counted_once(shop: Shop) -> None:
    run = await shop.begin_run()
    assert await shop.put(run, doc("1"), doc("2"), doc("1")) == outcome(new=2)
    assert await shop.put(run, doc("2"), doc("3"), page=2) == outcome(new=1)
    assert await shop.put(run, doc("3", qty=7), page=3) == outcome()
    assert await shop.database.read(count_sightings, run) == 3
    assert await shop.value("SELECT count(*) FROM products") == 3


async def test_a_product_seen_again_in_another_run_is_counted_there(shop: Shop) -> None:
    await shop.put(await shop.begin_run(), doc("1"))
    second = await shop.begin_run()
    assert await shop.put(second, doc("1")) == outcome(unchanged=1)
    assert await shop.put(second, doc("1"), page=2) == outcome()


# -- rejected ---------------------------------------------------------------------------------------------------------


async def test_a_rejected_product_is_kept_with_its_reason_and_the_rest_of_its_page_is_stored(shop: Shop) -> None:
    run = await shop.begin_run()
    assert await shop.put(run, doc("1"), doc("2", qty=-1), {"name": "x"}, b"5", doc("3"), page=4) == outcome(
        new=2, rejected=3, unidentified=2
    )
    rows = await shop.rows("SELECT run_id, page, product_id, reason, document FROM rejected_products ORDER BY reason")
    assert [row[:4] for row in rows] == [
        (run, 4, None, "Expected object, got int"),
        (run, 4, None, "Object missing required field id"),
        (run, 4, "2", "qty is -1"),
    ]
    assert [json.loads(str(row[4])) for row in rows] == [5, {"name": "x"}, doc("2", qty=-1)]


async def test_a_rejected_product_that_we_have_stays_as_it_was_and_is_not_gone(shop: Shop) -> None:
    await shop.put(await shop.begin_run(), doc("1"))
    run = await shop.begin_run(LATER)
    assert await shop.put(run, doc("1", minPrice=-1), at=LATER) == outcome(rejected=1)
    assert await shop.rows("SELECT min_price, is_active FROM products") == [(17.9, 1)]
    assert await shop.database.read(count_unseen, run) == 0
    assert await shop.put(run, doc("1", minPrice=-1), page=2) == outcome(), "rejected once is enough"


# -- back again, and gone ---------------------------------------------------------------------------------------------


async def test_what_a_run_has_not_seen_is_discontinued_and_nothing_else(shop: Shop) -> None:
    await shop.put(await shop.begin_run(), *(doc(str(number)) for number in range(5)))
    run = await shop.begin_run(LATER)
    await shop.put(run, doc("0"), doc("1", qty=2), doc("2", qty=-1), at=LATER)
    assert await shop.database.read(count_unseen, run) == 2
    assert await shop.database.write(discontinue_unseen, run, LATER) == 2
    assert await shop.rows(
        "SELECT id, discontinued_at, last_changed_at FROM products WHERE NOT is_active ORDER BY id"
    ) == [
        ("3", "2026-11-24 02:00:00.123456", "2026-11-24 02:00:00.123456"),
        ("4", "2026-11-24 02:00:00.123456", "2026-11-24 02:00:00.123456"),
    ]
    gone = [change for change in await changes(shop, run) if change[1] == "discontinued"]
    assert gone == [(number, "discontinued", {"is_active": [True, False]}) for number in ("3", "4")]
    assert await shop.database.read(count_active) == 3
    assert await shop.database.write(discontinue_unseen, run, LATER) == 0, "once is enough"


async def test_a_product_that_comes_back_is_active_again_and_written_down(shop: Shop) -> None:
    await shop.put(await shop.begin_run(), doc("1"), doc("2"))
    gone = await shop.begin_run()
    await shop.database.write(discontinue_unseen, gone, NOW)
    run = await shop.begin_run(LATER)
    assert await shop.put(run, doc("1"), doc("2", qty=9), at=LATER) == outcome(changed=2)
    assert await changes(shop, run) == [
        ("1", "returned", {"is_active": [False, True]}),
        ("2", "returned", {"qty": [1, 9], "is_active": [False, True]}),
    ]
    rows = await shop.rows("SELECT is_active, discontinued_at, first_seen_at, last_changed_at FROM products")
    assert rows == [(1, None, "2026-11-23 02:00:00.123456", "2026-11-24 02:00:00.123456")] * 2


async def test_a_product_that_is_gone_stays_gone_while_it_is_bad(shop: Shop) -> None:
    await shop.put(await shop.begin_run(), doc("1"))
    await shop.database.write(discontinue_unseen, await shop.begin_run(), NOW)
    run = await shop.begin_run()
    assert await shop.put(run, doc("1", qty=-1)) == outcome(rejected=1)
    assert await shop.database.read(count_active) == 0


# -- categories -------------------------------------------------------------------------------------------------------


async def test_a_category_that_repeats_inside_a_product_is_stored_once(shop: Shop) -> None:
    games = {"id": 189, "name": "Games"}
    await shop.put(await shop.begin_run(), doc("1", categories=[games, {"id": 189, "name": "Spiele"}, games]))
    assert await shop.rows("SELECT * FROM product_categories") == [("1", 189)]
    assert await shop.rows("SELECT * FROM categories") == [(189, "Games")]


async def test_one_name_may_have_two_ids_and_one_id_two_names(shop: Shop) -> None:
    run = await shop.begin_run()
    await shop.put(run, doc("1", categories=[{"id": 1, "name": "Games"}, {"id": 2, "name": "Games"}]))
    await shop.put(run, doc("2", categories=[{"id": 1, "name": "Spiele"}]), page=2)
    assert await shop.rows("SELECT * FROM categories ORDER BY id") == [(1, "Spiele"), (2, "Games")]
    assert await shop.rows("SELECT * FROM product_categories ORDER BY 1, 2") == [("1", 1), ("1", 2), ("2", 1)]


async def test_a_category_without_a_name_does_not_lose_the_one_we_know(shop: Shop) -> None:
    run = await shop.begin_run()
    await shop.put(run, doc("1", categories=[{"id": 1, "name": "Games"}, {"id": 2}]))
    await shop.put(run, doc("2", categories=[{"id": 1}]), page=2)
    assert await shop.rows("SELECT * FROM categories ORDER BY id") == [(1, "Games"), (2, "")]


# -- sightings --------------------------------------------------------------------------------------------------------


async def test_who_saw_a_product_last_is_settled_at_the_end_in_small_steps(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "_SETTLED_AT_ONCE", 3)
    first = await shop.begin_run()
    await shop.put(first, *(doc(f"{number:02}") for number in range(10)))
    run = await shop.begin_run()
    await shop.put(run, *(doc(f"{number:02}") for number in range(8)))
    assert await shop.rows("SELECT DISTINCT last_seen_run_id FROM products") == [(first,)]
    assert await settle(shop, run) == 3
    seen = await shop.rows("SELECT id, last_seen_run_id FROM products ORDER BY id")
    assert seen == [(f"{number:02}", run if number < 8 else first) for number in range(10)]


async def test_sightings_of_a_run_are_dropped_and_no_others(shop: Shop) -> None:
    runs = []
    for _ in range(3):
        runs.append(await shop.begin_run())
        await shop.put(runs[-1], doc("1"))
    assert await shop.database.read(sighted_runs, runs[1]) == runs[:2]
    await shop.database.write(forget_sightings, runs[1])
    assert await shop.rows("SELECT run_id FROM run_sightings ORDER BY run_id") == [(runs[0],), (runs[2],)]


async def test_settling_an_older_run_does_not_hide_that_a_later_one_saw_a_product(shop: Shop) -> None:
    runs = []
    for _ in range(2):
        runs.append(await shop.begin_run())
        await shop.put(runs[-1], doc("1"))
    await settle(shop, runs[1])
    await settle(shop, runs[0])
    assert await shop.value("SELECT last_seen_run_id FROM products") == runs[1]


# -- the checkpoint ---------------------------------------------------------------------------------------------------


async def test_a_page_leaves_its_checkpoint_and_the_counts_of_its_run(shop: Shop) -> None:
    await shop.put(await shop.begin_run(), doc("1"), doc("2"))
    run = await shop.begin_run()
    await shop.put(run, doc("1"), doc("2", qty=2), doc("3"), doc("4", qty=-1), page=7, at=LATER)
    pages = await shop.rows("SELECT page, status, attempts, products, duration_ms, error FROM sync_pages")
    assert pages[-1] == (7, "done", 1, 4, 5, None)
    counted = (
        "pages_done, pages_failed, requests, products_seen, products_new, products_changed, products_unchanged, "
        "products_rejected, heartbeat_at"
    )
    assert await shop.rows(f"SELECT {counted} FROM sync_runs WHERE id = ?", run) == [
        (1, 0, 7, 3, 1, 1, 1, 1, "2026-11-24 02:00:00.123456")
    ]


async def test_a_failed_page_leaves_its_error_and_may_be_done_later(shop: Shop) -> None:
    run = await shop.begin_run()
    await shop.database.write(write_failed_page, run, PageKey(page=3), 6, 900, "G2A has a fault of its own (500).")
    assert await shop.rows("SELECT page, status, attempts, duration_ms, error FROM sync_pages") == [
        (3, "failed", 6, 900, "G2A has a fault of its own (500).")
    ]
    assert await shop.value("SELECT pages_failed FROM sync_runs") == 1
    await shop.put(run, doc("1"), page=3)
    assert await shop.rows("SELECT page, status, error FROM sync_pages") == [(3, "done", None)]


async def test_an_empty_page_is_a_page(shop: Shop) -> None:
    run = await shop.begin_run()
    assert await shop.put(run, page=2) == outcome()
    assert await shop.rows("SELECT page, status, products FROM sync_pages") == [(2, "done", 0)]


async def test_a_page_that_fails_half_way_leaves_nothing(shop: Shop) -> None:
    run = await shop.begin_run()
    await shop.database.write(forbid, "BEFORE INSERT", "sync_pages")
    with pytest.raises(StoreError, match="that is forbidden"):
        await shop.put(run, doc("1", categories=[{"id": 1, "name": "a"}]), doc("2", qty=-1))
    for table in ("products", "categories", "product_categories", "run_sightings", "rejected_products"):
        assert await shop.value(f"SELECT count(*) FROM {table}") == 0, table


async def test_a_page_far_larger_than_any_is_stored(shop: Shop) -> None:
    run = await shop.begin_run()
    assert await shop.put(run, *(doc(str(number)) for number in range(500))) == outcome(new=500)
    again = await shop.begin_run()
    assert await shop.put(again, *(doc(str(number), qty=2) for number in range(500))) == outcome(changed=500)
