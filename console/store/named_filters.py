"""The filters of a search as somebody names them at a command line, where no list can be chosen from."""

import string

from msgspec.structs import replace
from sqlalchemy import Connection

from console.search import WITHOUT, Facet, FilterUnclear, Query, Standing
from console.store.search import list_facet

_NAMED_AS_EXAMPLES = 8
_CASE = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
"""As the database's own `lower` has it."""


def name_filters(connection: Connection, query: Query, category: str | None) -> Query:
    """The query with its platform and region spelt as products have them, and the id of the category named so.

    Raises:
        FilterUnclear: there is none of that name, or several.
    """
    return replace(
        query,
        platform=_spelt(connection, Facet.PLATFORM, query.platform),
        region=_spelt(connection, Facet.REGION, query.region),
        category=None if category is None else _category_id(connection, category),
    )


def _spelt(connection: Connection, facet: Facet, name: str | None) -> str | None:
    if name is None or name == WITHOUT:
        return name
    for column, value in _compared(facet, name):
        statement = f"SELECT {facet} FROM products WHERE {column} = ? LIMIT 1"
        found = connection.exec_driver_sql(statement, (value,)).scalar_one_or_none()
        if found is not None:
            return str(found)
    raise FilterUnclear(f'No product has the {facet} "{name}".{_examples(connection, facet)}')


def _compared(column: str, name: str) -> tuple[tuple[str, str], ...]:
    """What is to be compared: the name as it is, and where there is none of that, whatever the case."""
    return (column, name), (f"lower({column})", name.translate(_CASE))


def _category_id(connection: Connection, named: str) -> int:
    for column, value in _compared("name", named):
        ids = [
            int(found)
            for (found,) in connection.exec_driver_sql(
                f"SELECT id FROM categories WHERE {column} = ? OR CAST(id AS TEXT) = ? ORDER BY id",
                (value, named),
            )
        ]
        if len(ids) == 1:
            return ids[0]
        if ids:
            told = ", ".join(map(str, ids))
            raise FilterUnclear(f'{len(ids)} categories are named "{named}": give the number of one of them, {told}.')
    raise FilterUnclear(f'There is no category "{named}".{_examples(connection, Facet.CATEGORY)}')


def _examples(connection: Connection, facet: Facet) -> str:
    there = [each.name for each in list_facet(connection, Query(standing=Standing.ALL), facet) if each.key != WITHOUT]
    if not there:
        return ""
    more = ", and others" if len(there) > _NAMED_AS_EXAMPLES else ""
    return f" There are: {', '.join(there[:_NAMED_AS_EXAMPLES])}{more}."
