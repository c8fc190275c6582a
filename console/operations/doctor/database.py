"""The database, and the SQLite under it."""

import sqlite3
from pathlib import Path

from console.home import Home
from console.operations.checks import Check, doubtful, fine, wrong
from console.operations.location import database_location
from console.settings import Settings
from console.store.checkup import look_over
from console.store.errors import StoreError
from console.store.location import SqliteFile
from console.store.migrations import HEAD
from console.store.place import check_place

_LOOK_SECONDS = 10.0
_FIXED = (3, 51, 3)
_FIXED_BEFORE = {(3, 50): 7, (3, 44): 6}
"""Older lines that were given the same correction, and from which release."""


def look_at_database(settings: Settings, home: Home) -> list[Check]:
    """The file or the server, whether it is sound, its schema, and what it holds."""
    location = database_location(settings, home)
    if not isinstance(location, SqliteFile):
        from console.operations.server_care import look_at_server  # noqa: PLC0415 - few have PostgreSQL

        return look_at_server(location)
    return _look_at_file(location.path, home)


def _look_at_file(path: Path, home: Home) -> list[Check]:
    is_to_be_made = not path.parent.exists() and path.parent == home.root
    try:
        if not is_to_be_made:
            check_place(path)
        if is_to_be_made or not path.exists():
            return [fine("database", f"{path}, made by the first start or sync")]
        found = look_over(path, _LOOK_SECONDS)
    except StoreError as error:
        return [wrong("database", str(error), "`g2a-console db check` looks closer.")]
    size = sum(each.stat().st_size for each in path.parent.glob(f"{path.name}*") if each.name in _names(path.name))
    schema = f"schema {found.revision or 'none yet'}"
    said = f"{path} ({size / 1e6:.1f} MB), {schema}, {found.active_products:,} active products"
    if found.damage:
        return [wrong("database", f"{said}. It is damaged: {found.damage}.", "Restore a backup.")]
    if found.revision not in (None, HEAD):
        return [doubtful("database", f"{said}. The schema is older than {HEAD}.", "`g2a-console db upgrade`.")]
    return [fine("database", said)]


def look_at_sqlite(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> list[Check]:
    """Whether this SQLite has the fault of older ones."""
    said = "SQLite " + ".".join(map(str, version))
    fixed_in = _FIXED_BEFORE.get(version[:2])
    if version >= _FIXED or (fixed_in is not None and version[2] >= fixed_in):
        return [fine("sqlite", said)]
    return [
        doubtful(
            "sqlite",
            f"{said} can damage a database when two connections write or checkpoint at the same instant. It is safe "
            "here: g2a-console has one connection that writes, and that alone checkpoints.",
            "Let no other program write into the database, and use SQLite 3.51.3 or later when you can.",
        )
    ]


def _names(name: str) -> tuple[str, ...]:
    return (name, f"{name}-wal", f"{name}-shm")
