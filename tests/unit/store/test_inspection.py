"""Looking for damage: what was not looked at to its end is not said to be sound."""

import sqlite3
from contextlib import closing

import pytest

from console.store.inspection import find_damage


def filled() -> sqlite3.Connection:
    """A database that takes SQLite more than a moment to look through."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE numbers (number INTEGER, text TEXT)")
    connection.execute("CREATE INDEX by_text ON numbers (text)")
    connection.execute(
        "WITH RECURSIVE counted (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM counted WHERE number < 20000) "
        "INSERT INTO numbers SELECT number, number || ' bottles' FROM counted"
    )
    return connection


def test_ctrl_c_in_the_middle_is_no_sound_database(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = 0

    def monotonic() -> float:
        nonlocal looks
        looks += 1
        if looks == 2:  # the first look at the clock within SQLite, where Python tells of a Ctrl+C
            raise KeyboardInterrupt
        return 0.0

    with closing(filled()) as connection:
        monkeypatch.setattr("console.store.inspection.time.monotonic", monotonic)
        with pytest.raises(KeyboardInterrupt):
            find_damage(connection, 1.0)
        monkeypatch.undo()
        assert looks > 2
        assert find_damage(connection, 60.0) is None
