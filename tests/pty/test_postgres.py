"""The console in a real terminal on a PostgreSQL database: it starts, syncs and finds, and another host's watches."""

import os
import signal
from contextlib import ExitStack
from pathlib import Path

from console.simulator.config import DEMO_CLIENT_ID, DEMO_CLIENT_KEY, DEMO_EMAIL, SimulatorConfig
from console.simulator.thread import SimulatorThread
from tests.integration.waiting import wait_until
from tests.postgres import PASSWORD, PostgresDatabase
from tests.pty.terminal import Terminal


def test_it_syncs_and_finds_and_a_console_of_another_host_takes_over(
    tmp_path: Path, terminal_environment: dict[str, str], postgres: PostgresDatabase
) -> None:
    with SimulatorThread(SimulatorConfig(products=400)) as simulator:
        environment = {
            **terminal_environment,
            "DATABASE_URL": postgres.url,
            "G2A_BASE_URL": simulator.url,
            "G2A_CLIENT_ID": DEMO_CLIENT_ID,
            "G2A_CLIENT_SECRET": DEMO_CLIENT_KEY,
            "G2A_EMAIL": DEMO_EMAIL,
            "G2A_MAX_REQUESTS_PER_MINUTE": "0",
        }
        with ExitStack() as terminals:

            def console(home: str) -> Terminal:
                words = ["--home", str(tmp_path / home)]
                return terminals.enter_context(Terminal(words, environment, columns=120, lines=36, records=True))

            first = console("one")
            first.until("embedded")
            first.until(f"/{postgres.name}")
            second = console("two")
            second.until("read-only")
            second.until(f"process {first.pid} of ")
            first.press("s")
            first.until("Start the sync")
            first.until(f"postgresql://shop@127.0.0.1:{postgres.server.port}/{postgres.name}")
            first.press("\r")
            first.until("20/20")
            first.until("succeeded")
            second.until("succeeded")
            [[product_id, name]] = [
                row.values() for row in postgres.rows("SELECT id, name FROM products ORDER BY id LIMIT 1")
            ]
            wait_until(lambda: postgres.value("SELECT count(*) FROM product_search") == 400)
            first.press("b")
            first.until("of 400")
            first.press(f"/{product_id}\r")
            first.until("1 of")
            first.until(name[:20])
            os.kill(first.pid, signal.SIGKILL)
            second.until_gone("read-only")
            second.until("embedded")
            second.press("q")
            assert second.wait(10) == 0
            for terminal in (first, second):
                assert PASSWORD.encode() not in terminal.written
                assert b"p%40ss" not in terminal.written
