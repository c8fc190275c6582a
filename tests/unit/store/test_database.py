"""The database: private, in one piece, and never harmed by a file that is not ours."""

import asyncio
import hashlib
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from console.store import sqlite_backend as module
from console.store.database import Database
from console.store.errors import DatabaseUnusable, StoreError
from console.store.location import SqliteFile
from tests.unit.store.conftest import Shop, add_category, select


@pytest.fixture
def loose_umask() -> Iterator[None]:
    """A user who lets everybody read everything."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def path(made_once: Path, tmp_path: Path) -> Path:
    """A database with all tables that nobody has open."""
    return Path(shutil.copy(made_once, tmp_path / "catalog.db"))


@pytest.fixture
def location(path: Path) -> SqliteFile:
    """These are about files alone."""
    return SqliteFile(path)


def files(folder: Path) -> list[Path]:
    """What lies in a folder."""
    return sorted(folder.iterdir())


def digest(path: Path) -> str:
    """What identifies every byte of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def pragma(connection: Connection, name: str) -> object:
    """The value of a pragma on this connection."""
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


# -- what is opened ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("loose_umask")
async def test_the_database_and_its_log_are_for_their_owner_alone(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "catalog.db")
    await database.write(add_category, 1)
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in files(tmp_path)}
    await database.close()
    assert modes == dict.fromkeys(["catalog.db", "catalog.db-wal", "catalog.db-shm"], 0o600)


async def test_a_database_is_opened_again_with_what_is_in_it(tmp_path: Path) -> None:
    first = Database.open(tmp_path / "catalog.db")
    await first.write(add_category, 1)
    await first.close()
    second = Database.open(tmp_path / "catalog.db")
    assert await second.read(select, "SELECT id, name FROM categories") == [(1, "Games")]
    await second.close()


@pytest.mark.parametrize("name", ["a b", "a?b", "a%41b", "a#b", "é", "a:b", "a'b", '"'])
async def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    database = Database.open(tmp_path / name / "catalog.db")
    await database.write(add_category, 1)
    await database.close()
    assert [each.name for each in files(tmp_path / name)] == ["catalog.db"]
    assert [each.name for each in files(tmp_path)] == [name], "nothing was made beside it"


async def test_the_writer_writes_ahead_and_keeps_foreign_keys(database: Database) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "query_only", "wal_autocheckpoint")

    def look(connection: Connection) -> dict[str, object]:
        return {name: pragma(connection, name) for name in names}

    assert await database.write(look) == {
        "journal_mode": "wal",
        "synchronous": 1,
        "foreign_keys": 1,
        "busy_timeout": 5_000,
        "query_only": 0,
        "wal_autocheckpoint": 1_000,
    }
    limit = await database.write(pragma, "journal_size_limit")
    assert limit == 64 * 1024 * 1024


async def test_readers_cannot_write_nor_checkpoint(database: Database) -> None:
    assert await database.read(pragma, "query_only") == 1
    assert await database.read(pragma, "wal_autocheckpoint") == 0
    assert await database.read(pragma, "busy_timeout") == 5_000
    with pytest.raises(StoreError, match="the database is read-only"):
        await database.read(add_category, 1)
    assert await database.read(select, "SELECT * FROM categories") == []


async def test_beside_another_writer_nothing_is_checkpointed(database: Database) -> None:
    beside = Database.open(database.path, is_only_writer=False)
    assert await beside.write(pragma, "wal_autocheckpoint") == 0
    assert await beside.write(add_category, 2) == 2
    await beside.close()
    assert await database.read(select, "SELECT id FROM categories") == [(2,)]


async def test_a_foreign_key_is_kept(database: Database) -> None:
    def orphan(connection: Connection) -> None:
        connection.exec_driver_sql("INSERT INTO product_categories (product_id, category_id) VALUES ('1', 1)")

    with pytest.raises(StoreError, match="FOREIGN KEY constraint failed"):
        await database.write(orphan)


# -- what is refused --------------------------------------------------------------------------------------------------


def foreign(path: Path) -> None:
    """The database of another program."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
        connection.commit()


def foreign_with_alembic(path: Path) -> None:
    """The database of another program that uses Alembic as well, and counts its revisions as we do."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('0001')")
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
        connection.commit()


def foreign_with_a_hash(path: Path) -> None:
    """The database of another program, with a revision as Alembic makes them up."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('00c0ffee')")
        connection.commit()


def newer(path: Path) -> None:
    """A database of ours, of a version to come."""
    asyncio.run(Database.open(path).close())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.execute("ALTER TABLE products ADD COLUMN hologram TEXT")
        connection.commit()


def no_database(path: Path) -> None:
    """A file of something else."""
    path.write_bytes(b"PK\x03\x04 this is a spreadsheet" * 500)


def cut_off(path: Path) -> None:
    """The beginning of a database of ours."""
    asyncio.run(Database.open(path).close())
    path.write_bytes(path.read_bytes()[:5_000])


def damaged_inside(path: Path) -> None:
    """A database of ours of the right length, with other bytes in the middle."""
    asyncio.run(Database.open(path).close())
    with path.open("r+b") as file:
        file.seek(8 * 4_096)
        file.write(b"\xa5" * 8 * 4_096)


def foreign_that_writes_ahead(path: Path) -> None:
    """The database of another program that ended well, in SQLite's other way to write."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
        connection.commit()


def without_revision(path: Path) -> None:
    """A database of ours whose schema nobody knows."""
    asyncio.run(Database.open(path).close())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM alembic_version")
        connection.commit()


REFUSED = {
    foreign: "holds the tables of another program: set DATABASE_URL",
    foreign_with_alembic: "holds the tables of another program",
    foreign_with_a_hash: "holds the tables of another program",
    newer: r"made by a newer g2a-console \(schema 9999, this one knows \d+\): update g2a-console",
    no_database: "the file is no SQLite database: move it away, or set DATABASE_URL",
    cut_off: "the database is damaged: move it away and restore a backup",
    damaged_inside: "the database is damaged: move it away and restore a backup",
    foreign_that_writes_ahead: "holds the tables of another program",
    without_revision: "does not say which schema it has",
}


@pytest.mark.parametrize("is_only_writer", [True, False])
@pytest.mark.parametrize(("make", "said"), REFUSED.items(), ids=lambda each: getattr(each, "__name__", ""))
def test_what_is_not_ours_is_refused_and_left_as_it_is(
    tmp_path: Path, make: Callable[[Path], None], said: str, is_only_writer: bool
) -> None:
    path = tmp_path / "catalog.db"
    make(path)
    if make is damaged_inside and not is_only_writer:
        pytest.skip("a short command beside the engine does not look for damage")
    before = digest(path)
    with pytest.raises(DatabaseUnusable, match=said):
        Database.open(path, is_only_writer=is_only_writer)
    assert digest(path) == before
    assert [each.name for each in files(tmp_path)] == ["catalog.db"]


@pytest.mark.parametrize("is_only_writer", [True, False])
def test_a_foreign_database_whose_program_was_killed_keeps_what_it_has_not_written_back(
    tmp_path: Path, is_only_writer: bool
) -> None:
    theirs, path = tmp_path / "theirs.db", tmp_path / "catalog.db"
    with closing(sqlite3.connect(theirs)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
        connection.commit()
        for ending in ("", "-wal", "-shm"):
            shutil.copy(f"{theirs}{ending}", f"{path}{ending}")
    before = digest(path), digest(tmp_path / "catalog.db-wal")
    with pytest.raises(DatabaseUnusable, match="holds the tables of another program"):
        Database.open(path, is_only_writer=is_only_writer)
    assert (digest(path), digest(tmp_path / "catalog.db-wal")) == before


def test_a_refused_database_can_be_used_by_its_owner_at_once(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    foreign(path)
    with pytest.raises(DatabaseUnusable):
        Database.open(path)
    with closing(sqlite3.connect(path, timeout=0)) as owner:
        owner.execute("DROP TABLE bookmarks")


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        DatabaseUnusable, match=r"The folder .*/x, where the database is to be, does not exist: make it"
    ):
        Database.open(tmp_path / "x" / "catalog.db")


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable, match="is a folder: set DATABASE_URL"):
        Database.open(tmp_path)


async def test_a_write_has_the_database_to_itself_from_its_first_moment(database: Database) -> None:
    def try_to_write_meanwhile(_: Connection) -> str:
        with closing(sqlite3.connect(database.path, timeout=0, isolation_level=None)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                return str(error)
        return "went in between"

    assert await database.write(try_to_write_meanwhile) == "database is locked"


async def test_a_lock_of_another_program_is_told_and_outlived(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BUSY_TIMEOUT_MS", 20)
    database = Database.open(path)
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match="another program keeps the database locked"):
                await database.write(add_category, 1)
            other.execute("ROLLBACK")
        await database.write(add_category, 1)
        assert await database.read(select, "SELECT id FROM categories") == [(1,)]
    finally:
        await database.close()


async def test_a_full_disk_is_told_and_all_is_well_when_there_is_room(database: Database, shop: Shop) -> None:
    def limit_pages(connection: Connection, pages: int) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    def add_much(connection: Connection) -> None:
        add_category(connection, 1, "x" * 1_000_000)

    await database.write(limit_pages, int(await shop.value("PRAGMA page_count")) + 5)
    with pytest.raises(StoreError, match="the disk is full: make room, then sync again"):
        await database.write(add_much)
    await database.write(add_category, 2)
    await database.write(limit_pages, 1_000_000)
    await database.write(add_much)
    assert await shop.rows("SELECT id FROM categories ORDER BY id") == [(1,), (2,)]
    assert await shop.value("PRAGMA integrity_check") == "ok"


async def test_closing_waits_for_what_is_being_written_and_may_be_done_twice(path: Path) -> None:
    database = Database.open(path)
    writing = [asyncio.create_task(database.write(add_category, number)) for number in range(20)]
    await asyncio.sleep(0)
    await database.close()
    await asyncio.gather(*writing)
    await database.close()
    with closing(sqlite3.connect(path)) as look:
        assert look.execute("SELECT count(*) FROM categories").fetchone() == (20,)
    assert [each.name for each in files(path.parent)] == ["catalog.db"], "the log was written back"


async def test_a_closed_database_says_so(path: Path) -> None:
    database = Database.open(path)
    await database.close()
    with pytest.raises(StoreError, match="The database is closed"):
        await database.write(add_category, 1)
    with pytest.raises(StoreError, match="The database is closed"):
        await database.read(select, "SELECT 1")


async def test_an_error_of_a_disk_without_room_is_told_as_such(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Connection) -> None:
        raise OperationalError("COMMIT", {}, sqlite3.OperationalError("disk I/O error"))

    with pytest.raises(StoreError, match="the disk reports an error"):
        await database.write(refuse)
    monkeypatch.setattr(module, "is_full", lambda _: True)
    with pytest.raises(StoreError, match="the disk is full: make room"):
        await database.write(refuse)
