"""Whatever the API sends, a sync stays below 200 MB: a reply of a gigabyte, packed or not, names of a megabyte."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.bench import Bench
from tests.integration.commands import document, environment, words
from tests.integration.database import value

MEBIBYTE = 1024 * 1024
ROOM = 64 * MEBIBYTE

_RUN_AND_TELL = """
import pathlib, runpy, sys
try:
    runpy.run_module("console")
finally:
    [line] = [line for line in pathlib.Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    sys.stderr.write(line.split()[1])
"""


def peak_of_a_sync(bench: Bench) -> int:
    """The most memory that the process of a sync ever held, in bytes."""
    done = subprocess.run(
        [sys.executable, "-c", _RUN_AND_TELL, *words(bench, "sync", "--json")[3:]],
        env=environment(bench.settings()),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, document(done.stdout)["status"]) == (0, "succeeded")
    return int(done.stderr) * 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")
def test_replies_of_a_gigabyte_do_not_grow_the_process(bench: Bench) -> None:
    sim = bench.simulate(products=300)
    usual = peak_of_a_sync(bench)
    sim.faults.set("gzip-bomb@3*1", "huge-body@4*1", "deep-nesting@5*1")
    assert peak_of_a_sync(bench) < usual + ROOM
    assert sim.counters.faults == {"gzip-bomb": 1, "huge-body": 1, "deep-nesting": 1}
    assert value(bench.database, "SELECT count(*) FROM products WHERE is_active") == 300


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")
def test_names_of_a_megabyte_on_every_page_among_bombs_stay_below_200_megabytes(bench: Bench) -> None:
    sim = bench.simulate(products=2_000)
    sim.faults.set("bad-product-long-name", "gzip-bomb:0.1", "huge-body@4,9,50*4")
    assert peak_of_a_sync(bench) < 200 * 1_000_000
    assert sim.counters.faults["bad-product-long-name"] >= 100
    assert sim.counters.faults["gzip-bomb"] > 5
    assert sim.counters.faults["huge-body"] == 4
    assert value(bench.database, "SELECT max(length(name)) FROM products") == 1_000
