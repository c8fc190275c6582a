"""`retry`, and what `sync` says of it: a run that was cut off or lacks pages is gone on with, not begun anew."""

import contextlib
import re
import signal
import sqlite3

from console.cli.way_on import way_on
from tests.integration.bench import Bench
from tests.integration.commands import command, document, start
from tests.integration.database import product_ids, rows, run_rows
from tests.integration.waiting import wait_until


def cut_off(bench: Bench, number: signal.Signals, *words: str) -> tuple[int, str, str]:
    """Stop a command by a signal while its page 10 is late and others are stored; returns code, stdout and stderr."""
    bench.sim.faults.set("slow=60@10")
    bench.sim.counters.reset()
    with start(bench, *words) as process:
        wait_until(lambda: bench.sim.counters.pages.get(16) or process.poll() is not None)
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=30)
    bench.sim.faults.clear()
    return process.returncode, stdout, stderr


def test_a_sync_that_is_stopped_says_how_to_go_on_in_its_last_line(bench: Bench) -> None:
    bench.simulate(products=800)
    code, stdout, stderr = cut_off(bench, signal.SIGTERM, "sync")
    assert code == 128 + signal.SIGTERM
    assert stdout.startswith("Run 1 interrupted")
    assert stderr == "To go on with what is missing: g2a-console retry 1\n"


def test_a_sync_that_is_stopped_before_it_has_stored_a_page_has_nothing_to_go_on_with(bench: Bench) -> None:
    sim = bench.simulate(products=100, faults=("slow=60",))
    with start(bench, "sync") as process:
        wait_until(lambda: sim.counters.in_flight or process.poll() is not None)
        process.send_signal(signal.SIGTERM)
        _, stderr = process.communicate(timeout=30)
    assert (process.returncode, stderr) == (128 + signal.SIGTERM, "")
    sim.faults.clear()
    assert command(bench, "sync").stderr == ""


def test_retry_fetches_only_what_is_missing_and_tells_of_the_whole(bench: Bench) -> None:
    sim = bench.simulate(products=800)
    cut_off(bench, signal.SIGINT, "sync")
    stored = {row["page"] for row in rows(bench.database, "SELECT page FROM sync_pages WHERE status = 'done'")}
    sim.counters.reset()
    done = command(bench, "retry", "1", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    report = document(done.stdout)
    assert (report["run_id"], report["kind"], report["trigger"], report["status"]) == (
        2, "full", "resume", "succeeded",
    )  # fmt: skip
    assert (report["continues_run_id"], report["requested_by"]) == (1, "alice")
    assert (report["pages_done"], report["products_seen"], report["products_new"]) == (40, 800, 800)
    assert stored
    assert set(sim.counters.pages) & stored <= {1}  # page 1 is asked for again: it says how many there are
    assert product_ids(bench.database, active=True) == set(sim.catalogue.documents())


def test_retry_is_told_and_stopped_as_a_sync_is(bench: Bench) -> None:
    bench.simulate(products=800)
    cut_off(bench, signal.SIGTERM, "sync")
    bench.sim.faults.set("slow=60@10")
    bench.sim.counters.reset()
    with start(bench, "retry", "1") as process:
        wait_until(lambda: bench.sim.counters.pages.get(10) or process.poll() is not None)
        process.send_signal(signal.SIGHUP)
        stdout, stderr = process.communicate(timeout=30)
    assert process.returncode == 128 + signal.SIGHUP
    assert stdout.startswith("Run 2 interrupted")
    assert stderr == "To go on with what is missing: g2a-console retry 2\n"
    bench.sim.faults.clear()
    done = command(bench, "retry", "2")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(
        r"Run 3 succeeded after \d+\.\d seconds\.\n"
        r"800 products on 40 pages: 800 new, 0 changed, 0 unchanged, 0 discontinued, 0 rejected\.\n",
        done.stdout,
    )


def test_a_run_that_a_kill_cut_off_can_be_gone_on_with(bench: Bench) -> None:
    bench.simulate(products=800)
    cut_off(bench, signal.SIGKILL, "sync")
    assert [row["status"] for row in run_rows(bench.database)] == ["running"]
    done = command(bench, "retry", "1", "--json")
    assert (done.returncode, document(done.stdout)["products_seen"]) == (0, 800)


async def test_a_run_that_lacks_pages_says_how_to_go_on_and_retry_brings_them(bench: Bench) -> None:
    sim = bench.simulate(products=300, faults=("503@4",))
    report = await bench.fast_sync()
    async with bench.open() as engine:
        on = await way_on(engine.database, report, engine.settings, engine.clock.now())
    assert on == "To go on with what is missing: g2a-console retry 1"
    sim.faults.clear()
    sim.counters.reset()
    done = command(bench, "retry", "1", "--json")
    brought = document(done.stdout)
    assert done.returncode == 0
    assert (brought["kind"], brought["trigger"], brought["status"]) == ("retry", "manual", "succeeded")
    assert (brought["pages_done"], brought["pages_failed"], brought["products_seen"]) == (15, 0, 300)
    assert set(sim.counters.pages) - {1, 16} == {4}


def test_a_sync_that_only_had_to_reject_products_is_not_offered_to_be_gone_on_with(bench: Bench) -> None:
    bench.simulate(products=100, faults=("bad-product-negative-price@2",))
    done = command(bench, "sync")
    assert (done.returncode, done.stderr) == (3, "1 products were rejected.\n")


def test_a_sync_after_an_interrupted_run_mentions_it_once_and_begins_anew(bench: Bench) -> None:
    sim = bench.simulate(products=800)
    cut_off(bench, signal.SIGTERM, "sync")
    [row] = run_rows(bench.database)
    sim.counters.reset()
    done = command(bench, "sync")
    assert done.returncode == 0
    assert done.stderr == (
        f"Run 1 was interrupted after {row['pages_done']} of 40 pages: `g2a-console retry 1` would go on with it. "
        "This is a new sync.\n"
    )
    assert done.stdout.startswith("Run 2 succeeded")
    assert set(range(1, 41)) <= set(sim.counters.pages)
    assert command(bench, "sync").stderr == ""


def test_where_a_program_reads_the_document_says_it_all(bench: Bench) -> None:
    bench.simulate(products=800)
    cut_off(bench, signal.SIGTERM, "sync")
    code, stdout, stderr = cut_off(bench, signal.SIGTERM, "sync", "--json")
    assert (code, stderr) == (128 + signal.SIGTERM, "")
    assert (document(stdout)["run_id"], document(stdout)["status"]) == (2, "interrupted")


async def test_a_run_that_cannot_be_gone_on_with_is_refused_with_4_and_why(bench: Bench) -> None:
    bench.simulate(products=40)
    await bench.sync()
    bench.sim.faults.set("503@2")
    await bench.fast_sync()
    bench.sim.faults.clear()
    for words, settings, why in (
        (("retry", "1", "--json"), {}, "Run 1 has succeeded: there is nothing to go on with."),
        (("retry", "2"), {"G2A_INCLUDE_OUT_OF_STOCK": "true"}, "Run 2 was made with another G2A_INCLUDE_OUT_OF_STOCK"),
    ):
        done = command(bench, *words, **settings)
        assert (done.returncode, done.stdout) == (4, "")
        assert done.stderr.startswith(why)
    with contextlib.closing(sqlite3.connect(bench.database)) as connection, connection:
        connection.execute("UPDATE sync_runs SET started_at = datetime(started_at, '-7 hours') WHERE id = 2")
    done = command(bench, "retry", "2")
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("Run 2 began more than 6 hours ago (SYNC_CATCH_UP_HOURS): ")
    assert len(run_rows(bench.database)) == 2


def test_a_run_that_there_is_not_is_wrong_usage(bench: Bench) -> None:
    bench.simulate(products=20)
    done = command(bench, "retry", "7")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "There is no run 7: no sync has run here yet.\n"
    assert not bench.database.exists()
    bench.sync_as_the_command()
    done = command(bench, "retry", "7")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "There is no run 7: `g2a-console runs` lists those that there are.\n"


async def test_retry_beside_an_engine_exits_with_4_and_says_who_runs(bench: Bench) -> None:
    bench.simulate(products=20)
    async with bench.open():
        done = command(bench, "retry", "1")
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("Another g2a-console runs here already: process ")


def test_without_credentials_retry_says_what_to_set(bench: Bench) -> None:
    bench.simulate()
    done = command(bench, "retry", "1", G2A_CLIENT_ID="")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("No G2A credentials yet: set G2A_CLIENT_ID")
