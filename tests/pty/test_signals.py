"""Signals and hang-ups: the run ends at a page boundary, the terminal is left as it was, the exit code says why."""

import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.pty.scene import (
    ENVIRONMENT,
    STATES,
    assert_kept,
    assert_left_in_order,
    assert_lock_is_free,
    console,
    end_by,
    must_end,
)
from tests.pty.terminal import Terminal

SIGNALS = [signal.SIGTERM, signal.SIGHUP, signal.SIGINT]


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
@pytest.mark.parametrize("name", STATES)
def test_a_signal_ends_it_in_any_state(tmp_path: Path, name: str, number: signal.Signals) -> None:
    state = STATES[name]
    with console(tmp_path, state.faults) as terminal:
        state.reach(terminal)
        end_by(terminal, number)
    assert_kept(tmp_path, state.leaves_run)


@pytest.mark.parametrize(
    ("name", "ignored"),
    [*((name, ()) for name in STATES), ("running", (signal.SIGHUP,))],
    ids=[*STATES, "running under nohup"],
)
def test_a_terminal_that_has_gone_ends_it_in_any_state(
    tmp_path: Path, name: str, ignored: tuple[signal.Signals, ...]
) -> None:
    state = STATES[name]
    with console(tmp_path, state.faults, ignored=ignored) as terminal:
        state.reach(terminal)
        with must_end(terminal, 129):
            terminal.hang_up()
    assert_kept(tmp_path, state.leaves_run)


def test_a_keyboard_that_has_gone_ends_it_and_leaves_the_screen_in_order(tmp_path: Path) -> None:
    state = STATES["running"]
    with console(tmp_path, state.faults, own_keyboard=True) as terminal:
        state.reach(terminal)
        with must_end(terminal, 129):
            terminal.hang_up_keyboard()
        assert_left_in_order(terminal)
    assert_kept(tmp_path, state.leaves_run)


def test_a_hangup_signal_that_was_ignored_from_the_start_stays_so(tmp_path: Path) -> None:
    with console(tmp_path, ignored=(signal.SIGHUP,)) as terminal:
        terminal.until("embedded")
        terminal.signal(signal.SIGHUP)
        terminal.press("?")
        terminal.until("Keys that work")
        end_by(terminal, signal.SIGTERM)


def test_more_signals_while_it_ends_change_nothing(tmp_path: Path) -> None:
    state = STATES["running"]
    with console(tmp_path, state.faults) as terminal:
        state.reach(terminal)
        with must_end(terminal, 143):
            terminal.signal(signal.SIGTERM)
            terminal.until_raw(b"\x1b[?1049l")
            for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGCONT, signal.SIGWINCH):
                terminal.signal(number)
        assert_left_in_order(terminal)
    assert_kept(tmp_path, state.leaves_run)


def test_a_signal_that_comes_when_python_has_all_but_ended_does_not_change_the_exit_code() -> None:
    script = """
import os, signal, sys, time
from console.cli.leaving import Leaving

class Late:
    def __init__(self):
        self.kill, self.pid, self.number = os.kill, os.getpid(), signal.SIGHUP

    def __del__(self):
        self.kill(self.pid, self.number)

late = Late()  # goes with its module, after the handlers
with Leaving() as leaving:
    os.kill(os.getpid(), signal.SIGTERM)
    while leaving.code is None:
        time.sleep(0.01)
sys.exit(leaving.code)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60, check=False)
    assert done.returncode == 143, done.stderr


def test_being_put_to_sleep_and_woken_up_does_no_harm(tmp_path: Path) -> None:
    with console(tmp_path) as terminal:
        terminal.until("embedded")
        terminal.signal(signal.SIGTSTP)
        terminal.press("?")
        terminal.until("Keys that work")
        terminal.press("\x1b")
        terminal.until_gone("Keys that work")
        terminal.until_settled()
        terminal.signal(signal.SIGSTOP)
        while terminal.process.status() != psutil.STATUS_STOPPED:
            pass
        terminal.taken_by_a_shell()
        terminal.signal(signal.SIGCONT)
        terminal.until("embedded")
        terminal.press_until("?", "Keys that work")
        end_by(terminal, signal.SIGTERM)


def test_the_simulator_of_the_demo_ends_with_it(tmp_path: Path) -> None:
    with Terminal(["--home", str(tmp_path), "demo"], ENVIRONMENT) as terminal:
        terminal.until_raw(b"\x1b[?1049h")
        simulators = terminal.process.children()
        end_by(terminal, signal.SIGTERM)
    assert simulators
    assert not [each for each in simulators if each.is_running()]
    assert not (tmp_path / "run").exists(), "the demo keeps to its own home"


def test_what_is_stuck_is_ended_when_its_time_is_over(tmp_path: Path) -> None:
    homes = {what: tmp_path / what for what in ("screen", "engine")}
    with (
        console(homes["screen"], module="tests.pty.broken") as screen,
        console(homes["engine"], module="tests.pty.broken") as engine,
    ):
        screen.until("embedded")
        engine.until("embedded")
        screen.press("z")  # stuck in the main thread
        engine.press("?")  # stuck on the engine's loop
        engine.until("Keys that work")
        with must_end(engine, 143), must_end(screen, 143, cpu_seconds=12):
            screen.signal(signal.SIGTERM)
            engine.signal(signal.SIGTERM)
        for terminal in (screen, engine):
            assert_left_in_order(terminal)
    for home in homes.values():
        assert_lock_is_free(home)
        assert "did not end within" in (home / "logs" / "product_sync_scheduler.log").read_text()
