"""Short ways to write a page and look at what it left."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection

from console.g2a.decode import decode_page, decode_product
from console.run import RunKind, RunStatus, Trigger
from console.store.database import Database
from console.store.pages import Batch, PageKey, PageOutcome, PageWrite, write_pages
from console.store.runs import NewRun, create_run, finish_run, get_run

NOW = datetime(2026, 11, 23, 2, 0, 0, 123_456, tzinfo=UTC)


def select(connection: Connection, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    return [tuple(row) for row in connection.exec_driver_sql(statement, parameters)]


def doc(product_id: str, **members: object) -> dict[str, object]:
    """The document of a product."""
    return {"id": product_id, "name": f"Game {product_id}", "qty": 1, "minPrice": 17.9, **members}


class Shop:
    """A database, and what tests do with it over and over."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """What a query finds."""
        return await self.database.read(select, statement, *parameters)

    async def value(self, statement: str, *parameters: object) -> Any:
        """The one value that a query finds."""
        ((value,),) = await self.rows(statement, *parameters)
        return value

    async def begin_run(self, at: datetime = NOW, **changes: Any) -> int:
        """A new run, the one before it being over."""
        for (run_id,) in await self.rows("SELECT id FROM sync_runs WHERE status = 'running'"):
            await self.end_run(run_id)
        usual: dict[str, Any] = {
            "kind": RunKind.FULL,
            "trigger": Trigger.MANUAL,
            "status": RunStatus.RUNNING,
            "requested_by": "alice",
            "job_id": "manual",
            "at": at,
        }
        return await self.database.write(create_run, NewRun(**(usual | changes)))

    async def end_run(self, run_id: int, status: RunStatus = RunStatus.SUCCEEDED) -> None:
        """A run is over."""
        report = await self.database.read(get_run, run_id)
        assert report is not None
        ended = replace(report, status=status, finished_at=NOW, duration_seconds=1.0)
        await self.database.write(finish_run, ended)

    async def put(
        self, run_id: int, *docs: object, page: int = 1, at: datetime = NOW, record_new: bool = True
    ) -> PageOutcome:
        """Store a page of these documents; one in bytes is JSON as it is."""
        texts = [each if isinstance(each, bytes) else json.dumps(each).encode() for each in docs]
        products = decode_page(b'{"total":1,"docs":[%b]}' % b",".join(texts), page).products
        write = PageWrite(key=PageKey(page=page), products=products, attempts=1, duration_ms=5)
        batch = Batch(
            run_id=run_id, pages=(write,), pages_total=page, products_total=20 * page, requests=page, retries=0, at=at,
            record_new=record_new,
        )  # fmt: skip
        [outcome] = await self.database.write(write_pages, batch, decode_product)
        return outcome


@pytest.fixture
def shop(database: Database) -> Shop:
    """A shop with an empty catalogue."""
    return Shop(database)
