"""Recorded responses of the real API, served again over HTTP, come out of the tables with every field right."""

import json
from pathlib import Path
from typing import Any

import pytest

from console.run import RunStatus
from tests.integration.bench import Bench
from tests.integration.database import rows
from tests.integration.truth import content_of_row, promised, promised_categories


def recorded(path: Path) -> dict[str, dict[str, Any]]:
    """The products of a recorded page, or the one product, by their ids."""
    document = json.loads(path.read_text("utf-8"))
    return {product["id"]: product for product in document.get("docs", [document])}


@pytest.mark.parametrize(
    "name", ["sandbox_products_page1.json", "official_products_list.json", "official_product_minecraft.json"]
)
async def test_every_field_of_a_recorded_response_is_kept(bench: Bench, samples: Path, name: str) -> None:
    products = recorded(samples / name)
    bench.simulate(products=0, fixture=samples / name)
    report = await bench.sync()
    assert (report.status, report.counts.products_new) == (RunStatus.SUCCEEDED, len(products))
    stored = {row["id"]: row for row in rows(bench.database, "SELECT * FROM products WHERE is_active")}
    assert {key: content_of_row(row) for key, row in stored.items()} == {
        key: promised(product) for key, product in products.items()
    }
    for key, product in products.items():
        found = rows(bench.database, "SELECT category_id FROM product_categories WHERE product_id = ?", key)
        assert {row["category_id"] for row in found} == promised_categories(product)
