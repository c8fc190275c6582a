"""A database of a server: what is refused in words, made by one alone, and what its tables are to other programs."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any, cast
from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy import Connection

from console.settings import SecretStr
from console.store.database import Database
from console.store.errors import DatabaseEmpty, DatabaseUnusable, StoreError
from console.store.location import PostgresServer
from console.store.migrate import migrate
from console.store.migrations import HEAD
from console.store.pages import PageOutcome
from console.store.postgres import backend as module
from console.store.postgres.adapters import from_names, with_numbers
from console.store.postgres.locks import WRITERS_LOCK
from tests.postgres import PASSWORD, USER, PostgresDatabase
from tests.unit.store.conftest import Shop, add_category, doc, select

TYPES = {
    ("products", "id"): "text",
    ("products", "min_price"): "numeric",
    ("products", "images"): "json",
    ("products", "release_date"): "date",
    ("products", "first_seen_at"): "timestamp with time zone",
    ("products", "is_active"): "boolean",
    ("products", "qty"): "bigint",
    ("sync_runs", "id"): "bigint",
    ("sync_runs", "slot"): "timestamp with time zone",
    ("sync_runs", "errors"): "json",
    ("product_changes", "fields"): "json",
    ("audit_events", "before"): "json",
}


@pytest.fixture
def server(postgres: PostgresDatabase) -> PostgresServer:
    """An empty database."""
    return PostgresServer(SecretStr(postgres.url))


@pytest.fixture
def shop(tables_in_postgres: PostgresDatabase, empty_server: PostgresServer) -> Iterator[Shop]:
    """A shop on a server."""
    database = Database.open(empty_server)
    yield Shop(database)
    asyncio.run(database.close())


def renamed(postgres: PostgresDatabase) -> str:
    return postgres.url + "x"


def on_another_port(postgres: PostgresDatabase) -> str:
    return postgres.url.replace(f":{postgres.server.port}/", ":1/")


def on_no_host(postgres: PostgresDatabase) -> str:
    return postgres.url.replace("@127.0.0.1", "@nowhere.invalid")


def with_another_password(postgres: PostgresDatabase) -> str:
    return postgres.url.replace(quote(PASSWORD, safe=""), "another")


def as_nobody(postgres: PostgresDatabase) -> str:
    return postgres.url.replace(f"//{USER}:", "//nobody:")


def without_a_right(postgres: PostgresDatabase) -> str:
    with postgres.server.connect("postgres", postgres.name) as root:
        root.execute(f"REVOKE ALL ON SCHEMA public FROM PUBLIC, {USER}; ALTER SCHEMA public OWNER TO postgres".encode())
        root.execute(f"GRANT USAGE ON SCHEMA public TO {USER}".encode())
    return postgres.url


def read_only(postgres: PostgresDatabase) -> str:
    with postgres.connect() as owner:
        owner.execute(f"ALTER DATABASE {postgres.name} SET default_transaction_read_only = on".encode())
    return postgres.url


def foreign(postgres: PostgresDatabase) -> str:
    with postgres.connect() as owner:
        owner.execute("CREATE TABLE bookmarks (url text)")
    return postgres.url


def foreign_with_alembic(postgres: PostgresDatabase) -> str:
    with postgres.connect() as owner:
        owner.execute("CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version VALUES ('0001')")
    return postgres.url


def newer(postgres: PostgresDatabase) -> str:
    made(postgres)
    with postgres.connect() as owner:
        owner.execute("UPDATE alembic_version SET version_num = '9999'")
    return postgres.url


def without_revision(postgres: PostgresDatabase) -> str:
    made(postgres)
    with postgres.connect() as owner:
        owner.execute("DELETE FROM alembic_version")
    return postgres.url


def of_few_letters(postgres: PostgresDatabase) -> str:
    postgres.server.drop(postgres)
    with postgres.server.connect("postgres") as root:
        root.execute(
            f"CREATE DATABASE {postgres.name} OWNER {USER} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'".encode()
        )
    return postgres.url


def misspelt(postgres: PostgresDatabase) -> str:
    return postgres.url + "?sslmod=require"


def with_no_number_as_port(postgres: PostgresDatabase) -> str:
    return postgres.url.replace(f":{postgres.server.port}/", ":port/")


REFUSED = {
    renamed: "there is no such database: make it with createdb, or set DATABASE_URL",
    on_another_port: "no server listens there: start PostgreSQL, or check the host and the port",
    on_no_host: "there is no host of that name: check DATABASE_URL",
    with_another_password: "the server refuses the user or the password: check DATABASE_URL",
    as_nobody: "the server refuses the user or the password: check DATABASE_URL",
    without_a_right: "has no right to do that: make it the owner",
    read_only: "the database is read-only, as a standby's is: set DATABASE_URL to the server that can be written",
    foreign: "holds the tables of another program: set DATABASE_URL to a database of g2a-console's own",
    foreign_with_alembic: "holds the tables of another program",
    newer: f"made by a newer g2a-console .schema 9999, this one knows {HEAD}.: update g2a-console",
    without_revision: "does not say which schema it has",
    of_few_letters: "holds text as LATIN1, which lacks most letters: make another",
    misspelt: "DATABASE_URL has an option that PostgreSQL does not know: take it out",
    with_no_number_as_port: "DATABASE_URL cannot be understood",
}


def made(postgres: PostgresDatabase) -> None:
    """Make the tables."""
    asyncio.run(Database.open(PostgresServer(SecretStr(postgres.url))).close())


def contents(postgres: PostgresDatabase) -> list[dict[str, object]]:
    """What there is in the database."""
    return postgres.rows("SELECT oid, relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY oid")


@pytest.mark.parametrize(("make", "said"), REFUSED.items(), ids=lambda each: getattr(each, "__name__", ""))
def test_what_cannot_be_used_is_refused_in_words_without_the_password_and_left_as_it_is(
    postgres: PostgresDatabase, make: Callable[[PostgresDatabase], str], said: str
) -> None:
    url = make(postgres)
    before = contents(postgres)
    with pytest.raises(DatabaseUnusable, match=said) as refusal:
        Database.open(PostgresServer(SecretStr(url)))
    told = str(refusal.value)
    assert PASSWORD not in told
    assert quote(PASSWORD, safe="") not in told
    assert "\n" not in told
    assert contents(postgres) == before


def test_beside_another_process_no_tables_are_made(postgres: PostgresDatabase, server: PostgresServer) -> None:
    with pytest.raises(DatabaseEmpty, match="has no tables yet: start g2a-console, or sync once"):
        Database.open(server, is_only_writer=False)
    assert contents(postgres) == []


def test_two_that_start_at_once_make_the_tables_once(postgres: PostgresDatabase, server: PostgresServer) -> None:
    opened: list[Database] = []
    barrier = threading.Barrier(3)

    def start() -> None:
        barrier.wait(20)
        opened.append(Database.open(server))

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 3
    for database in opened:
        asyncio.run(database.close())
    assert postgres.rows("SELECT version_num FROM alembic_version") == [{"version_num": HEAD}]


def test_a_migration_that_is_cut_off_leaves_nothing_and_the_next_start_makes_all(
    postgres: PostgresDatabase, server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(connection: Connection) -> None:
        migrate(connection)
        postgres.cut_connections()

    with monkeypatch.context() as patch:
        patch.setattr(module, "migrate", cut)
        with pytest.raises(DatabaseUnusable, match="the connection to the server was cut"):
            Database.open(server)
    assert contents(postgres) == []
    made(postgres)
    assert postgres.value("SELECT version_num FROM alembic_version") == HEAD


def test_beside_a_writer_that_takes_long_the_database_is_opened_at_once(
    postgres: PostgresDatabase, server: PostgresServer
) -> None:
    made(postgres)
    with postgres.connect() as writer, writer.transaction():
        writer.execute("SELECT pg_advisory_xact_lock(%s)", (WRITERS_LOCK,))
        asyncio.run(Database.open(server, is_only_writer=False).close())


def test_columns_have_the_types_that_other_programs_expect(tables_in_postgres: PostgresDatabase) -> None:
    columns = tables_in_postgres.rows("SELECT table_name, column_name, data_type, collation_name FROM "
                                      "information_schema.columns WHERE table_schema = 'public'")  # fmt: skip
    found = {(row["table_name"], row["column_name"]): row["data_type"] for row in columns}
    assert {key: found[key] for key in TYPES} == TYPES
    texts = [row for row in columns if row["data_type"] == "text"]
    assert {row["collation_name"] for row in texts} == {"C"}, "in the same order as on SQLite"


async def test_a_server_whose_disk_is_full_is_told_and_all_is_well_when_there_is_room(shop: Shop) -> None:
    def fill(connection: Connection) -> None:
        add_category(connection, 1)
        full = "RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'"
        connection.exec_driver_sql(f"DO $$ BEGIN {full}; END $$")

    with pytest.raises(StoreError, match="the server's disk is full: make room there, then sync again"):
        await shop.database.write(fill)
    await shop.database.write(add_category, 2)
    assert await shop.rows("SELECT id FROM categories") == [(2,)]


async def test_a_table_that_another_program_keeps_locked_is_told_and_outlived(
    tables_in_postgres: PostgresDatabase, empty_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_WRITER", "SET lock_timeout = '20ms'")
    database = Database.open(empty_server)
    with tables_in_postgres.connect() as other, other.transaction():
        other.execute("LOCK TABLE categories")
        with pytest.raises(StoreError, match="another program keeps the tables locked"):
            await database.write(add_category, 1)
    await database.write(add_category, 1)
    await database.close()


async def test_no_value_of_a_row_is_told_by_an_error(shop: Shop) -> None:
    await shop.database.write(add_category, 4711)
    with pytest.raises(StoreError) as refusal:
        await shop.database.write(add_category, 4711)
    assert "4711" not in str(refusal.value)


def parameters_of(connection: Connection) -> dict[str, str]:
    """How the connection was made."""
    raw = cast("psycopg.Connection[Any]", connection.connection.dbapi_connection)
    return raw.info.get_parameters()


async def test_a_connection_says_whose_it_is_waits_for_nothing_for_ever_and_reads_one_state(
    tables_in_postgres: PostgresDatabase, shop: Shop
) -> None:
    rows = tables_in_postgres.rows("SELECT DISTINCT application_name FROM pg_stat_activity WHERE datname = %s "
                                   "AND pid <> pg_backend_pid()", tables_in_postgres.name)  # fmt: skip
    assert rows == [{"application_name": "g2a-console"}]
    parameters = await shop.database.read(parameters_of)
    assert {name: parameters[name] for name in ("connect_timeout", "keepalives", "tcp_user_timeout")} == {
        "connect_timeout": "10", "keepalives": "1", "tcp_user_timeout": "60000",
    }  # fmt: skip
    assert await shop.value("SHOW statement_timeout") == "30s"
    assert await shop.value("SHOW transaction_isolation") == "repeatable read"
    assert await shop.value("SHOW transaction_read_only") == "on"


async def test_a_question_that_takes_too_long_is_given_up(
    empty_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_READER", "SET statement_timeout = '20ms'")
    database = Database.open(empty_server)
    for ask in (database.read, lambda *asked: database.lane("test").read("subject", *asked)):
        with pytest.raises(StoreError, match="the question took too long and was given up"):
            await ask(select, "SELECT pg_sleep(20)")
    await database.close()


def test_marks_are_ours_and_every_other_sign_is_a_sign() -> None:
    assert with_numbers("SELECT 7 % ? WHERE x LIKE 'a%' LIMIT ?") == "SELECT 7 % $1 WHERE x LIKE 'a%' LIMIT $2"
    assert with_numbers("SELECT 1") == "SELECT 1"
    assert from_names("x = %(b)s AND y LIKE 'a%%' OR z = %(a)s", {"a": 1, "b": 2}) == (
        "x = $1 AND y LIKE 'a%' OR z = $2", (2, 1),
    )  # fmt: skip


async def test_a_null_byte_that_slipped_through_is_refused_and_stores_nothing(shop: Shop) -> None:
    with pytest.raises(StoreError, match="NUL"):
        await shop.database.write(add_category, 1, "a\x00b")
    assert await shop.rows("SELECT * FROM categories") == []


async def test_null_bytes_of_the_api_are_shown_and_stored_as_signs(shop: Shop) -> None:
    named = doc("1", name="a\x00b", developer="\x00", categories=[{"id": 1, "name": "\x00"}], images=["\x00"])
    found = await shop.put(await shop.begin_run(), named, doc("2\x00", qty=-1, name="\x00"))
    assert found == PageOutcome(new=1, rejected=1)
    assert await shop.rows("SELECT name, developer FROM products") == [("a\u2400b", "\u2400")]
    assert await shop.rows("SELECT product_id FROM rejected_products") == [("2\u2400",)]
