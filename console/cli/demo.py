"""`g2a-console demo`: the console against a simulator of the G2A API, with nothing to configure.

The simulator is a process of its own, and ends with this one. The demo has a home of its own inside the home and takes
nothing from the environment, so that it can never touch a real catalogue.
"""

import argparse
import asyncio
import subprocess
import sys

from console.cli.open_console import no_terminal, run_console
from console.cli.output import ExitCode, complain
from console.home import Home
from console.operations.protocol import Refused
from console.settings import SecretStr, Settings
from console.simulator.config import DEMO_CLIENT_ID, DEMO_CLIENT_KEY, DEMO_EMAIL

_PRODUCTS = 15_420
_LATENCY_MS = 80
"""With eight requests in flight a sync takes about ten seconds: long enough to watch, short enough to wait for."""
_START_SECONDS = 20.0
_END_SECONDS = 3.0


def demo(arguments: argparse.Namespace, home: Home, settings: Settings) -> int:
    """Open the demo."""
    del arguments, settings
    return open_demo(home)


def open_demo(home: Home) -> int:
    """Open the console on the demo's own home."""
    refusal = no_terminal()
    if refusal:
        complain(refusal)
        return ExitCode.USAGE
    process = _start_simulator()
    blank = Settings()

    async def prepare() -> Settings:
        return _demo_settings(await _address(process))

    try:
        code, _ = run_console(home.demo, blank, prepare)
    finally:
        _end(process)
    return code


def _start_simulator() -> "subprocess.Popen[str]":
    words = ["simulator", "--products", str(_PRODUCTS), "--latency-ms", str(_LATENCY_MS), "--churn", "--until-eof"]
    return subprocess.Popen(  # noqa: S603 - our own program, with words of our own
        [sys.executable, "-m", "console", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,  # the terminal's signals are ours to answer; it ends when our end of the pipe does
    )


async def _address(process: "subprocess.Popen[str]") -> str:
    """The simulator's address, once it listens."""
    assert process.stdout is not None, "it is a pipe"  # noqa: S101 - for the type checker
    address = ""
    try:
        async with asyncio.timeout(_START_SECONDS):
            address = (await asyncio.to_thread(process.stdout.readline)).strip()
    except TimeoutError:
        pass
    finally:
        if not address:  # or the thread that reads would wait for it, and the end of this process for the thread
            process.kill()
    if not address:
        raise Refused("The simulator of the G2A API did not start: try `g2a-console simulator` to see why.")
    return address


def _demo_settings(address: str) -> Settings:
    return Settings(
        g2a_base_url=address,
        g2a_client_id=DEMO_CLIENT_ID,
        g2a_client_secret=SecretStr(DEMO_CLIENT_KEY),
        g2a_email=DEMO_EMAIL,
        g2a_max_requests_per_minute=0,
    )


def _end(process: "subprocess.Popen[str]") -> None:
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
