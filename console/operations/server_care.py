"""Looking after a database of a PostgreSQL server: what of it is ours to look at. Loaded only where there is one."""

from console.operations.checks import Check, doubtful, fine, wrong
from console.operations.database_care import tell_schema, tell_search
from console.store.errors import StoreError
from console.store.location import PostgresServer
from console.store.migrations import HEAD
from console.store.postgres.checkup import ServerCheckup, ServerSeen, check_up, look_over
from console.store.postgres.inspection import ENCODING, OLDEST

_RESTORE = "End g2a-console, look into the server's log, and restore a backup of the database."
_UPGRADE = "Run `g2a-console db upgrade`, after a backup with pg_dump."


def look_at_server(server: PostgresServer) -> list[Check]:
    """The server, how it is reached, the schema, and what the database holds."""
    try:
        seen = look_over(server)
    except StoreError as error:
        return [wrong("database", str(error), "See DATABASE_URL in .env, or ask who looks after the server.")]
    schema = f"schema {seen.revision or 'none yet'}"
    said = f"{_told(server, seen)}, {schema}, {seen.active_products:,} active products"
    problem = next((check for is_so, check in _problems(seen, said) if is_so), None)
    return [problem or fine("database", said)]


def _problems(seen: ServerSeen, said: str) -> tuple[tuple[bool, Check], ...]:
    """What can stand in the way, the worst first."""
    owner = "Make the user of DATABASE_URL the owner of the database."
    encrypt = "Add ?sslmode=verify-full to DATABASE_URL; the server must offer it."
    return (
        (
            seen.is_read_only,
            wrong("database", f"{said}. It is read-only.", "Set DATABASE_URL to the server that can be written."),
        ),
        (
            seen.revision is None and not seen.may_make_tables,
            wrong("database", f"{said}. Its user may make no tables.", owner),
        ),
        (
            seen.version_number < OLDEST,
            wrong("database", f"{said}. It is too old.", "Use PostgreSQL 13 or later."),
        ),
        (
            seen.encoding != ENCODING,
            wrong("database", f"{said}. It holds {seen.encoding}, not UTF-8.", "Make one with `createdb -E UTF8`."),
        ),
        (
            seen.revision not in (None, HEAD),
            doubtful("database", f"{said}. The schema is older than {HEAD}.", _UPGRADE),
        ),
        (
            seen.encryption is None and not seen.is_near,
            doubtful("database", f"{said}. All of it crosses the network in the clear.", encrypt),
        ),
    )


def check_server(server: PostgresServer) -> list[Check]:
    """Everything that can be told from here to be wrong with the database. Blocks, for seconds where it is large."""
    try:
        found = check_up(server)
    except StoreError as error:
        return [wrong("server", str(error), _RESTORE)]
    return [
        fine("server", _told(server, found.seen)),
        _integrity(found),
        _references(found),
        tell_search(found.strays, _RESTORE),
        tell_schema(found.seen.revision, _UPGRADE),
    ]


def _told(server: PostgresServer, seen: ServerSeen) -> str:
    encryption = seen.encryption or "not encrypted"
    version = seen.version.partition(" ")[0]  # Debian's says in brackets whose it is
    return f"{server.shown} (PostgreSQL {version}, {encryption}, {seen.size_bytes / 1e6:.1f} MB)"


def _integrity(found: ServerCheckup) -> Check:
    if found.checksum_failures:
        return wrong("integrity", f"The server counts {found.checksum_failures:,} damaged pages.", _RESTORE)
    if found.broken_indexes:
        names = ", ".join(found.broken_indexes)
        return wrong("integrity", f"These indexes are not whole: {names}.", "Let the server's owner REINDEX them.")
    return fine("integrity", f"all {found.rows:,} rows can be read, and every index is whole")


def _references(found: ServerCheckup) -> Check:
    if found.unchecked_references:
        names = ", ".join(found.unchecked_references)
        return wrong("references", f"The server does not vouch for {names}.", "Run ALTER TABLE … VALIDATE CONSTRAINT.")
    return fine("references", "every row that is referred to is there: the server sees to it")
