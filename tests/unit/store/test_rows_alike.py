"""What a product brings is stored alike in SQLite and PostgreSQL, and read back in the same forms."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from console.search import Query, Standing
from console.store.whole_products import read_some
from tests.unit.store.conftest import Shop, doc, without_products

PRICE = st.one_of(st.none(), st.floats(0, 1_000_000), st.decimals(0, 1_000_000, places=5).map(float))
TEXT = st.one_of(st.none(), st.text(max_size=20))
NAMES = st.text(min_size=1, max_size=20)
MOMENT = st.one_of(
    st.datetimes().map(str), st.datetimes(timezones=st.timezones()).map(str), st.just("0000-00-00"), TEXT
)
DOCUMENT = st.fixed_dictionaries(
    {
        "name": TEXT,
        "qty": st.one_of(st.none(), st.integers(-1, 2**53 + 1)),
        "minPrice": PRICE,
        "retail_min_price": PRICE,
        "availableToBuy": st.one_of(st.none(), st.booleans()),
        "images": st.one_of(st.none(), st.lists(NAMES, max_size=3)),
        "videos": st.one_of(st.none(), st.lists(st.fixed_dictionaries({"type": TEXT, "url": TEXT}), max_size=2)),
        "release_date": st.one_of(st.dates().map(str), TEXT),
        "platform": TEXT,
        "restrictions": st.dictionaries(NAMES, st.booleans(), max_size=3),
        "requirements": st.dictionaries(NAMES, st.dictionaries(NAMES, TEXT, max_size=2), max_size=2),
        "updated_at": MOMENT,
        "categories": st.lists(st.fixed_dictionaries({"id": st.integers(0, 2**31), "name": NAMES}), max_size=3),
    }
)
TABLES = {
    "products": "id",
    "categories": "id",
    "product_categories": "product_id, category_id",
    "product_changes": "run_id, product_id",
    "rejected_products": "run_id, product_id",
}


def stored(connection: Connection) -> list[object]:
    """All that was stored, but for the numbers of rows that the database gives."""
    rows: list[object] = []
    for table, order in TABLES.items():
        found = connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY {order}").mappings()
        rows += [
            {str(name): row[name] for name in row if name != "id" or table in ("products", "categories")}
            for row in found
        ]
    return [*rows, *read_some(connection, Query(standing=Standing.ALL), "", 100)]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(documents=st.lists(DOCUMENT, min_size=1, max_size=4), changed=st.lists(DOCUMENT, min_size=1, max_size=4))
async def test_both_store_what_a_product_is_and_how_it_changed_alike(
    both: tuple[Shop, Shop], documents: list[dict[str, object]], changed: list[dict[str, object]]
) -> None:
    for shop in both:
        await shop.database.write(without_products)
    for version in (documents, changed):
        page = [doc(str(number), **members) for number, members in enumerate(version)]
        one, other = [await shop.put(await shop.begin_run(), *page) for shop in both]
        assert one == other
    file, server = both
    assert await server.database.read(stored) == await file.database.read(stored)
