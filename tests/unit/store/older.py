"""A database as the program before this one has left it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, create_engine

from console.store import migrate as module

OLDER = "0001"


def make_tables(path: Path, revision: str) -> None:
    """Make an empty one."""
    config = Config()
    config.set_main_option("script_location", str(Path(module.__file__).with_name("migrations")))
    engine = create_engine(URL.create("sqlite", database=str(path)))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")


def make_older(path: Path, revision: str = OLDER, products: int = 1) -> None:
    """Make one with a product in it, or several."""
    make_tables(path, revision)
    with closing(sqlite3.connect(path)) as connection:
        _insert(connection, "products", {"id": "kept", "is_active": 1})
        for number in range(1, products):
            values = {"id": f"kept{number}", "name": f"Pokémon {number}", "is_active": number % 2, "qty": number}
            _insert(connection, "products", values)
        connection.commit()


def _insert(connection: sqlite3.Connection, table: str, values: dict[str, object]) -> None:
    """A row with these values, and something in every other column that wants something."""
    columns = connection.execute('SELECT name FROM pragma_table_info(?) WHERE "notnull"', (table,))
    row = {name: values.get(name, "2026-11-23 02:00:00.000000") for (name,) in columns} | values
    marks = ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))
