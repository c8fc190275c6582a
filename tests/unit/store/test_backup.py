"""Backups: whole or not there at all, private, sound, and before every change of the tables."""

import asyncio
import shutil
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console.store import backup as module
from console.store.backup import Backups, back_up
from console.store.database import Database
from console.store.errors import DatabaseUnusable
from console.store.location import SqliteFile
from console.store.migrations import HEAD
from tests.unit.store.conftest import add_category
from tests.unit.store.older import OLDER, make_older

NOW = datetime(2026, 11, 23, 2, 0, 0, 123_456, tzinfo=UTC)


@pytest.fixture
def location(made_once: Path, tmp_path: Path) -> SqliteFile:
    """These are about files alone."""
    return SqliteFile(Path(shutil.copy(made_once, tmp_path / "catalog.db")))


def opened(path: Path, backups: Backups) -> None:
    """Open the database as the engine does, and close it."""
    asyncio.run(Database.open(path, backups=backups).close())


def names(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(each.name for each in folder.iterdir())


def revision(path: Path) -> str:
    """The schema of a database."""
    with closing(sqlite3.connect(path)) as look:
        return str(look.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def test_before_a_migration_the_database_is_backed_up_for_its_owner_alone(tmp_path: Path) -> None:
    path, folder = tmp_path / "catalog.db", tmp_path / "backups"
    make_older(path)
    opened(path, Backups(folder, lambda: NOW))
    assert names(folder) == ["catalog-20261123T020000123456Z-schema-0001.db"]
    [backup] = folder.iterdir()
    assert (revision(backup), revision(path)) == (OLDER, HEAD)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_a_new_database_and_one_that_is_up_to_date_are_not_backed_up(tmp_path: Path) -> None:
    path, folder = tmp_path / "catalog.db", tmp_path / "backups"
    for _ in range(2):
        opened(path, Backups(folder, lambda: NOW))
    assert not folder.exists()


def test_a_backup_is_opened_as_the_database_it_was(tmp_path: Path) -> None:
    path, folder = tmp_path / "catalog.db", tmp_path / "backups"
    make_older(path)
    opened(path, Backups(folder, lambda: NOW))
    [backup] = folder.iterdir()
    shutil.copy(backup, path)
    opened(path, Backups(folder, lambda: NOW + timedelta(days=1)))
    assert revision(path) == HEAD
    with closing(sqlite3.connect(path)) as look:
        assert look.execute("SELECT id FROM products").fetchall() == [("kept",)]


def test_the_last_five_are_kept_and_what_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    older, path, folder = tmp_path / "older.db", tmp_path / "catalog.db", tmp_path / "backups"
    make_older(older)
    folder.mkdir()
    mine = ["before-black-friday.db", "catalog.db", "other-20261123T020000123456Z-schema-0001.db"]
    for name in (*mine, "catalog-20261122T020000123456Z-schema-0001.db.unfinished"):
        (folder / name).touch()
    for day in range(7):
        shutil.copy(older, path)
        moment = NOW + timedelta(days=day)
        opened(path, Backups(folder, lambda moment=moment: moment))  # type: ignore[misc]
    assert names(folder) == sorted(
        [*mine, *(f"catalog-202611{23 + day}T020000123456Z-schema-0001.db" for day in range(2, 7))]
    )


def test_a_database_that_cannot_be_backed_up_is_not_migrated(tmp_path: Path) -> None:
    path, folder = tmp_path / "catalog.db", tmp_path / "backups"
    make_older(path)
    folder.touch()
    with pytest.raises(
        DatabaseUnusable, match=r"must be backed up before .* not possible\. The folder .*/backups cannot"
    ):
        opened(path, Backups(folder, lambda: NOW))
    assert revision(path) == OLDER


async def test_a_backup_is_made_while_somebody_writes(database: Database, tmp_path: Path) -> None:
    await database.write(add_category, 1)
    target = tmp_path / "copy.db"
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO categories (id, name) VALUES (2, 'not yet')")
        back_up(database.path, target)
        other.execute("COMMIT")
    with closing(sqlite3.connect(target)) as look:
        assert look.execute("SELECT id FROM categories").fetchall() == [(1,)]
        assert look.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_nothing_is_overwritten(database: Database, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("mine")
    with pytest.raises(DatabaseUnusable, match="exists already: choose another name"):
        back_up(database.path, target)
    assert target.read_text() == "mine"


async def test_what_appears_at_the_last_moment_is_not_overwritten_either(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, seal = tmp_path / "out" / "copy.db", module._seal
    target.parent.mkdir()

    def meanwhile(copy: Path) -> None:
        seal(copy)
        target.write_text("mine")

    monkeypatch.setattr(module, "_seal", meanwhile)
    with pytest.raises(DatabaseUnusable, match="exists already"):
        back_up(database.path, target)
    assert (target.read_text(), names(target.parent)) == ("mine", ["copy.db"])


async def test_a_backup_that_is_cut_off_leaves_no_file_of_that_name(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(_: Path) -> None:
        raise KeyboardInterrupt

    folder = tmp_path / "out"
    folder.mkdir()
    monkeypatch.setattr(module, "_seal", cut_off)
    with pytest.raises(KeyboardInterrupt):
        back_up(database.path, folder / "copy.db")
    assert names(folder) == []


def test_a_damaged_database_gives_no_backup(tmp_path: Path) -> None:
    path, folder = tmp_path / "catalog.db", tmp_path / "out"
    folder.mkdir()
    asyncio.run(Database.open(path).close())
    with path.open("r+b") as file:
        file.seek(8 * 4_096)
        file.write(b"\xa5" * 8 * 4_096)
    with pytest.raises(DatabaseUnusable, match="damaged"):
        back_up(path, folder / "copy.db")
    assert names(folder) == []


def test_there_must_be_something_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable, match=r"There is no database .* yet: the first sync makes it"):
        back_up(tmp_path / "catalog.db", tmp_path / "copy.db")
    asyncio.run(Database.open(tmp_path / "catalog.db").close())
    with pytest.raises(DatabaseUnusable, match="cannot be made: No such file or directory"):
        back_up(tmp_path / "catalog.db", tmp_path / "missing" / "copy.db")
