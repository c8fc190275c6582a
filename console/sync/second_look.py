"""Asking for each product that a sweep did not see, before it is believed to be gone.

Pages are cut from a list that moves: when a product goes while a sweep is under way, all behind it move up, and one of
them slips from a page that is still to come onto one that came already. A new product at the end makes the number of
products equal again, so no count can tell. Only asking for the product itself can.
"""

import asyncio
import functools
from collections.abc import Iterable

import msgspec

from console.clock import Clock
from console.g2a.client import G2AClient
from console.g2a.errors import G2AError
from console.g2a.retry import RetryPolicy
from console.sync.fetchers import end, run_fetchers
from console.sync.stop import Stop

LOOKS_AT_MOST = 1_000
"""Products asked for in one run: at G2A's 600 requests a minute, 100 seconds."""


class Looked(msgspec.Struct):
    """What came of it: the ids of products that are there and that are gone; any other got no answer.

    `error` is why the last of these got none.
    """

    there: list[str]
    gone: list[str]
    error: str | None = None


async def look_again(
    ids: Iterable[str], *, client: G2AClient, policy: RetryPolicy, clock: Clock, stop: Stop, fetchers: int
) -> Looked:
    """Ask for each product. Ends early where `stop` is asked.

    Raises:
        G2AError: no request fares any better (wrong credentials, say).
    """
    waiting = list(reversed(list(ids)))
    looked = Looked([], [])

    async def fetcher() -> None:
        while waiting:
            product_id = waiting.pop()
            try:
                ask = functools.partial(client.has_product, product_id)
                is_there = await policy.carry_out(ask, clock, lambda _error, _seconds: None)
            except G2AError as error:
                looked.error = str(error)
                if error.ends_run:
                    raise
            else:
                (looked.there if is_there else looked.gone).append(product_id)

    looking = asyncio.create_task(run_fetchers(fetchers, fetcher))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({looking, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if looking.done():
            looking.result()
    finally:
        await end(looking, stopping)
    return looked
