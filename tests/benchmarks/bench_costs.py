"""What the screen costs, in a real terminal: bytes, processor time and waiting, each beside its limit.

    python -m tests.benchmarks.bench_costs [--only PART ...] [--size 80x24] [--seconds N] [--database FILE]

The parts are `idle`, `sync`, `flood`, `paint`, `products` and `log`. `--database` names a home's `catalog.db` with a
large catalogue to search in, instead of a new one, which takes minutes to fill. The flood is 1,000 records a second
through the program's own log (`flooded.py`), while a sync goes at full speed; `paint` compares the console with an
empty Textual app in turns. A ratio above 1 is over the limit. Other work on the machine makes times longer, not bytes:
what a key takes in an empty Textual app at the same time tells by how much.
"""

import argparse
import asyncio
import importlib.util
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from console.clock import SystemClock
from tests.benchmarks.bench_keys import answer, p99
from tests.benchmarks.bench_products import key_to_screen
from tests.benchmarks.catalogue_of import fill
from tests.benchmarks.empty_app import SHOWN
from tests.benchmarks.simulator_process import environment_for, simulator
from tests.pty.terminal import Terminal

_RECORDS_PER_SECOND = 1_000
_SMALL, _LARGE = 400, 300_000
"""Products."""

_PANES = 4


@dataclass(frozen=True)
class Bench:
    """How it is measured."""

    columns: int
    lines: int
    seconds: float
    rounds: int
    paints: int
    database: Path | None

    def console(self, address: str, home: str, *, module: str = "console", **environment: str) -> Terminal:
        """The console on this home."""
        told = {"TERM": "xterm-256color", "LANG": "C.UTF-8", **environment_for(address), **environment}
        return Terminal(["--home", home], told, self.columns, self.lines, module=module)

    def empty_app(self) -> Terminal:
        """An empty Textual app."""
        environment = {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
        return Terminal([], environment, self.columns, self.lines, module="tests.benchmarks.empty_app")


def _crowding() -> float:
    """Seconds by the clock for a second of the processor: 1 where nobody else works."""
    begun, cpu = time.perf_counter(), time.process_time()
    while time.process_time() - cpu < _SECONDS_OF_WORK:
        pass
    return (time.perf_counter() - begun) / _SECONDS_OF_WORK


_SECONDS_OF_WORK = 0.5


@dataclass(frozen=True)
class Row:
    """What was measured, beside its limit, where there is one."""

    name: str
    limit: float | None
    measured: float
    unit: str

    def __str__(self) -> str:
        limit = f"{self.limit:,.1f}" if self.limit is not None else ""
        ratio = f"{self.measured / self.limit:.2f}" if self.limit is not None else ""
        return f"{self.name:<58}{limit:>10}{self.measured:>12,.1f}{ratio:>8}  {self.unit}"


def _watched(terminal: Terminal, seconds: float) -> tuple[float, float]:
    """Bytes a second that it writes meanwhile, and percent of a core that it uses."""
    terminal.read_all()
    bytes_before, cpu_before, begun = terminal.bytes_read, terminal.cpu_so_far(), time.monotonic()
    while (left := begun + seconds - time.monotonic()) > 0:
        terminal.pump(left)
    took = time.monotonic() - begun
    return (terminal.bytes_read - bytes_before) / took, (terminal.cpu_so_far() - cpu_before) / took * 100


def _answers(terminal: Terminal, rounds: int) -> list[float]:
    """Milliseconds of so many times all around the panes and back, and the sync pane on all of the screen and back."""
    keys = ("\t" * _PANES + "zz") * rounds
    return [answer(terminal, key) for key in keys]


def _meanwhile(bench: Bench) -> float:
    """The milliseconds that 99 of 100 keys take in an empty app meanwhile: what the machine itself does to a key."""
    with bench.empty_app() as terminal:
        terminal.until(SHOWN)
        return p99([answer(terminal, "\t") for _ in range(bench.rounds * 4)])


def _start_sync(terminal: Terminal) -> None:
    terminal.until("embedded")
    terminal.press("s")
    terminal.until("Start the sync")
    terminal.press("\r")
    terminal.until("manual sync")


def _idle(bench: Bench) -> Iterator[Row]:
    with simulator(_SMALL) as address, tempfile.TemporaryDirectory() as home, bench.console(address, home) as terminal:
        _start_sync(terminal)
        terminal.until("healthy")
        terminal.until_settled()
        written, cpu = _watched(terminal, bench.seconds)
        yield Row("idle: written", 300, written, "bytes/s")
        yield Row("idle: processor", 1, cpu, "% of a core")
        times = _answers(terminal, bench.rounds)
        yield Row("idle: key to screen, p50", None, statistics.median(times), "ms")
        yield Row("idle: key to screen, p99", 50, p99(times), "ms")
        yield Row("idle: the same in an empty Textual app, p99", None, _meanwhile(bench), "ms")


def _sync(bench: Bench) -> Iterator[Row]:
    with simulator(_LARGE) as address, tempfile.TemporaryDirectory() as home, bench.console(address, home) as terminal:
        _start_sync(terminal)
        written, cpu = _watched(terminal, bench.seconds)
        yield Row("sync at full speed: written", 24, written / 1024, "KiB/s")
        yield Row("sync at full speed: processor, engine and screen", None, cpu, "% of a core")
        times = _answers(terminal, bench.rounds)
        yield Row("sync at full speed: key to screen, p50", None, statistics.median(times), "ms")
        yield Row("sync at full speed: key to screen, p99", 50, p99(times), "ms")
        yield Row("sync at full speed: the same in an empty Textual app, p99", None, _meanwhile(bench), "ms")
        terminal.until("running")


def _flood(bench: Bench) -> Iterator[Row]:
    flood = {"module": "tests.benchmarks.flooded", "FLOOD": str(_RECORDS_PER_SECOND)}
    with (
        simulator(_LARGE) as address,
        tempfile.TemporaryDirectory() as home,
        bench.console(address, home, **flood) as terminal,
    ):
        _start_sync(terminal)
        written, _ = _watched(terminal, bench.seconds / 3)
        yield Row("sync with the log flooded: written", None, written / 1024, "KiB/s")
        times = _answers(terminal, bench.rounds)
        yield Row("sync with the log flooded: key to screen, p50", None, statistics.median(times), "ms")
        yield Row("sync with the log flooded: key to screen, p99", 150, p99(times), "ms")
        terminal.until("running")


def _paint(bench: Bench) -> Iterator[Row]:
    with simulator(_SMALL) as address, tempfile.TemporaryDirectory() as home:

        def console() -> Terminal:
            return bench.console(address, home)

        _painted(bench.empty_app, SHOWN.encode()), _painted(console, b" quit")  # what Python compiles, it does now
        empties, consoles = [], []
        for _ in range(bench.paints):
            empties.append(_painted(bench.empty_app, SHOWN.encode()))
            consoles.append(_painted(console, b" quit"))
    for place, name in enumerate(("first paint", "first paint, processor time")):
        mine, its = (statistics.median(each[place] for each in paints) for paints in (consoles, empties))
        yield Row(f"{name}: empty Textual app", None, its, "ms")
        yield Row(f"{name}: the console", None, mine, "ms")
        yield Row(f"{name}: ratio", 1.3 if not place else None, mine / its, "")


def _painted(start: Callable[[], Terminal], shows: bytes) -> tuple[float, float]:
    """Milliseconds until the screen is there, by the clock and of the processor."""
    begun = time.perf_counter()
    with start() as terminal:
        terminal.until_raw(shows)
        return (time.perf_counter() - begun) * 1000, terminal.cpu_so_far() * 1000


def _products(bench: Bench) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        path = bench.database or Path(folder) / "catalog.db"
        if bench.database is None:
            asyncio.run(fill(path, _LARGE))
        for text, lists, _ in key_to_screen(path, 7):
            yield Row(f"search in {_LARGE:,} products for {text!r}, median", 100, statistics.median(lists), "ms")


def _log(_bench: Bench) -> Iterator[Row]:
    if importlib.util.find_spec("tests.benchmarks.bench_log") is None:
        return  # this program does not read its log back yet
    bench_log, logbook, reader = (
        importlib.import_module(name)
        for name in ("tests.benchmarks.bench_log", "console.operations.logbook", "console.operations.logbook_reader")
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "product_sync_scheduler.log"
        bench_log.make(path, 1_000, 6)
        times = []
        for _ in range(7):
            begun = time.perf_counter()
            asyncio.run(reader.LogBookReader(path, SystemClock()).earlier(logbook.LogQuery(), None, 200))
            times.append((time.perf_counter() - begun) * 1000)
    yield Row("opening a log of 1 GB at its end, median", 300, statistics.median(times), "ms")


_PARTS = {"idle": _idle, "sync": _sync, "flood": _flood, "paint": _paint, "products": _products, "log": _log}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=_PARTS, default=list(_PARTS))
    parser.add_argument("--size", default="80x24")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--paints", type=int, default=9)
    parser.add_argument("--database", type=Path)
    arguments = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is measured is not compiling
    columns, lines = map(int, arguments.size.split("x"))
    bench = Bench(columns, lines, arguments.seconds, arguments.rounds, arguments.paints, arguments.database)
    print(f"{columns}x{lines}; a second of work takes {_crowding():.1f} s on this machine when it begins")
    print(f"{'':<58}{'limit':>10}{'measured':>12}{'ratio':>8}")
    for part in arguments.only:
        for row in _PARTS[part](bench):
            print(row, flush=True)
    print(f"and {_crowding():.1f} s when it ends")


if __name__ == "__main__":
    main()
