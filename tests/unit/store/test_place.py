"""Where the database lies: what is in its way is told exactly, at the start, and nothing is harmed."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.disks import fixed, give_room, small_disk

ROOT = Path(__file__).resolve().parents[3]
OPEN = """
import asyncio, os, sys, tempfile
from pathlib import Path
from console.store.database import Database
from console.store.errors import StoreError

def open_and_close(path):
    asyncio.run(Database.open(path).close())

user = int(sys.argv[2])
if user != os.geteuid():
    with tempfile.TemporaryDirectory() as folder:
        open_and_close(Path(folder, "x.db"))  # whoever it becomes may not read the libraries: load them all before
    os.setgid(user)
    os.setuid(user)
try:
    open_and_close(Path(sys.argv[1]))
except StoreError as error:
    print(error)
"""
NOBODY = 65_534


def told(path: Path, user: int | None = None) -> str:
    """What a process of that user is told that opens the database; nothing where it can."""
    line = [sys.executable, "-c", OPEN, str(path), str(os.geteuid() if user is None else user)]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def make(path: Path) -> bytes:
    """Make a database; returns what is in it."""
    assert told(path) == ""
    return path.read_bytes()


def test_a_file_that_is_read_only_is_told(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    before = make(path)
    with fixed(path):
        assert told(path) == (
            f"The database {path} cannot be written: give yourself the right, or set DATABASE_URL to another."
        )
    assert path.read_bytes() == before


@pytest.mark.parametrize("is_there", [True, False])
def test_a_folder_that_is_read_only_is_told(tmp_path: Path, is_there: bool) -> None:
    path = tmp_path / "data" / "catalog.db"
    path.parent.mkdir()
    if is_there:
        make(path)
    with fixed(path.parent):
        assert told(path) == (
            f"The folder {path.parent}, where the database is to be, cannot be written, which SQLite must: "
            "give yourself the right, or set DATABASE_URL to another."
        )
    assert path.exists() is is_there


def a_folder(path: Path) -> str:
    """A folder in its place."""
    path.mkdir()
    return f"The database {path} is a folder: set DATABASE_URL to another, to a file."


def a_pipe(path: Path) -> str:
    """A pipe in its place."""
    os.mkfifo(path)
    return f"The database {path} is no ordinary file: set DATABASE_URL to another."


def a_dangling_link(path: Path) -> str:
    """A link to a folder that is not there."""
    path.symlink_to(path.parent / "missing" / "catalog.db")
    return f"The database {path} cannot be opened: No such file or directory: set DATABASE_URL to another."


@pytest.mark.parametrize("put", [a_folder, a_pipe, a_dangling_link])
def test_what_is_no_file_is_told(tmp_path: Path, put: Callable[[Path], str]) -> None:
    path = tmp_path / "catalog.db"
    said = put(path)
    assert told(path) == said


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    assert told(tmp_path / "data" / "catalog.db") == (
        f"The folder {tmp_path}/data, where the database is to be, is no folder: set DATABASE_URL to another."
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_whoever_has_no_right_is_told() -> None:
    with tempfile.TemporaryDirectory() as folder:  # not pytest's: nobody may look into that
        Path(folder).chmod(0o711)
        data = Path(folder, "data")
        data.mkdir(0o700)
        assert "which SQLite must: give yourself the right" in told(data / "catalog.db", NOBODY)
        make(data / "catalog.db")
        data.chmod(0o777)
        assert "catalog.db cannot be read: give yourself the right" in told(data / "catalog.db", NOBODY)
        (data / "catalog.db").chmod(0o644)
        assert "catalog.db cannot be written: give yourself the right" in told(data / "catalog.db", NOBODY)
        data.chmod(0o755)
        assert "which SQLite must: give yourself the right" in told(data / "catalog.db", NOBODY)
        Path(folder).chmod(0o700)
        assert "cannot be opened: you have no right to it" in told(data / "catalog.db", NOBODY)


@pytest.mark.parametrize("size", ["4k", "64k"])
def test_a_disk_that_is_full_before_the_tables_are_made_is_told_and_all_is_well_when_there_is_room(
    tmp_path: Path, size: str
) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, size):
        assert "the disk is full: make room" in told(disk / "catalog.db")
        give_room(disk)
        assert told(disk / "catalog.db") == ""
