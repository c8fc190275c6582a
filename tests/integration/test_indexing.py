"""What a first sync only noted is indexed afterwards, and an engine with nothing to index leaves the database alone."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import Connection

from console.operations.indexing import Indexing
from console.store.database import Database
from console.store.search import unindexed
from tests.integration.bench import Bench, run
from tests.integration.waiting import until

_LOOKS_SECONDS = 0.00123


def _note_all(connection: Connection) -> None:
    connection.exec_driver_sql("INSERT INTO product_search_backlog (product_id) SELECT id FROM products")
    connection.exec_driver_sql("DELETE FROM product_search")


async def _until_indexed(database: Database) -> None:
    async with asyncio.timeout(30):
        while await database.read(unindexed):
            pass


async def test_what_a_run_noted_is_indexed_and_then_nothing_is_written_until_the_next_run(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.simulate(products=60)
    looks, writes = 0, 0
    sleep = asyncio.sleep

    async def counted(seconds: float, *result: Any) -> Any:
        nonlocal looks
        looks += seconds == _LOOKS_SECONDS
        return await sleep(seconds, *result)

    monkeypatch.setattr(asyncio, "sleep", counted)
    async with bench.open() as engine:
        await engine.indexing.stop()
        await run(engine)
        database, write = engine.database, engine.database.write

        async def counted_write(*asked: Any, **named: Any) -> Any:
            nonlocal writes
            writes += 1
            return await write(*asked, **named)

        monkeypatch.setattr(database, "write", counted_write)
        indexing = Indexing(database, lambda: False, _LOOKS_SECONDS)
        indexing.start()
        await until(lambda: looks >= 20)
        await _until_indexed(database)
        settled = writes
        await until(lambda: looks >= 60)
        assert writes == settled, "nothing was noted, so nothing is written"

        await write(_note_all)
        indexing.wake()
        await _until_indexed(database)
        await indexing.stop()


async def test_a_run_of_an_engine_wakes_its_indexing(bench: Bench) -> None:
    bench.simulate(products=60)
    async with bench.open() as engine:
        await run(engine)
        await _until_indexed(engine.database)
