"""What the database refuses, in the operator's terms."""

import sqlite3

import pytest
from sqlalchemy.exc import InvalidRequestError, OperationalError

from console.store.errors import in_plain_words

SAID = {
    "database or disk is full": "the disk is full: make room, then sync again",
    "attempt to write a readonly database": "the database is read-only: give yourself the right",
    "unable to open database file": "the database file cannot be opened: check that its folder exists",
    "database is locked": "another program keeps the database locked: end it, then try again",
    "file is not a database": "the file is no SQLite database: move it away",
    "database disk image is malformed": "the database is damaged: move it away and restore a backup",
    "disk I/O error": "the disk reports an error: check it",
}


@pytest.mark.parametrize(("error", "advice"), SAID.items())
def test_a_known_fault_comes_with_what_to_do(error: str, advice: str) -> None:
    said = in_plain_words(sqlite3.OperationalError(error))
    assert said.startswith(f"The database refused: {advice}")
    assert said.endswith(f" ({error}).")


def test_an_unknown_fault_is_told_as_it_is() -> None:
    assert in_plain_words(sqlite3.OperationalError("no such table: x")) == ("The database refused: no such table: x.")
    assert in_plain_words(InvalidRequestError("closed")) == "The database refused: closed."


def test_neither_statement_nor_values_are_told() -> None:
    error = OperationalError(
        "INSERT INTO products VALUES (?)", ("hunter2",), sqlite3.OperationalError("disk I/O error")
    )
    assert "hunter2" not in in_plain_words(error)
    assert "INSERT" not in in_plain_words(error)


def test_text_from_outside_is_shown_harmless_and_short() -> None:
    said = in_plain_words(sqlite3.OperationalError("no such column: \x1b[2J\n" + "x" * 5_000))
    assert "␛[2J⏎xxx" in said
    assert len(said) < 300
