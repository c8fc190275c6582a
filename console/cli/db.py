"""`g2a-console db check`, `db upgrade` and `db backup FILE`."""

import argparse
import asyncio
import sys
from pathlib import Path

from console.cli.checks import tell_checks
from console.cli.output import ExitCode, complain, say
from console.cli.refusals import with_exit_code
from console.cli.workshop import open_log
from console.clock import SystemClock
from console.home import Home
from console.operations.database_care import back_up_database, check_database, size_of_database, upgrade_database
from console.operations.location import is_sqlite
from console.settings import Settings

_TAKES_SECONDS_FROM = 100_000_000


def check(arguments: argparse.Namespace, home: Home, settings: Settings) -> int:
    """Look whether the database is sound; others may use it meanwhile."""
    size = size_of_database(settings, home)
    if size >= _TAKES_SECONDS_FROM and sys.stderr.isatty():
        complain(f"Looking at every page of {size / 1e6:,.0f} MB: this takes some seconds.")
    return tell_checks(check_database(settings, home), as_json=arguments.json)


def upgrade(arguments: argparse.Namespace, home: Home, settings: Settings) -> int:
    """Bring the database up to date; nobody may use it meanwhile."""
    del arguments

    def work() -> int:
        with open_log(home, settings):
            before, after = asyncio.run(upgrade_database(settings, home, SystemClock()))
        if before == after:
            say(f"The database is up to date already (schema {after}).")
        elif before is None:
            say(f"The database was made, with schema {after}.")
        else:
            backup = f"; a backup is in {home.backups_folder}" if is_sqlite(settings) else ""
            say(f"The database was brought from schema {before} to {after}{backup}.")
        return ExitCode.DONE

    return with_exit_code(work)


def backup(arguments: argparse.Namespace, home: Home, settings: Settings) -> int:
    """Back up the database to a new file; others may use it meanwhile."""
    target = Path(arguments.file).absolute()

    def work() -> int:
        size = back_up_database(settings, home, target)
        say(f"The database was backed up to {target} ({size / 1e6:.1f} MB).")
        return ExitCode.DONE

    return with_exit_code(work)
