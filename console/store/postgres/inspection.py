"""Looking at a database of a server that may hold anything, without changing it."""

from sqlalchemy import Connection

from console.store.errors import DatabaseUnusable
from console.store.location import PostgresServer
from console.store.migrate import check_revision
from console.text import clean

_TABLES = (
    "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = "
    "(SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND NOT EXISTS "
    "(SELECT 1 FROM pg_depend WHERE pg_depend.objid = pg_class.oid AND pg_depend.classid = 'pg_class'::regclass "
    "AND deptype = 'e')"
)
"""Those of the schema that tables are made in, without those of the server's extensions."""


OLDEST = 130_000
"""PostgreSQL 13, as `server_version_num` tells it: it was the first to say what became of a transaction."""
ENCODING = "UTF8"


def check_server(connection: Connection, server: PostgresServer) -> None:
    """Look whether the server can hold our tables.

    Raises:
        DatabaseUnusable: it is too old, or cannot hold every letter.
    """
    version, encoding = connection.exec_driver_sql(
        "SELECT current_setting('server_version_num')::int, current_setting('server_encoding')"
    ).one()
    if version < OLDEST:
        raise DatabaseUnusable(
            f"The database {server.shown} is on a server that is too old: use PostgreSQL 13 or later."
        )
    if encoding != ENCODING:
        raise DatabaseUnusable(
            f"The database {server.shown} holds text as {clean(encoding, 20)}, which lacks most letters: make another "
            "with `createdb --encoding UTF8 --template template0`, and name it in DATABASE_URL."
        )


def tables_in(connection: Connection) -> set[str]:
    """The names of the tables."""
    return {str(name) for (name,) in connection.exec_driver_sql(_TABLES)}


def revision_in(connection: Connection, server: PostgresServer) -> str | None:
    """The schema's revision; None where there are no tables.

    Raises:
        DatabaseUnusable: it holds something else, or comes from a newer program.
    """
    tables = tables_in(connection)
    revisions: list[str] = []
    if "alembic_version" in tables:
        revisions += connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars()
    return check_revision(server.shown, "a database", tables, revisions)
