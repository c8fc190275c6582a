"""A terminal that does not read: nothing waits for it, and nothing is lost on it."""

import signal
from pathlib import Path

import pytest

from tests.pty.scene import STATES, assert_kept, assert_left_in_order, console, must_end
from tests.pty.stall import REDRAWN, stall

pytestmark = pytest.mark.alone


def test_the_sync_goes_on_at_full_rate_and_afterwards_the_screen_is_right(tmp_path: Path) -> None:
    stalled = stall(tmp_path, 5)
    assert stalled.sync_seconds < 2 * stalled.ideal_seconds  # not 1.1: other tests have the processor as well
    assert stalled.idle_cpu_share < 0.1
    assert stalled.is_right


def test_a_signal_ends_it_while_nobody_reads_and_whoever_reads_later_finds_the_terminal_in_order(
    tmp_path: Path,
) -> None:
    state = STATES["running"]
    with console(tmp_path, state.faults, columns=200, lines=60) as terminal:
        state.reach(terminal)
        terminal.press_blindly(REDRAWN)
        with must_end(terminal, 143, reads=False):
            terminal.signal(signal.SIGTERM)
        terminal.read_all()
        assert_left_in_order(terminal)
    assert_kept(tmp_path, state.leaves_run)
