"""A catalogue of 15,420 products: synced, synced again at once, and once more after a day of changes."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from sqlmodel import Session, create_engine, select

from console.run import RunReport, RunStatus
from console.simulator.churn import Changes
from console.store.tables import ProductRow
from tests.integration.bench import Bench
from tests.integration.database import Row, rows, run_rows
from tests.integration.truth import (
    Content,
    category_names,
    content_of_model,
    content_of_row,
    promised,
    promised_categories,
)

PRODUCTS = 15_420
PAGES = 771


@dataclass(frozen=True)
class Night:
    """What a sync found at the API, what it reported, and what the database held afterwards."""

    documents: Mapping[str, dict[str, Any]]
    report: RunReport
    products: Mapping[str, Row]
    requests: int


@dataclass(frozen=True)
class Story:
    """Three syncs: the first, one at once after it, and one after the catalogue has moved on by `changes`."""

    bench: Bench
    first: Night
    second: Night
    third: Night
    changes: Changes


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with ExitStack() as threads:
        bench = Bench(tmp_path_factory.mktemp("full") / "home", threads)
        sim = bench.simulate(products=PRODUCTS)
        first, second = _night(bench), _night(bench)
        changes = sim.catalogue.advance()
        yield Story(bench, first, second, _night(bench), changes)


def _night(bench: Bench) -> Night:
    bench.sim.counters.reset()
    report = asyncio.run(bench.sync())
    return Night(
        documents=bench.sim.catalogue.documents(),
        report=report,
        products={row["id"]: row for row in rows(bench.database, "SELECT * FROM products")},
        requests=bench.sim.counters.products,
    )


def _models(bench: Bench) -> dict[str, Content]:
    engine = create_engine(f"sqlite:///{bench.database}")
    try:
        with Session(engine) as session:
            return {product.id: content_of_model(product) for product in session.exec(select(ProductRow))}
    finally:
        engine.dispose()


def test_the_run_is_recorded_with_771_pages_772_requests_and_every_product_new(story: Story) -> None:
    row = run_rows(story.bench.database)[0]
    counts = {name: count for name, count in row.items() if name.startswith(("pages_", "products_", "re"))}
    assert counts == {
        "requested_by": "alice",
        "pages_total": PAGES,
        "pages_done": PAGES,
        "pages_failed": 0,
        "requests": PAGES + 1,
        "retries": 0,
        "products_seen": PRODUCTS,
        "products_new": PRODUCTS,
        "products_changed": 0,
        "products_unchanged": 0,
        "products_discontinued": 0,
        "products_rejected": 0,
    }
    assert (row["kind"], row["trigger"], row["status"]) == ("full", "manual", "succeeded")
    assert row["error"] is None
    assert row["errors"] is None
    assert row["started_at"] < row["heartbeat_at"] <= row["finished_at"]
    assert story.first.requests == PAGES + 1


def test_every_page_has_its_row(story: Story) -> None:
    pages = rows(story.bench.database, "SELECT * FROM sync_pages WHERE run_id = 1 ORDER BY page")
    assert [row["page"] for row in pages] == list(range(1, PAGES + 1))
    assert {(row["status"], row["attempts"], row["products"], row["error"]) for row in pages} == {("done", 1, 20, None)}


def test_every_field_of_every_product_is_what_the_api_said(story: Story) -> None:
    expected = {product_id: promised(document) for product_id, document in story.first.documents.items()}
    assert len(expected) == PRODUCTS
    assert {product_id: content_of_row(row) for product_id, row in story.first.products.items()} == expected


def test_every_field_reads_the_same_through_sqlmodel(story: Story) -> None:
    listed = {product_id: promised(document) for product_id, document in story.third.documents.items()}
    models = _models(story.bench)
    assert {product_id: models[product_id] for product_id in listed} == listed


def test_every_product_is_in_its_categories_and_each_category_has_a_name_that_the_api_gave_it(story: Story) -> None:
    documents = story.third.documents
    stored: dict[str, set[int]] = {product_id: set() for product_id in documents}
    for row in rows(story.bench.database, "SELECT * FROM product_categories"):
        stored.get(row["product_id"], set()).add(row["category_id"])
    assert stored == {product_id: promised_categories(document) for product_id, document in documents.items()}
    names = category_names([*story.first.documents.values(), *documents.values()])
    categories = {row["id"]: row["name"] for row in rows(story.bench.database, "SELECT * FROM categories")}
    assert categories.keys() == names.keys()
    assert not [number for number, name in categories.items() if name not in names[number]]


def test_a_new_product_is_active_and_was_seen_and_changed_by_the_first_run(story: Story) -> None:
    report = story.first.report
    assert report.started_at is not None
    assert report.finished_at is not None
    begun, ended = (f"{moment:%Y-%m-%d %H:%M:%S.%f}" for moment in (report.started_at, report.finished_at))
    for row in story.first.products.values():
        assert (row["is_active"], row["last_seen_run_id"], row["discontinued_at"]) == (1, 1, None)
        assert begun <= row["first_seen_at"] == row["last_changed_at"] <= ended


def test_the_first_sync_does_not_write_a_change_for_each_product(story: Story) -> None:
    assert not rows(story.bench.database, "SELECT * FROM product_changes WHERE run_id <= 2")


def test_a_second_sync_at_once_finds_everything_unchanged(story: Story) -> None:
    counts = story.second.report.counts
    assert story.second.report.status is RunStatus.SUCCEEDED
    assert (counts.products_seen, counts.products_unchanged) == (PRODUCTS, PRODUCTS)
    assert (counts.products_new, counts.products_changed, counts.products_discontinued) == (0, 0, 0)


def test_an_unchanged_product_is_not_rewritten_but_its_last_run_moves_on(story: Story) -> None:
    for product_id, row in story.second.products.items():
        assert row == story.first.products[product_id] | {"last_seen_run_id": 2}


def test_a_day_of_changes_is_counted_as_the_api_made_it(story: Story) -> None:
    changes, counts = story.changes, story.third.report.counts
    assert story.third.report.status is RunStatus.SUCCEEDED
    assert len(changes.changed) > 100
    assert counts.products_new == len(changes.appeared)
    assert counts.products_changed == len(changes.changed)
    assert counts.products_discontinued == len(changes.gone)
    assert counts.products_unchanged == PRODUCTS - len(changes.changed) - len(changes.gone)
    assert counts.products_seen == len(story.third.documents)


def test_a_day_of_changes_leaves_a_change_for_each_with_what_was_before_and_after(story: Story) -> None:
    changes = story.changes
    found = rows(story.bench.database, "SELECT * FROM product_changes WHERE run_id = 3")
    kinds = Counter(row["change"] for row in found)
    by_kind = {kind: {row["product_id"] for row in found if row["change"] == kind} for kind in kinds}
    assert by_kind == {
        "new": set(changes.appeared), "changed": set(changes.changed), "discontinued": set(changes.gone)
    }  # fmt: skip
    assert len(found) == sum(len(ids) for ids in by_kind.values())
    before, after = story.first.products, story.third.products
    for row in found:
        if row["change"] == "changed":
            fields = json.loads(row["fields"])
            for column, (old, new) in fields.items():
                assert old != new
                assert (before[row["product_id"]][column], after[row["product_id"]][column]) == (old, new)
            assert {"qty", "min_price"} & fields.keys()
    assert {row["fields"] for row in found if row["change"] == "new"} == {None}
    assert {row["fields"] for row in found if row["change"] == "discontinued"} == {'{"is_active":[true,false]}'}


def test_after_a_day_of_changes_the_table_is_the_catalogue_again(story: Story) -> None:
    changes, before, after = story.changes, story.second.products, story.third.products
    active = {product_id: content_of_row(row) for product_id, row in after.items() if row["is_active"]}
    assert active == {product_id: promised(document) for product_id, document in story.third.documents.items()}
    assert {product_id for product_id, row in after.items() if not row["is_active"]} == set(changes.gone)
    for product_id in changes.gone:
        row = after[product_id]
        assert row["discontinued_at"] == row["last_changed_at"] > before[product_id]["last_changed_at"]
        assert row["last_seen_run_id"] == 2
        assert content_of_row(row) == content_of_row(before[product_id])
    touched = {*changes.changed, *changes.appeared, *changes.gone}
    for product_id in before.keys() - touched:
        assert after[product_id] == before[product_id] | {"last_seen_run_id": 3}


def test_what_a_sweep_has_seen_is_forgotten_when_it_is_no_longer_needed(story: Story) -> None:
    assert not rows(story.bench.database, "SELECT * FROM run_sightings")
