"""A transaction that is cut off with its connection is made once: not lost, and not done twice."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection

from console.settings import SecretStr
from console.store.database import Database
from console.store.errors import ConnectionLost, StoreError
from console.store.location import PostgresServer
from tests.postgres import PASSWORD, PostgresDatabase


@asynccontextmanager
async def opened(postgres: PostgresDatabase, guard: Any = None) -> AsyncIterator[Database]:
    """The database, and in it a table of what was done."""
    database = Database.open(PostgresServer(SecretStr(postgres.url)), guard=guard)
    with postgres.connect() as connection:
        connection.execute("CREATE TABLE done (number int)")
    try:
        yield database
    finally:
        await database.close()


def do(connection: Connection, number: int) -> str:
    """Leave a trace."""
    connection.exec_driver_sql("INSERT INTO done VALUES (?)", (number,))
    return f"did {number}"


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_transaction_whose_end_is_cut_off_is_made_exactly_once(
    postgres: PostgresDatabase, monkeypatch: pytest.MonkeyPatch, arrives: bool
) -> None:
    commit = psycopg.Connection.commit
    cut: list[psycopg.Connection[Any]] = []

    def cut_off(self: "psycopg.Connection[Any]") -> None:
        if cut:
            commit(self)
            return
        cut.append(self)
        if arrives:
            commit(self)
        self.close()
        raise psycopg.OperationalError("the connection is lost")

    async with opened(postgres) as database:
        monkeypatch.setattr(psycopg.Connection, "commit", cut_off)
        assert await database.write(do, 1) == "did 1"
    assert len(cut) == 1
    assert postgres.value("SELECT count(*) FROM done") == 1


async def test_a_transaction_that_is_cut_in_its_middle_is_done_again(postgres: PostgresDatabase) -> None:
    attempts = []

    def work(connection: Connection) -> int:
        do(connection, 1)
        attempts.append(connection)
        if len(attempts) == 1:
            postgres.cut_connections()
        do(connection, 2)
        return len(attempts)

    async with opened(postgres) as database:
        assert await database.write(work) == 2
    assert postgres.rows("SELECT number FROM done ORDER BY number") == [{"number": 1}, {"number": 2}]


async def test_a_server_that_starts_again_is_waited_for_and_one_that_does_not_is_given_up_on(
    postgres: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.store.database._WRITE_AGAIN_SECONDS", 0.3)
    async with opened(postgres) as database:
        postgres.server.restart()
        assert await database.write(do, 1) == "did 1"
        assert await database.read(lambda connection: connection.exec_driver_sql("SELECT 1").scalar_one()) == 1
        postgres.server.stop()
        try:
            with pytest.raises(ConnectionLost) as refusal:
                await database.write(do, 2)
        finally:
            postgres.server.start()
        assert "no server listens there" in str(refusal.value)
        assert PASSWORD not in str(refusal.value)
        assert await database.write(do, 3) == "did 3"
    assert postgres.rows("SELECT number FROM done ORDER BY number") == [{"number": 1}, {"number": 3}]


async def test_what_the_guard_refuses_is_not_done_and_not_tried_again(postgres: PostgresDatabase) -> None:
    asked = []

    def guard(connection: Connection) -> None:
        asked.append(connection.exec_driver_sql("SELECT 1").scalar_one())
        raise StoreError("not now")

    async with opened(postgres, guard) as database:
        with pytest.raises(StoreError, match=r"^not now$"):
            await database.write(do, 1)
    assert asked == [1]
    assert postgres.value("SELECT count(*) FROM done") == 0


async def test_what_the_database_refuses_is_told_at_once(postgres: PostgresDatabase) -> None:
    async with opened(postgres) as database:
        with pytest.raises(StoreError, match="does not exist"):
            await database.write(lambda connection: connection.exec_driver_sql("INSERT INTO nowhere VALUES (1)"))
