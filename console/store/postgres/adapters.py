"""What goes to PostgreSQL and comes from it, in the very forms that `rows.py` writes and reads.

Times are text in UTC without an offset, JSON is text, an amount is a float; the columns are timestamptz, json and
numeric all the same, because other programs read these tables.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from psycopg import Connection, RawCursor, postgres
from psycopg.adapt import Buffer, Dumper, Loader

_UTC = b"+00"
_FRACTION_DIGITS = 6
_NAMED = re.compile(r"%%|%\((\w+)\)s")


def adapt(connection: Connection[Any]) -> None:
    """Let this connection give and take these forms."""
    connection.cursor_factory = RawCursor
    adapters = connection.adapters
    adapters.register_dumper(float, _FloatDumper)
    for kind in ("timestamptz", "timestamp"):
        adapters.register_loader(kind, _TimeLoader)
    for kind in ("json", "jsonb", "date"):
        adapters.register_loader(kind, _TextLoader)
    adapters.register_loader("numeric", _AmountLoader)


@lru_cache(256)
def with_numbers(statement: str) -> str:
    """The statement with its parameters marked as PostgreSQL itself has them: `?` and `?` are `$1` and `$2`.

    psycopg's own marks would be looked for in every statement anew, which takes longer than to carry out a large one.
    """
    parts = statement.split("?")
    return parts[0] + "".join(f"${number}{part}" for number, part in enumerate(parts[1:], 1))


def from_names(statement: str, parameters: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
    """The same for a statement that SQLAlchemy has made, whose parameters have names: those of Alembic."""
    values: list[Any] = []

    def number(mark: re.Match[str]) -> str:
        if mark[0] == "%%":
            return "%"
        values.append(parameters[mark[1]])
        return f"${len(values)}"

    return _NAMED.sub(number, statement), tuple(values)


class _FloatDumper(Dumper):
    """A price is compared with prices as a number of decimals: as a float, no index would be of use."""

    oid = postgres.types["numeric"].oid

    def dump(self, obj: float) -> bytes:
        return repr(obj).encode()


class _AmountLoader(Loader):
    """A whole amount comes as SQLite has it, and so in what is told of a change: `17` and not `17.0`."""

    def load(self, data: Buffer) -> float:
        amount = float(bytes(data))
        return int(amount) if amount.is_integer() else amount


class _TextLoader(Loader):
    def load(self, data: Buffer) -> str:
        return bytes(data).decode()


class _TimeLoader(Loader):
    """`2026-11-23 02:00:00.5+00` as `2026-11-23 02:00:00.500000`."""

    def load(self, data: Buffer) -> str:
        moment = bytes(data).removesuffix(_UTC).decode()
        whole, _, fraction = moment.partition(".")
        return f"{whole}.{fraction:0<{_FRACTION_DIGITS}}"
