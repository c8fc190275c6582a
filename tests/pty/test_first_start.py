"""The first start, as a new operator meets it: an empty home, a form, and a console that can sync."""

import stat
from pathlib import Path

from console.simulator.config import DEMO_CLIENT_ID, DEMO_CLIENT_KEY, DEMO_EMAIL, SimulatorConfig
from console.simulator.thread import SimulatorThread
from tests.pty.terminal import Terminal


def test_an_empty_home_becomes_a_console_that_syncs(tmp_path: Path, terminal_environment: dict[str, str]) -> None:
    with (
        SimulatorThread(SimulatorConfig(products=60)) as simulator,
        Terminal(["--home", str(tmp_path)], terminal_environment) as terminal,
    ):
        terminal.until("Sign in to G2A", 30)
        terminal.press(f"{DEMO_CLIENT_ID}\r{DEMO_CLIENT_KEY}\r{DEMO_EMAIL}\r")  # all at once, as over a slow line
        terminal.until(DEMO_EMAIL)
        terminal.press("\x15")  # Ctrl+U: away with the usual address
        terminal.until_gone("https://api.g2a.com")
        terminal.press(f"{simulator.url}\r")
        terminal.until_gone("Sign in to G2A", 30)
        terminal.until("empty", 30)
        terminal.press("s")
        terminal.until("Start the sync")
        terminal.press("\r")
        terminal.until("succeeded", 30)
        terminal.press("q")
        assert terminal.wait(10) == 0
        assert DEMO_CLIENT_KEY.encode() not in terminal.last_bytes
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    assert DEMO_CLIENT_KEY not in (tmp_path / "logs" / "product_sync_scheduler.log").read_text()
