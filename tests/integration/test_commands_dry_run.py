"""`sync --dry-run`: tells what a sync would do, writes nothing, and leaves nothing behind."""

import contextlib
import signal
import sqlite3
import stat
from pathlib import Path

import pytest

from tests.integration.bench import Bench
from tests.integration.commands import command, document, start
from tests.integration.database import rows, run_rows, value
from tests.integration.test_commands import COUNTS, FIELDS
from tests.integration.waiting import wait_until

MEANINGLESS = ("run_id", "started_at", "finished_at", "duration_seconds", "job_id")


def copy_of(bench: Bench) -> Path:
    return bench.home.run_folder / "dry-run.db"


def traces_of_copies(bench: Bench) -> list[Path]:
    return list(bench.home.root.rglob("*dry-run*"))


def content(bench: Bench) -> dict[str, list[dict[str, object]]]:
    """Every row of every table."""
    tables = [row["name"] for row in rows(bench.database, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {table: rows(bench.database, f"SELECT * FROM {table}") for table in tables}


def test_a_dry_run_says_exactly_what_the_sync_after_it_does_and_writes_nothing(bench: Bench) -> None:
    sim = bench.simulate(products=300)
    bench.sync_as_the_command()
    sim.catalogue.advance()
    before, content_before = bench.database.read_bytes(), content(bench)

    done = command(bench, "sync", "--dry-run", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    told = document(done.stdout)
    assert bench.database.read_bytes() == before
    assert content(bench) == content_before
    assert traces_of_copies(bench) == []

    real = document(command(bench, "sync", "--json").stdout)
    assert tuple(told)[: len(FIELDS)] == FIELDS
    assert (told["run_id"], told["dry_run"]) == (None, True)
    assert {name: told[name] for name in real if name not in MEANINGLESS} == {
        name: real[name] for name in real if name not in MEANINGLESS
    }
    assert told["products_changed"] + told["products_new"] + told["products_discontinued"] > 0
    shown = document(command(bench, "run", "2", "--json").stdout)
    assert told["changes"] == shown["changes"]
    assert told["changes_total"] == shown["changes_total"] == len(told["changes"]) > 0
    assert set(told["changes"][0]) == {"product_id", "change", "fields"}


def test_a_dry_run_tells_people_what_would_change_from_what_to_what(bench: Bench) -> None:
    sim = bench.simulate(products=100)
    bench.sync_as_the_command()
    ids = sorted(sim.catalogue.documents())
    [before] = rows(bench.database, "SELECT * FROM products WHERE id = ?", ids[0])
    sim.catalogue.change(ids[0], qty=before["qty"] + 7)
    sim.catalogue.remove(ids[50])
    [gone] = rows(bench.database, "SELECT * FROM products WHERE id = ?", ids[50])
    done = command(bench, "sync", "--dry-run")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Dry run succeeded after ")
    assert lines[0].endswith(" seconds: nothing was written.")
    assert lines[1:] == [
        "A sync would find 99 products on 5 pages: 0 new, 1 changed, 98 unchanged, 1 discontinued, 0 rejected.",
        "What would change: 1 changed, 1 discontinued.",
        f"  changed  {before['name']} ({ids[0]}): qty {before['qty']} → {before['qty'] + 7}",
        f"  discontinued  {gone['name']} ({ids[50]})",
    ]


def test_of_many_changes_the_first_twenty_are_shown_and_the_rest_is_counted(bench: Bench) -> None:
    sim = bench.simulate(products=100)
    bench.sync_as_the_command()
    for product_id in sorted(sim.catalogue.documents())[:50]:
        sim.catalogue.change(product_id, qty=4_321)
    lines = command(bench, "sync", "--dry-run").stdout.splitlines()
    assert sum(line.startswith("  changed  ") for line in lines) == 20
    assert lines[-1] == "  … and 30 more: --json lists up to 10,000."


def test_a_dry_run_before_the_first_sync_makes_no_database_and_says_why_it_lists_nothing(bench: Bench) -> None:
    bench.simulate(products=100)
    told = document(command(bench, "sync", "--dry-run", "--json").stdout)
    assert (told["products_new"], told["changes"], told["changes_total"]) == (100, [], 0)
    done = command(bench, "sync", "--dry-run")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == (
        "A first sync into an empty catalogue lists no changes: each of its products is new."
    )
    assert not bench.database.exists()
    assert traces_of_copies(bench) == []


def test_a_dry_run_of_some_pages_asks_for_those_alone(bench: Bench) -> None:
    sim = bench.simulate(products=300)
    told = document(command(bench, "sync", "--dry-run", "--pages", "2-3", "--json").stdout)
    assert (told["kind"], told["pages_done"], told["products_new"]) == ("page", 2, 40)
    assert sim.counters.pages == {2: 1, 3: 1}


def test_a_dry_run_ends_as_the_sync_would(bench: Bench) -> None:
    sim = bench.simulate(products=100)
    bench.sync_as_the_command()
    for product_id in sorted(sim.catalogue.documents())[:50]:
        sim.catalogue.remove(product_id)
    done = command(bench, "sync", "--dry-run")
    assert done.returncode == 4
    assert done.stdout.startswith("Dry run blocked after ")
    assert done.stderr.startswith("50 of 100 active products (50.0 %) would be removed")
    assert len(done.stderr.splitlines()) == 1  # there is no run to approve
    sim.faults.set("401")
    assert command(bench, "sync", "--dry-run").returncode == 1
    assert [row["status"] for row in run_rows(bench.database)] == ["succeeded"]


def test_the_log_tells_a_dry_run_from_a_sync(bench: Bench) -> None:
    bench.simulate(products=40)
    command(bench, "sync", "--dry-run")
    lines = [line for line in bench.log_text().splitlines() if " - INFO - " in line]
    assert lines[0].endswith("console - INFO - A dry run begins: what follows is done to a copy of the catalogue")
    assert "=== MANUAL PRODUCT SYNC STARTED at " in lines[1]
    assert lines[-1].endswith("console - INFO - The dry run is over: the catalogue is as it was before")


async def test_a_dry_run_beside_an_engine_exits_with_4_and_says_who_runs(bench: Bench) -> None:
    bench.simulate(products=20)
    async with bench.open():
        done = command(bench, "sync", "--dry-run", "--json")
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("Another g2a-console runs here already: process ")
    assert traces_of_copies(bench) == []


async def test_a_sync_beside_a_dry_run_is_refused(bench: Bench) -> None:
    bench.simulate(products=100, faults=("slow=60@3",))
    with start(bench, "sync", "--dry-run") as process:
        wait_until(lambda: bench.sim.counters.in_flight or process.poll() is not None)
        done = command(bench, "sync")
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    assert done.returncode == 4
    assert f"process {process.pid} of" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM])
def test_a_dry_run_that_is_stopped_leaves_nothing_behind(bench: Bench, number: signal.Signals) -> None:
    sim = bench.simulate(products=400)
    bench.sync_as_the_command()
    before = bench.database.read_bytes()
    sim.faults.set("slow=60@3")
    with start(bench, "sync", "--dry-run", "--json") as process:
        wait_until(lambda: sim.counters.in_flight or process.poll() is not None)
        assert stat.S_IMODE(copy_of(bench).stat().st_mode) == 0o600
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=30)
    assert (process.returncode, stderr) == (128 + number, "")
    assert document(stdout)["status"] == "interrupted"
    assert traces_of_copies(bench) == []
    assert bench.database.read_bytes() == before


def test_what_a_killed_dry_run_leaves_is_removed_by_the_next(bench: Bench) -> None:
    sim = bench.simulate(products=100)
    sim.faults.set("slow=60@3")
    with start(bench, "sync", "--dry-run") as process:
        wait_until(lambda: sim.counters.in_flight or process.poll() is not None)
        process.kill()
        process.communicate(timeout=30)
    assert copy_of(bench) in traces_of_copies(bench)
    for path in traces_of_copies(bench):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    sim.faults.clear()
    told = document(command(bench, "sync", "--dry-run", "--json").stdout)
    assert (told["status"], told["products_new"]) == ("succeeded", 100)
    assert traces_of_copies(bench) == []


def test_what_another_program_has_just_written_is_in_the_copy(bench: Bench) -> None:
    """Though it still stands in the write-ahead log, as after a crash."""
    bench.simulate(products=40)
    bench.sync_as_the_command()
    with contextlib.closing(sqlite3.connect(bench.database, isolation_level=None)) as writer:
        writer.execute("PRAGMA wal_autocheckpoint = 0")
        writer.execute(
            "UPDATE products SET qty = qty + 1, content_hash = x'00' WHERE id = (SELECT min(id) FROM products)"
        )
        told = document(command(bench, "sync", "--dry-run", "--json").stdout)
    assert (told["products_changed"], told["products_unchanged"]) == (1, 39)


def test_a_copy_that_finds_no_room_is_told_in_one_line(bench: Bench) -> None:
    bench.simulate(products=400)
    bench.sync_as_the_command()
    with start(bench, "sync", "--dry-run", "--json", limit_bytes=100_000) as process:
        stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stdout) == (1, "")
    assert stderr.startswith(f"{bench.database} cannot be copied to {copy_of(bench)}. The database refused: the disk ")
    assert len(stderr.splitlines()) == 1
    assert traces_of_copies(bench) == []


def test_a_dry_run_that_runs_out_of_room_fails_in_plain_words(bench: Bench) -> None:
    bench.simulate(products=800)
    with start(bench, "sync", "--dry-run", limit_bytes=400_000) as process:
        stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 1
    assert stdout.startswith("Dry run failed after ")
    assert stderr.startswith("The database refused: the disk ")
    assert traces_of_copies(bench) == []


def test_a_file_that_is_no_database_is_refused_and_left_alone(bench: Bench) -> None:
    bench.simulate(products=20)
    bench.database.write_bytes(b"not a database at all" * 300)
    done = command(bench, "sync", "--dry-run")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{bench.database}: The database refused: the file is no SQLite database")
    assert bench.database.read_bytes() == b"not a database at all" * 300
    assert traces_of_copies(bench) == []


def test_a_database_that_another_program_keeps_locked_is_told_in_one_line(bench: Bench) -> None:
    bench.simulate(products=20)
    with contextlib.closing(sqlite3.connect(bench.database, isolation_level=None)) as other:
        other.execute("CREATE TABLE notes (text)")
        other.execute("BEGIN EXCLUSIVE")
        done = command(bench, "sync", "--dry-run")
    assert (done.returncode, done.stdout) == (1, "")
    assert "another program keeps the database locked" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_dry_run_needs_the_credentials_that_a_sync_needs(bench: Bench) -> None:
    bench.simulate()
    done = command(bench, "sync", "--dry-run", G2A_CLIENT_SECRET="")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("No G2A credentials yet: set G2A_CLIENT_SECRET in ")


def test_the_counts_of_a_dry_run_are_those_of_the_sync(bench: Bench) -> None:
    """Products that are rejected and pages that are odd included."""
    bench.simulate(products=300, faults=("bad-product-negative-price@2", "duplicate-ids@4"))
    told = document(command(bench, "sync", "--dry-run", "--json").stdout)
    real = document(command(bench, "sync", "--json").stdout)
    assert {name: told[name] for name in COUNTS} == {name: real[name] for name in COUNTS}
    assert value(bench.database, "SELECT count(*) FROM sync_runs") == 1
