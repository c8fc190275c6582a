"""Preferences: what was chosen is there at the next start, and nothing that stands in the file stops the console."""

import json
import logging
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from console import preferences
from console.preferences import PreferenceKeeper, Preferences


def until(condition: Callable[[], object]) -> None:
    """Wait for what another thread does."""
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the preferences are kept."""
    return tmp_path / "console.json"


def kept(path: Path) -> dict[str, object]:
    """What stands in the file."""
    found: dict[str, object] = json.loads(path.read_text())
    return found


def test_without_a_file_everything_has_its_default_and_none_is_made(path: Path) -> None:
    assert PreferenceKeeper(path).current == Preferences()
    assert not path.exists()


def test_what_was_chosen_is_there_at_the_next_start_for_its_owner_alone(path: Path) -> None:
    keeper = PreferenceKeeper(path)
    keeper.change(theme="light", mouse=False)
    keeper.change(signs="ascii")
    keeper.close()
    assert PreferenceKeeper(path).current == Preferences(theme="light", mouse=False, signs="ascii")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["console.json"]


def test_a_change_is_in_force_at_once_without_waiting_for_the_disk(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk, written = threading.Event(), []

    def slow(to: Path, text: str) -> None:
        disk.wait(5)
        written.append(json.loads(text))

    monkeypatch.setattr(preferences, "replace_file", slow)
    keeper = PreferenceKeeper(path)
    keeper.change(theme="a")
    until(lambda: not keeper._unsaved)
    for theme in "bcdef":
        keeper.change(theme=theme)
    assert keeper.current.theme == "f"
    assert not written
    disk.set()
    keeper.close()
    assert [each["theme"] for each in written] == ["a", "f"], "what came while one was written is one more"


NONSENSE = {
    "empty": b"",
    "cut": b"{",
    "bytes": b"\xff\xfe",
    "bytes inside": b'{"theme": "\xff"}',
    "deep": b"[" * 100_000,
    "list": b"[1, 2]",
    "null": b"null",
    "newer": b'{"version": 2, "mouse": false}',
    "foreign": b'{"version": "x"}',
    "huge": b"[" + b"1," * 600_000,
}


@pytest.mark.parametrize("content", NONSENSE.values(), ids=NONSENSE)
def test_a_file_that_cannot_be_understood_counts_as_none_and_stays_until_something_is_changed(
    path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        keeper = PreferenceKeeper(path)
    assert keeper.current == Preferences()
    assert "the preferences are the defaults until one is changed" in caplog.text
    keeper.close()
    assert path.read_bytes() == content
    keeper.change(bell=False)
    keeper.close()
    assert kept(path) == {"version": 1, "bell": False}


def test_a_folder_or_a_pipe_in_its_place_is_told_of_and_stops_nothing(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.mkdir()
    keeper = PreferenceKeeper(path)
    keeper.change(theme="light")
    keeper.close()
    assert keeper.current.theme == "light"
    assert "is no file" in caplog.text
    assert "could not be written" in caplog.text


def test_a_member_that_makes_no_sense_has_its_default_and_the_others_count(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.write_text('{"theme": 5, "mouse": "no", "signs": "emoji", "bell": false, "log_level": "ERROR"}')
    assert PreferenceKeeper(path).current == Preferences(bell=False, log_level="ERROR")
    for name in ("theme", "mouse", "signs"):
        assert f"{name} is not used" in caplog.text


def test_members_that_this_console_does_not_know_or_another_has_changed_stay(path: Path) -> None:
    path.write_text('{"version": 1, "layout": {"wide": [1, 2]}, "bell": true}')
    mine, other = PreferenceKeeper(path), PreferenceKeeper(path)
    other.change(bell=False)
    other.close()
    mine.change(theme="light")
    mine.close()
    assert kept(path) == {"version": 1, "layout": {"wide": [1, 2]}, "bell": False, "theme": "light"}


def test_a_preference_that_does_not_exist_is_an_error_of_whoever_changes_it() -> None:
    with pytest.raises(TypeError):
        PreferenceKeeper().change(colour="red")
