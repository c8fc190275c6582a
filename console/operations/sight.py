"""What a console that only watches reads from the database at one look, in one transaction."""

import msgspec
from sqlalchemy import Connection

from console.operations.standing import Standing
from console.run import Past, RunReport
from console.scheduling.daily import DAILY_JOB_ID
from console.store.catalogue import count_active
from console.store.past import read_past
from console.store.run_pages import RunPages, newest_run, pages_of_run
from console.store.runs import awaiting_approval, get_run, last_finished_run, last_sweep


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """The catalogue and its runs at one moment.

    `pages` are those of the newest run, None where it is as it was before; `ended` is the run that was followed, where
    another one has taken its place.
    """

    newest: RunReport | None
    pages: RunPages | None
    ended: RunReport | None
    standing: Standing
    last_daily_run: RunReport | None
    active_products: int
    past: Past


def look(connection: Connection, before: Sight | None) -> Sight:
    """How it stands now; what is costly is read again only where something has happened since `before`."""
    newest, standing = newest_run(connection), read_standing(connection)
    is_same_run = before is not None and before.newest == newest
    is_same_end = before is not None and before.standing.last_run == standing.last_run
    followed = before.newest if before else None
    is_followed = followed is None or newest is None or followed.run_id == newest.run_id
    return Sight(
        newest=newest,
        pages=None if newest is None or is_same_run else pages_of_run(connection, newest),
        ended=None if is_followed or followed is None else get_run(connection, followed.run_id),
        standing=standing,
        last_daily_run=last_finished_run(connection, DAILY_JOB_ID),
        active_products=before.active_products if before and is_same_end else count_active(connection),
        past=before.past if before and is_same_end else read_past(connection),
    )


def read_standing(connection: Connection) -> Standing:
    """How it stands in the tables."""
    return Standing(
        last_run=last_finished_run(connection),
        last_sweep=last_sweep(connection),
        blocked=awaiting_approval(connection),
    )
