"""The console in a real terminal, as its operator meets it."""

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console.simulator.config import DEMO_CLIENT_ID, DEMO_CLIENT_KEY, DEMO_EMAIL, SimulatorConfig
from console.simulator.thread import SimulatorThread
from tests.pty.terminal import Terminal

_SECONDS_TO_START = 8
"""Until the scheduler of a console runs, on a busy machine."""


def _count(home: Path, query: str) -> int:
    with sqlite3.connect(home / "catalog.db") as connection:
        return int(connection.execute(query).fetchone()[0])


def test_the_demo_syncs_15420_products_at_80_by_24_and_leaves_the_terminal_as_it_was(
    tmp_path: Path, terminal_environment: dict[str, str]
) -> None:
    with Terminal(["--home", str(tmp_path), "demo"], terminal_environment) as terminal:
        terminal.until("embedded")
        terminal.press("s")
        terminal.until("Start the sync")
        terminal.press("\r")
        terminal.until("771/771", 60)
        terminal.until("succeeded")
        terminal.press("q")
        assert terminal.wait(10) == 0
    assert _count(tmp_path / "demo", "SELECT count(*) FROM products WHERE is_active") == 15_420
    assert _count(tmp_path / "demo", "SELECT count(*) FROM sync_runs WHERE status = 'succeeded'") == 1


def test_leaving_during_a_sync_asks_first_and_keeps_whole_pages(
    tmp_path: Path, terminal_environment: dict[str, str]
) -> None:
    with (
        SimulatorThread(SimulatorConfig(products=2_000, faults=("slow=60@12",))) as simulator,
        Terminal(["--home", str(tmp_path)], {**terminal_environment, **_settings(simulator.url)}) as terminal,
    ):
        terminal.until("embedded")
        terminal.press("s")
        terminal.until("Start the sync")
        terminal.press("\r")
        terminal.until("Manual sync is running")
        terminal.until("99/100")  # page 12 takes its time, so that the sync is still running
        terminal.press("q")
        terminal.until("A sync is running")
        terminal.press("\x1b")
        terminal.until_gone("A sync is running")
        terminal.press("q")
        terminal.until("A sync is running")
        terminal.press("\t\r")
        assert terminal.wait(15) == 0
    assert _count(tmp_path, "SELECT count(*) FROM sync_runs WHERE status = 'interrupted'") == 1
    done = _count(tmp_path, "SELECT count(*) FROM sync_pages WHERE status = 'done'")
    assert done == 99
    assert _count(tmp_path, "SELECT count(*) FROM products") == 20 * done


def test_the_daily_sync_runs_by_itself_at_the_time_that_was_set(
    tmp_path: Path, terminal_environment: dict[str, str]
) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=60 + _SECONDS_TO_START)
    command = [sys.executable, "-m", "console", "--home", str(tmp_path), "schedule", "set", f"{soon:%H:%M}"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with (
        SimulatorThread(SimulatorConfig(products=200)) as simulator,
        Terminal(["--home", str(tmp_path)], {**terminal_environment, **_settings(simulator.url)}) as terminal,
    ):
        terminal.until(f"{soon:%H:%M}")
        terminal.until("10/10", 90)
        terminal.until("succeeded")
        terminal.press("q")
        assert terminal.wait(10) == 0
    slot = f"{soon:%Y-%m-%d %H:%M}:00.000000"
    assert _count(tmp_path, f"SELECT count(*) FROM sync_runs WHERE trigger = 'scheduled' AND slot = '{slot}'") == 1


def test_without_credentials_it_says_what_to_set_and_offers_the_demo(
    tmp_path: Path, terminal_environment: dict[str, str]
) -> None:
    with Terminal(["--home", str(tmp_path)], terminal_environment, columns=120, lines=36) as terminal:
        terminal.until("Sign in to G2A")
        terminal.press("\x1b")
        terminal.until_gone("Sign in to G2A")
        terminal.until("No G2A credentials yet: set G2A_CLIENT_ID and G2A_CLIENT_SECRET")
        terminal.press("d")
        terminal.until("empty")
        terminal.press("q")
        assert terminal.wait(10) == 0


@pytest.mark.parametrize("term", ["dumb", ""])
def test_without_a_terminal_that_can_show_it_the_console_says_so_in_one_line(
    tmp_path: Path, terminal_environment: dict[str, str], term: str
) -> None:
    with Terminal(["--home", str(tmp_path)], {**terminal_environment, "TERM": term}) as terminal:
        assert terminal.wait(10) == 2
        assert "g2a-console sync" in terminal.text


def test_sizes_from_one_cell_to_the_whole_wall_do_not_end_it(
    tmp_path: Path, terminal_environment: dict[str, str]
) -> None:
    with Terminal(["--home", str(tmp_path), "demo"], terminal_environment) as terminal:
        terminal.until("embedded")
        for columns, lines in [(1, 1), (200, 60), (2, 50), (300, 3), (40, 12), (80, 24)] * 3:
            terminal.resize(columns, lines)
            terminal.pump(0.05)
        terminal.until("embedded")
        terminal.press("q")
        assert terminal.wait(10) == 0


def _settings(address: str) -> dict[str, str]:
    return {
        "G2A_BASE_URL": address,
        "G2A_CLIENT_ID": DEMO_CLIENT_ID,
        "G2A_CLIENT_SECRET": DEMO_CLIENT_KEY,
        "G2A_EMAIL": DEMO_EMAIL,
        "G2A_MAX_REQUESTS_PER_MINUTE": "0",
    }
