"""Short ways to write a page and look at what it left."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

from console.g2a.decode import decode_page, decode_product
from console.run import RunKind, RunStatus, Trigger
from console.settings import SecretStr
from console.store.database import Database
from console.store.location import Location, PostgresServer, SqliteFile
from console.store.pages import Batch, PageKey, PageOutcome, PageWrite, write_pages
from console.store.runs import NewRun, create_run, finish_run, get_run
from tests.postgres import PostgresDatabase
from tests.postgres import PostgresServer as Server

NOW = datetime(2026, 11, 23, 2, 0, 0, 123_456, tzinfo=UTC)


def select(connection: Connection, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    return [tuple(row) for row in connection.exec_driver_sql(statement, parameters)]


def add_category(connection: Connection, number: int, name: str = "Games") -> int:
    """Something small to write."""
    connection.exec_driver_sql("INSERT INTO categories (id, name) VALUES (?, ?)", (number, name))
    return number


def forbid(connection: Connection, when: str, table: str) -> None:
    """From now on the database refuses to do that to a table: BEFORE UPDATE, BEFORE INSERT."""
    if connection.dialect.name == "sqlite":
        does = "BEGIN SELECT RAISE(ABORT, 'that is forbidden'); END"
    else:
        connection.exec_driver_sql(
            "CREATE FUNCTION forbid() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'that is forbidden'; END $$"
        )
        does = "FOR EACH ROW EXECUTE FUNCTION forbid()"
    connection.exec_driver_sql(f"CREATE TRIGGER forbidden {when} ON {table} {does}")


def plain_engine(location: Location) -> Engine:
    """The database as another program sees it that knows its tables alone."""
    if isinstance(location, SqliteFile):
        return create_engine(URL.create("sqlite", database=str(location.path)), poolclass=NullPool)
    return create_engine(location.url.reveal(), poolclass=NullPool)


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


BOTH = ("sqlite", "postgres")


@pytest.fixture(scope="session")
def tables_in_postgres(postgres_server: Server) -> PostgresDatabase:
    """A database of a server with all tables and nothing in them."""
    made = postgres_server.create()
    asyncio.run(Database.open(PostgresServer(SecretStr(made.url))).close())
    return made


NewLocation = Callable[[], Location]


@pytest.fixture(params=BOTH)
def new_location(request: pytest.FixtureRequest, tmp_path: Path) -> NewLocation:
    """Makes a place with all tables and nothing in them, of each kind of database in turn; one at a time."""
    if request.param == "sqlite":
        made_once: Path = request.getfixturevalue("made_once")
        numbers = count()
        return lambda: SqliteFile(Path(shutil.copy(made_once, tmp_path / f"catalog{next(numbers)}.db")))
    tables: PostgresDatabase = request.getfixturevalue("tables_in_postgres")
    return lambda: emptied(tables)


@pytest.fixture
def empty_server(tables_in_postgres: PostgresDatabase) -> PostgresServer:
    """Where a database of a server with all tables and nothing in them is."""
    return emptied(tables_in_postgres)


def emptied(database: PostgresDatabase) -> PostgresServer:
    """Emptying a database is quicker than making one."""
    names = ", ".join(SQLModel.metadata.tables)
    with database.connect() as connection:
        connection.execute(f"TRUNCATE {names} RESTART IDENTITY; DROP FUNCTION IF EXISTS forbid CASCADE".encode())
    return PostgresServer(SecretStr(database.url))


@pytest.fixture
def location(new_location: NewLocation) -> Location:
    """Where the one database of a test is."""
    return new_location()


@pytest.fixture
async def database(location: Location) -> AsyncIterator[Database]:
    """A database of its own for every test, of each kind in turn."""
    opened = Database.open(location)
    yield opened
    await opened.close()


@pytest.fixture
def shop(database: Database) -> Shop:
    """A shop with an empty catalogue."""
    return Shop(database)


@pytest.fixture
async def both(
    made_once: Path, tmp_path: Path, tables_in_postgres: PostgresDatabase
) -> AsyncIterator[tuple[Shop, Shop]]:
    """A shop of each kind."""
    file = Database.open(SqliteFile(Path(shutil.copy(made_once, tmp_path / "catalog.db"))))
    server = Database.open(emptied(tables_in_postgres))
    yield Shop(file), Shop(server)
    await file.close()
    await server.close()


def without_products(connection: Connection) -> None:
    """Away with all products."""
    for table in (
        "product_categories",
        "run_sightings",
        "product_changes",
        "rejected_products",
        "products",
        "categories",
    ):
        connection.exec_driver_sql(f"DELETE FROM {table}")
