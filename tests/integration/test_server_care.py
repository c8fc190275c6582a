"""Looking after a database of a server: `doctor` and `db check` name what stands in the way, and what to do."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from console.operations.checks import Check, CheckStatus
from console.operations.server_care import check_server, look_at_server
from console.scheduling.database_lock import DatabaseLock
from console.settings import SecretStr
from console.store.location import PostgresServer
from tests.integration.bench import Bench
from tests.postgres import PASSWORD, PostgresDatabase

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def server(url: str) -> PostgresServer:
    return PostgresServer(SecretStr(url))


def as_root(postgres: PostgresDatabase, statement: str) -> None:
    """What only the server's owner may do."""
    with postgres.server.connect("postgres", postgres.name) as root:
        root.execute(statement.encode())


def checked(postgres: PostgresDatabase) -> dict[str, Check]:
    return {check.name: check for check in check_server(server(postgres.url))}


@pytest.fixture
async def filled(bench: Bench, postgres: PostgresDatabase) -> PostgresDatabase:
    """A database that holds a catalogue."""
    bench.simulate(products=40)
    async with bench.open(database_url=SecretStr(postgres.url)) as engine:
        await engine.scheduler.trigger_manual_sync("alice")
        await engine.runner.wait()
        await engine.indexing.finish()
    return postgres


@pytest.fixture
def other_encoding(postgres: PostgresDatabase) -> Iterator[PostgresDatabase]:
    """A database that holds texts in no encoding at all."""
    database = PostgresDatabase(postgres.server, f"{postgres.name}_ascii")
    as_root(postgres, f"CREATE DATABASE {database.name} OWNER shop TEMPLATE template0 ENCODING SQL_ASCII LOCALE 'C'")
    yield database
    postgres.server.drop(database)


def test_what_stands_in_the_way_is_named_with_what_to_do(postgres: PostgresDatabase) -> None:
    ways = {
        postgres.url.replace("%25", "x"): "the server refuses the user or the password: check DATABASE_URL",
        postgres.url.replace("127.0.0.1", "no.such.host.invalid"): "there is no host of that name",
        f"{postgres.url}?sslmode=require": "the encryption that is asked for is not possible",
        f"{postgres.url}?options=-c%20default_transaction_read_only=on": "It is read-only.",
    }
    for url, said in ways.items():
        [check] = look_at_server(server(url))
        assert check.status is CheckStatus.PROBLEM
        assert said in check.message
        assert check.advice
        assert PASSWORD not in f"{check.message} {check.advice}"


def test_a_database_in_which_no_tables_can_be_made_is_told_before_the_first_sync(postgres: PostgresDatabase) -> None:
    as_root(postgres, f"ALTER DATABASE {postgres.name} OWNER TO postgres; REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    [check] = look_at_server(server(postgres.url))
    assert check.message.endswith("Its user may make no tables.")


def test_a_database_that_cannot_hold_every_name_is_told(other_encoding: PostgresDatabase) -> None:
    lock = DatabaseLock(server(other_encoding.url))
    assert lock.try_take(NOW)
    assert lock.holder(NOW) is not None
    lock.release()
    [check] = look_at_server(server(other_encoding.url))
    assert check.message.endswith("It holds SQL_ASCII, not UTF-8.")


async def test_a_sound_database_is_told_as_sound(filled: PostgresDatabase) -> None:
    assert {check.status for check in checked(filled).values()} == {CheckStatus.OK}
    [check] = look_at_server(server(filled.url))
    assert check.status is CheckStatus.OK
    assert check.message.endswith(", 40 active products")


@pytest.mark.parametrize(
    ("damage", "name", "said"),
    [
        (
            "UPDATE pg_index SET indisvalid = FALSE WHERE indexrelid = 'ix_products_is_active_id'::regclass",
            "integrity",
            "These indexes are not whole: ix_products_is_active_id.",
        ),
        (
            "ALTER TABLE product_changes ADD CONSTRAINT loose FOREIGN KEY (run_id) REFERENCES sync_runs (id) NOT VALID",
            "references",
            "The server does not vouch for loose.",
        ),
        (
            "DELETE FROM product_search WHERE product_id = (SELECT min(id) FROM products)",
            "search",
            "1 products would not be found as they are.",
        ),
        (
            "UPDATE product_search SET words = ' x' WHERE product_id = (SELECT min(id) FROM products)",
            "search",
            "1 products would not be found as they are.",
        ),
        ("UPDATE alembic_version SET version_num = '0002'", "schema", "The schema is 0002, older than 0003."),
    ],
)
async def test_what_is_not_as_it_should_be_is_found(
    filled: PostgresDatabase, damage: str, name: str, said: str
) -> None:
    as_root(filled, damage)
    check = checked(filled)[name]
    assert (check.status, check.message) == (CheckStatus.PROBLEM, said)
    assert check.advice
