"""A simulator and a client for it, over real HTTP."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from console.simulator.config import SimulatorConfig
from console.simulator.server import Simulator

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "g2a" / "samples"
DEADLINE_S = 20.0


@dataclass(frozen=True, slots=True)
class Bench:
    """A running simulator, and a client that has the right credentials unless told otherwise."""

    sim: Simulator
    client: httpx.AsyncClient

    async def page(self, number: int = 1, **params: object) -> httpx.Response:
        """Ask for a page of products."""
        texts = {name: str(value) for name, value in params.items()}
        return await self.client.get("/v1/products", params={"page": str(number), **texts})

    async def docs(self, number: int = 1, **params: object) -> list[dict[str, Any]]:
        """Ask for a page and return its products."""
        response = await self.page(number, **params)
        assert response.status_code == 200, response.text
        docs: list[dict[str, Any]] = response.json()["docs"]
        return docs

    async def sweep(self, **params: object) -> dict[str, dict[str, Any]]:
        """Ask for page after page until one is empty."""
        found: dict[str, dict[str, Any]] = {}
        number = 1
        while docs := await self.docs(number, **params):
            found |= {doc["id"]: doc for doc in docs}
            number += 1
        return found

    async def ask_token(self, **changes: str) -> httpx.Response:
        """Ask for a token, with the right form except for `changes`."""
        config = self.sim.config
        form = {
            "grant_type": "client_credentials",
            "client_id": config.client_id,
            "client_secret": config.client_secret,
        }
        return await self.client.post("/oauth/token", data=form | changes)


Start = Callable[..., Awaitable[Bench]]


def hash_header(config: SimulatorConfig) -> str:
    """The value of the Authorization header that the API documents."""
    key = sha256((config.client_id + config.email + config.client_secret).encode()).hexdigest()
    return f"{config.client_id}, {key}"


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """What runs simulators with the given choices until the test is over; the clocks go to the simulator."""
    async with AsyncExitStack() as stack:

        async def begin(
            clock: Callable[[], float] = time.monotonic,
            wall_clock: Callable[[], float] = time.time,
            **choices: Any,
        ) -> Bench:
            config = SimulatorConfig(**{"products": 45, **choices})
            sim = await stack.enter_async_context(Simulator(config, clock, wall_clock))
            client = await stack.enter_async_context(
                httpx.AsyncClient(
                    base_url=sim.url,
                    headers={"Authorization": hash_header(config)},
                    timeout=DEADLINE_S,
                    trust_env=False,
                    verify=False,  # noqa: S501 - nothing here speaks TLS, and loading the certificates takes 50 ms
                )
            )
            return Bench(sim, client)

        yield begin


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        """The time in seconds."""
        return self.now


@pytest.fixture
def hand_clock() -> HandClock:
    """A clock that the test moves."""
    return HandClock()


@pytest.fixture
def samples() -> Path:
    """The folder of recorded responses."""
    if not SAMPLES.is_dir():
        pytest.skip("the recorded responses are not here")
    return SAMPLES


async def until(condition: Callable[[], bool]) -> None:
    """Give the event loop its turn until something is so."""
    async with asyncio.timeout(DEADLINE_S):
        # A counter is no event that one could wait for.
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.001)


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], Awaitable[None]]:
    """Waits until something is so, or fails."""
    return until
