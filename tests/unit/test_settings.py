"""The settings: what each takes, what is said when it is wrong, and that no secret ever shows."""

import re
import traceback
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.settings import SecretStr, Settings, SettingsError, load_settings, with_values

EXAMPLE = Path(__file__).resolve().parents[2] / ".env.example"
NO_FILE = Path("/nowhere/.env")
NAMES = [each.name.upper() for each in fields(Settings)]

DEFAULTS: dict[str, Any] = {
    "sync_schedule_hour": 2,
    "sync_schedule_minute": 0,
    "sync_catch_up_hours": 6,
    "sync_concurrency": 8,
    "sync_max_removed_percent": 20,
    "g2a_base_url": "https://api.g2a.com",
    "g2a_client_id": "",
    "g2a_client_secret": SecretStr(""),
    "g2a_email": "",
    "g2a_auth": "auto",
    "g2a_max_requests_per_minute": 600,
    "g2a_timeout_seconds": 60,
    "g2a_include_out_of_stock": False,
    "database_url": SecretStr("sqlite:///{home}/catalog.db"),
    "log_level": "INFO",
    "log_max_megabytes": 10,
    "log_backups": 5,
}

# what each setting takes at its very ends, and what it gives
GOOD = [
    ("SYNC_SCHEDULE_HOUR", "0", 0),
    ("SYNC_SCHEDULE_HOUR", "23", 23),
    ("SYNC_SCHEDULE_HOUR", "07", 7),
    ("SYNC_SCHEDULE_MINUTE", "0", 0),
    ("SYNC_SCHEDULE_MINUTE", "59", 59),
    ("SYNC_CATCH_UP_HOURS", "0", 0),
    ("SYNC_CATCH_UP_HOURS", "8760", 8760),
    ("SYNC_CONCURRENCY", "1", 1),
    ("SYNC_CONCURRENCY", "64", 64),
    ("SYNC_MAX_REMOVED_PERCENT", "0", 0),
    ("SYNC_MAX_REMOVED_PERCENT", "100", 100),
    ("SYNC_MAX_REMOVED_PERCENT", "2.5", 2.5),
    ("G2A_BASE_URL", "https://sandboxapi.g2a.com/", "https://sandboxapi.g2a.com"),
    ("G2A_BASE_URL", "https://proxy.example/g2a", "https://proxy.example/g2a"),
    ("G2A_BASE_URL", "http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ("G2A_BASE_URL", "http://localhost", "http://localhost"),
    ("G2A_BASE_URL", "http://[::1]:80", "http://[::1]:80"),
    ("G2A_CLIENT_ID", "abc", "abc"),
    ("G2A_CLIENT_SECRET", "s3cret", SecretStr("s3cret")),
    ("G2A_EMAIL", "me@example.com", "me@example.com"),
    ("G2A_AUTH", "hash", "hash"),
    ("G2A_AUTH", "OAuth", "oauth"),
    ("G2A_AUTH", "auto", "auto"),
    ("G2A_MAX_REQUESTS_PER_MINUTE", "0", 0),
    ("G2A_MAX_REQUESTS_PER_MINUTE", "1000000", 1_000_000),
    ("G2A_TIMEOUT_SECONDS", "0.1", 0.1),
    ("G2A_TIMEOUT_SECONDS", "3600", 3600),
    ("G2A_INCLUDE_OUT_OF_STOCK", "true", True),
    ("G2A_INCLUDE_OUT_OF_STOCK", "Yes", True),
    ("G2A_INCLUDE_OUT_OF_STOCK", "1", True),
    ("G2A_INCLUDE_OUT_OF_STOCK", "on", True),
    ("G2A_INCLUDE_OUT_OF_STOCK", "FALSE", False),
    ("G2A_INCLUDE_OUT_OF_STOCK", "no", False),
    ("G2A_INCLUDE_OUT_OF_STOCK", "0", False),
    ("G2A_INCLUDE_OUT_OF_STOCK", "off", False),
    ("DATABASE_URL", "sqlite:////var/lib/x.db", SecretStr("sqlite:////var/lib/x.db")),
    ("DATABASE_URL", "postgresql+psycopg://me:x@host:5432/db", SecretStr("postgresql+psycopg://me:x@host:5432/db")),
    ("LOG_LEVEL", "debug", "DEBUG"),
    ("LOG_LEVEL", "CRITICAL", "CRITICAL"),
    ("LOG_MAX_MEGABYTES", "1", 1),
    ("LOG_MAX_MEGABYTES", "10000", 10_000),
    ("LOG_BACKUPS", "1", 1),
    ("LOG_BACKUPS", "1000", 1000),
]

BAD = [
    ("SYNC_SCHEDULE_HOUR", "24"),
    ("SYNC_SCHEDULE_HOUR", "-1"),
    ("SYNC_SCHEDULE_HOUR", "two"),
    ("SYNC_SCHEDULE_HOUR", "2.0"),
    ("SYNC_SCHEDULE_HOUR", "+2"),
    ("SYNC_SCHEDULE_HOUR", "1_0"),
    ("SYNC_SCHEDULE_HOUR", "\N{FULLWIDTH DIGIT TWO}"),
    ("SYNC_SCHEDULE_HOUR", "9" * 5_000),
    ("SYNC_SCHEDULE_MINUTE", "60"),
    ("SYNC_CATCH_UP_HOURS", "8761"),
    ("SYNC_CONCURRENCY", "0"),
    ("SYNC_CONCURRENCY", "65"),
    ("SYNC_MAX_REMOVED_PERCENT", "100.1"),
    ("SYNC_MAX_REMOVED_PERCENT", "-1"),
    ("SYNC_MAX_REMOVED_PERCENT", "nan"),
    ("SYNC_MAX_REMOVED_PERCENT", "20%"),
    ("SYNC_MAX_REMOVED_PERCENT", "1_0"),
    ("SYNC_MAX_REMOVED_PERCENT", "\N{FULLWIDTH DIGIT TWO}"),
    ("G2A_BASE_URL", "http://api.g2a.com"),
    ("G2A_BASE_URL", "api.g2a.com"),
    ("G2A_BASE_URL", "https://"),
    ("G2A_BASE_URL", "https://api.g2a.com?x=1"),
    ("G2A_BASE_URL", "https://api.g2a.com?"),
    ("G2A_BASE_URL", "https://api.g2a.com#x"),
    ("G2A_BASE_URL", "https://api .g2a.com"),
    ("G2A_BASE_URL", "https://api\n.g2a.com"),
    ("G2A_BASE_URL", "https://api.g2a.com:99999"),
    ("G2A_BASE_URL", "https://[::1"),
    ("G2A_BASE_URL", "ftp://localhost"),
    ("G2A_BASE_URL", "https://user@api.g2a.com"),
    ("G2A_BASE_URL", "https://:pass@api.g2a.com"),
    ("G2A_CLIENT_ID", "a\x1bb"),
    ("G2A_CLIENT_SECRET", "a\nb"),
    ("G2A_EMAIL", "a\x00b"),
    ("G2A_AUTH", "basic"),
    ("G2A_MAX_REQUESTS_PER_MINUTE", "-1"),
    ("G2A_MAX_REQUESTS_PER_MINUTE", "1000001"),
    ("G2A_TIMEOUT_SECONDS", "0"),
    ("G2A_TIMEOUT_SECONDS", "3601"),
    ("G2A_TIMEOUT_SECONDS", "inf"),
    ("G2A_INCLUDE_OUT_OF_STOCK", "maybe"),
    ("DATABASE_URL", "sqlite:///"),
    ("DATABASE_URL", "mysql://user:pass@host/db"),
    ("DATABASE_URL", "postgresql://user:pass@host/db"),
    ("LOG_LEVEL", "LOUD"),
    ("LOG_MAX_MEGABYTES", "0"),
    ("LOG_MAX_MEGABYTES", "10001"),
    ("LOG_BACKUPS", "0"),
    ("LOG_BACKUPS", "1001"),
]


def load(**environment: str) -> Settings:
    """The settings of an environment alone."""
    return load_settings(NO_FILE, environment)


def takes(name: str) -> str:
    """What a setting says that it takes."""
    (found,) = (each for each in fields(Settings) if each.name.upper() == name)
    return str(found.metadata["takes"])


def test_the_defaults_are_those_of_the_contract() -> None:
    assert {each.name: getattr(load(), each.name) for each in fields(Settings)} == DEFAULTS


@pytest.mark.parametrize(("name", "written", "value"), GOOD)
def test_a_setting_takes_everything_within_its_bounds(name: str, written: str, value: object) -> None:
    assert getattr(load(**{name: written}), name.lower()) == value
    assert getattr(load(**{name: f"  {written} "}), name.lower()) == value


@pytest.mark.parametrize(("name", "written"), BAD)
def test_a_bad_value_names_the_setting_and_what_it_takes(name: str, written: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        load(**{name: written})
    assert str(refusal.value).startswith(f"{name} takes {takes(name)}")
    assert str(refusal.value).endswith(": correct it in the environment.")
    assert len(str(refusal.value).splitlines()) == 1


def test_every_setting_has_a_good_and_a_bad_value_here() -> None:
    assert {name for name, _, _ in GOOD} == set(NAMES)
    assert {name for name, _ in BAD} == set(NAMES)


def test_a_bad_value_is_shown_harmless() -> None:
    with pytest.raises(SettingsError) as refusal:
        load(G2A_AUTH="\x1b[31mxxx")
    assert "not '␛[31mxxx'" in str(refusal.value)


@pytest.mark.parametrize("name", ["G2A_AUTH", "SYNC_CONCURRENCY", "LOG_LEVEL", "G2A_INCLUDE_OUT_OF_STOCK"])
def test_a_secret_that_was_put_into_another_setting_is_not_told(name: str) -> None:
    """The word hash in `G2A_AUTH takes auto, hash or oauth` invites to put it there."""
    with pytest.raises(SettingsError) as refusal:
        load(**{name: "5c1d7a6f0e9b48d2"})
    assert "5c1d" not in str(refusal.value)


def test_every_wrong_setting_is_named_in_one_go() -> None:
    with pytest.raises(SettingsError) as refusal:
        load(SYNC_CONCURRENCY="0", LOG_LEVEL="x", G2A_AUTH="y")
    assert [line.split(" ")[0] for line in str(refusal.value).splitlines()] == [
        "SYNC_CONCURRENCY",
        "G2A_AUTH",
        "LOG_LEVEL",
    ]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("G2A_CLIENT_SECRET", "hunter2\x07"),
        ("DATABASE_URL", "postgres://me:hunter2@host/db"),
        ("G2A_BASE_URL", "https://me:hunter2@host"),
        ("G2A_BASE_URL", "https://:hunter2@host"),
    ],
)
def test_a_secret_is_not_told_when_it_is_wrong(name: str, written: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        load(**{name: written})
    assert "hunter2" not in "".join(traceback.format_exception(refusal.value))


def test_a_secret_shows_nowhere_but_through_reveal() -> None:
    settings = load(G2A_CLIENT_SECRET="hunter2", DATABASE_URL="sqlite:////hunter2.db")
    secret = settings.g2a_client_secret
    assert secret.reveal() == "hunter2"
    for shown in (repr(settings), str(settings), repr(secret), str(secret), f"{secret}", "%s" % secret, repr([secret])):  # noqa: UP031
        assert "hunter2" not in shown
    assert not hasattr(secret, "__dict__")


def test_secrets_are_equal_by_their_text_and_false_when_empty() -> None:
    assert SecretStr("a") == SecretStr("a")
    assert hash(SecretStr("a")) == hash(SecretStr("a"))
    assert SecretStr("a") != SecretStr("b")
    assert SecretStr("a") != "a"
    assert SecretStr("a")
    assert not SecretStr("")


def test_the_log_is_told_the_secrets_and_nothing_else() -> None:
    assert load(G2A_CLIENT_SECRET="hunter2", G2A_CLIENT_ID="me").secrets() == ("hunter2",)
    assert load(G2A_CLIENT_ID="me").secrets() == ()


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("SYNC_SCHEDULE_HOUR=4\nSYNC_SCHEDULE_MINUTE=30\nG2A_CLIENT_ID='from file'\n")
    settings = load_settings(env, {"SYNC_SCHEDULE_HOUR": "5", "G2A_CLIENT_ID": ""})
    assert (settings.sync_schedule_hour, settings.sync_schedule_minute) == (5, 30)
    assert settings.g2a_client_id == "from file", "an empty variable says nothing"


def test_a_mistake_is_to_be_corrected_where_it_stands(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("SYNC_CONCURRENCY=0\n")
    with pytest.raises(SettingsError) as refusal:
        load_settings(env, {"LOG_BACKUPS": "0"})
    concurrency, backups = str(refusal.value).splitlines()
    assert concurrency.endswith(f"correct it in {env}.")
    assert backups.endswith("correct it in the environment.")


@pytest.mark.parametrize(
    "text",
    [
        "\N{BYTE ORDER MARK}SYNC_CONCURRENCY=3\n",
        "SYNC_CONCURRENCY=3\r\n",
        "export SYNC_CONCURRENCY='3'  # as many as the machine bears\n",
        "UNKNOWN=x\nSYNC_CONCURRENCY\nSYNC_CONCURRENCY=3",
    ],
)
def test_the_file_may_be_written_in_the_usual_ways(tmp_path: Path, text: str) -> None:
    env = tmp_path / ".env"
    env.write_bytes(text.encode())
    assert load_settings(env, {}).sync_concurrency == 3


def test_a_dollar_in_the_file_is_a_dollar(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("G2A_CLIENT_SECRET=a${HOME}b\n")
    assert load_settings(env, {"HOME": "/root"}).g2a_client_secret.reveal() == "a${HOME}b"


def test_no_file_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert load_settings(tmp_path / "missing" / ".env", {}) == Settings()
    assert load_settings(tmp_path / "file" / ".env", {}) == Settings()


def test_a_file_that_is_a_folder_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    with pytest.raises(SettingsError, match=r"\.env cannot be read: Is a directory\.$"):
        load_settings(tmp_path / ".env", {})


def test_a_file_that_may_not_be_read_is_refused_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", forbidden)
    with pytest.raises(SettingsError, match=r"\.env cannot be read: Permission denied\.$"):
        load_settings(tmp_path / ".env", {})


def test_a_file_that_is_no_text_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"G2A_CLIENT_SECRET=\xff\xfe")
    with pytest.raises(SettingsError, match=r"\.env cannot be read: it is not UTF-8 text\.$"):
        load_settings(tmp_path / ".env", {})


def test_a_path_that_no_file_can_have_is_refused_with_the_reason() -> None:
    with pytest.raises(SettingsError, match="cannot be read: File name too long"):
        load_settings(Path("/", "x" * 5_000, ".env"), {})


def test_the_example_lists_every_setting_with_its_default() -> None:
    assert load_settings(EXAMPLE, {}) == Settings()
    assert re.findall(r"^(\w+)=", EXAMPLE.read_text(), re.MULTILINE) == NAMES


@pytest.mark.parametrize("each", fields(Settings), ids=NAMES)
def test_the_example_says_of_each_setting_what_it_means_and_takes(each: Any) -> None:
    about, wanted = each.metadata["about"], each.metadata["takes"]
    comment = f"# {about[:1].upper()}{about[1:]}.\n# Takes {wanted}.\n{each.name.upper()}="
    assert comment in EXAMPLE.read_text()


@pytest.mark.parametrize(
    ("set_so", "missing"),
    [
        ({}, "set G2A_CLIENT_ID and G2A_CLIENT_SECRET in /home/x/.env"),
        ({"G2A_CLIENT_ID": "a"}, "set G2A_CLIENT_SECRET in /home/x/.env"),
        ({"G2A_CLIENT_ID": "a", "G2A_CLIENT_SECRET": "b", "G2A_AUTH": "hash"}, "set G2A_EMAIL in"),
    ],
)
def test_missing_credentials_are_named_with_the_place_to_set_them(set_so: dict[str, str], missing: str) -> None:
    assert missing in str(load(**set_so).missing_credentials(Path("/home/x/.env")))


@pytest.mark.parametrize("way", ["auto", "oauth"])
def test_only_the_hash_header_needs_an_email(way: str) -> None:
    settings = load(G2A_CLIENT_ID="a", G2A_CLIENT_SECRET="b", G2A_AUTH=way)
    assert settings.missing_credentials(NO_FILE) is None


def test_the_api_host_is_shown_with_its_port() -> None:
    assert Settings().api_host == "api.g2a.com"
    assert load(G2A_BASE_URL="http://127.0.0.1:8080/").api_host == "127.0.0.1:8080"


@given(st.sampled_from(NAMES), st.text(max_size=40))
def test_any_text_is_either_taken_or_refused_in_one_clear_line(name: str, written: str) -> None:
    said = f"{name} takes …"
    try:
        load(**{name: written})
    except SettingsError as refusal:
        said = str(refusal)
    assert said.startswith(f"{name} takes ")
    assert len(said.splitlines()) == 1


def test_what_somebody_types_is_checked_as_what_stands_in_a_file() -> None:
    settings = with_values(Settings(log_level="DEBUG"), {"G2A_CLIENT_ID": " me ", "G2A_CLIENT_SECRET": "s3cret"})
    assert (settings.g2a_client_id, settings.g2a_client_secret.reveal(), settings.log_level) == (
        "me",
        "s3cret",
        "DEBUG",
    )


def test_what_is_typed_wrongly_is_told_without_the_secret() -> None:
    with pytest.raises(SettingsError) as caught:
        with_values(Settings(), {"G2A_BASE_URL": "ftp://x", "G2A_CLIENT_SECRET": "s3\ncret"})
    assert "G2A_BASE_URL takes an https:// address" in str(caught.value)
    assert "G2A_CLIENT_SECRET takes printable text." in str(caught.value)
    assert "cret" not in str(caught.value).replace("SECRET", "")
