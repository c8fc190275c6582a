"""SIGTERM, SIGINT and SIGHUP end `sync` at a page boundary: checkpoint kept, lock free, 128 plus the number."""

import signal
import subprocess
import time
from collections.abc import Callable

import pytest

from console.scheduling.lock import read_holder
from tests.integration.bench import Bench
from tests.integration.commands import document, start
from tests.integration.database import check_whole_pages, run_rows
from tests.integration.waiting import wait_until

IN_TIME_SECONDS = 10.0
Moment = Callable[[Bench], object]


def signal_when(bench: Bench, number: signal.Signals, moment: Moment) -> tuple[int, str, str]:
    """Start a sync and send it a signal as soon as something is so; returns exit code, stdout and stderr."""
    with start(bench, "sync", "--json") as process:
        wait_until(lambda: moment(bench) or process.poll() is not None)
        begun = time.monotonic()
        process.send_signal(number)
        stdout, stderr = answer_of(process)
        assert time.monotonic() - begun < IN_TIME_SECONDS
    assert read_holder(bench.home.lock_file) is None
    return process.returncode, stdout, stderr


def answer_of(process: "subprocess.Popen[str]") -> tuple[str, str]:
    """What the process has printed by its end, which comes soon or by force."""
    try:
        return process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def _in_the_middle(bench: Bench) -> object:
    return bench.sim.counters.products >= 12


def _waiting_for_an_answer(bench: Bench) -> object:
    return bench.sim.counters.in_flight >= 8


def _waiting_to_retry(bench: Bench) -> object:
    return bench.sim.counters.statuses[429]


@pytest.mark.parametrize(
    ("number", "fault", "moment"),
    [
        (signal.SIGTERM, "slow=0.1", _in_the_middle),
        (signal.SIGINT, "slow=60@2-40", _waiting_for_an_answer),
        (signal.SIGHUP, "429-retry-after=60", _waiting_to_retry),
    ],
)
def test_a_signal_stops_the_sync_cleanly(bench: Bench, number: signal.Signals, fault: str, moment: Moment) -> None:
    sim = bench.simulate(products=800, faults=(fault,))
    code, stdout, stderr = signal_when(bench, number, moment)
    assert (code, stderr) == (128 + number, "")
    report = document(stdout)
    assert (report["status"], report["error"]) == ("interrupted", None)
    [row] = run_rows(bench.database)
    assert (row["status"], row["pages_failed"]) == ("interrupted", 0)
    done = check_whole_pages(bench.database, sorted(sim.catalogue.documents()), 1)
    assert done == row["pages_done"] == report["pages_done"]
    assert "=== MANUAL PRODUCT SYNC INTERRUPTED ===" in bench.log_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_that_comes_while_the_sync_still_starts_is_answered_in_the_same_way(
    bench: Bench, number: signal.Signals
) -> None:
    bench.simulate(products=800, faults=("slow=0.1",))
    code, stdout, stderr = signal_when(bench, number, lambda bench: read_holder(bench.home.lock_file))
    assert (code, stderr) == (128 + number, "")
    assert document(stdout)["status"] == "interrupted"
    assert [row["status"] for row in run_rows(bench.database)] == ["interrupted"]


def test_a_second_signal_does_not_hurt_the_clean_stop(bench: Bench) -> None:
    sim = bench.simulate(products=800, faults=("slow=0.2",))
    with start(bench, "sync", "--json") as process:
        wait_until(lambda: sim.counters.products >= 12)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGTERM):
            process.send_signal(number)
        stdout, stderr = answer_of(process)
    assert process.returncode in (128 + signal.SIGTERM, 128 + signal.SIGINT)  # whichever the kernel delivers first
    assert stderr == ""
    assert document(stdout)["status"] == "interrupted"


def test_a_hang_up_that_was_to_be_ignored_is_ignored(bench: Bench) -> None:
    """As `nohup g2a-console sync` asks for."""
    sim = bench.simulate(products=400, faults=("slow=0.05",))
    with start(bench, "sync", "--json", ignored=[signal.SIGHUP]) as process:
        wait_until(lambda: sim.counters.products >= 9)
        process.send_signal(signal.SIGHUP)
        stdout, _ = answer_of(process)
    assert process.returncode == 0
    assert document(stdout)["status"] == "succeeded"
