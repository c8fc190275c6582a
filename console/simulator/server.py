"""The simulator as a server in the running event loop."""

import asyncio
import time
from collections.abc import Callable
from ipaddress import ip_address
from types import TracebackType
from typing import Self

from console.simulator.api import Api
from console.simulator.catalogue import Catalogue
from console.simulator.config import SimulatorConfig
from console.simulator.connection import Connection
from console.simulator.counters import Counters
from console.simulator.faults import Faults

_BACKLOG = 512


class NotLoopbackError(ValueError):
    """The address can be reached from other machines; the simulator has no business there."""


class Simulator:
    """A G2A API on loopback.

    `async with Simulator(SimulatorConfig(products=500)) as sim:` listens on a free port of 127.0.0.1 until the block
    ends; `sim.url` is its address. `catalogue`, `faults` and `counters` may be used from any thread.

    Args:
        config: the choices; all defaults without it.
        clock: the time in seconds that tokens and the limit per minute go by; only differences matter.
        wall_clock: the time of day in seconds since 1970, for replies that contain a date.

    Raises:
        FaultError: a fault of the configuration does not exist.
        FixtureError: the fixture of the configuration cannot be served.
    """

    def __init__(
        self,
        config: SimulatorConfig | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self.config = config or SimulatorConfig()
        self._api = Api(self.config, clock, wall_clock)
        self._server: asyncio.Server | None = None
        self._connections: set[Connection] = set()
        self._address: tuple[str, int] | None = None

    @property
    def catalogue(self) -> Catalogue:
        """The products, to look at and to change."""
        return self._api.catalogue

    @property
    def faults(self) -> Faults:
        """What goes wrong, to set and to clear."""
        return self._api.faults

    @property
    def counters(self) -> Counters:
        """What was asked and answered so far."""
        return self._api.counters

    @property
    def url(self) -> str:
        """The address without a slash at the end, such as `http://127.0.0.1:40123`.

        Raises:
            RuntimeError: the simulator has never been started.
        """
        if self._address is None:
            raise RuntimeError("the simulator has not been started")
        host, port = self._address
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def revoke_tokens(self) -> None:
        """Make every token issued so far worthless."""
        self._api.gate.revoke_all()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen. Port 0 takes a free one.

        Raises:
            NotLoopbackError: the host is not an address of this machine alone.
            OSError: the port is taken.
        """
        if self._server is not None:
            raise RuntimeError("the simulator is running already")
        address = "127.0.0.1" if host == "localhost" else host
        if not _is_loopback(address):
            raise NotLoopbackError(f"the simulator listens on loopback only, such as 127.0.0.1, not on {host}")
        self._server = await asyncio.get_running_loop().create_server(
            lambda: Connection(self._api.handle, self.counters, self._connections),
            address,
            port,
            backlog=_BACKLOG,
        )
        self._address = self._server.sockets[0].getsockname()[:2]

    async def stop(self) -> None:
        """Stop listening and break off all connections. Does nothing when not running."""
        server, self._server = self._server, None
        if server is None:
            return
        server.close()
        for connection in list(self._connections):
            await connection.stop()
        await server.wait_closed()

    async def __aenter__(self) -> Self:
        """Start on a free port of 127.0.0.1."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        await self.stop()


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
