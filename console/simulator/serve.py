"""The simulator as a whole process."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress

from console.simulator.config import SimulatorConfig
from console.simulator.server import Simulator

_STDIN = 0


def serve(
    config: SimulatorConfig,
    host: str,
    port: int,
    ready: Callable[[str], None],
    until_eof: bool = False,
) -> None:
    """Run a simulator until it is told to end. To be called from the main thread.

    Args:
        config: the choices.
        host: an address on loopback.
        port: 0 takes a free one.
        ready: called with the URL once it listens.
        until_eof: False ends at SIGINT or SIGTERM. True is for a child that must not outlive its parent: it ends when
            its standard input does, or at SIGTERM; SIGINT and SIGHUP of the terminal are the parent's to answer, who
            may still need the API to finish a page.

    Raises:
        FaultError: a fault of the configuration does not exist.
        FixtureError: the fixture of the configuration cannot be served.
        NotLoopbackError: the host is not an address of this machine alone.
        OSError: the port is taken.
    """
    asyncio.run(_serve(config, host, port, ready, until_eof=until_eof))


async def _serve(
    config: SimulatorConfig, host: str, port: int, ready: Callable[[str], None], *, until_eof: bool
) -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    loop.add_signal_handler(signal.SIGINT, (lambda: None) if until_eof else ended.set)
    if until_eof:
        loop.add_signal_handler(signal.SIGHUP, lambda: None)
        threading.Thread(target=_watch_stdin, args=(loop, ended), daemon=True).start()
    # Made only now and beside the loop, because a large catalogue takes seconds in which a signal may come already.
    simulator = await asyncio.to_thread(Simulator, config)
    await simulator.start(host, port)
    try:
        ready(simulator.url)
        await ended.wait()
    finally:
        await simulator.stop()


def _watch_stdin(loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
    """Read standard input to its end, which comes with the parent's."""
    # One that cannot be read has ended. Not through sys.stdin: this thread would hold its lock at shutdown.
    with suppress(OSError):
        while os.read(_STDIN, 4_096):
            continue
    # The loop may be closed by now, because of a signal.
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(ended.set)
