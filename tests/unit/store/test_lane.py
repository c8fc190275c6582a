"""Questions give way to newer ones, and hold up nobody else."""

import asyncio
import threading

import pytest
from sqlalchemy import Connection

from console.store.database import Database
from console.store.errors import StoreError
from console.store.lane import Overtaken

FOREVER = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


def one(_connection: Connection) -> int:
    """A question that is answered at once."""
    return 1


async def test_a_question_that_is_overtaken_is_interrupted_and_the_newer_one_answered(database: Database) -> None:
    lane = database.lane("test")
    has_begun = threading.Event()

    def never(connection: Connection) -> None:
        has_begun.set()
        connection.exec_driver_sql(FOREVER)

    endless = asyncio.ensure_future(lane.read("old", never))
    waiting = asyncio.ensure_future(lane.read("old", one))
    await asyncio.to_thread(has_begun.wait)
    assert await database.read(one) == 1, "others are not held up"
    assert await lane.read("new", one) == 1
    for overtaken in (endless, waiting):
        with pytest.raises(Overtaken):
            await overtaken
    assert await lane.read("old", one) == 1


async def test_questions_about_the_same_subject_are_all_answered(database: Database) -> None:
    lane = database.lane("test")
    assert await asyncio.gather(*(lane.read("same", one) for _ in range(5))) == [1] * 5


async def test_closing_the_database_ends_an_endless_question(database: Database) -> None:
    lane = database.lane("test")
    has_begun = threading.Event()

    def never(connection: Connection) -> None:
        has_begun.set()
        connection.exec_driver_sql(FOREVER)

    endless = asyncio.ensure_future(lane.read("old", never))
    await asyncio.to_thread(has_begun.wait)
    await database.close()
    with pytest.raises(Overtaken):
        await endless
    with pytest.raises(StoreError, match="is closed"):
        await lane.read("new", one)


async def test_a_lane_cannot_write(database: Database) -> None:
    with pytest.raises(StoreError, match="read-only"):
        await database.lane("test").read("x", lambda connection: connection.exec_driver_sql("DELETE FROM products"))


async def test_no_question_is_ended_in_the_place_of_the_one_before(database: Database) -> None:
    lane = database.lane("test")
    for number in range(40):
        begun = threading.Event()

        def endless(connection: Connection, begun: threading.Event = begun) -> None:
            begun.set()
            connection.exec_driver_sql(FOREVER)

        overtaken = asyncio.ensure_future(lane.read(("old", number), endless))
        await asyncio.sleep(0)
        if number % 2:
            await asyncio.to_thread(begun.wait)
        answered = [lane.read(("new", number), several) for _ in range(3)]
        assert await asyncio.gather(*answered) == [10] * 3
        with pytest.raises(Overtaken):
            await overtaken


def several(connection: Connection) -> int:
    """A question of several statements."""
    return sum(int(connection.exec_driver_sql("SELECT 1").scalar_one()) for _ in range(10))
