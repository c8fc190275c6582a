"""Commands whose output, or whose talk, nobody takes: they end as they would have, without a traceback."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.bench import Bench
from tests.integration.commands import DEADLINE_SECONDS, ROOT, environment, words
from tests.integration.database import run_rows


def in_shell(bench: Bench, arguments: str, ending: str) -> "subprocess.CompletedProcess[str]":
    """Run a command with its streams as this end of a shell's line says; the exit code is the command's own."""
    line = f'set -o pipefail; "$@" {arguments} {ending}'
    return subprocess.run(
        ["bash", "-c", line, "bash", *words(bench)],
        env=environment(bench.settings()), cwd=bench.home.root, capture_output=True, text=True, check=False,
        timeout=DEADLINE_SECONDS,
    )  # fmt: skip


@pytest.mark.parametrize("ending", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-", "| head -1", "2>/dev/full", "| true"])
@pytest.mark.parametrize(
    ("arguments", "code"), [("status", 0), ("sync --page 1", 0), ("run 4711", 2), ("--nonsense", 2), ("--help", 0)]
)
def test_what_nobody_takes_changes_no_exit_code(bench: Bench, arguments: str, code: int, ending: str) -> None:
    bench.simulate(products=20)
    done = in_shell(bench, arguments, ending)
    assert "Traceback" not in done.stdout + done.stderr
    assert "Exception" not in done.stdout + done.stderr
    assert done.returncode == code
    if arguments.startswith("sync"):
        assert [row["status"] for row in run_rows(bench.database)] == ["succeeded"]


def test_a_failure_is_a_failure_even_where_its_report_is_cut_off(bench: Bench) -> None:
    bench.simulate(products=20, faults=("500",))
    done = in_shell(bench, "sync --page 1 --json", "| true")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)


def test_an_output_that_cannot_be_written_is_told(bench: Bench) -> None:
    bench.simulate(products=20)
    done = in_shell(bench, "status", ">/dev/full")
    assert (done.returncode, done.stderr) == (1, "The output cannot be written: No space left on device.\n")


def test_a_closed_stream_gives_its_number_to_no_file_of_ours(bench: Bench) -> None:
    bench.simulate(products=20)
    look = "import os; from console.cli.streams import open_closed_streams; open_closed_streams(); "
    told = "os.write(3, ' '.join(os.readlink(f'/proc/self/fd/{number}') for number in range(3)).encode())"
    done = subprocess.run(
        ["bash", "-c", '"$@" 3>&1 <&- >&- 2>&-', "bash", sys.executable, "-c", look + told],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == [os.devnull] * 3


@pytest.mark.parametrize(
    "module", ["console.cli.ours", "msgspec", "console.settings", "console.cli.parser", "sqlalchemy"]
)
def test_an_interrupt_while_the_program_is_still_being_imported_ends_it_quietly(tmp_path: Path, module: str) -> None:
    line = [sys.executable, "-X", "importtime", "-m", "console", "--home", str(tmp_path), "status"]
    with subprocess.Popen(line, env=environment(None), stderr=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stderr is not None
        for told in process.stderr:
            if told.decode().rpartition("|")[2].strip() == module:
                process.send_signal(signal.SIGINT)
                break
        rest = process.stderr.read()
        assert process.wait(DEADLINE_SECONDS) == 128 + signal.SIGINT
    assert [told for told in rest.decode().splitlines() if not told.startswith("import time:")] == []
