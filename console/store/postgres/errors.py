"""What PostgreSQL refuses, in the operator's terms."""

from psycopg import Error, InterfaceError, OperationalError
from sqlalchemy.exc import DBAPIError

from console.redaction import Redactor
from console.text import clean

_SAID_LIMIT = 200
_LOST = "the connection to the server was cut: check that it runs; the next attempt connects anew"
_STARTING = "the server starts or stops just now: try again in a moment"
_CREDENTIALS = "the server refuses the user or the password: check DATABASE_URL"
_FULL = "the server's disk is full: make room there, then sync again"
_CROWDED = "the server has no connection left for us: end some, or raise its max_connections"
_READ_ONLY = "the database is read-only, as a standby's is: set DATABASE_URL to the server that can be written"
_NO_RIGHT = "the user of DATABASE_URL has no right to do that: make it the owner of the database and its tables"
_LOCKED = "another program keeps the tables locked: end it, then try again"
_NO_DATABASE = "there is no such database: make it with createdb, or set DATABASE_URL to another"
_DAMAGED = "the database is damaged: look into the server's log, and restore a backup"

_NOT_LET_IN = "the server's pg_hba.conf does not let us in from here: add a line for this user and database"

_OF_STATE = {
    "25006": _READ_ONLY,
    "28000": _CREDENTIALS,
    "28P01": _CREDENTIALS,
    "3D000": _NO_DATABASE,
    "42501": _NO_RIGHT,
    "53100": _FULL,
    "53200": "the server has no memory left: look into its log",
    "53300": _CROWDED,
    "55P03": _LOCKED,
    "40P01": _LOCKED,
    "57014": "the question took too long and was given up: try again, or ask for less",
    "57P01": _LOST,
    "57P02": _LOST,
    "57P03": _STARTING,
    "58030": "the server's disk reports an error: look into the server's log",
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
}
_CUT = frozenset({"57P01", "57P02", "57P03", "53300"})
_OF_TEXT = (
    ("invalid connection option", "DATABASE_URL has an option that PostgreSQL does not know: take it out"),
    ("no pg_hba.conf entry", _NOT_LET_IN),
    ("password", _CREDENTIALS),
    ("authentication failed", _CREDENTIALS),
    ("role ", _CREDENTIALS),
    ("database ", _NO_DATABASE),
    ("too many", _CROWDED),
    ("connection slots", _CROWDED),
    ("starting up", _STARTING),
    ("shutting down", _STARTING),
    ("recovery", _STARTING),
    ("resolve", "there is no host of that name: check DATABASE_URL"),
    ("translate host name", "there is no host of that name: check DATABASE_URL"),
    ("timeout expired", "the server does not answer: check the host and the port of DATABASE_URL, and the network"),
    ("refused", "no server listens there: start PostgreSQL, or check the host and the port of DATABASE_URL"),
    ("no such file", "no server listens there: start PostgreSQL, or check the host and the port of DATABASE_URL"),
    ("certificate", "the server's certificate does not hold: check sslmode and sslrootcert in DATABASE_URL"),
    ("ssl", "the encryption that is asked for is not possible: check sslmode in DATABASE_URL"),
    ("closed", _LOST),
    ("lost", _LOST),
)  # fmt: skip
"""For errors of the connection itself, which have no code; the first that fits."""


def in_plain_words(error: Exception, secrets: Redactor) -> str:
    """What happened and what to do. Never the statement's parameters, which are text from outside, nor a secret."""
    original = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    state = original.sqlstate if isinstance(original, Error) else None
    told = _told(original)
    said = clean(secrets.text(told), _SAID_LIMIT).rstrip(".")
    advice = _OF_STATE.get(state) if state else _by_text(told)
    return f"The database refused: {advice} ({said})." if advice else f"The database refused: {said}."


def is_cut(error: Exception) -> bool:
    """Whether the connection was cut, or cannot be made just now."""
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    original = error.orig
    if not isinstance(original, OperationalError | InterfaceError):
        return False
    return original.sqlstate is None or original.sqlstate in _CUT or original.sqlstate.startswith("08")


def _told(original: BaseException) -> str:
    """The server's own first line: what follows it may hold the values of a row.

    Of a connection that cannot be made it is what was said of each attempt, with and without encryption; once, where
    all of them say the same.
    """
    told = original.diag.message_primary if isinstance(original, Error) else None
    lines = (told or str(original)).removeprefix("connection failed: ").splitlines()
    return " ".join(dict.fromkeys(" ".join(line.split()) for line in lines))


def _by_text(told: str) -> str | None:
    small = told.lower().rpartition("fatal:")[2]
    return next((advice for sign, advice in _OF_TEXT if sign in small), None)
