"""The simulator in a thread of its own, for programs without an event loop."""

import asyncio
import threading
import time
from collections.abc import Callable
from types import TracebackType

from console.simulator.config import SimulatorConfig
from console.simulator.server import Simulator


class SimulatorThread:
    """Runs a simulator beside a synchronous program.

    `with SimulatorThread(SimulatorConfig(products=500)) as sim:` gives the `Simulator`, already listening. What its
    `catalogue`, `counters`, `faults` and `revoke_tokens` offer may be used from the program's own thread.

    Args:
        config: the choices; all defaults without it.
        host: an address on loopback.
        port: 0 takes a free one.
        clock: the time in seconds that tokens and the limit per minute go by; only differences matter.
        wall_clock: the time of day in seconds since 1970, for replies that contain a date.

    Raises:
        FaultError: a fault of the configuration does not exist.
        FixtureError: the fixture of the configuration cannot be served.
    """

    def __init__(
        self,
        config: SimulatorConfig | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._simulator = Simulator(config, clock, wall_clock)
        self._host = host
        self._port = port
        self._listening = threading.Event()
        self._thread = threading.Thread(target=self._run, name="g2a-simulator", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped: asyncio.Event | None = None
        self._error: BaseException | None = None

    def __enter__(self) -> Simulator:
        """Start, and return once it listens.

        Raises:
            NotLoopbackError: the host is not an address of this machine alone.
            OSError: the port is taken.
        """
        self._thread.start()
        self._listening.wait()
        if self._error is not None:
            self._thread.join()
            raise self._error
        return self._simulator

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, and return once the thread has ended."""
        if self._loop is not None and self._stopped is not None:
            self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopped = asyncio.Event()
        try:
            await self._simulator.start(self._host, self._port)
        except (OSError, ValueError) as error:
            # It is raised again where the program waits, in __enter__.
            self._error = error
            return
        finally:
            self._listening.set()
        await self._stopped.wait()
        await self._simulator.stop()
