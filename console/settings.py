"""The settings: environment over the home's `.env`, checked before anything starts.

Every setting stands once, in `Settings`, with its default, what it takes and what it means; `.env.example` and the
error messages say the same. Importing this module costs a few milliseconds: it is read before the first picture.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from console.text import clean, clean_path

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
SQLITE_URL = "sqlite:///"
"""How DATABASE_URL begins where it is a file."""
_AUTH_WAYS = ("auto", "hash", "oauth")
_SHOWN_LIMIT = 12
"""Characters of a wrong value that is shown: enough for a number or a word, too few for a secret."""


class SettingsError(Exception):
    """A setting is wrong. The message names it and says what it takes, a line for each; never a secret's value."""


class _Misspelt(ValueError):
    """A wrong value where more can be said than what the setting takes: what to write. Nothing of the value itself."""


class SecretStr:
    """A text that no log, screen or traceback may show: only `reveal()` gives it away.

    Our own rather than pydantic's, whose import takes longer than everything else before the first picture.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The secret itself; for the request that needs it, and nothing else."""
        return self._value

    def __repr__(self) -> str:
        return "SecretStr('***')"

    __str__ = __repr__

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SecretStr) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        number = int(value)  # a number of more than 4,300 digits is a ValueError as well
        if not (value.isascii() and value.isdigit() and low <= number <= high):
            raise ValueError
        return number

    return parse


def _number(low: float, high: float) -> Callable[[str], float]:
    def parse(value: str) -> float:
        number = float(value)
        if not (value.isascii() and "_" not in value and low <= number <= high):
            raise ValueError
        return number

    return parse


def _yes_no(value: str) -> bool:
    words = {
        "true": True,
        "1": True,
        "yes": True,
        "on": True,
        "false": False,
        "0": False,
        "no": False,
        "off": False,
    }
    if value.lower() not in words:
        raise ValueError
    return words[value.lower()]


def _one_of(*words: str, upper: bool = False) -> Callable[[str], str]:
    def parse(value: str) -> str:
        word = value.upper() if upper else value.lower()
        if word not in words:
            raise ValueError
        return word

    return parse


def _https_url(value: str) -> str:
    url = urlsplit(value)
    plain_but_local = url.scheme == "http" and url.hostname in _LOOPBACK
    if not (url.scheme == "https" or plain_but_local) or not url.hostname or "@" in url.netloc:
        raise ValueError
    if not value.isprintable() or set(value) & set(" ?#"):
        raise ValueError
    _ = url.port  # raises ValueError where it is no port
    return value.rstrip("/")


def _database_url(value: str) -> SecretStr:
    if value.startswith(SQLITE_URL) and value != SQLITE_URL:
        return SecretStr(value)
    from console.database_url import BadUrl, check_postgres_url  # noqa: PLC0415 - few have PostgreSQL

    try:
        check_postgres_url(value)
    except BadUrl as advice:
        raise _Misspelt(str(advice)) from None
    return SecretStr(value)


def _secret(value: str) -> SecretStr:
    return SecretStr(_plain(value))


def _plain(value: str) -> str:
    if not value.isprintable():
        raise ValueError
    return value


def _takes(parse: Callable[[str], Any], takes: str, about: str) -> dict[str, Any]:
    return {"parse": parse, "takes": takes, "about": about}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Every setting. A field's name in capitals is its name in the environment and in `.env`."""

    sync_schedule_hour: int = field(
        default=2,
        metadata=_takes(
            _whole(0, 23),
            "a whole number from 0 to 23",
            "hour (UTC) of the daily sync, until an operator edits the time in the console",
        ),
    )
    sync_schedule_minute: int = field(
        default=0, metadata=_takes(_whole(0, 59), "a whole number from 0 to 59", "minute of the daily sync")
    )
    sync_catch_up_hours: int = field(
        default=6,
        metadata=_takes(
            _whole(0, 8760),
            "a whole number of hours from 0 to 8760",
            "a daily sync missed by no more hours than this runs at the next start; an older one is recorded as missed",
        ),
    )
    sync_concurrency: int = field(
        default=8, metadata=_takes(_whole(1, 64), "a whole number from 1 to 64", "pages in flight at once")
    )
    sync_max_removed_percent: float = field(
        default=20,
        metadata=_takes(
            _number(0, 100),
            "a number from 0 to 100",
            "a sync that would remove more than this share of the active products removes none and ends as blocked",
        ),
    )
    g2a_base_url: str = field(
        default="https://api.g2a.com",
        metadata=_takes(
            _https_url,
            "an https:// address (http:// only for this machine), without user or query",
            "the G2A API; the sandbox is https://sandboxapi.g2a.com",
        ),
    )
    g2a_client_id: str = field(
        default="", metadata=_takes(_plain, "printable text", "the client id of your G2A API account")
    )
    g2a_client_secret: SecretStr = field(
        default=SecretStr(""),
        metadata=_takes(
            _secret,
            "printable text",
            "the client secret of your G2A API account; it leaves this machine only in requests to G2A",
        ),
    )
    g2a_email: str = field(
        default="",
        metadata=_takes(
            _plain, "printable text", "the e-mail address of your G2A account; only the hash header needs it"
        ),
    )
    g2a_auth: str = field(
        default="auto",
        metadata=_takes(
            _one_of(*_AUTH_WAYS),
            "auto, hash or oauth",
            "how to sign in: hash, oauth, or auto (OAuth, and the hash header where the token endpoint refuses)",
        ),
    )
    g2a_max_requests_per_minute: int = field(
        default=600,
        metadata=_takes(
            _whole(0, 1_000_000),
            "a whole number from 0 (unlimited) to 1000000",
            "requests a minute; G2A allows 600; 0 means unlimited",
        ),
    )
    g2a_timeout_seconds: float = field(
        default=60,
        metadata=_takes(
            _number(0.1, 3600), "a number of seconds from 0.1 to 3600", "for one whole request, body included"
        ),
    )
    g2a_include_out_of_stock: bool = field(
        default=False, metadata=_takes(_yes_no, "true or false", "sync the products that are out of stock as well")
    )
    database_url: SecretStr = field(
        default=SecretStr("sqlite:///{home}/catalog.db"),
        metadata=_takes(
            _database_url,
            "sqlite:///PATH ({home} stands for the home) or postgresql+psycopg://USER:PASSWORD@HOST:PORT/NAME",
            "where the catalogue is kept",
        ),
    )
    log_level: str = field(
        default="INFO",
        metadata=_takes(
            _one_of(*_LOG_LEVELS, upper=True),
            "DEBUG, INFO, WARNING, ERROR or CRITICAL",
            "the least a record must be to enter the log",
        ),
    )
    log_max_megabytes: int = field(
        default=10,
        metadata=_takes(_whole(1, 10_000), "a whole number from 1 to 10000", "size at which the log file is rotated"),
    )
    log_backups: int = field(
        default=5, metadata=_takes(_whole(1, 1000), "a whole number from 1 to 1000", "rotated log files that are kept")
    )

    @property
    def api_host(self) -> str:
        """Host (and port, unless it is the usual one) of the G2A API, for people."""
        return urlsplit(self.g2a_base_url).netloc

    @property
    def filters(self) -> str:
        """What of the catalogue is asked for: pages fetched with other filters do not go together."""
        return f"includeOutOfStock={str(self.g2a_include_out_of_stock).lower()}"

    def secrets(self) -> tuple[str, ...]:
        """Every secret text, for the log to black out."""
        return (*self.g2a_secrets(), *self._database_passwords())

    def g2a_secrets(self) -> tuple[str, ...]:
        """Those that G2A is told, and may tell again."""
        return (self.g2a_client_secret.reveal(),) if self.g2a_client_secret else ()

    def _database_passwords(self) -> tuple[str, ...]:
        url = self.database_url.reveal()
        if url.startswith(SQLITE_URL):
            return ()
        from console.database_url import passwords_in  # noqa: PLC0415 - few have PostgreSQL

        return passwords_in(url)

    def missing_credentials(self, env_file: Path | str = "the .env of the home") -> str | None:
        """What must be set, and where, before anything can be asked of G2A; None when all is there."""
        missing = [
            name
            for name, value in (
                ("G2A_CLIENT_ID", self.g2a_client_id),
                ("G2A_CLIENT_SECRET", self.g2a_client_secret),
            )
            if not value
        ]
        if self.g2a_auth == "hash" and not self.g2a_email:
            missing.append("G2A_EMAIL")
        if not missing:
            return None
        return f"No G2A credentials yet: set {' and '.join(missing)} in {clean_path(env_file)} or in the environment."


def load_settings(env_file: Path, environment: Mapping[str, str]) -> Settings:
    """Read and check every setting.

    Raises:
        SettingsError: with a line for each setting that is wrong, or when `.env` cannot be read.
    """
    in_file = read_env_file(env_file)
    values: dict[str, Any] = {}
    problems: list[str] = []
    for each in fields(Settings):
        name = each.name.upper()
        source = "the environment" if environment.get(name) else str(env_file)
        written = environment.get(name) or in_file.get(name)
        if not written:
            continue
        try:
            values[each.name] = _parse(each, written)
        except SettingsError as problem:
            problems.append(f"{problem}: correct it in {clean(source)}.")
    if problems:
        raise SettingsError("\n".join(problems))
    return Settings(**values)


def with_values(settings: Settings, written: Mapping[str, str]) -> Settings:
    """The settings with these values, by their names in `.env`, as somebody has typed them.

    Raises:
        SettingsError: with a line for each that is wrong.
    """
    values: dict[str, Any] = {}
    problems: list[str] = []
    for each in fields(Settings):
        if each.name.upper() in written:
            try:
                values[each.name] = _parse(each, written[each.name.upper()])
            except SettingsError as problem:
                problems.append(f"{problem}.")
    if problems:
        raise SettingsError("\n".join(problems))
    return replace(settings, **values)


def _parse(setting: "Field[Any]", written: str) -> Any:
    try:
        return setting.metadata["parse"](written.strip())
    except _Misspelt as advice:
        raise SettingsError(f"{setting.name.upper()} takes {setting.metadata['takes']}; {advice}") from None
    except ValueError:
        shown = "" if _may_hold_secret(setting.default, written) else f", not '{clean(written)}'"
        raise SettingsError(f"{setting.name.upper()} takes {setting.metadata['takes']}{shown}") from None


def _may_hold_secret(default: object, written: str) -> bool:
    """Whether a wrong value is better not shown: a secret may have been put into any setting by mistake."""
    return isinstance(default, SecretStr) or "@" in written or len(written) > _SHOWN_LIMIT


def read_env_file(path: Path) -> Mapping[str, str | None]:
    """What the file sets, as it stands there; nothing where there is no file.

    Raises:
        SettingsError: it cannot be read.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SettingsError(f"{clean(str(path))} cannot be read: {reason}.") from None
    from dotenv import dotenv_values  # noqa: PLC0415 - not needed where everything is in the environment

    return dotenv_values(stream=io.StringIO(text), interpolate=False)
