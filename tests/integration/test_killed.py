"""kill -9 at any moment: the database is sound, no acknowledged page is lost, and the next sync sets all right."""

import signal
from collections.abc import Callable
from functools import partial

import pytest

from tests.integration.bench import Bench
from tests.integration.commands import command, document, start
from tests.integration.database import check_whole_pages, rows, run_rows, value
from tests.integration.truth import content_of_row, promised
from tests.integration.waiting import wait_until


def kill_when(bench: Bench, condition: Callable[[], object]) -> None:
    """Start a sync and kill it as soon as something is so."""
    with start(bench, "sync") as process:
        wait_until(lambda: condition() or process.poll() is not None)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert process.returncode == -signal.SIGKILL


def has_been_asked(bench: Bench, requests: int) -> bool:
    """Whether so many requests for products have come."""
    return bench.sim.counters.products >= requests


def check_sound(bench: Bench) -> None:
    assert value(bench.database, "PRAGMA integrity_check") == "ok"
    assert rows(bench.database, "PRAGMA foreign_key_check") == []


@pytest.mark.parametrize("requests", [1, 9, 30])
def test_a_first_sync_that_is_killed_leaves_whole_pages_and_the_next_one_finishes_the_work(
    bench: Bench, requests: int
) -> None:
    sim = bench.simulate(products=800, latency_ms=30)
    ids = sorted(sim.catalogue.documents())
    kill_when(bench, partial(has_been_asked, bench, requests))
    check_sound(bench)
    [row] = run_rows(bench.database)
    assert row["status"] == "running"
    done = check_whole_pages(bench.database, ids, 1)
    assert row["pages_done"] == done < 40
    assert row["products_seen"] == row["products_new"] == 20 * done

    report = document(command(bench, "sync", "--json").stdout)
    assert (report["run_id"], report["status"], report["products_seen"]) == (2, "succeeded", 800)
    assert (report["products_new"], report["products_unchanged"]) == (800 - 20 * done, 20 * done)
    dead = run_rows(bench.database)[0]
    assert (dead["status"], dead["finished_at"]) == ("interrupted", dead["heartbeat_at"])
    assert dead["error"] == "The process that ran it ended without finishing it."
    assert dead["duration_seconds"] >= 0
    stored = {row["id"]: content_of_row(row) for row in rows(bench.database, "SELECT * FROM products")}
    assert stored == {product_id: promised(each) for product_id, each in sim.catalogue.documents().items()}
    assert "Run 1 was interrupted: its process ended without finishing it" in bench.log_text()


def test_a_sync_that_is_killed_again_and_again_never_discontinues_anything_and_succeeds_in_the_end(
    bench: Bench,
) -> None:
    sim = bench.simulate(products=400, latency_ms=30)
    assert command(bench, "sync").returncode == 0
    for number in range(3):
        sim.catalogue.advance()
        known = value(bench.database, "SELECT count(*) FROM products WHERE is_active")
        sim.counters.reset()
        kill_when(bench, partial(has_been_asked, bench, 5 + 4 * number))
        check_sound(bench)
        assert value(bench.database, "SELECT count(*) FROM products WHERE is_active") >= known
    report = document(command(bench, "sync", "--json").stdout)
    assert report["status"] == "succeeded"
    assert [row["status"] for row in run_rows(bench.database)] == ["succeeded", *["interrupted"] * 3, "succeeded"]
    active = rows(bench.database, "SELECT * FROM products WHERE is_active")
    documents = sim.catalogue.documents()
    assert {row["id"]: content_of_row(row) for row in active} == {
        product_id: promised(each) for product_id, each in documents.items()
    }


def test_a_first_start_that_is_killed_while_it_makes_the_tables_can_be_started_again(bench: Bench) -> None:
    bench.simulate(products=40)
    kill_when(bench, bench.database.exists)
    told = command(bench, "status", "--json")
    assert told.returncode == 0
    assert document(told.stdout)["active_products"] == 0
    assert command(bench, "sync").returncode == 0
    check_sound(bench)
