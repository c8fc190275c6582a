"""A fault of our own, or a place without a terminal: a clear line and an exit code, and no harm to the run."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.pty.broken import SECRET
from tests.pty.scene import (
    ENVIRONMENT,
    STATES,
    assert_kept,
    assert_left_in_order,
    console,
    must_end,
)

NO_TERMINAL: dict[str, dict[str, Any]] = {
    "nothing typed": {"stdin": subprocess.DEVNULL},
    "a pipe": {"stdin": subprocess.PIPE},
    "no standard input at all": {"preexec_fn": lambda: os.close(0)},
}


@pytest.mark.parametrize("name", ["idle", "in a dialog"])
def test_a_fault_in_the_screen_ends_it_with_two_lines_and_the_run_at_a_page_boundary(tmp_path: Path, name: str) -> None:
    state = STATES[name]
    with console(tmp_path, state.faults, module="tests.pty.broken") as terminal:
        state.reach(terminal)
        with must_end(terminal, 1):
            terminal.press("\x03")
        assert_left_in_order(terminal)
    said = terminal.last_words.splitlines()
    log = tmp_path / "logs" / "product_sync_scheduler.log"
    assert said == ["g2a-console: the screen failed; the log says where.", f"The log is {log}"]
    assert "broken by 7" in log.read_text()
    assert SECRET not in log.read_text() + terminal.last_words
    assert_kept(tmp_path, state.leaves_run)


@pytest.mark.parametrize("command", [[], ["demo"]], ids=["console", "demo"])
@pytest.mark.parametrize("how", NO_TERMINAL)
def test_without_a_terminal_it_says_in_one_line_what_works_without_one(
    tmp_path: Path, how: str, command: list[str]
) -> None:
    words = [sys.executable, "-m", "console", "--home", str(tmp_path), *command]
    done = subprocess.run(
        words, capture_output=True, text=True, timeout=10, check=False, env={**os.environ, **ENVIRONMENT},
        **NO_TERMINAL[how],
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "`g2a-console sync`" in done.stderr
    assert not done.stdout
    assert not list(tmp_path.iterdir())
