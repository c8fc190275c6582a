"""Asking for each product that a sweep did not see, before it is believed to be gone.

Pages are cut from a list that moves: when a product goes while a sweep is under way, all behind it move up, and one of
them slips from a page that is still to come onto one that came already. A new product at the end makes the number of
products equal again, so no count can tell. Only asking for the product itself can.
"""

import asyncio
import functools
from collections.abc import Iterable

import msgspec

from console.g2a.errors import G2AError
from console.product import RawProduct
from console.sync.fetchers import end, run_fetchers
from console.sync.work import Work

LOOKS_AT_MOST = 1_000
"""Products asked for in one run: at G2A's 600 requests a minute, 100 seconds."""


class Looked(msgspec.Struct):
    """What came of it: products that are there, and the ids of those that are gone; any other got no answer.

    `error` is why the last of these got none.
    """

    there: list[RawProduct]
    gone: list[str]
    error: str | None = None


async def look_again(ids: Iterable[str], work: Work) -> Looked:
    """Ask for each product. Ends early where the run is asked to stop.

    Raises:
        G2AError: no request fares any better (wrong credentials, say).
    """
    waiting = list(reversed(list(ids)))
    looked = Looked([], [])

    async def fetcher() -> None:
        while waiting:
            product_id = waiting.pop()
            try:
                ask = functools.partial(_ask, product_id, work)
                found = await work.persistence.carry_out(ask, lambda _error, _seconds: None)
            except G2AError as error:
                looked.error = str(error)
                if error.ends_run:
                    raise
            else:
                if found is None:
                    looked.gone.append(product_id)
                else:
                    looked.there.append(found)

    looking = asyncio.create_task(run_fetchers(work.fetchers, fetcher))
    stopping = asyncio.create_task(work.stop.wait())
    try:
        await asyncio.wait({looking, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if looking.done():
            looking.result()
    finally:
        await end(looking, stopping)
    return looked


async def _ask(product_id: str, work: Work) -> RawProduct | None:
    async with work.lanes:
        return await work.client.fetch_product(product_id)
