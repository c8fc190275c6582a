"""The schema: what the migrations make is what the tables say, all of it or nothing."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlmodel import SQLModel

from console.store import migrate as module
from console.store import sqlite_backend, tables
from console.store.database import Database
from console.store.errors import DatabaseEmpty
from console.store.location import SqliteFile
from console.store.migrate import migrate
from console.store.migrations import HEAD
from tests.unit.store.conftest import Shop, plain_engine
from tests.unit.store.older import make_older

ROOT = Path(__file__).resolve().parents[3]

CONTRACT = {
    "products": "id name slug type qty min_price retail_min_price retail_min_base_price available_to_buy thumbnail "
    "small_image cover_image images videos release_date region developer publisher platform price_limit_min "
    "price_limit_max restrictions requirements source_updated_at is_active first_seen_at last_changed_at "
    "last_seen_run_id discontinued_at",
    "categories": "id name",
    "product_categories": "product_id category_id",
    "sync_runs": "id kind trigger status requested_by started_at finished_at duration_seconds pages_total pages_done "
    "pages_failed requests retries products_seen products_new products_changed products_unchanged "
    "products_discontinued products_rejected errors job_id slot heartbeat_at error",
    "sync_pages": "run_id page status attempts products duration_ms error",
    "rejected_products": "run_id page product_id reason document",
    "product_changes": "run_id product_id change fields at",
    "schedules": "job_id hour minute enabled pause_reason updated_by updated_at",
    "audit_events": "at actor role method action target before after outcome",
}


def migrations() -> ScriptDirectory:
    """The migrations as Alembic sees them."""
    config = Config()
    config.set_main_option("script_location", str(Path(module.__file__).with_name("migrations")))
    return ScriptDirectory.from_config(config)


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
async def test_a_fresh_database_is_what_the_tables_say(database: Database) -> None:
    assert tables.ProductRow.__tablename__ in SQLModel.metadata.tables
    with plain_engine(database.location).connect() as connection:
        is_told = is_told_for_sqlite if is_sqlite(database) else is_told_for_postgres
        options = {"compare_type": True, "compare_server_default": True, "include_object": is_told}
        context = MigrationContext.configure(connection, opts=options)
        assert list(compare_metadata(context, SQLModel.metadata)) == []


def is_sqlite(database: Database) -> bool:
    """Whether this is a file."""
    return isinstance(database.location, SqliteFile)


def is_told_for_sqlite(_object: object, name: str, kind: str, *_: object) -> bool:
    """Whether the tables tell of it: the full-text index keeps its own, whose names begin with its name."""
    return kind != "table" or not name.startswith("product_words")


def is_told_for_postgres(_object: object, name: str, kind: str, *_: object) -> bool:
    """PostgreSQL has other indexes to find products by."""
    return kind != "index" or not name.startswith("ix_product_search")


async def test_the_index_that_alembic_cannot_compare_is_there(shop: Shop) -> None:
    if is_sqlite(shop.database):
        statement = await shop.value("SELECT sql FROM sqlite_master WHERE name = 'ux_sync_runs_one_active'")
        condition = "IN ('queued', 'running', 'cancelling')"
    else:
        statement = await shop.value("SELECT indexdef FROM pg_indexes WHERE indexname = 'ux_sync_runs_one_active'")
        condition = "= ANY (ARRAY['queued'::text, 'running'::text, 'cancelling'::text])"
    assert statement.startswith("CREATE UNIQUE INDEX ux_sync_runs_one_active ON ")
    assert condition in statement


async def test_the_revision_is_the_head_of_the_migrations(shop: Shop) -> None:
    assert migrations().get_heads() == [HEAD]
    assert await shop.value("SELECT version_num FROM alembic_version") == HEAD


def test_revisions_sort_in_their_order() -> None:
    newest_first = [script.revision for script in migrations().walk_revisions()]
    assert newest_first == sorted(newest_first, reverse=True), "a newer database is recognised by comparing"


@pytest.mark.parametrize("table", CONTRACT)
async def test_every_promised_column_is_there(shop: Shop, table: str) -> None:
    columns = {column["name"] for column in inspect(plain_engine(shop.database.location)).get_columns(table)}
    assert columns >= set(CONTRACT[table].split())


async def test_a_migration_that_is_killed_half_way_leaves_the_old_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "catalog.db"

    def killed(connection: Connection) -> None:
        migrate(connection)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sqlite_backend, "migrate", killed)
        with pytest.raises(KeyboardInterrupt):
            Database.open(path)
    with closing(sqlite3.connect(path)) as look:
        assert look.execute("SELECT name FROM sqlite_master").fetchall() == []
    await Database.open(path).close()
    with closing(sqlite3.connect(path)) as look:
        assert look.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)


KILLED_HALF_WAY = """
import os, signal, sys
from pathlib import Path
from alembic import op
from console.store.database import Database

def create_index(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

op.create_index = create_index  # the last step of the migration: columns and a table are there by then
Database.open(Path(sys.argv[1]))
"""


def test_kill_9_in_the_middle_of_a_migration_leaves_the_old_schema_and_the_next_start_migrates(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    make_older(path)
    before = schema_of(path)
    killed = subprocess.run([sys.executable, "-c", KILLED_HALF_WAY, path], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert schema_of(path) == before
    with closing(sqlite3.connect(path)) as look:
        assert look.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert look.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
        assert look.execute("SELECT id FROM products").fetchall() == [("kept",)]
    asyncio.run(Database.open(path).close())
    with closing(sqlite3.connect(path)) as look:
        assert look.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)
        assert look.execute("SELECT id FROM products").fetchall() == [("kept",)]


def schema_of(path: Path) -> list[tuple[str]]:
    """Every statement that the schema is made of."""
    with closing(sqlite3.connect(path)) as look:
        return look.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()


async def test_an_up_to_date_database_is_opened_without_alembic(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    import alembic.command

    def never(*_: object) -> None:
        raise AssertionError("migrated for nothing")

    monkeypatch.setattr(alembic.command, "upgrade", never)
    await Database.open(database.location).close()


async def test_beside_another_writer_nothing_is_made(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    path.touch()
    with pytest.raises(DatabaseEmpty, match="has no tables yet: start g2a-console, or sync once"):
        Database.open(path, is_only_writer=False)
    assert path.stat().st_size == 0
