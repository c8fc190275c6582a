"""Products are found by what a plain look at their names would find, and the index is never out of step."""

import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import Connection

from console.search import WITHOUT, Facet, Query, Sort, Standing, is_found, sought_words, words_of
from console.store import search as module
from console.store import sqlite_search
from console.store.catalogue import discontinue
from console.store.checkup import check_up
from console.store.database import Database
from console.store.location import Location, SqliteFile
from console.store.postgres.checkup import check_up as check_up_server
from console.store.product_sheet import read_product
from console.store.search import count, list_facet, search, unindexed
from console.store.search_index import index_noted
from tests.unit.store.conftest import NOW, NewLocation, Shop, doc, select
from tests.unit.store.older import make_older

NAMES = (
    "The Witcher 3: Wild Hunt", "Pokémon Violet", "Assassin's Creed", "Assassin\u2019s Creed II", "100% Orange Juice",
    "S.T.A.L.K.E.R. 2", "Ōkami HD", "株式会社カエル", "NEAR AND OR NOT", 'a*b (PC) "quoted"', "Straße", "🎮 Game",
    "עברית Key", "\ufb01nal \ufb00", "ΣΊΣΥΦΟΣ", "İstanbul", "words_with_underscores", "%_like_%", "null",
    "-- drop table", "١٢٣ Arabic",
)  # fmt: skip

ODD = [
    '"',
    "*",
    "NEAR(",
    "a AND",
    "OR",
    "^a",
    "a:b",
    "'; --",
    "\x00",
    "\ud800",
    "🎮",
    "עב",
    "%",
    "_",
    "a*",
    "(",
    "\\",
    "",
]
TYPED = st.one_of(
    st.text(max_size=12),
    st.sampled_from(ODD),
    st.sampled_from(NAMES).flatmap(lambda name: st.integers(0, len(name)).map(lambda at: name[at:])),
)
NAMED = st.lists(st.one_of(st.sampled_from(NAMES), st.text(min_size=1, max_size=20)), min_size=1, max_size=12)


def found_names(connection: Connection, query: Query) -> list[str]:
    """The names of all that is found."""
    return [each.name for each in search(connection, query, 1_000).products]


def execute(connection: Connection, statement: str) -> None:
    """Change something behind the back of the program."""
    connection.exec_driver_sql(statement)


def strays(location: Location) -> int:
    """What the check finds that the search would not find as it is."""
    return check_up(location.path).strays if isinstance(location, SqliteFile) else check_up_server(location).strays


@asynccontextmanager
async def shop_with(location: Location, *documents: dict[str, object], record_new: bool = True) -> AsyncIterator[Shop]:
    """A shop with these products, indexed."""
    database = Database.open(location)
    try:
        shop = Shop(database)
        await shop.put(await shop.begin_run(), *documents, record_new=record_new)
        yield shop
    finally:
        await database.close()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=NAMED, typed=st.lists(TYPED, min_size=1, max_size=10), few=st.sampled_from([0, 2, 5_000]))
async def test_any_text_finds_what_a_plain_look_at_the_names_finds(
    new_location: NewLocation, names: list[str], typed: list[str], few: int
) -> None:
    named = [name for name in names if name.strip() and name.isprintable()]
    documents = [doc(str(1_000 + at), name=name) for at, name in enumerate(named)]
    async with shop_with(new_location(), *documents) as shop:
        stored = dict(await shop.rows("SELECT id, name FROM products"))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "_FEW", few)  # both ways lead to the same products
            for text in typed:
                words = sought_words(text)
                expected = {key for key, name in stored.items() if is_found(words, f"{name} {key}")}
                found = await shop.database.read(search, Query(text=text), 1_000)
                assert {each.product_id for each in found.products} == expected, (text, words)
                assert await shop.database.read(count, Query(text=text)) == len(expected)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("witch wild", "The Witcher 3: Wild Hunt"),
        ("HUNT the", "The Witcher 3: Wild Hunt"),
        ("pokemon", "Pokémon Violet"),
        ("Pokémon", "Pokémon Violet"),
        ("assassins", "Assassin's Creed"),
        ("assassin's creed ii", "Assassin\u2019s Creed II"),
        ("okami", "Ōkami HD"),
        ("株式", "株式会社カエル"),
        ("strasse", "Straße"),
        ("final", "ﬁnal ﬀ"),
        ("near", "NEAR AND OR NOT"),
        ("lodz", "Łódź Nights"),
        ("Łódź", "Lodz"),
        ("tom & ada's", "Tom &amp; Ada&#039;s Adventure"),
        ("pokemon", "Pok&eacute;mon Violet"),
        ("at&t", "AT&T; Card"),
    ],
)
def test_words_are_found_by_their_beginning_in_any_order_without_accents(text: str, name: str) -> None:
    assert is_found(sought_words(text), name)


@given(st.text(max_size=40))
def test_words_are_letters_and_digits_alone_and_stay_what_they_are(text: str) -> None:
    words = words_of(text)
    assert words_of(" ".join(words)) == words
    assert all(word and not set(word) & set(" %_*\"'\x00") for word in words)
    " ".join(words).encode()


GAMES = (
    doc("1", name="Alpha Quest", platform="Steam", region="GLOBAL", minPrice=5.0, qty=3, developer="Moon Works"),
    doc("2", name="Beta Quest", platform="GOG.COM", region="EUROPE", minPrice=1.5, qty=9),
    doc("3", name="Gamma Quest", platform="Steam", region="EUROPE", minPrice=None, qty=0),
    doc("4", name="Delta", platform="", region="", minPrice=9.99, qty=1, slug="/delta-i4"),
)


@pytest.mark.parametrize("few", [0, 5_000])
@pytest.mark.parametrize(
    ("query", "ids"),
    [
        (Query(), ["1", "2", "4", "3"]),
        (Query(sort=Sort.CHEAPEST), ["2", "1", "4", "3"]),
        (Query(sort=Sort.DEAREST), ["4", "1", "2", "3"]),
        (Query(sort=Sort.STOCK), ["2", "1", "4", "3"]),
        (Query(text="quest", sort=Sort.CHEAPEST), ["2", "1", "3"]),
        (Query(text="quest", platform="Steam"), ["1", "3"]),
        (Query(platform=WITHOUT), ["4"]),
        (Query(region="EUROPE"), ["2", "3"]),
        (Query(price_from=Decimal("1.5"), price_to=Decimal(5)), ["1", "2"]),
        (Query(text="moon works"), ["1"]),
        (Query(text="i4"), ["4"]),
        (Query(text="4"), ["4"]),
        (Query(standing=Standing.GONE), []),
        (Query(category=7), []),
    ],
)
async def test_filters_and_orders(
    location: Location, monkeypatch: pytest.MonkeyPatch, query: Query, ids: list[str], few: int
) -> None:
    monkeypatch.setattr(module, "_FEW", few)
    async with shop_with(location, *GAMES) as shop:
        found = await shop.database.read(search, query, 10)
        assert [each.product_id for each in found.products] == ids
        assert await shop.database.read(count, query) == len(ids)
        assert [each.product_id for each in (await shop.database.read(search, query, 1, 1)).products] == ids[1:2]


@pytest.mark.parametrize("few", [0, 5_000])
async def test_a_word_longer_than_any_index_takes_is_found_by_all_of_its_letters(
    monkeypatch: pytest.MonkeyPatch, location: Location, few: int
) -> None:
    monkeypatch.setattr(module, "_FEW", few)
    long, longer = "q" * 200, "q" * 300 + "\u682a" * 600
    async with shop_with(location, doc("1", name=long), doc("2", name=longer)) as shop:
        for typed, names in ((long, [long, longer]), (long + "q", [longer]), (longer, [longer]), (longer + "x", [])):
            assert await shop.database.read(found_names, Query(text=typed)) == names
            assert await shop.database.read(count, Query(text=typed)) == len(names)
            told = await shop.database.read(list_facet, Query(text=typed), Facet.PLATFORM)
            assert sum(each.count for each in told) == len(names)


async def test_the_values_to_pick_from_are_counted_without_their_own_filter(location: Location) -> None:
    async with shop_with(location, *GAMES, doc("5", name="E", categories=[{"id": 7, "name": "Games"}])) as shop:
        told = await shop.database.read(list_facet, Query(text="quest", platform="GOG.COM"), Facet.PLATFORM)
        assert [(each.key, each.count) for each in told] == [("Steam", 2), ("GOG.COM", 1)]
        told = await shop.database.read(list_facet, Query(), Facet.REGION)
        assert {each.key: each.count for each in told} == {"EUROPE": 2, WITHOUT: 2, "GLOBAL": 1}
        told = await shop.database.read(list_facet, Query(), Facet.CATEGORY)
        assert [(each.key, each.name, each.count) for each in told] == [("7", "Games", 1)]
        assert await shop.database.read(count, Query(category=7)) == 1


async def test_a_change_a_return_and_a_discontinuation_are_found_as_they_are_in_the_same_transaction(
    location: Location,
) -> None:
    async with shop_with(location, *GAMES) as shop:
        await shop.put(await shop.begin_run(), doc("1", name="Omega Tale", minPrice=2.0, qty=3))
        assert await shop.database.read(found_names, Query(text="alpha")) == []
        [line] = (await shop.database.read(search, Query(text="omega", price_to=Decimal(2)), 5)).products
        assert line.min_price == Decimal("2.0")
        run_id = await shop.begin_run()
        await shop.database.write(discontinue, run_id, ["1"], NOW)
        assert await shop.database.read(found_names, Query(text="omega")) == []
        gone = replace(Query(), text="omega", standing=Standing.GONE)
        assert await shop.database.read(found_names, gone) == ["Omega Tale"]
        await shop.put(await shop.begin_run(), doc("1", name="Omega Tale", minPrice=2.0, qty=3))
        assert await shop.database.read(found_names, Query(text="omega")) == ["Omega Tale"]
        assert strays(location) == 0


async def test_the_first_sync_only_notes_its_products_which_are_indexed_a_little_later(location: Location) -> None:
    async with shop_with(location, *GAMES, record_new=False) as shop:
        assert await shop.database.read(unindexed) == 4
        assert await shop.database.read(found_names, Query()) == []
        await shop.put(await shop.begin_run(), doc("2", name="Renamed"), page=2)
        assert await shop.database.write(index_noted, 3) == 1
        assert await shop.database.write(index_noted, 3) == 0
        assert sorted(await shop.database.read(found_names, Query())) == [
            "Alpha Quest",
            "Delta",
            "Gamma Quest",
            "Renamed",
        ]
        assert strays(location) == 0


async def test_the_products_of_a_database_of_before_are_found_once_it_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    make_older(path, "0002", products=500)
    database = Database.open(path)
    try:
        assert await database.read(count, Query(text="pokemon")) == 250
        assert await database.read(count, Query(text="pokemon", standing=Standing.ALL)) == 499
        assert await database.read(found_names, Query(text="kept123")) == ["Pokémon 123"]
    finally:
        await database.close()
    assert check_up(path).strays == 0


async def test_an_index_that_is_out_of_step_is_found_by_the_check(location: Location) -> None:
    async with shop_with(location, *GAMES) as shop:
        assert strays(location) == 0
        for statement in (
            "DELETE FROM product_search WHERE product_id = '2'",
            (
                "INSERT INTO product_words (product_words, rowid, words) "
                "SELECT 'delete', doc, words FROM product_search WHERE product_id = '3'"
            )
            if isinstance(location, SqliteFile)
            else "UPDATE product_search SET words = ' other' WHERE product_id = '3'",
        ):
            await shop.database.write(execute, statement)
        assert strays(location) == 2


async def test_a_product_is_told_with_its_categories_and_its_history(location: Location) -> None:
    first = doc("1", name="A", minPrice=5.0, qty=3, categories=[{"id": 7, "name": "Games"}], restrictions={"x": True})
    async with shop_with(location, first) as shop:
        later = NOW + timedelta(days=1)
        run_id = await shop.begin_run()
        await shop.put(run_id, {**first, "minPrice": 4.0, "qty": 0}, at=later)
        told = await shop.database.read(read_product, "1")
        assert told is not None
        assert told.categories == ("Games",)
        assert [(point.at, point.value) for point in told.prices] == [(NOW, 5.0), (later, 4.0)]
        assert [point.value for point in told.stocks] == [3.0, 0.0]
        assert [change.run_id for change in told.changes] == [run_id, 1]
        assert told.changes_total == 2
        assert await shop.database.read(read_product, "2") is None
        assert json.dumps(told.columns)


async def test_no_walk_through_an_order_sorts_what_it_finds_in_a_file(made_once: Path, tmp_path: Path) -> None:
    async with shop_with(SqliteFile(Path(shutil.copy(made_once, tmp_path / "catalog.db"))), *GAMES) as shop:
        for sort, (index, order) in sqlite_search._ORDERS.items():
            plan = await shop.database.read(
                select,
                f"EXPLAIN QUERY PLAN SELECT doc FROM product_search INDEXED BY {index} WHERE is_active = 1 "
                f"ORDER BY {order} LIMIT 5",
            )
            assert not any("FOR ORDER BY" in str(row) for row in plan), (sort, plan)
