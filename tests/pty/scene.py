"""A console with a simulator of the API behind it, the states it can be brought into, and what it left behind."""

import contextlib
import fcntl
import signal
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from console.home import Home
from console.simulator.config import DEMO_CLIENT_ID, DEMO_CLIENT_KEY, DEMO_EMAIL, SimulatorConfig
from console.simulator.thread import SimulatorThread
from tests.pty.terminal import Terminal

ENVIRONMENT = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
"""A terminal that can do everything."""

SECONDS_TO_END = 10.0
LEFT = {
    "the alternate screen": b"\x1b[?1049l",
    "the mouse": b"\x1b[?1000l",
    "moves of the mouse": b"\x1b[?1003l",
    "bracketed paste": b"\x1b[?2004l",
    "the hidden cursor": b"\x1b[?25h",
}
"""What must have been left, by the bytes that leave it; the same with an h or an l at the end enters it."""


@dataclass(frozen=True)
class State:
    """Something the console can be in the middle of."""

    reach: Callable[[Terminal], None]
    faults: tuple[str, ...] = ()
    leaves_run: str | None = None
    """The status of the run, when the console is ended in this state."""


def _starting(terminal: Terminal) -> None:
    terminal.until_raw(b"\x1b[?1049h")


def _idle(terminal: Terminal) -> None:
    terminal.until("embedded")


def start_sync(terminal: Terminal) -> None:
    """Start a sync with the keys for it."""
    terminal.until("embedded")
    terminal.press("s")
    terminal.until("Start the sync")
    terminal.press("\r")
    terminal.until_gone("Start the sync")


def _running(terminal: Terminal) -> None:
    start_sync(terminal)
    terminal.until("19/20")


def _retrying(terminal: Terminal) -> None:
    start_sync(terminal)
    terminal.until("■ ▲")


def _in_a_dialog(terminal: Terminal) -> None:
    _running(terminal)
    terminal.press("q")
    terminal.until("A sync is running")


_NEVER_COMES = ("slow=300@12",)
STATES = {
    "starting": State(_starting),
    "idle": State(_idle),
    "running": State(_running, _NEVER_COMES, "interrupted"),
    "in a dialog": State(_in_a_dialog, _NEVER_COMES, "interrupted"),
    "waiting to retry": State(_retrying, ("429-retry-after=300@12",), "interrupted"),
}
"""In each but the first two, page 12 of 20 does not come."""


def credentials(address: str) -> dict[str, str]:
    """The settings of a console whose API is the simulator at this address."""
    return {
        "G2A_BASE_URL": address,
        "G2A_CLIENT_ID": DEMO_CLIENT_ID,
        "G2A_CLIENT_SECRET": DEMO_CLIENT_KEY,
        "G2A_EMAIL": DEMO_EMAIL,
        "G2A_MAX_REQUESTS_PER_MINUTE": "0",
    }


@contextlib.contextmanager
def console(
    home: Path, faults: tuple[str, ...] = (), *, products: int = 400, latency_ms: float = 0, **options: Any
) -> Iterator[Terminal]:
    """The console in a terminal, with an API of its own."""
    config = SimulatorConfig(products=products, latency_ms=latency_ms, faults=faults)
    with SimulatorThread(config) as simulator:
        environment = {**ENVIRONMENT, **credentials(simulator.url)}
        with Terminal(["--home", str(home)], environment, **options) as terminal:
            yield terminal


@contextlib.contextmanager
def must_end(terminal: Terminal, code: int, *, reads: bool = True, cpu_seconds: float = 2.5) -> Iterator[None]:
    """What is done within ends the console with this exit code, soon, and without much work."""
    cpu_before = terminal.cpu_so_far()
    yield
    ended_with = terminal.wait(SECONDS_TO_END, reads=reads)
    assert ended_with == code, terminal.text

    assert terminal.cpu_seconds - cpu_before < cpu_seconds, "a core was spinning"


def end_by(terminal: Terminal, number: signal.Signals, **how: Any) -> None:
    """Send the signal; the console must end with its exit code and leave the terminal as it was."""
    with must_end(terminal, 128 + number, **how):
        terminal.signal(number)
    assert_left_in_order(terminal)


def assert_left_in_order(terminal: Terminal) -> None:
    """The terminal is as it was before the console."""
    assert terminal.attributes == terminal.attributes_before
    for name, left in LEFT.items():
        entered = left[:-1] + (b"l" if left.endswith(b"h") else b"h")
        assert terminal.last_bytes.rfind(left) > terminal.last_bytes.rfind(entered), name


def assert_lock_is_free(home: Path) -> None:
    """The next console can start: nobody holds the runner lock."""
    lock_file = Home(home).lock_file
    assert lock_file.parent.is_dir(), "it has not even begun"
    with lock_file.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def query(home: Path, statement: str) -> list[Any]:
    """The first column of what the database answers; nothing where there is no table or no database yet."""
    path = home / "catalog.db"
    if not path.exists():
        return []
    with contextlib.closing(sqlite3.connect(path)) as connection:
        try:
            return [row[0] for row in connection.execute(statement)]
        except sqlite3.OperationalError as error:
            assert "no such table" in str(error)  # noqa: PT017 - anything else is a fault of the test
            return []


def assert_kept(home: Path, run_status: str | None) -> None:
    """There is one run with this status, or none, and whole pages of it."""
    assert_lock_is_free(home)
    assert query(home, "SELECT status FROM sync_runs") == ([run_status] if run_status else [])
    pages = query(home, "SELECT page FROM sync_pages WHERE status = 'done'")
    assert bool(pages) == bool(run_status)
    assert 12 not in pages
    assert query(home, "SELECT count(*) FROM products") in ([], [20 * len(pages)])
