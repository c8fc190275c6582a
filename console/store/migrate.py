"""Bringing the tables up to date when the program starts; refusing a database that is not ours or newer than us."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection

from console.store.errors import DatabaseEmpty, DatabaseUnusable
from console.store.migrations import HEAD
from console.text import clean

_FOLDER = Path(__file__).with_name("migrations")
_OURS = frozenset({"alembic_version", "products", "sync_runs"})
"""Tables that every revision of ours has: many programs have an `alembic_version`."""


def migrate(connection: Connection) -> None:
    """Bring the schema to HEAD inside the open transaction: all of it, or nothing.

    Raises:
        DatabaseUnusable: it is of a revision that nobody knows; it is left as it is.
    """
    from alembic import command  # noqa: PLC0415 - takes half a second, which only a migration needs
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, HEAD)
    except CommandError as error:
        raise DatabaseUnusable(
            f"The database cannot be brought to schema {HEAD} ({clean(str(error), 200)}): restore a backup of it."
        ) from None


def check_revision(shown: str, kind: str, tables: set[str], revisions: Sequence[str]) -> str | None:
    """The revision of a database that holds these tables; None for an empty one. `kind` is "a file" or "a database".

    Raises:
        DatabaseUnusable: the database holds something else, or comes from a newer program.
    """
    named = f"The database {shown}"
    if not tables:
        return None
    if not tables >= _OURS:
        raise DatabaseUnusable(
            f"{named} holds the tables of another program: set DATABASE_URL to {kind} of g2a-console's own."
        )
    if len(revisions) != 1:
        raise DatabaseUnusable(f"{named} does not say which schema it has: restore a backup of it.")
    [revision] = revisions
    if revision > HEAD:
        raise DatabaseUnusable(
            f"{named} was made by a newer g2a-console (schema {clean(revision, 20)}, this one knows {HEAD}): "
            "update g2a-console."
        )
    return revision


def check_current(shown: str, revision: str | None) -> None:
    """Look whether the tables are those that this program knows, where making them is another process's affair.

    Raises:
        DatabaseEmpty: there are none yet.
        DatabaseUnusable: an older program has made them.
    """
    if revision is None:
        raise DatabaseEmpty(f"The database {shown} has no tables yet: start g2a-console, or sync once.")
    if revision != HEAD:
        raise DatabaseUnusable(
            f"The database {shown} was made by an older g2a-console: start g2a-console, sync once, "
            "or run `g2a-console db upgrade` to bring it up to date."
        )
