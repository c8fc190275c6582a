"""How long it takes to read a log of a gigabyte that was rotated, and how much memory; then the same on the screen.

python -m tests.benchmarks.bench_log [--megabytes N] [--files N]
"""

import argparse
import asyncio
import resource
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from console.clock import SystemClock
from console.home import Home
from console.operations.logbook import Level, LogQuery
from console.operations.logbook_reader import LogBookReader
from tests.benchmarks.simulator_process import environment_for, simulator
from tests.pty.terminal import Terminal

_START = datetime(2026, 11, 1, tzinfo=UTC)
_LEVELS = ["INFO"] * 97 + ["WARNING", "WARNING", "ERROR"]
_TRACEBACK = '\nTraceback (most recent call last):\n  File "fetch.py", line 7, in fetch\nOSError: reset by peer'


def make(path: Path, megabytes: int, files: int) -> int:
    """Write a log of this size in so many files; returns the number of its records."""
    number = 0
    for file in range(files - 1, -1, -1):
        size, name = 0, path.with_name(f"{path.name}.{file}") if file else path
        with name.open("w") as log:
            while size < megabytes * 1_000_000 // files:
                size += log.write("".join(_record(number + each) for each in range(1_000)))
                number += 1_000
    return number


def _record(number: int) -> str:
    at = _START + timedelta(milliseconds=number * 20)
    level = _LEVELS[number % 100]
    more = _TRACEBACK if level == "ERROR" else ""
    time_of_it = f"{at:%Y-%m-%d %H:%M:%S},{at.microsecond // 1000:03}"
    return f"{time_of_it} - console.sync - {level} - page {number} of the catalogue was stored: 20 products{more}\n"


async def _row(name: str, ask: Callable[[], Awaitable[object]]) -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun, slowest = time.perf_counter(), 0.0
    asking = asyncio.ensure_future(ask())
    while not asking.done():
        looked = time.perf_counter()
        await asyncio.wait([asking], timeout=0.005)
        slowest = max(slowest, time.perf_counter() - looked - 0.005)
    await asking
    took = (time.perf_counter() - begun) * 1_000
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1_024
    print(f"{name:<48}{took:>12.1f}{slowest * 1_000:>12.1f}{grown:>12.1f}")


async def _measure(path: Path, records: int) -> None:
    def book() -> LogBookReader:
        return LogBookReader(path, SystemClock())

    middle = _START + timedelta(milliseconds=records // 2 * 20)
    last = LogQuery()
    place = (await book().later(last, await book().at(middle), 1)).entries[0].place
    print(f"{'':<48}{'ms':>12}{'loop ms':>12}{'more MB':>12}")
    await _row("the first page, from the end", lambda: book().earlier(last, None, 200))
    await _row("a page before a place in the middle", lambda: book().earlier(last, place, 200))
    await _row("a page at the very beginning", lambda: book().later(last, None, 200))
    await _row("the place of a time in the middle", lambda: book().at(middle))
    await _row("200 errors, from the end", lambda: book().earlier(LogQuery(level=Level.ERROR), None, 200))
    await _row("words that are nowhere: all files", lambda: book().earlier(LogQuery(words="nowhere"), None, 1))
    await _row("a level that is nowhere: all files", lambda: book().earlier(LogQuery(level=Level.CRITICAL), None, 1))
    await _row("words with context that are nowhere", lambda: book().earlier(LogQuery(words="no", context=2), None, 1))


def _on_screen(home: Path) -> None:
    """From the key to the screen of the real program."""
    told = {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
    print(f"\n{'from key to screen':<48}{'ms':>12}")
    with (
        simulator(400) as address,
        Terminal(["--home", str(home)], {**told, **environment_for(address)}) as terminal,
    ):
        terminal.until("Scheduler started")
        _key(terminal, "l", b"was stored", "open the log at its end")
        _key(terminal, "g", b"the oldest record", "go to the oldest record")
        _key(terminal, "G", b"Scheduler started", "go to the newest record")
        _type_words(terminal, "nowhere")
        _key(terminal, "\r", b"searching", "be told that a search goes on")
        _key(terminal, "\x1b", b"following", "stop it")
        terminal.press("\x1b")
        terminal.until_gone("/nowhere")
        _type_words(terminal, "page 2345678")
        _key(terminal, "\r", b"1 so far", "find a record some files back")


def _type_words(terminal: Terminal, words: str) -> None:
    terminal.press("/")
    terminal.until("words to find")
    terminal.press(words)
    terminal.until(words)


def _key(terminal: Terminal, key: str, shows: bytes, name: str) -> None:
    terminal.until_settled()
    terminal.last_bytes = b""
    begun = time.perf_counter()
    terminal.press(key)
    terminal.until_raw(shows)
    print(f"{name:<48}{(time.perf_counter() - begun) * 1_000:>12.1f}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=1_000)
    parser.add_argument("--files", type=int, default=6)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Home(Path(folder)).log_file
        path.parent.mkdir()
        records = make(path, arguments.megabytes, arguments.files)
        print(f"{records:,} records in {arguments.files} files, {arguments.megabytes:,} MB")
        asyncio.run(_measure(path, records))
        _on_screen(Path(folder))


if __name__ == "__main__":
    main()
