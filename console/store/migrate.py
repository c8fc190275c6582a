"""Bringing the tables up to date when the program starts; refusing a database that is not ours or newer than us."""

from pathlib import Path

from sqlalchemy import Connection

from console.store.errors import DatabaseUnusable
from console.store.migrations import HEAD

_FOLDER = Path(__file__).with_name("migrations")
_OURS = frozenset({"alembic_version", "products", "sync_runs"})
"""Tables that every revision of ours has: many programs have an `alembic_version`."""


def migrate(connection: Connection) -> None:
    """Bring the schema to HEAD inside the open transaction: all of it, or nothing.

    Raises:
        DatabaseUnusable: the database holds something else, or comes from a newer program; it is left as it is.
    """
    if revision_of(connection) == HEAD:
        return
    from alembic import command  # noqa: PLC0415 - takes half a second, which only a migration needs
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)


def revision_of(connection: Connection) -> str | None:
    """The schema's revision; None for an empty database.

    Raises:
        DatabaseUnusable: the database holds something else, or comes from a newer program.
    """
    tables = {name for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        return None
    if not tables >= _OURS:
        raise DatabaseUnusable(
            "The database holds the tables of another program: set DATABASE_URL to a file of g2a-console's own."
        )
    revision = str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())
    if revision > HEAD:
        raise DatabaseUnusable(
            f"The database was made by a newer g2a-console (schema {revision}, this one knows {HEAD}): "
            "update g2a-console."
        )
    return revision
