"""A URL of PostgreSQL: what is taken, what is said where it is not, and that its password shows nowhere."""

import traceback
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.redaction import Redactor
from console.settings import Settings, SettingsError, load_settings

TAKEN = [
    "postgresql+psycopg://shop:hunter2@db.example:5432/shop?sslmode=verify-full&sslrootcert=/etc/ca.pem",
    "postgresql+psycopg://shop:hunter2@db.example/shop",
    "postgresql+psycopg://shop@[::1]:5432/shop",
    "postgresql+psycopg:///shop?host=/run/postgresql",
    "postgresql+psycopg://sh%20op:hunter%402%2F@host/a%20b",
]
REFUSED = [
    ("postgres://shop:hunter2@host/shop", "write postgresql+psycopg:// at its beginning"),
    ("postgresql://shop:hunter2@host/shop", "write postgresql+psycopg:// at its beginning"),
    ("postgresql+psycopg2://shop:hunter2@host/shop", "write postgresql+psycopg:// at its beginning"),
    ("postgresql+psycopg://shop:hunter2@host", "write the name of the database after the host"),
    ("postgresql+psycopg://shop:hunter2@host/", "write the name of the database after the host"),
    ("postgresql+psycopg://shop:hunter2@host/a/b", "write the name of the database after the host"),
    ("postgresql+psycopg://shop:hunter2/3@host/shop", "write %40 for @"),
    ("postgresql+psycopg://shop:hunter2?@host/shop", "write %40 for @"),
    ("postgresql+psycopg://shop:hunter2#@host/shop", "write %40 for @"),
    ("postgresql+psycopg://shop:hunter2@@host/shop", "write %40 for @"),
    ("postgresql+psycopg://shop:hunter2:@host/shop", "write %40 for @"),
    ("postgresql+psycopg://shop:hunter2%@host/shop", "write %40 for @"),
    ("postgresql+psycopg://shop:hunter2%00@host/shop", "write %40 for @"),
    ("postgresql+psycopg://shop:hunter2 @host/shop", "write %40 for @"),
    ("postgresql+psycopg://shop:hunter2\x1b@host/shop", "write %40 for @"),
    ("postgresql+psycopg://shop:hunter2@host:port/shop", "takes sqlite:///PATH"),
    ("postgresql+psycopg://shop:hunter2@[::1/shop", "takes sqlite:///PATH"),
    ("postgresql+psycopg://shop@host/shop?password=hunter2", "of options it takes channel_binding"),
    ("postgresql+psycopg://shop:hunter2@host/shop?sslmode=yes", "sslmode is disable"),
    ("postgresql+psycopg://shop:hunter2@host/shop?sslmode", "write its options as"),
]


def load(url: str) -> Settings:
    """The settings of an environment that has this URL."""
    return load_settings(Path("/nowhere/.env"), {"DATABASE_URL": url})


@pytest.mark.parametrize("url", TAKEN)
def test_the_usual_urls_are_taken_as_they_are(url: str) -> None:
    assert load(url).database_url.reveal() == url


@pytest.mark.parametrize(("url", "said"), REFUSED)
def test_what_the_server_s_library_would_misread_is_refused_with_what_to_write(url: str, said: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        load(url)
    assert str(refusal.value).startswith("DATABASE_URL takes ")
    assert said in str(refusal.value)
    assert "hunter2" not in "".join(traceback.format_exception(refusal.value))


def test_the_log_blacks_out_the_password_as_it_is_written_and_as_it_is() -> None:
    settings = load("postgresql+psycopg://shop:hun%2Fter%C3%BC%402@host/shop")
    assert set(settings.secrets()) == {"hun%2Fter%C3%BC%402", "hun/terü@2"}
    redactor = Redactor(settings.secrets())
    for form in ("hun/terü@2", "hun%2Fter%C3%BC%402", "hun%2fter%c3%bc%402", "hun\\/ter\\u00fc@2"):
        assert redactor.text(f"before {form} after") == "before *** after"


def test_what_g2a_tells_is_not_searched_for_the_password_of_the_database() -> None:
    """It is told to nobody there, and may be a word that stands in the catalogue."""
    assert load("postgresql+psycopg://shop:productcode@host/shop").g2a_secrets() == ()


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_any_password_that_is_written_as_advised_is_taken_and_blacked_out(password: str) -> None:
    settings = load(f"postgresql+psycopg://shop:{quote(password, safe='')}@host/shop")
    assert password in settings.secrets()
    assert password not in repr(settings) or password in repr(Settings())
