"""The simulator in a thread and in a process of its own, and what importing it costs."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from console.simulator.config import SimulatorConfig
from console.simulator.server import NotLoopbackError
from console.simulator.thread import SimulatorThread

from .conftest import DEADLINE_S, hash_header

ROOT = Path(__file__).resolve().parents[3]


def test_a_thread_serves_programs_without_a_loop() -> None:
    config = SimulatorConfig(products=30)
    headers = {"Authorization": hash_header(config)}
    with SimulatorThread(config) as sim:
        assert httpx.get(f"{sim.url}/v1/products", headers=headers, trust_env=False).json()["total"] == 30
        sim.catalogue.remove(next(iter(sim.catalogue.documents())))
        assert httpx.get(f"{sim.url}/v1/products", headers=headers, trust_env=False).json()["total"] == 29
        url = sim.url
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)


def test_a_thread_says_why_it_cannot_start() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"), SimulatorThread(port=port):
            pass
    with pytest.raises(NotLoopbackError), SimulatorThread(host="0.0.0.0"):  # noqa: S104 - what is refused
        pass


SERVE = """
from console.simulator.config import SimulatorConfig
from console.simulator.serve import serve
serve(SimulatorConfig(products=5), "127.0.0.1", 0, lambda url: print(url, flush=True), {until_eof})
"""


def spawn(*, until_eof: bool) -> "subprocess.Popen[str]":
    """A simulator in a process of its own, listening."""
    child = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", SERVE.format(until_eof=until_eof)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert child.stdout is not None
    url = child.stdout.readline().strip()
    assert httpx.get(f"{url}/_control/faults", trust_env=False).json() == []
    return child


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_process_ends_at_a_signal(number: signal.Signals) -> None:
    with spawn(until_eof=False) as child:
        child.send_signal(number)
        assert child.communicate(timeout=DEADLINE_S) == ("", "")
    assert child.returncode == 0


def test_a_child_ends_with_its_parent_and_not_at_the_terminals_signals() -> None:
    with spawn(until_eof=True) as child:
        child.send_signal(signal.SIGINT)
        child.send_signal(signal.SIGHUP)
        assert child.communicate(timeout=DEADLINE_S) == ("", "")
    assert child.returncode == 0


def test_a_child_ends_at_sigterm_too() -> None:
    with spawn(until_eof=True) as child:
        child.send_signal(signal.SIGTERM)
        assert child.wait(timeout=DEADLINE_S) == 0


def test_importing_is_cheap_and_takes_nothing_from_the_other_rooms() -> None:
    code = """
import sys
import console.simulator
assert not [name for name in sys.modules if name.startswith("console.simulator.") or name in ("httptools", "msgspec")]
import console.simulator.serve, console.simulator.thread
rooms = {name.split(".")[1] for name in sys.modules if name.startswith("console.")}
assert rooms == {"simulator"}, rooms
assert not {"httpx", "textual", "sqlmodel", "apscheduler"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)
