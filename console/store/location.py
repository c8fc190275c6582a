"""Where the database is: a file of SQLite, or a database of a PostgreSQL server."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from console.settings import SecretStr
from console.text import clean, clean_path

_DRIVER = "postgresql+psycopg://"
_PLAIN = "postgresql://"


@dataclass(frozen=True)
class SqliteFile:
    """A file that holds the database."""

    path: Path

    @property
    def shown(self) -> str:
        """Its name, for people."""
        return clean_path(self.path)


@dataclass(frozen=True)
class PostgresServer:
    """A database of a server. `url` is as DATABASE_URL has it, `postgresql+psycopg://…`, which may hold a password."""

    url: SecretStr

    @property
    def shown(self) -> str:
        """Which database it is, for people: `postgresql://user@host:port/name`, without the password."""
        parts = urlsplit(self.url.reveal())
        options = parse_qs(parts.query)
        user = unquote(parts.username or "") or _first(options, "user")
        host = parts.netloc.rpartition("@")[2] or _first(options, "host")
        name = unquote(parts.path.removeprefix("/")) or _first(options, "dbname")
        return clean(f"{_PLAIN}{user}{'@' if user else ''}{host}/{name}")

    @property
    def conninfo(self) -> str:
        """The same for PostgreSQL's own library and programs. It may hold the password: never to be shown."""
        return _PLAIN + self.url.reveal().removeprefix(_DRIVER)


Location = SqliteFile | PostgresServer


def location_of(location: Location | Path) -> Location:
    """A path is that of a file of SQLite."""
    return SqliteFile(location) if isinstance(location, Path) else location


def _first(options: dict[str, list[str]], name: str) -> str:
    return options.get(name, [""])[0]
