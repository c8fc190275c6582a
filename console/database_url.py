"""What DATABASE_URL may be where it is PostgreSQL, and the secrets in it. Loaded only where it is.

What PostgreSQL's own library would misread is refused here: a password with a `/` in it would become a host's name, and
be shown as one.
"""

import re
from urllib.parse import parse_qsl, unquote, urlsplit

SCHEME = "postgresql+psycopg://"
_OTHER_SCHEMES = ("postgresql://", "postgres://", "postgresql+")
_OPTIONS = frozenset(
    {
        "sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "passfile", "channel_binding", "host", "options",
        "target_session_attrs", "connect_timeout", "keepalives", "keepalives_idle", "keepalives_interval",
        "keepalives_count", "tcp_user_timeout",
    }
)  # fmt: skip
_SSL_MODES = frozenset({"disable", "allow", "prefer", "require", "verify-ca", "verify-full"})
_BROKEN_ESCAPE = re.compile("%(?![0-9a-fA-F]{2})|%00")
_ESCAPES = "in the password write %40 for @, %3A for :, %2F for /, %3F for ?, %23 for # and %25 for %"


class BadUrl(ValueError):
    """It is no URL of a PostgreSQL server. The message says what to write, and nothing of what was written."""


def check_postgres_url(value: str) -> None:
    """Look whether this is an address that PostgreSQL's library understands as we do.

    Raises:
        BadUrl: it is not.
    """
    if not value.startswith(SCHEME):
        raise BadUrl(f"write {SCHEME} at its beginning") if value.startswith(_OTHER_SCHEMES) else ValueError
    parts = urlsplit(value)
    after_the_host = value[len(SCHEME) + len(parts.netloc) :]
    if "@" in after_the_host or "#" in value or parts.netloc.count("@") > 1 or _BROKEN_ESCAPE.search(value):
        raise BadUrl(_ESCAPES)
    if not value.isprintable() or " " in value or ":" in (parts.password or ""):
        raise BadUrl(_ESCAPES)
    _ = parts.port  # raises ValueError where it is no port
    name = parts.path.removeprefix("/")
    if not name or "/" in name:
        raise BadUrl("write the name of the database after the host: …@HOST:5432/NAME")
    _check_options(parts.query)


def passwords_in(value: str) -> tuple[str, ...]:
    """The password as it is written and as it is."""
    password = urlsplit(value).password or ""
    return tuple(dict.fromkeys(each for each in (password, unquote(password)) if each))


def _check_options(query: str) -> None:
    try:
        options = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)))
    except ValueError:
        raise BadUrl("write its options as ?NAME=VALUE&NAME=VALUE") from None
    if not options.keys() <= _OPTIONS:
        raise BadUrl(f"of options it takes {', '.join(sorted(_OPTIONS))}")
    if options.get("sslmode", "prefer") not in _SSL_MODES:
        raise BadUrl("sslmode is disable, allow, prefer, require, verify-ca or verify-full")
