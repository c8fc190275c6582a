"""How long a key takes to be answered on the screen of the real program in a real terminal, while a sync runs.

    python -m tests.benchmarks.bench_keys [--keys N] [--size 80x24]

The keys are Tab, which moves the mark of the focus to another pane, and `z`, which gives the focused pane the whole
screen and takes it back; the answer is the byte that draws the mark.
"""

import argparse
import statistics
import tempfile
import time

from tests.benchmarks.simulator_process import environment_for, simulator
from tests.pty.terminal import Terminal

_FOCUS_MARK = "▸".encode()


def answer(terminal: Terminal, key: str, shows: bytes = _FOCUS_MARK) -> float:
    """The milliseconds from this key to these bytes."""
    terminal.read_all()
    terminal.last_bytes = b""  # the mark that answered the key before is no answer to this one
    begun = time.perf_counter()
    terminal.press(key)
    terminal.until_raw(shows)
    return (time.perf_counter() - begun) * 1000


def p99(times: list[float]) -> float:
    """What 99 of 100 do not exceed."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]


def _answers(terminal: Terminal, key: str, count: int) -> list[float]:
    return [answer(terminal, key) for _ in range(count)]


def _row(name: str, times: list[float]) -> None:
    print(f"{name:<24}{len(times):>6}{statistics.median(times):>9.1f}{p99(times):>9.1f}{max(times):>9.1f}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=200)
    parser.add_argument("--size", default="80x24")
    arguments = parser.parse_args()
    columns, lines = map(int, arguments.size.split("x"))
    print(f"{'milliseconds':<24}{'keys':>6}{'median':>9}{'p99':>9}{'worst':>9}")
    with simulator(300_000) as address, tempfile.TemporaryDirectory() as home:
        environment = {"TERM": "xterm-256color", "LANG": "C.UTF-8", **environment_for(address)}
        with Terminal(["--home", home], environment, columns, lines) as terminal:
            terminal.until("embedded")
            _row("Tab, idle", _answers(terminal, "\t", arguments.keys))
            _row("z, idle", _answers(terminal, "z", arguments.keys))
            terminal.press("s")
            terminal.until("Start the sync")
            terminal.press("\r")
            terminal.until("running")
            _row("Tab, sync at full speed", _answers(terminal, "\t", arguments.keys))
            _row("z, sync at full speed", _answers(terminal, "z", arguments.keys))
            terminal.until("is running")


if __name__ == "__main__":
    main()
