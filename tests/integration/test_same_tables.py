"""What a night leaves in the tables is the same on SQLite and PostgreSQL, row for row and field for field."""

from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from msgspec import json
from msgspec.structs import replace
from sqlalchemy import Connection
from sqlmodel import SQLModel

from console.g2a.retry import RetryPolicy
from console.operations.indexing import Indexing
from console.run import RunKind, RunReport, RunStatus, Trigger
from console.scheduling.runner import Runner, RunRequest
from console.settings import SecretStr, Settings
from console.simulator.config import SimulatorConfig
from console.simulator.faults.products import BROKEN
from console.simulator.query import Filters
from console.simulator.server import Simulator
from console.simulator.thread import SimulatorThread
from console.store import tables
from console.store.audit import AuditEvent
from console.store.database import Database
from console.store.location import Location, PostgresServer, SqliteFile
from console.store.removals import apply_removals
from console.store.retention import forget_before, optimize
from console.store.runs import NewRun, create_run, interrupt_active_runs
from console.store.schedules import StoredSchedule, save_schedule
from console.store.unfinished import find_unfinished, take_over
from console.sync.product_service import ProductService
from tests.clock import FakeClock
from tests.postgres import PostgresDatabase

PRODUCTS = 300
HOSTILE = "<b>\x00\x1b]52;c;aGk=\x07\u202e' \" \\ % ? %s $1 :x {y} \U0001f3ae \u0141\u00f3d\u017a \u682a\u5f0f"


class NightClock(FakeClock):
    """The time of day stands still for the whole of a run: when exactly a page is written is a matter of luck."""

    def _pass(self, seconds: float) -> None:
        self._monotonic += seconds


@dataclass(frozen=True)
class Side:
    """A database with a simulator and a clock of its own."""

    database: Database
    sim: Simulator
    clock: NightClock
    runner: Runner

    async def sync(self) -> RunReport:
        """One run, and then all that it noted is indexed."""
        self.clock.jump(self.clock.now() + timedelta(hours=1))
        await self.runner.start(RunRequest(trigger=Trigger.MANUAL, requested_by="alice", job_id="manual"))
        report = await self.runner.wait()
        assert report is not None
        await Indexing(self.database, lambda: False).finish()
        return report


@asynccontextmanager
async def opened(location: Location, threads: ExitStack) -> AsyncIterator[Side]:
    """A side with this database; one page at a time, so that what comes is always in the same order."""
    sim = threads.enter_context(SimulatorThread(SimulatorConfig(products=PRODUCTS)))
    settings = Settings(
        g2a_base_url=sim.url,
        g2a_client_id=sim.config.client_id,
        g2a_client_secret=SecretStr(sim.config.client_secret),
        g2a_email=sim.config.email,
        g2a_max_requests_per_minute=0,
        sync_concurrency=1,
    )
    clock = NightClock()
    database = Database.open(location)
    try:
        service = ProductService(settings, database, clock, lambda _event: None, RetryPolicy(lambda low, _high: low))
        yield Side(database, sim, clock, Runner(service, database, clock))
    finally:
        await database.close()


LUCK = frozenset({"requests", "retries", "attempts", "duration_seconds", "duration_ms"})
"""How often a request was tried again, and when, hangs on what else the machine has to do."""


def everything(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in the order of the primary key, as `rows.py` has them; but for luck."""
    found = {}
    for table in SQLModel.metadata.sorted_tables:
        columns = ", ".join(column.name for column in table.columns if column.name not in LUCK)
        order = ", ".join(column.name for column in table.primary_key)
        rows = connection.exec_driver_sql(f"SELECT {columns} FROM {table.name} ORDER BY {order}")
        found[table.name] = [tuple(row) for row in rows]
    return found


def busy(sim: Simulator) -> None:
    """A day of changes, and names that are an attack on every language there is."""
    sim.catalogue.advance()
    ids = sorted(sim.catalogue.documents())
    sim.catalogue.change(ids[3], name=HOSTILE, developer=HOSTILE, platform=HOSTILE, region="x" * 5_000)
    sim.catalogue.change(ids[4], name="word" * 400, minPrice=0.00005, qty=2**53, publisher="\u682a" * 900)
    sim.catalogue.change(ids[5], minPrice=None, categories=[{"id": 2**31 - 1, "name": HOSTILE}])
    sim.catalogue.change(ids[6], minPrice=999_999.9999, updated_at="2026-11-20T10:00:00.5+02:00")
    sim.catalogue.add({"id": "\u0141\u00f3d\u017a", "name": "A product of another alphabet", "qty": 1, "minPrice": 1})


def shrunken(sim: Simulator) -> None:
    """Some products are gone, few enough to be believed."""
    for product_id in sorted(sim.catalogue.documents())[::29]:
        sim.catalogue.remove(product_id)


def spoilt(sim: Simulator) -> None:
    """Every way in which a product can be broken, each on one product, and pages that do not come."""
    for product_id, kind in zip(sorted(sim.catalogue.documents())[20::7], BROKEN, strict=False):
        document = dict(sim.catalogue.documents()[product_id])
        sim.catalogue.replace_raw(product_id, json.encode(BROKEN[kind](document)))
    sim.faults.set("500@3")


def emptied(sim: Simulator) -> None:
    """So much is gone that nobody believes it."""
    sim.faults.clear()
    for number, product in enumerate(sim.catalogue.find(Filters())):
        if number % 2 or product.raw is not None:
            sim.catalogue.remove(product.id)


def untouched(_sim: Simulator) -> None:
    """Nothing changes."""


NIGHTS: tuple[tuple[Callable[[Simulator], None], RunStatus], ...] = (
    (untouched, RunStatus.SUCCEEDED),
    (busy, RunStatus.SUCCEEDED),
    (untouched, RunStatus.SUCCEEDED),
    (shrunken, RunStatus.SUCCEEDED),
    (spoilt, RunStatus.PARTIAL),
    (emptied, RunStatus.BLOCKED),
)


async def by_hand(side: Side) -> None:
    """What an operator and a restart do: approve, edit, go on with a run that was cut off, and forget the oldest."""
    now = side.clock.now()
    assert await side.database.write(apply_removals, len(NIGHTS), now, "approved by alice") > 0
    audit = AuditEvent(
        at=now, actor="alice", role="admin", method="console", action="schedule.set", target="daily",
        before={"time": "02:00"}, after=None, outcome="done",
    )  # fmt: skip
    schedule = StoredSchedule(
        job_id="daily", hour=3, minute=30, enabled=False, pause_reason="%?", updated_by="alice", updated_at=now
    )
    for _ in range(2):
        await side.database.write(save_schedule, schedule, audit)
    new = NewRun(
        kind=RunKind.FULL,
        trigger=Trigger.SCHEDULED,
        status=RunStatus.RUNNING,
        requested_by=None,
        job_id="daily",
        slot=now,
        at=now,
    )
    cut_off = await side.database.write(create_run, new)
    assert await side.database.write(interrupt_active_runs) == [cut_off]
    later = await side.database.write(create_run, replace(new, slot=now + timedelta(days=1)))
    unfinished = await side.database.read(find_unfinished, 5)
    assert unfinished is not None
    await side.database.write(take_over, 5, later, now)
    while await side.database.write(forget_before, now - timedelta(hours=3)):
        pass
    await side.database.write(optimize)


async def test_nights_leave_the_same_rows_in_every_table_of_both(tmp_path: Path, postgres: PostgresDatabase) -> None:
    _ = tables
    with ExitStack() as threads:
        file, server = SqliteFile(tmp_path / "catalog.db"), PostgresServer(SecretStr(postgres.url))
        async with opened(file, threads) as one, opened(server, threads) as other:
            for night, (happens, ends) in enumerate(NIGHTS, 1):
                for side in (one, other):
                    happens(side.sim)
                    report = await side.sync()
                    assert (report.run_id, report.status) == (night, ends), report
                await compare(one, other)
            for side in (one, other):
                await by_hand(side)
            await compare(one, other)


async def compare(one: Side, other: Side) -> None:
    """Every row is the same, and the sides are not empty."""
    expected, found = await one.database.read(everything), await other.database.read(everything)
    assert expected["products"]
    for table, rows in expected.items():
        assert len(found[table]) == len(rows), table
        for row, same in zip(rows, found[table], strict=True):
            assert same == row, table
