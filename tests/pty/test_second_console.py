"""A second console in a real terminal, beside one that syncs: it watches, and takes over when that one is killed."""

import contextlib
import os
import re
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from console.simulator.config import DEMO_CLIENT_ID, DEMO_CLIENT_KEY, DEMO_EMAIL, SimulatorConfig
from console.simulator.thread import SimulatorThread
from tests.pty.terminal import Terminal


def read_until(terminal: Terminal, condition: Callable[[], object], seconds: float = 30) -> None:
    """Read what the program writes until something is so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"never came:\n{terminal.text}"
        terminal.pump(0.1)


def pages_done(terminal: Terminal) -> int:
    """How many pages the sync pane says are done."""
    found = re.search(r"(\d+)/100\b", terminal.text)
    return int(found[1]) if found else 0


def cells_done(terminal: Terminal) -> int:
    """How many cells of the page map are done."""
    return sum(line.count("■") for line in terminal.screen.display if "in flight" not in line)


def test_a_second_console_watches_and_when_the_first_is_killed_goes_on_with_its_sync(
    tmp_path: Path, terminal_environment: dict[str, str]
) -> None:
    with SimulatorThread(SimulatorConfig(products=2_000, latency_ms=400, faults=("slow=60@12",))) as simulator:
        environment = {**terminal_environment, **_settings(simulator.url)}
        words = ["--home", str(tmp_path)]
        with contextlib.ExitStack() as terminals:
            first = terminals.enter_context(Terminal(words, environment))
            first.until("embedded")
            second = terminals.enter_context(Terminal(words, environment, columns=120, lines=36))
            second.until("read-only")
            second.until(f"process {first.pid} of ")
            second.until("last heartbeat")
            second.press("s")
            second.until("This console is read-only")
            first.press("s")
            first.until("Start the sync")
            first.press("\r")
            second.until("Manual sync is running")
            read_until(second, lambda: pages_done(second) > 0)
            done, cells = pages_done(second), cells_done(second)
            read_until(second, lambda: pages_done(second) > done and cells_done(second) > cells)
            read_until(second, lambda: pages_done(second) == 99)  # page 12 takes its time
            simulator.faults.clear()
            os.kill(first.pid, signal.SIGKILL)
            second.until_gone("read-only")
            second.until("The other process is gone")
            second.until("Resumed sync")
            second.until("succeeded")
            second.press("q")
            assert second.wait(10) == 0
    with sqlite3.connect(tmp_path / "catalog.db") as connection:
        runs = connection.execute("SELECT status, continues_run_id, pages_done FROM sync_runs ORDER BY id").fetchall()
        assert runs == [("interrupted", None, 99), ("succeeded", 1, 100)]
        assert connection.execute("SELECT count(*) FROM products WHERE is_active").fetchone() == (2_000,)


def test_leaving_a_console_that_only_watches_ends_nothing_and_asks_nothing(
    tmp_path: Path, terminal_environment: dict[str, str]
) -> None:
    with SimulatorThread(SimulatorConfig(products=2_000, faults=("slow=60@12",))) as simulator:
        environment = {**terminal_environment, **_settings(simulator.url)}
        words = ["--home", str(tmp_path)]
        with Terminal(words, environment) as first:
            first.until("embedded")
            first.press("s")
            first.until("Start the sync")
            first.press("\r")
            first.until("99/100")
            with Terminal(words, environment) as second:
                second.until("99/100")
                second.press("q")
                assert second.wait(10) == 0
            first.press("q")
            first.until("A sync is running")


def _settings(address: str) -> dict[str, str]:
    return {
        "G2A_BASE_URL": address,
        "G2A_CLIENT_ID": DEMO_CLIENT_ID,
        "G2A_CLIENT_SECRET": DEMO_CLIENT_KEY,
        "G2A_EMAIL": DEMO_EMAIL,
        "G2A_MAX_REQUESTS_PER_MINUTE": "0",
    }
