"""Open the console on a scripted engine: `python -m tests.tui.play [STATE]`, where `live` runs a sync without end."""

import asyncio
import random
import sys
from datetime import datetime, timedelta
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
from console.run import RunKind, RunReport, RunStatus, Trigger
from console.tui.app import ConsoleApp
from tests.tui.fake import NOW, FakeOperations
from tests.tui.scenes import PAGES, SCENES, counts, idle

_RATE = 10.0
"""Pages per second of the live run."""


class ShiftedClock(SystemClock):
    """The machine's clock, moved to where the scripted states take place."""

    def __init__(self) -> None:
        self._shift = NOW - super().now()

    def now(self) -> datetime:
        """Running on from the moment of the scripts."""
        return super().now() + self._shift


async def live(operations: FakeOperations, clock: Clock, pages: int) -> None:
    """A sync as it happens: pages out of order, retries, a failure, log lines."""
    dice = random.Random(3)
    started = clock.now()
    operations.tell(
        RunStarted(run_id=42, kind=RunKind.FULL, trigger=Trigger.MANUAL, requested_by="alice", started_at=started)
    )
    await clock.sleep(0.6)
    operations.tell(RunPlanned(run_id=42, first_page=1, pages_total=pages, products_total=pages * 20))
    waiting = list(range(1, pages + 1))
    flying: list[int] = []
    tries: dict[int, int] = {}
    done = failed = retries = 0
    while waiting or flying:
        while waiting and len(flying) < 8:
            flying.append(waiting.pop(0))
            tries[flying[-1]] = tries.get(flying[-1], 0) + 1
            operations.tell(PageRequested(run_id=42, page=flying[-1], attempt=tries[flying[-1]]))
        await clock.sleep(1 / _RATE)
        page = flying.pop(dice.randrange(len(flying)))
        told = replace(counts(done, failed=failed, retries=retries), pages_total=pages)
        if dice.random() < 0.015:
            failed += 1
            operations.tell(PageFailed(run_id=42, page=page, attempts=6, error="HTTP 500: server error", counts=told))
        elif dice.random() < 0.03:
            retries += 1
            operations.tell(PageRetrying(run_id=42, page=page, attempt=1, delay_seconds=1, reason="HTTP 429"))
            operations.tell(
                LogWritten(LogLine(clock.now(), "console.g2a", "WARNING", f"page {page}: HTTP 429, again in 1 s"))
            )
            waiting.insert(dice.randrange(20, 40), page)
        else:
            done += 1
            told = replace(counts(done, failed=failed, retries=retries), pages_total=pages)
            operations.tell(
                PageStored(run_id=42, page=page, attempts=tries[page], products=20, duration_ms=420, counts=told)
            )
            if done % 10 == 0:
                operations.tell(
                    LogWritten(LogLine(clock.now(), "console.sync", "INFO", f"{done} of {pages} pages stored"))
                )
    operations.tell(RunFinished(run_id=42, report=_report(started, clock.now(), pages, failed, retries)))


def _report(started: datetime, ended: datetime, pages: int, failed: int, retries: int) -> RunReport:
    return RunReport(
        run_id=42,
        kind=RunKind.FULL,
        trigger=Trigger.MANUAL,
        status=RunStatus.PARTIAL if failed else RunStatus.SUCCEEDED,
        requested_by="alice",
        started_at=started,
        finished_at=ended,
        duration_seconds=(ended - started) / timedelta(seconds=1),
        counts=replace(counts(pages - failed, failed=failed, retries=retries, discontinued=4), pages_total=pages),
    )


def main(state: str) -> None:
    """Open it."""
    clock = ShiftedClock()
    operations = SCENES.get(state, idle)()
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
            tasks.append(asyncio.create_task(live(operations, clock, PAGES)))
        return operations

    async def break_down() -> None:
        await asyncio.sleep(0.5)
        operations.tell(EngineFailed("The database file is damaged: database disk image is malformed."))

    async def connect_and_break() -> Operations:
        tasks.append(asyncio.create_task(break_down()))
        return operations

    app = ConsoleApp(connect_and_break if state == "broken" else connect, clock=clock, zone=ZoneInfo("Europe/Berlin"))
    print(app.run())  # noqa: T201 - what the operator wished, for whoever plays


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "idle")
