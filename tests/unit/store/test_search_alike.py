"""SQLite and PostgreSQL find the same products, in the same order, and count them alike."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import Connection

from console.search import WITHOUT, Facet, Query, Sort, Standing
from console.store import search as module
from console.store.catalogue import discontinue
from console.store.search import count, list_facet, search
from tests.unit.store.conftest import NOW, Shop, doc, without_products

PLATFORMS = ("Steam", "steam", "Xbox Live", "\u00c9cole", "\U0001f3ae", "")
WORDS = ("a", "B", "ab", "abc", "Zelda", "\u00e9t\u00e9", "\u682a\u5f0f", "\U0001d54f", "x" * 150, "q" * 199, "q" * 200)
NAMES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)
ANY_NAME = st.one_of(NAMES, st.text(min_size=1, max_size=30), st.text("\u682a\u5f0f ", min_size=990, max_size=1_000))
PRODUCTS = st.lists(
    st.fixed_dictionaries(
        {
            "name": ANY_NAME.filter(lambda name: bool(name.strip()) and name.isprintable()),
            "platform": st.sampled_from(PLATFORMS),
            "region": st.sampled_from(("GLOBAL", "EUROPE", "")),
            "developer": st.one_of(st.just(""), ANY_NAME.filter(str.isprintable)),
            "minPrice": st.one_of(st.none(), st.sampled_from((0, 0.1, 0.00005, 1, 1.01, 2, 999_999.9999))),
            "qty": st.sampled_from((0, 1, 2, 2**53)),
        }
    ),
    min_size=1,
    max_size=15,
)
TYPED = st.one_of(st.just(""), st.sampled_from(WORDS), NAMES, st.text(max_size=5))
NUMBER = 3


def answers(connection: Connection, text: str) -> list[object]:
    """All that can be told of what is found by this text."""
    told: list[object] = []
    for standing, sort, platform in product(Standing, Sort, (None, "Steam", WITHOUT)):
        query = Query(text=text, standing=standing, sort=sort, platform=platform)
        told += [search(connection, query, 100).products, search(connection, query, 2, 1).products]
    priced = Query(text=text, price_from=Decimal("0.0001"), price_to=Decimal("1.01"), standing=Standing.ALL)
    for query in (Query(text=text), priced, replace(priced, category=NUMBER, region="EUROPE")):
        told += [count(connection, query), search(connection, query, 100).products]
        told += [list_facet(connection, query, facet) for facet in Facet]
    return told


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(products=PRODUCTS, typed=st.lists(TYPED, min_size=1, max_size=3), few=st.sampled_from([0, 2, 5_000]))
async def test_both_give_the_same_answer_to_every_question(
    both: tuple[Shop, Shop], products: list[dict[str, object]], typed: list[str], few: int
) -> None:
    documents = [
        doc(str(1_000 + at), **members, categories=[{"id": at % 4, "name": f"Category {at % 4}"}])
        for at, members in enumerate(products)
    ]
    for shop in both:
        await shop.database.write(without_products)
        run = await shop.begin_run()
        await shop.put(run, *documents)
        await shop.database.write(discontinue, run, [str(1_000 + at) for at in range(0, len(products), 4)], NOW)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_FEW", few)
        for text in typed:
            expected, found = [await shop.database.read(answers, text) for shop in both]
            assert found == expected, text
