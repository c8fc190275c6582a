"""Writing settings into a `.env`: what is written is read back, and nothing else in the file is touched."""

import stat
from pathlib import Path

import pytest
from dotenv import dotenv_values
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.env_file import write_env_file
from console.settings import SettingsError, read_env_file

PRINTABLE = st.text(st.characters(exclude_categories=("C", "Z")), max_size=40)
LINES = st.lists(
    st.sampled_from(["# a comment", "", "OTHER=1", "export G2A_CLIENT_ID=old", "G2A_CLIENT_ID = 'x y'", "LAST"])
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=PRINTABLE, secret=PRINTABLE, lines=LINES, ends=st.booleans())
def test_what_is_written_is_read_back_whatever_stood_there(
    tmp_path: Path, value: str, secret: str, lines: list[str], ends: bool
) -> None:
    file = tmp_path / ".env"
    file_text = "\n".join(lines) + ("\n" if ends else "")
    file.write_text(file_text, "utf-8")
    before = dict(dotenv_values(file, interpolate=False))
    write_env_file(file, {"G2A_CLIENT_ID": value, "G2A_CLIENT_SECRET": secret})
    assert dict(read_env_file(file)) == {**before, "G2A_CLIENT_ID": value, "G2A_CLIENT_SECRET": secret}
    kept = [line for line in lines if line and "G2A_CLIENT_ID" not in line]
    assert [line for line in file.read_text("utf-8").splitlines() if line and not line.startswith("G2A_")] == kept


def test_a_file_that_others_could_read_is_the_owners_alone_afterwards(tmp_path: Path) -> None:
    file = tmp_path / "home" / ".env"
    write_env_file(file, {"A": "1"})
    file.chmod(0o644)
    write_env_file(file, {"A": "2"})
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in file.parent.iterdir()] == [".env"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / ".env"
    real.write_text("B=1\n")
    link.symlink_to(real)
    write_env_file(link, {"A": "1"})
    assert link.is_symlink()
    assert real.read_text() == "B=1\nA='1'\n"


def test_a_file_that_is_no_text_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="not UTF-8"):
        write_env_file(file, {"A": "1"})
    assert file.read_bytes() == b"\xff\xfe"


def test_where_nothing_can_be_written_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file, not a folder")
    with pytest.raises(SettingsError, match="cannot be written"):
        write_env_file(tmp_path / "home" / ".env", {"A": "1"})
