"""`python -m tests.soak [--short] [--minutes N]`: syncs in a loop under faults, churn and cancels, and measures.

The simulator is a process of its own, so that what is measured is the engine alone. What may grow up to a bound is at
its bound from the start, or is kept small: a leak must not hide behind a cache that fills.
"""

import argparse
import asyncio
import contextlib
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from unittest import mock

import psutil

from console.home import Home
from console.logs import RECORDS_KEPT, Log
from console.operations.engine import Engine
from console.scheduling.runner import NoRunActive
from console.store import sqlite_backend
from tests.benchmarks.simulator_process import settings_for, simulator
from tests.integration.clocks import FastClock
from tests.soak.figures import HEADER, Figures, line, measure, verdict

logger = logging.getLogger("soak")

_HOUR, _SHORT = 60.0, 5.0
_WARM_UP_RUNS = 60
_SMALL_CACHE_KIB = 256
"""SQLite's cache grows with the database, to 16 MiB: minutes of what looks like a leak."""
_PRODUCTS = 2_000
_SIMULATOR = ("--churn", "--fault", "mix:0.1", "--latency-ms", "2")
_LOG_MEGABYTES, _LOG_BACKUPS = 1, 2
_CANCELLED_SHARE = 0.25
_LONGEST_BEFORE_CANCEL_SECONDS = 0.3


class Soak:
    """An engine that syncs and syncs, and what has come of it."""

    def __init__(self, engine: Engine, home: Home, minutes: float) -> None:
        self._engine = engine
        self._home = home
        self._seconds = minutes * 60
        self._process = psutil.Process()
        self._dice = random.Random(1)
        self._runs = 0
        self.ends: Counter[str] = Counter()
        self.figures: list[Figures] = []

    async def go(self) -> None:
        """Warm up, then sync until the time is over; measure at the start, every minute and at the end."""
        await self._fill_the_log()
        while self._runs < _WARM_UP_RUNS:
            await self._run()
        begun = time.monotonic()
        self._measure(0.0)
        while (passed := time.monotonic() - begun) < self._seconds:
            await self._run()
            if passed // 60 > self.figures[-1].minute // 1:
                self._measure(passed / 60)
        self._measure((time.monotonic() - begun) / 60)

    async def _fill_the_log(self) -> None:
        """As many records as are kept in memory, no faster than they are written."""
        for number in range(RECORDS_KEPT):
            logger.info("Record %s, about as long as most of those of a run are, and there before the first", number)
            if number % 100 == 0:
                await asyncio.sleep(0.01)

    async def _run(self) -> None:
        await self._engine.scheduler.trigger_manual_sync("soak")
        if self._dice.random() < _CANCELLED_SHARE:
            await asyncio.sleep(self._dice.uniform(0, _LONGEST_BEFORE_CANCEL_SECONDS))
            with contextlib.suppress(NoRunActive):  # it was quicker
                await self._engine.runner.cancel()
        report = await self._engine.runner.wait()
        assert report is not None
        self._runs += 1
        self.ends[report.status] += 1

    def _measure(self, minute: float) -> None:
        database = self._home.root / "catalog.db"
        self.figures.append(measure(self._process, minute, self._runs, database, self._home.log_file))
        _say(line(self.figures[-1]))


async def soak(home: Home, minutes: float) -> Sequence[str]:
    """Soak an engine on this home; returns what is not flat."""
    home.prepare()
    with simulator(_PRODUCTS, *_SIMULATOR) as address:
        settings = settings_for(address)
        log = Log.open(home.log_file, "INFO", settings.secrets(), _LOG_MEGABYTES, _LOG_BACKUPS)
        try:
            with mock.patch.object(sqlite_backend, "_CACHE_KIB", _SMALL_CACHE_KIB):
                engine = await Engine.open(settings=settings, home=home, clock=FastClock(), log=log)
            try:
                _say(HEADER)
                soaking = Soak(engine, home, minutes)
                await soaking.go()
            finally:
                await engine.close()
        finally:
            log.close()
    _say("Runs: " + ", ".join(f"{count} {status}" for status, count in soaking.ends.most_common()))
    return verdict(soaking.figures)


def main() -> int:
    """Soak, and say whether all was flat."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--short", action="store_true", help=f"{_SHORT:.0f} minutes instead of an hour")
    parser.add_argument("--minutes", type=float, metavar="N", help="that many minutes")
    words = parser.parse_args()
    minutes = words.minutes or (_SHORT if words.short else _HOUR)
    with tempfile.TemporaryDirectory() as folder:
        problems = asyncio.run(soak(Home(Path(folder)), minutes))
    _say("Not flat: " + "; ".join(problems) if problems else "Flat.")
    return 1 if problems else 0


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
