"""Whatever a catalogue, an API, a log, a user and a folder are called: no control sequence but ours reaches a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from console.home import Home
from console.simulator.config import SimulatorConfig
from console.simulator.faults.products import HOSTILE_TEXT
from console.simulator.thread import SimulatorThread
from tests.pty.grammar import THE_COMMANDS, THE_SCREEN
from tests.pty.scene import ENVIRONMENT, credentials
from tests.pty.terminal import Terminal

PRODUCTS = 200
HOSTILE = ("hostile-texts@1-8", "bad-product-long-name@9", "hostile-error@10")
_FOLDER = "shop \x1b]0;x\x07\u202e\x9b2J [b]"
_USER = "eve\x1b[31m\u202e[@click=app.quit]"
_MEGABYTE = "\x1b[2J\u202e" * 300_000


@contextmanager
def _shop(tmp_path: Path) -> Iterator[tuple[Home, SimulatorThread, dict[str, str]]]:
    """A home with a hostile name and a hostile log, and an API."""
    home = Home(tmp_path / _FOLDER)
    home.log_file.parent.mkdir(parents=True)
    lines = (f"2026-11-23 02:00:0{place % 10},000 - eve - INFO - {text}" for place, text in enumerate(HOSTILE_TEXT))
    home.log_file.write_text("\n".join([*lines, f"2026-11-23 02:00:10,000 - eve - ERROR - {_MEGABYTE}", ""]))
    with SimulatorThread(SimulatorConfig(products=PRODUCTS)) as simulator:
        environment = {**ENVIRONMENT, **credentials(simulator.url), "LOGNAME": _USER, "USER": _USER}
        yield home, simulator, environment


def _sync(terminal: Terminal, ending: str) -> None:
    terminal.press("s")
    terminal.until("Start the sync")
    terminal.press("\r")
    terminal.until_gone("Start the sync")
    terminal.until(ending, 60)


def _look_through(terminal: Terminal, keys: str) -> None:
    """Press each key and wait until what comes of it has been drawn."""
    for key in keys:
        terminal.press(key)
        terminal.until_settled()


def test_no_sequence_but_ours_comes_from_the_screen(tmp_path: Path) -> None:
    with (
        _shop(tmp_path) as (home, simulator, environment),
        Terminal(["--home", str(home.root)], environment, records=True) as terminal,
    ):
        terminal.until("embedded")
        _sync(terminal, "succeeded")
        simulator.faults.set(*HOSTILE)
        _sync(terminal, "partial")
        _look_through(terminal, "?\x1b:\x1bn\x1bz\t\t\x1b[D\x1b[Cz")
        simulator.faults.set("total-drop")
        _sync(terminal, "blocked")
        terminal.press("a")
        terminal.until("Removals")
        _look_through(terminal, "jG\r")
    THE_SCREEN.check(bytes(terminal.written))
