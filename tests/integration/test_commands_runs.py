"""`runs` and `run`: what was synced when, and everything about one run. They only look."""

import json
import re
import signal
from datetime import timedelta

from console.clock import SystemClock
from console.run import RunStatus, Trigger
from console.scheduling.runner import RunRequest
from tests.integration.bench import Bench
from tests.integration.commands import command, document, start
from tests.integration.database import rows, value
from tests.integration.test_commands import FIELDS
from tests.integration.waiting import wait_until


def test_where_no_sync_has_run_the_list_is_empty_and_nothing_is_made(bench: Bench) -> None:
    bench.simulate()
    done = command(bench, "runs", "--json")
    assert (done.returncode, done.stdout) == (0, "[]\n")
    assert done.stderr == "There is no database yet: no sync has run here.\n"
    done = command(bench, "runs")
    assert (done.returncode, done.stdout) == (0, "")
    assert not bench.database.exists()


def test_runs_lists_the_newest_first_in_aligned_columns(bench: Bench) -> None:
    bench.simulate(products=300)
    bench.sync_as_the_command()
    command(bench, "sync", "--page", "2")
    done = command(bench, "runs")
    assert (done.returncode, done.stderr) == (0, "")
    header, second, first = done.stdout.splitlines()
    assert header.split() == [
        "ID", "KIND", "TRIGGER", "STATUS", "STARTED", "(UTC)", "DURATION", "PAGES", "SEEN", "NEW", "CHANGED",
        "DISCONTINUED", "REJECTED", "BY",
    ]  # fmt: skip
    assert re.fullmatch(
        r" 2  page  manual   succeeded  20\d\d-\d\d-\d\d \d\d:\d\d +\d+\.\d s +1/1 +20 +0 +0 +0 +0  alice", second
    )
    assert first.startswith(" 1  full  manual   succeeded  ")
    assert first.split()[-8:] == ["s", "15/15", "300", "300", "0", "0", "0", "alice"]
    for name in ("TRIGGER", "STATUS", "STARTED", "BY"):
        at = header.index(name)
        assert {line[at - 1] for line in (header, first, second)} == {" "}


def test_runs_as_json_are_the_documents_of_the_runs(bench: Bench) -> None:
    bench.simulate(products=40)
    reports = [document(command(bench, "sync", "--json").stdout) for _ in range(3)]
    listed = json.loads(command(bench, "runs", "--limit", "2", "--json").stdout)
    assert [run["run_id"] for run in listed] == [3, 2]
    assert tuple(listed[0])[: len(FIELDS)] == FIELDS
    assert {**listed[0], "duration_seconds": None} == {**reports[2], "duration_seconds": None}


async def test_a_slot_that_was_missed_is_listed_with_its_time(bench: Bench) -> None:
    bench.simulate(products=20)
    slot = SystemClock().now().replace(hour=2, minute=0, second=0, microsecond=0) - timedelta(days=3)
    async with bench.open() as engine:
        request = RunRequest(trigger=Trigger.CATCH_UP, requested_by=None, job_id="daily_product_sync", slot=slot)
        await engine.runner.record(request, RunStatus.MISSED, "g2a-console was not running.")
        listed = command(bench, "runs").stdout.splitlines()[1]
        shown = command(bench, "run", "1").stdout
    assert f" missed  ({slot:%Y-%m-%d} 02:00) " in listed
    assert listed.endswith(" -")
    assert f"Slot      {slot:%Y-%m-%d} 02:00 UTC\n" in shown
    assert "Note      g2a-console was not running.\n" in shown


async def test_they_look_while_another_process_syncs(bench: Bench) -> None:
    bench.simulate(products=300, faults=("slow=60@9",))
    with start(bench, "sync") as process:
        wait_until(lambda: bench.sim.counters.pages.get(15) or process.poll() is not None)
        assert document(command(bench, "run", "1", "--json").stdout)["status"] == "running"
        assert " running " in command(bench, "runs").stdout
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def test_a_run_that_there_is_not_is_wrong_usage(bench: Bench) -> None:
    bench.simulate(products=20)
    for words in (("run", "3"), ("run", "3", "--json"), ("removals", "3"), ("removals", "3", "--json")):
        done = command(bench, *words)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == "There is no run 3: no sync has run here yet.\n"
    bench.sync_as_the_command()
    done = command(bench, "run", "3")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "There is no run 3: `g2a-console runs` lists those that there are.\n"


async def test_run_tells_which_pages_failed_and_why(bench: Bench) -> None:
    sim = bench.simulate(products=300)
    await bench.sync()
    sim.faults.set("503@4,7")
    await bench.fast_sync()
    shown = document(command(bench, "run", "2", "--json").stdout)
    assert tuple(shown)[: len(FIELDS)] == FIELDS
    assert (shown["status"], shown["failed_pages_total"]) == ("partial", 2)
    assert [(each["page"], each["window"], each["attempts"]) for each in shown["failed_pages"]] == [
        (4, None, 6), (7, None, 6),
    ]  # fmt: skip
    assert all("503" in each["error"] for each in shown["failed_pages"])
    told = command(bench, "run", "2").stdout
    assert "Run 2 partial: full, manual, asked for by alice\n" in told
    assert "Pages     13 of 15 done, 2 failed\n" in told
    assert "Failed pages: 2\n  page 4 after 6 tries: " in told


async def test_a_failed_page_of_a_price_window_is_named_as_in_the_errors_of_the_run(bench: Bench) -> None:
    sim = bench.simulate(products=1_000, page_limit=20)
    await bench.sync()
    windows = {row["price_window"] for row in rows(bench.database, "SELECT price_window FROM sync_pages")}
    assert windows - {0}
    sim.faults.set("503@2")
    report = await bench.fast_sync()
    failed = {(error.page, error.window) for error in report.errors if error.window}
    assert failed
    shown = document(command(bench, "run", "2", "--json").stdout)
    assert {(each["page"], each["window"]) for each in shown["failed_pages"] if each["window"]} == failed
    page, window = min(failed)
    assert f"  page {page} of {window} after " in command(bench, "run", "2").stdout


def test_run_tells_what_was_rejected_and_why(bench: Bench) -> None:
    bench.simulate(products=600, faults=("bad-product-negative-price",))
    bench.sync_as_the_command()
    stored = rows(bench.database, "SELECT page, product_id, reason FROM rejected_products ORDER BY id")
    assert len(stored) == 30
    shown = document(command(bench, "run", "1", "--json").stdout)
    assert (shown["rejected_total"], shown["rejected"]) == (30, stored)
    lines = command(bench, "run", "1").stdout.splitlines()
    at = lines.index("Rejected products: 30")
    assert lines[at + 1] == f"  {stored[0]['product_id']} on page {stored[0]['page']}: {stored[0]['reason']}"
    assert lines[at + 21] == "  … and 10 more: --json lists up to 10,000."


def test_run_tells_what_changed_by_kind_and_one_by_one(bench: Bench) -> None:
    sim = bench.simulate(products=300)
    bench.sync_as_the_command()
    changes = sim.catalogue.advance()
    bench.sync_as_the_command()
    shown = document(command(bench, "run", "2", "--json").stdout)
    counted = {"new": len(changes.appeared), "changed": len(changes.changed), "discontinued": len(changes.gone)}
    assert shown["changes_by_kind"] == counted
    assert shown["changes_total"] == len(shown["changes"]) == sum(counted.values())
    assert {each["product_id"] for each in shown["changes"]} == {
        *changes.appeared, *changes.changed, *changes.gone,
    }  # fmt: skip
    assert shown["removals"] is None
    lines = command(bench, "run", "2").stdout.splitlines()
    assert f"Changes: {', '.join(f'{count} {kind}' for kind, count in counted.items())}" in lines
    for product_id in changes.changed:
        name = value(bench.database, "SELECT name FROM products WHERE id = ?", product_id)
        assert any(line.startswith(f"  changed  {name} ({product_id}): ") for line in lines)


def test_nothing_from_outside_reaches_the_terminal_as_it_came(bench: Bench) -> None:
    """Names, and the old and new values of what changed."""
    sim = bench.simulate(products=40)
    bench.sync_as_the_command()
    product_id = min(sim.catalogue.documents())
    sim.catalogue.change(product_id, name="\x1b]52;c;eA==\x07\u202eevil", developer="a\nb\x9b31m", region="x" * 500)
    bench.sync_as_the_command()
    for words in (("sync", "--dry-run"), ("run", "2"), ("runs",), ("run", "2", "--json")):
        told = command(bench, *words).stdout
        assert told
        assert all(line.isprintable() for line in told.splitlines())
        assert max(map(len, told.splitlines())) < 700
    assert "␛]52;c;eA==␇" in command(bench, "run", "2").stdout
