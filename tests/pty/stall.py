"""A terminal that reads nothing for a while, during a sync. `python -m tests.pty.stall [SECONDS]` prints what it costs.

The sync goes on at full rate, next to no processor time is spent on the screen, and afterwards the screen is right.
"""

import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.pty.scene import console, query, start_sync
from tests.pty.terminal import Terminal

_LATENCY_SECONDS = 0.4
_PAGES_AT_ONCE = 8
_REQUESTS_ALONE = 2
"""Those that nothing can go on beside: the token and the first page."""

REDRAWN = "z" * 41
"""An odd number of zooms, each of which draws the whole screen: more than the line and every queue hold."""


@dataclass(frozen=True)
class Stalled:
    """What was seen while nobody read, and after."""

    seconds: float
    sync_seconds: float
    ideal_seconds: float
    """What the API's own time alone takes."""
    sync_cpu_seconds: float
    idle_cpu_share: float
    """Of one core, after the sync, while still nobody reads."""
    is_right: bool
    """The screen, when it is read again."""


def stall(home: Path, seconds: float) -> Stalled:
    """Sync for so long while the terminal does not read, and then be idle for two seconds more."""
    pages = round(seconds / _LATENCY_SECONDS * _PAGES_AT_ONCE)
    with console(home, products=20 * pages, latency_ms=1_000 * _LATENCY_SECONDS, columns=200, lines=60) as terminal:
        start_sync(terminal)
        terminal.until("Manual sync is running")
        begun, cpu = time.monotonic(), terminal.cpu_so_far()
        terminal.press_blindly(REDRAWN)
        _wait_for_the_end(home, 3 * seconds + 10)
        sync_cpu = terminal.cpu_so_far() - cpu
        idle_begun, idle_cpu = time.monotonic(), terminal.cpu_so_far()
        time.sleep(2)
        idle_share = (terminal.cpu_so_far() - idle_cpu) / (time.monotonic() - idle_begun)
        stalled_for = time.monotonic() - begun
        is_right = _is_right(terminal, f"{pages}/{pages}")
        terminal.press("q")
        assert terminal.wait(10) == 0
    return Stalled(
        seconds=stalled_for,
        sync_seconds=query(home, "SELECT duration_seconds FROM sync_runs")[0],
        ideal_seconds=(pages / _PAGES_AT_ONCE + _REQUESTS_ALONE) * _LATENCY_SECONDS,
        sync_cpu_seconds=sync_cpu,
        idle_cpu_share=idle_share,
        is_right=is_right,
    )


def _wait_for_the_end(home: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while query(home, "SELECT status FROM sync_runs") != ["succeeded"]:
        assert time.monotonic() < deadline, query(home, "SELECT status || pages_done FROM sync_runs")
        time.sleep(0.1)


def _is_right(terminal: Terminal, wanted: str) -> bool:
    """Whether the screen shows the end of the sync, all frames closed, and what was zoomed."""
    try:
        terminal.until(wanted, 10)
        terminal.until("succeeded", 10)
        terminal.until_settled()
    except AssertionError:
        return False
    framed = terminal.text.splitlines()[2:-1]
    return all(line[0] in "╭│╰" and line[-1] in "╮│╯" for line in framed) and "Jobs" not in terminal.text


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(f"{stall(Path(folder), float(sys.argv[1]) if len(sys.argv) > 1 else 30)}\n")
