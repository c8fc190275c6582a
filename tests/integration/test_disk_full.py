"""A disk that becomes full while a sync runs: it is told, nothing acknowledged is lost, and with room all goes on."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

from console.run import RunReport, RunStatus
from console.store.errors import StoreError
from console.sync.events import PageStored, RunEvent
from tests.integration.bench import Bench, run
from tests.integration.database import rows, run_rows
from tests.unit.disks import give_room, small_disk

_PRODUCTS = 3_000
_ROOM = "2m"


def acknowledged(bench: Bench, run_id: int) -> set[int]:
    """The pages that the engine has told as stored."""
    return {event.page for event in bench.events if isinstance(event, PageStored) and event.run_id == run_id}


def check_kept(bench: Bench, run_id: int) -> None:
    """The database is sound, and holds whole what was acknowledged."""
    with closing(sqlite3.connect(bench.database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    told = acknowledged(bench, run_id)
    kept = rows(bench.database, "SELECT page FROM sync_pages WHERE run_id = ? AND status = 'done'", run_id)
    assert told
    assert told <= {row["page"] for row in kept}
    ids = sorted(bench.sim.catalogue.documents())
    stored = {row["id"] for row in rows(bench.database, "SELECT id FROM products")}
    assert {product for page in told for product in ids[(page - 1) * 20 : page * 20]} <= stored


def check_told(report: RunReport) -> None:
    """The report says what happened and what to do."""
    assert report.status is RunStatus.FAILED
    assert report.error is not None
    assert "the disk is full: make room, then sync again" in report.error


async def test_a_disk_that_becomes_full_fails_the_run_loses_nothing_and_the_engine_lives_on(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, _ROOM), ExitStack() as threads:
        bench = Bench(disk / "home", threads)
        bench.simulate(products=_PRODUCTS)
        async with bench.open() as engine:
            first = await run(engine)
            check_told(first)
            check_kept(bench, first.run_id)
            give_room(disk)
            second = await run(engine)
            assert second.status is RunStatus.SUCCEEDED
            assert second.counts.products_seen == _PRODUCTS
            check_kept(bench, second.run_id)
        assert [(row["status"], row["error"]) for row in run_rows(bench.database)] == [
            ("failed", first.error),
            ("succeeded", None),
        ]
        check_log(bench)


async def test_a_disk_without_any_room_refuses_a_start_or_fails_it_and_the_run_before_is_closed_as_it_ended(
    tmp_path: Path,
) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, _ROOM), ExitStack() as threads:
        bench = Bench(disk / "home", threads)
        bench.simulate(products=_PRODUCTS)
        async with bench.open() as engine:
            engine.listen(_fill_after(bench, disk, pages=5), lambda: None)
            first = await run(engine)
            check_told(first)
            check_kept(bench, first.run_id)
            engine.listen(bench.events.append, lambda: None)
            with pytest.raises(StoreError, match="the disk is full: make room, then sync again"):
                await run(engine)
            (disk / "ballast").unlink()
            give_room(disk)
            assert (await run(engine)).status is RunStatus.SUCCEEDED
        assert [(row["status"], row["error"]) for row in run_rows(bench.database)] == [
            ("failed", first.error),
            ("succeeded", None),
        ]
        check_log(bench)


def _fill_after(bench: Bench, disk: Path, pages: int) -> Callable[[RunEvent], None]:
    """Hears the events, and takes all the room that there is once so many pages are stored."""

    def hear(event: RunEvent) -> None:
        bench.events.append(event)
        if isinstance(event, PageStored) and event.counts.pages_done == pages:
            with suppress(OSError), (disk / "ballast").open("wb", buffering=0) as ballast:
                while ballast.write(b"x" * 4096):
                    pass

    return hear


def check_log(bench: Bench) -> None:
    """The log went on, and owns up to what it has lost."""
    lost = re.findall(
        r"WARNING - Records lost before this one: (\d+); the log could not be written \(No space", bench.log_text()
    )
    assert lost
    assert all(int(count) > 0 for count in lost)
    assert "=== MANUAL PRODUCT SYNC COMPLETED SUCCESSFULLY ===" in bench.log_text().splitlines()[-6]
