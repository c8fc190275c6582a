"""Looking at a database of a server that may hold anything, without changing it."""

from sqlalchemy import Connection

from console.store.location import PostgresServer
from console.store.migrate import check_revision

_TABLES = (
    "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = "
    "(SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND NOT EXISTS "
    "(SELECT 1 FROM pg_depend WHERE pg_depend.objid = pg_class.oid AND pg_depend.classid = 'pg_class'::regclass "
    "AND deptype = 'e')"
)
"""Those of the schema that tables are made in, without those of the server's extensions."""


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
