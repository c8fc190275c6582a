"""The home: which folder it is, what lies where in it, and that only its owner can read it."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import platformdirs
import pytest

from console.home import Home, find_home
from console.settings import SettingsError


@pytest.fixture
def loose_umask() -> Iterator[None]:
    """A user who lets everybody read everything."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    """The permissions of a file or folder."""
    return stat.S_IMODE(path.stat().st_mode)


def test_the_option_comes_first(tmp_path: Path) -> None:
    (tmp_path / ".env").touch()
    home = find_home("/srv/a", {"G2A_CONSOLE_HOME": "/srv/b"}, tmp_path)
    assert home.root == Path("/srv/a")


def test_then_the_environment(tmp_path: Path) -> None:
    (tmp_path / ".env").touch()
    assert find_home(None, {"G2A_CONSOLE_HOME": "/srv/b"}, tmp_path).root == Path("/srv/b")
    assert find_home("", {"G2A_CONSOLE_HOME": "/srv/b"}, tmp_path).root == Path("/srv/b")


def test_then_the_current_folder_when_it_holds_settings(tmp_path: Path) -> None:
    (tmp_path / ".env").touch()
    assert find_home(None, {"G2A_CONSOLE_HOME": ""}, tmp_path).root == tmp_path


def test_else_the_data_folder_of_the_user(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()  # a folder holds no settings
    assert find_home(None, {}, tmp_path).root == Path(platformdirs.user_data_dir("g2a-console"))


def test_a_relative_home_lies_below_the_current_folder(tmp_path: Path) -> None:
    assert find_home("data", {}, tmp_path).root == tmp_path / "data"


def test_a_tilde_is_the_folder_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/alice")
    assert find_home("~/g2a", {}, tmp_path).root == Path("/home/alice/g2a")


def test_a_tilde_with_a_user_that_does_not_exist_is_a_folder_of_that_name(tmp_path: Path) -> None:
    assert find_home("~no-such-user-here/g2a", {}, tmp_path).root == tmp_path / "~no-such-user-here" / "g2a"


def test_everything_lies_where_the_contract_says(tmp_path: Path) -> None:
    home = Home(tmp_path)
    places = (home.env_file, home.log_file, home.lock_file, home.run_folder)
    assert [str(place.relative_to(tmp_path)) for place in places] == [
        ".env",
        "logs/product_sync_scheduler.log",
        "run/runner.lock",
        "run",
    ]


def test_the_demo_has_a_home_of_its_own(tmp_path: Path) -> None:
    demo = Home(tmp_path).demo
    assert demo.root.parent == tmp_path
    assert {demo.env_file, demo.log_file, demo.lock_file}.isdisjoint(
        {Home(tmp_path).env_file, Home(tmp_path).log_file, Home(tmp_path).lock_file}
    )


@pytest.mark.usefixtures("loose_umask")
def test_the_folders_are_for_their_owner_alone(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.prepare()
    assert [mode(folder) for folder in (home.root, home.log_file.parent, home.run_folder)] == [0o700] * 3


def test_preparing_twice_keeps_what_is_there(tmp_path: Path) -> None:
    home = Home(tmp_path / "deep" / "home")
    home.prepare()
    home.env_file.write_text("SYNC_CONCURRENCY=3")
    home.prepare()
    assert home.env_file.read_text() == "SYNC_CONCURRENCY=3"


def test_a_file_in_the_way_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "logs").touch()
    with pytest.raises(SettingsError) as refusal:
        Home(tmp_path).prepare()
    assert str(refusal.value) == (
        f"The folder {tmp_path}/logs cannot be made (File exists): choose another with --home."
    )


def test_a_home_that_is_a_file_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    with pytest.raises(SettingsError, match="home cannot be made"):
        Home(tmp_path / "home").prepare()


def test_a_folder_that_cannot_be_written_is_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path) != tmp_path / "run")  # root may write everywhere
    with pytest.raises(SettingsError) as refusal:
        Home(tmp_path).prepare()
    assert str(refusal.value) == (
        f"The folder {tmp_path}/run cannot be written: give yourself the right, or choose another with --home."
    )


def test_a_name_that_a_terminal_would_obey_is_shown_harmless(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[31m\nb").touch()
    with pytest.raises(SettingsError) as refusal:
        Home(tmp_path / "a\x1b[31m\nb").prepare()
    assert "a␛[31m⏎b" in str(refusal.value)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620])
def test_a_file_of_settings_that_others_can_read_is_warned_of_with_what_to_do(tmp_path: Path, mode: int) -> None:
    home = Home(tmp_path / "my home")
    home.root.mkdir()
    assert home.exposed_settings() is None
    home.env_file.touch()
    home.env_file.chmod(mode)
    assert home.exposed_settings() == (
        f"Others can read or write {home.env_file}, which may hold the client secret: `chmod 600 '{home.env_file}'`."
    )
    home.env_file.chmod(0o600)
    assert home.exposed_settings() is None
