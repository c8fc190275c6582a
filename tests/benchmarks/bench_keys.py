"""How long a key takes to be answered on the screen of the real program in a real terminal, while a sync runs.

    python -m tests.benchmarks.bench_keys [--keys N] [--size 80x24]

The key is `?`, which opens the help, and then Escape, which closes it; the answer is that the screen shows so.
"""

import argparse
import statistics
import tempfile
import time

from tests.benchmarks.simulator_process import environment_for, simulator
from tests.pty.terminal import Terminal

_OPENED = "Keys that work"


def _answer(terminal: Terminal, key: str, *, appears: bool) -> float:
    begun = time.perf_counter()
    terminal.press(key)
    while (_OPENED in terminal.text) is not appears:
        terminal.pump(1)
    return (time.perf_counter() - begun) * 1000


def _measure(terminal: Terminal, keys: int) -> list[float]:
    times = []
    for _ in range(keys // 2):
        times.append(_answer(terminal, "?", appears=True))
        times.append(_answer(terminal, "\x1b", appears=False))
    return times


def _row(name: str, times: list[float]) -> None:
    ordered = sorted(times)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    print(f"{name:<24}{len(times):>6}{statistics.median(times):>9.1f}{p99:>9.1f}{ordered[-1]:>9.1f}")


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
            terminal.until("healthy")
            _row("idle", _measure(terminal, arguments.keys))
            terminal.press("s")
            terminal.until("Start the sync")
            terminal.press("\r")
            terminal.until("running")
            _row("sync at full speed", _measure(terminal, arguments.keys))
            assert "running" in terminal.text, "the sync ended before the measurement did"


if __name__ == "__main__":
    main()
