"""The log file: the blocks that other programs read, and the same counts in the log, the tables and `--json`."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from console.run import RunKind, RunReport, RunStatus, Trigger
from tests.integration.bench import Bench, start_daily
from tests.integration.clocks import FastClock
from tests.integration.database import run_rows, value

RECORD = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) - (\S+) - ([A-Z]+) - (.*)")
NUMBERS = ("requests", "retries", "duration_seconds")
SECOND = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"


@dataclass
class Record:
    """A record of the log, with the lines of its block."""

    logger: str
    level: str
    lines: list[str]


def records(bench: Bench) -> list[Record]:
    """The log file, taken apart: a line that starts no record belongs to the one before it."""
    found: list[Record] = []
    for line in bench.log_text().splitlines():
        match = RECORD.fullmatch(line)
        if match:
            found.append(Record(match[2], match[3], [match[4]]))
        else:
            found[-1].lines.append(line)
    return found


def last_block(bench: Bench, level: str) -> list[str]:
    """The lines of the newest block, which is at this level and of the sync's own logger."""
    record = records(bench)[-1]
    assert (record.logger, record.level) == ("scheduler", level)
    return record.lines


def check_numbers(lines: list[str], report: RunReport, errors: int) -> None:
    """The five lines that follow the title of a run that came to its end."""
    assert report.duration_seconds is not None
    assert report.finished_at is not None
    assert lines == [
        f"Duration: {report.duration_seconds:.2f} seconds",
        f"Products Synced: {report.counts.products_seen}",
        f"Pages Processed: {report.counts.pages_done}",
        f"Errors: {errors}",
        f"End Time: {report.finished_at:%Y-%m-%dT%H:%M:%S}",
    ]


async def test_a_run_that_succeeded_is_logged_to_the_letter(bench: Bench) -> None:
    bench.simulate(products=300)
    report = await bench.sync()
    started, finished = records(bench)
    assert (started.logger, started.level, finished.logger, finished.level) == ("scheduler", "INFO") * 2
    assert report.started_at is not None
    assert started.lines == [f"=== MANUAL PRODUCT SYNC STARTED at {report.started_at:%Y-%m-%dT%H:%M:%S} ==="]
    assert finished.lines[0] == "=== MANUAL PRODUCT SYNC COMPLETED SUCCESSFULLY ==="
    check_numbers(finished.lines[1:], report, errors=0)
    assert "Products Synced: 300" in finished.lines
    assert "Pages Processed: 15" in finished.lines


async def test_a_run_that_is_partial_is_logged_with_its_errors(bench: Bench) -> None:
    bench.simulate(products=300, faults=("500@4,7",))
    report = await bench.fast_sync()
    lines = last_block(bench, "WARNING")
    assert lines[0] == "=== MANUAL PRODUCT SYNC COMPLETED WITH ERRORS ==="
    check_numbers(lines[1:6], report, errors=2)
    assert sorted(lines[6:]) == [
        f"Error on page {page}: G2A has a fault of its own (500 ERR99: Internal error)." for page in (4, 7)
    ]


async def test_a_run_that_is_partial_without_failed_pages_says_why(bench: Bench) -> None:
    bench.simulate(products=300, faults=("bad-product-null-product@4",))
    report = await bench.sync()
    lines = last_block(bench, "WARNING")
    check_numbers(lines[1:6], report, errors=1)
    assert lines[6:] == [f"Error: {report.error}"]


async def test_a_run_that_failed_is_logged_with_its_traceback(bench: Bench) -> None:
    bench.simulate(faults=("403",))
    report = await bench.sync()
    lines = last_block(bench, "ERROR")
    assert lines[0] == "=== MANUAL PRODUCT SYNC FAILED ==="
    assert re.fullmatch(r"Duration: \d+\.\d\d seconds", lines[1])
    assert lines[2] == f"Error: {report.error}"
    assert re.fullmatch(f"End Time: {SECOND}", lines[3])
    assert lines[4:6] == ["Full traceback:", "Traceback (most recent call last):"]
    assert lines[-1] == f"CredentialsRefused: {report.error}"
    assert len(lines) > 8


async def test_a_run_that_is_blocked_says_why(bench: Bench) -> None:
    sim = bench.simulate(products=100)
    await bench.sync()
    sim.faults.set("total-zero")
    report = await bench.sync()
    lines = last_block(bench, "WARNING")
    assert lines[0] == "=== MANUAL PRODUCT SYNC BLOCKED ==="
    check_numbers(lines[1:6], report, errors=1)
    assert lines[6:] == [f"Reason: {report.error}"]


async def test_a_scheduled_run_is_called_daily(bench: Bench) -> None:
    bench.simulate(products=20)
    async with bench.open() as engine:
        await start_daily(engine)
        await engine.runner.wait()
    assert re.fullmatch(f"=== DAILY PRODUCT SYNC STARTED at {SECOND} ===", records(bench)[0].lines[0])
    assert records(bench)[-1].lines[0] == "=== DAILY PRODUCT SYNC COMPLETED SUCCESSFULLY ==="


async def test_a_run_of_one_page_says_so(bench: Bench) -> None:
    bench.simulate(products=40)
    await bench.sync(page=2)
    assert records(bench)[-1].lines[0] == "=== MANUAL PAGE PRODUCT SYNC COMPLETED SUCCESSFULLY ==="


def _nothing(bench: Bench) -> None:
    del bench


def _remove_half(bench: Bench) -> None:
    for product_id in sorted(bench.sim.catalogue.documents())[:150]:
        bench.sim.catalogue.remove(product_id)


def _move_on(bench: Bench) -> None:
    bench.sim.catalogue.advance()


@pytest.mark.parametrize(
    ("faults", "before", "page", "status"),
    [
        ((), _nothing, None, RunStatus.SUCCEEDED),
        ((), _move_on, None, RunStatus.SUCCEEDED),
        ((), _remove_half, None, RunStatus.BLOCKED),
        ((), _nothing, 3, RunStatus.SUCCEEDED),
        (("mix:0.3",), _move_on, None, RunStatus.SUCCEEDED),
        (("503@4",), _move_on, None, RunStatus.PARTIAL),
        (("503@4",), _nothing, 4, RunStatus.FAILED),
        (("bad-product-text-qty@2,3",), _nothing, None, RunStatus.PARTIAL),
        (("empty-middle@4",), _nothing, None, RunStatus.PARTIAL),
        (("duplicate-ids",), _nothing, None, RunStatus.SUCCEEDED),
        (("401@9-20",), _nothing, None, RunStatus.FAILED),
        (("500",), _nothing, None, RunStatus.FAILED),
    ],
)
async def test_the_report_the_tables_and_the_log_tell_the_same_counts_however_a_run_ends(
    bench: Bench, faults: tuple[str, ...], before: Callable[[Bench], None], page: int | None, status: RunStatus
) -> None:
    sim = bench.simulate(products=300)
    await bench.sync()
    before(bench)
    sim.faults.set(*faults)
    report = await bench.sync(page, FastClock())
    assert report.status is status
    told = report.document()
    [_, row] = run_rows(bench.database)
    counts = {name: told[name] for name in row if name.startswith(("pages_", "products_")) or name in NUMBERS}
    assert {name: row[name] for name in counts} == counts
    assert (row["status"], row["error"]) == (report.status, report.error)
    assert (row["kind"], row["trigger"]) == (RunKind.PAGE if page else RunKind.FULL, Trigger.MANUAL)
    lines = records(bench)[-1].lines
    if status is not RunStatus.FAILED:
        check_numbers(lines[1:6], report, errors=len(report.errors))
    else:
        assert lines[2] == f"Error: {report.error}"
    check_against_pages(bench, report)


def check_against_pages(bench: Bench, report: RunReport) -> None:
    """The rows of the run's pages, rejected products and changes add up to its counts."""
    counts = report.counts

    def count(what: str) -> int:
        return int(value(bench.database, f"SELECT count(*) FROM {what} AND run_id = ?", report.run_id))

    assert count("sync_pages WHERE status = 'done'") == counts.pages_done
    assert count("sync_pages WHERE status = 'failed'") == counts.pages_failed
    assert count("rejected_products WHERE true") == counts.products_rejected
    assert count("product_changes WHERE change = 'new'") == counts.products_new
    assert count("product_changes WHERE change IN ('changed', 'returned')") == counts.products_changed
    assert count("product_changes WHERE change = 'discontinued'") == counts.products_discontinued
    assert counts.products_seen == counts.products_new + counts.products_changed + counts.products_unchanged
