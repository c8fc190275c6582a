"""A thorough look at the database, while others may use it."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from console.store.errors import DatabaseUnusable, in_plain_words
from console.store.inspection import find_damage, inspect, open_to_look
from console.store.migrations import HEAD
from console.store.sqlite_search import find_strays

_FOR_EVER_SECONDS = 86_400.0
_STEPS_BETWEEN_LOOKS = 100_000


class Checkup(msgspec.Struct, frozen=True, kw_only=True):
    """What was found. `damage` is the first of it, `lost_references` how many rows point to none, `strays` how many
    products the search would not find as they are.
    """

    revision: str | None
    journal_mode: str
    damage: str | None
    lost_references: int
    strays: int


def check_up(path: Path) -> Checkup:
    """Look at every page of the database and at what points to what. Blocks, for seconds where it is large.

    Raises:
        DatabaseUnusable: it cannot be read, or it is not ours.
    """
    revision = inspect(path, seconds=0)
    is_over = threading.Event()
    try:
        with ThreadPoolExecutor(1) as beside, open_to_look(path, while_others_write=True) as connection:
            # SQLite looks at the pages, and Python at the words: side by side they take half as long
            searching = beside.submit(_find_strays, path, is_over) if revision == HEAD else None
            try:
                (journal_mode,) = connection.execute("PRAGMA journal_mode").fetchone()
                damage = find_damage(connection, _FOR_EVER_SECONDS, thoroughly=True)
                lost = sum(1 for _ in connection.execute("PRAGMA foreign_key_check"))
                strays = searching.result() if searching and not damage else 0
            finally:
                is_over.set()
    except sqlite3.Error as error:
        raise DatabaseUnusable(f"{path}: {in_plain_words(error)}") from None
    return Checkup(
        revision=revision, journal_mode=str(journal_mode), damage=damage, lost_references=lost, strays=strays
    )


def _find_strays(path: Path, is_over: threading.Event) -> int:
    """`find_strays` on a connection of its own, given up when nobody wants to know any more."""
    with open_to_look(path, while_others_write=True) as connection:
        connection.set_progress_handler(is_over.is_set, _STEPS_BETWEEN_LOOKS)
        return find_strays(connection)


class LookedOver(msgspec.Struct, frozen=True, kw_only=True):
    """What a quick look has found."""

    revision: str | None
    damage: str | None
    active_products: int


def look_over(path: Path, seconds: float) -> LookedOver:
    """Look at the database for no longer than that, and count what it holds. Blocks.

    Raises:
        DatabaseUnusable: it cannot be read, or it is not ours.
    """
    revision = inspect(path, seconds=0)
    if revision is None:
        return LookedOver(revision=None, damage=None, active_products=0)
    try:
        with open_to_look(path, while_others_write=True) as connection:
            damage = find_damage(connection, seconds)
            (active,) = connection.execute("SELECT count(*) FROM products WHERE is_active").fetchone()
    except sqlite3.Error as error:
        raise DatabaseUnusable(f"{path}: {in_plain_words(error)}") from None
    return LookedOver(revision=revision, damage=damage, active_products=active)
