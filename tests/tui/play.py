"""Open the console on a scripted engine: `python -m tests.tui.play [STATE [PREFERENCES]]`.

The state `live` runs a sync without end; preferences are kept in the named file.
"""

import asyncio
import random
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from console.clock import Clock, SystemClock
from console.logs import LogLine
from console.operations.events import (
    EngineFailed,
    LogWritten,
    PageFailed,
    PageRequested,
    PageRetrying,
    PageStored,
    RunFinished,
    RunPlanned,
    RunStarted,
)
from console.operations.protocol import Operations, Refused
from console.preferences import PreferenceKeeper
from console.run import RunCounts, RunKind, RunReport, RunStatus, Trigger
from console.sync.page_ref import PageSpan
from console.tui.app import ConsoleApp
from tests.tui.fake import NOW, FakeOperations
from tests.tui.scenes import PAGES, SCENES, counts, idle
from tests.tui.scenes_history import after_blocked, after_partial, empty, years
from tests.tui.scenes_log import day, hostile

_WITH_HISTORY = {
    "history": years,
    "history-empty": empty,
    "history-partial": after_partial,
    "history-blocked": after_blocked,
    "log": day,
    "log-hostile": hostile,
}

_RATE = 10.0
"""Pages per second of the live run."""


class ShiftedClock(SystemClock):
    """The machine's clock, moved to where the scripted states take place."""

    def __init__(self) -> None:
        self._shift = NOW - super().now()

    def now(self) -> datetime:
        """Running on from the moment of the scripts."""
        return super().now() + self._shift


class LiveRun:
    """A sync as it happens: pages out of order, retries, failures, log lines."""

    def __init__(self, operations: FakeOperations, clock: Clock, pages: int) -> None:
        self._operations, self._clock, self._pages = operations, clock, pages
        self._dice = random.Random(3)
        self._waiting = list(range(1, pages + 1))
        self._flying: list[int] = []
        self._tries: Counter[int] = Counter()
        self._done = self._failed = self._retries = 0

    async def go(self) -> None:
        """From the start to the end."""
        started = self._clock.now()
        self._operations.tell(
            RunStarted(run_id=42, kind=RunKind.FULL, trigger=Trigger.MANUAL, requested_by="alice", started_at=started)
        )
        await self._clock.sleep(0.6)
        self._operations.tell(RunPlanned(run_id=42, spans=(PageSpan(1, self._pages),), products_total=self._pages * 20))
        while self._waiting or self._flying:
            while self._waiting and len(self._flying) < 8:
                self._request(self._waiting.pop(0))
            await self._clock.sleep(1 / _RATE)
            self._answer(self._flying.pop(self._dice.randrange(len(self._flying))))
        self._operations.tell(RunFinished(run_id=42, report=_report(started, self._clock.now(), self._counts())))

    def _request(self, page: int) -> None:
        self._flying.append(page)
        self._tries[page] += 1
        self._operations.tell(PageRequested(run_id=42, page=page, attempt=self._tries[page]))

    def _answer(self, page: int) -> None:
        luck = self._dice.random()
        if luck < 0.015:
            self._failed += 1
            error = "HTTP 500: server error"
            self._operations.tell(PageFailed(run_id=42, page=page, attempts=6, error=error, counts=self._counts()))
        elif luck < 0.045:
            self._retries += 1
            self._operations.tell(PageRetrying(run_id=42, page=page, attempt=1, delay_seconds=1, reason="HTTP 429"))
            self._log("WARNING", f"page {page}: HTTP 429, again in 1 s")
            self._waiting.insert(self._dice.randrange(20, 40), page)
        else:
            self._done += 1
            self._operations.tell(
                PageStored(
                    run_id=42,
                    page=page,
                    attempts=self._tries[page],
                    products=20,
                    duration_ms=420,
                    counts=self._counts(),
                )
            )
            if self._done % 10 == 0:
                self._log("INFO", f"{self._done} of {self._pages} pages stored")

    def _counts(self) -> RunCounts:
        return replace(counts(self._done, failed=self._failed, retries=self._retries), pages_total=self._pages)

    def _log(self, level: str, message: str) -> None:
        self._operations.tell(LogWritten(LogLine(self._clock.now(), "console.sync", level, message)))


def _report(started: datetime, ended: datetime, counted: RunCounts) -> RunReport:
    return RunReport(
        run_id=42,
        kind=RunKind.FULL,
        trigger=Trigger.MANUAL,
        status=RunStatus.PARTIAL if counted.pages_failed else RunStatus.SUCCEEDED,
        requested_by="alice",
        started_at=started,
        finished_at=ended,
        duration_seconds=(ended - started) / timedelta(seconds=1),
        counts=counted,
    )


def main(state: str, preferences: Path | None = None) -> None:
    """Open it."""
    clock = ShiftedClock()
    operations = (SCENES | _WITH_HISTORY).get(state, idle)()
    tasks = []

    async def connect() -> Operations:
        if state == "starting":
            await asyncio.sleep(3_600)
        if state == "refused":
            raise Refused(
                "Another runner holds the lock: pid 4711 on shop-1, since Mon 23 Nov 02:00 UTC, last heard of 3 s ago. "
                "Stop it, or attach to it with `g2a-console` as the same user."
            )
        if state == "live":
            tasks.append(asyncio.create_task(LiveRun(operations, clock, PAGES).go()))
        return operations

    async def break_down() -> None:
        await asyncio.sleep(0.5)
        operations.tell(EngineFailed("The database file is damaged: database disk image is malformed."))

    async def connect_and_break() -> Operations:
        tasks.append(asyncio.create_task(break_down()))
        return operations

    keeper = PreferenceKeeper(preferences)
    to = connect_and_break if state == "broken" else connect
    app = ConsoleApp(to, clock=clock, zone=ZoneInfo("Europe/Berlin"), preferences=keeper)
    wish = app.run(mouse=keeper.current.mouse)
    keeper.close()
    print(wish)  # noqa: T201 - what the operator wished, for whoever plays


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "idle", Path(sys.argv[2]) if len(sys.argv) > 2 else None)
