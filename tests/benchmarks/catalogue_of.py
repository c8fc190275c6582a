"""A database with a large catalogue, without a sync: the simulator's products go straight to the writer."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from console.g2a.decode import decode_page, decode_product
from console.run import RunKind, RunStatus, Trigger
from console.simulator.catalogue import Catalogue
from console.simulator.config import SimulatorConfig
from console.simulator.query import Filters
from console.store.database import Database
from console.store.location import Location
from console.store.pages import Batch, PageKey, PageWrite, write_pages
from console.store.runs import NewRun, create_run, finish_run, get_run
from console.store.search_index import index_noted

_AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
_AT_ONCE = 500


async def fill(place: Location | Path, products: int) -> None:
    """Make a database with so many products that can be bought."""
    documents = [each.encoded() for each in Catalogue(SimulatorConfig(products=products)).find(Filters())]
    database = await asyncio.to_thread(Database.open, place)
    run = NewRun(
        kind=RunKind.FULL, trigger=Trigger.MANUAL, status=RunStatus.RUNNING, requested_by=None, job_id="x", at=_AT
    )
    run_id = await database.write(create_run, run)
    for page, start in enumerate(range(0, len(documents), _AT_ONCE), 1):
        some = b",".join(documents[start : start + _AT_ONCE])
        write = PageWrite(
            key=PageKey(page=page),
            products=decode_page(b'{"total":1,"docs":[%b]}' % some, page).products,
            attempts=1,
            duration_ms=1,
        )
        batch = Batch(
            run_id=run_id, pages=(write,), pages_total=page, products_total=products, requests=page, retries=0, at=_AT,
            record_new=False,
        )  # fmt: skip
        await database.write(write_pages, batch, decode_product)
    report = await database.read(get_run, run_id)
    assert report is not None
    await database.write(finish_run, report)
    while await database.write(index_noted, _AT_ONCE * 10):
        pass
    await database.close()
