"""Whether the catalogue in the database is the one that the API has: every product, every field, every category."""

from collections.abc import Mapping
from pathlib import Path

from tests.integration.database import Row, rows
from tests.integration.truth import Content, Document, content_of_row, promised, promised_categories

Entry = tuple[Content, set[int]]
"""What the tables hold of a product: its columns, and the ids of its categories."""


def entries_of(documents: Mapping[str, Document]) -> dict[str, Entry]:
    """What the tables must hold of products of the API, by id."""
    return {
        product_id: (promised(document), promised_categories(document)) for product_id, document in documents.items()
    }


def stored_entries(path: Path) -> dict[str, Entry]:
    """What the tables hold of the active products, by id."""
    categories: dict[str, set[int]] = {}
    for row in rows(path, "SELECT product_id, category_id FROM product_categories"):
        categories.setdefault(row["product_id"], set()).add(row["category_id"])
    active: list[Row] = rows(path, "SELECT * FROM products WHERE is_active = 1")
    return {row["id"]: (content_of_row(row), categories.get(row["id"], set())) for row in active}


def differences(stored: Mapping[str, Entry], wanted: Mapping[str, Entry]) -> list[str]:
    """What the active products have other than the API, a line for each; none where both agree in every field."""
    found = [f"{product_id}: the API has it, and it is not active" for product_id in sorted(wanted.keys() - stored)]
    found += [f"{product_id}: active, and the API does not have it" for product_id in sorted(stored.keys() - wanted)]
    for product_id in sorted(wanted.keys() & stored):
        found += _differing_fields(product_id, stored[product_id], wanted[product_id])
    return found


def _differing_fields(product_id: str, stored: Entry, wanted: Entry) -> list[str]:
    (columns, categories), (wanted_columns, wanted_categories) = stored, wanted
    found = [
        f"{product_id}: {column} is {columns[column]!r}, not {value!r}"
        for column, value in wanted_columns.items()
        if columns[column] != value
    ]
    if categories != wanted_categories:
        found.append(f"{product_id}: its categories are {sorted(categories)}, not {sorted(wanted_categories)}")
    return found
