"""What is said of where the database is, and what never is."""

from pathlib import Path

import pytest

from console.settings import SecretStr
from console.store.location import PostgresServer, SqliteFile, location_of

WITH_PASSWORD = "postgresql+psycopg://anna:s3cr3t-w0rd@db.example:5433/catalogue?sslmode=require&password=s3cr3t-w0rd"


def test_a_password_is_in_nothing_that_is_shown() -> None:
    server = PostgresServer(SecretStr(WITH_PASSWORD))

    assert server.shown == "postgresql://anna@db.example:5433/catalogue"
    assert "s3cr3t" not in f"{server} {server!r} {server.shown}"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql+psycopg://db.example/catalogue", "postgresql://db.example/catalogue"),
        ("postgresql+psycopg://anna@[::1]:5432/catalogue", "postgresql://anna@[::1]:5432/catalogue"),
        ("postgresql+psycopg://an%40na@h/cat%20a", "postgresql://an@na@h/cat a"),
        ("postgresql+psycopg:///catalogue?host=/run/pg&user=anna", "postgresql://anna@/run/pg/catalogue"),
        ("postgresql+psycopg://h:not-a-port/n", "postgresql://h:not-a-port/n"),
        ("postgresql+psycopg://h/n%1b[31m", "postgresql://h/n␛[31m"),
    ],
)
def test_a_server_is_shown_with_user_host_and_name(url: str, shown: str) -> None:
    assert PostgresServer(SecretStr(url)).shown == shown


def test_postgresql_itself_is_given_the_url_without_the_name_of_the_driver() -> None:
    assert PostgresServer(SecretStr("postgresql+psycopg://a:b@h/n")).conninfo == "postgresql://a:b@h/n"


def test_a_path_is_a_file_of_sqlite() -> None:
    assert location_of(Path("catalog.db")) == SqliteFile(Path("catalog.db"))
    assert SqliteFile(Path("a\x1bb")).shown == "a␛b"
