"""Whatever a catalogue, an API, a log, a user or a folder holds: no control sequence but ours reaches a terminal."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from console.home import Home
from console.simulator.config import SimulatorConfig
from console.simulator.faults.products import HOSTILE_TEXT
from console.simulator.server import Simulator
from console.simulator.thread import SimulatorThread
from tests.pty.grammar import THE_COMMANDS, THE_SCREEN
from tests.pty.scene import ENVIRONMENT, credentials, query
from tests.pty.terminal import Terminal

ESC, TAB, LEFT, RIGHT, DOWN = "\x1b", "\t", "\x1b[D", "\x1b[C", "\x1b[B"
PRODUCTS = 200
HOSTILE = ("hostile-texts@1-8", "bad-product-long-name@9", "hostile-error@10")
_FOLDER = "shop \x1b]0;x\x07\u202e\x9b2J [b]"
_USER = "eve\x1b[31m\u202e[@click=app.quit]"
_MEGABYTE = "\x1b[2J\u202e" * 300_000


@contextmanager
def _shop(tmp_path: Path) -> Iterator[tuple[Home, Simulator, dict[str, str]]]:
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
    terminal.until_settled()
    terminal.until(ending, 60)


def _look_through(terminal: Terminal, keys: Iterable[str]) -> None:
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
        _look_through(terminal, ["?", ESC, ":", ESC, "n", "z", TAB, "k", LEFT, RIGHT, "z", "e", ESC, "r", ESC])
        _pause(terminal)
        _look_at_history(terminal)
        _look_at_products(terminal)
        _look_at_log(terminal)
        simulator.faults.set("total-drop")
        _sync(terminal, "blocked")
        terminal.press("a")
        terminal.until("would be")
        _look_through(terminal, ["j", "G", "\r", "why\x1b[2J \u202e", "\r", ESC, ESC, ESC])
        _look_from_beside(home, environment)
        terminal.press("q")
        assert terminal.wait(20) == 0
    assert b"\x1b]52;c;" in terminal.written, "it never copied"
    assert "␛]52".encode() in terminal.written, "nothing hostile was ever shown"
    THE_SCREEN.check(bytes(terminal.written))


def _pause(terminal: Terminal) -> None:
    """Pause the schedule for a reason that was pasted, and look at it."""
    _look_through(terminal, ["p", _pasted(" ".join(HOSTILE_TEXT)), "\r", "\r"])
    terminal.until("paused")


def _look_at_history(terminal: Terminal) -> None:
    """Every filter, and every section of the newest run."""
    terminal.press("h")
    terminal.until("Run history")
    _look_through(terminal, ["w", ESC, "o", ESC, "/", _pasted("".join(HOSTILE_TEXT)), ESC, "\r"])
    for section in "12345":
        _look_through(terminal, [section, "j", "\r", ESC] if section != "1" else [section])
    _look_through(terminal, ["s", "f", ESC, ESC, ESC])


def _look_at_products(terminal: Terminal) -> None:
    """Search for hostile words; every filter, and a product in full, copied."""
    terminal.press("b")
    terminal.until("words of a name")
    _look_through(terminal, [_pasted("".join(HOSTILE_TEXT)), "\x15", DOWN])
    for key in "prcm":
        _look_through(terminal, [key, ESC])
    _look_through(terminal, ["p", DOWN, "\r", "y", "\r", "G", "y", ESC, ESC, ESC])


def _look_at_log(terminal: Terminal) -> None:
    """All of it from its first record on: records in full, copied, searched, folded and saved; and every theme."""
    terminal.press("l")
    terminal.until("Whole log")
    _look_through(
        terminal, ["g", *("j\r" * 6), "y", ESC, RIGHT, LEFT, "w", "w", "/", _pasted("".join(HOSTILE_TEXT)), ESC]
    )
    _look_through(terminal, ["/", "eve\r", "n", "m", "m", "S", "4", "1", "G", ESC, ESC])
    terminal.until("embedded")
    for digit in "2341":
        _look_through(terminal, ["T", digit])
    _look_through(terminal, ["!", "G", ESC])


def _look_from_beside(home: Home, environment: dict[str, str]) -> None:
    """Another console on the same home only watches: it names who runs the engine, and reads the log from its file."""
    with Terminal(["--home", str(home.root)], environment, records=True) as terminal:
        terminal.until("read-only")
        _look_through(terminal, [TAB, "k", "g", RIGHT, "s", "?", ESC, "q"])
        assert terminal.wait(20) == 0
    THE_SCREEN.check(bytes(terminal.written))


def _pasted(text: str) -> str:
    return f"\x1b[200~{text}\x1b[201~"


_COMMANDS = (
    ("sync", "--page", "10"),
    ("sync", "--dry-run"),
    ("runs",),
    ("run", "2"),
    ("run", "2", "--json"),
    ("removals", "3"),
    ("status",),
    ("schedule", "show"),
    ("doctor",),
    ("products", "search", "--all", "--limit", "60"),
    ("products", "export", "--all"),
    ("products", "export", "--all", "--format", "jsonl"),
)


def test_no_sequence_but_ours_comes_from_a_command(tmp_path: Path) -> None:
    with _shop(tmp_path) as (home, simulator, environment):

        def said(*words: str) -> str:
            with Terminal(["--home", str(home.root), *words], environment, records=True, columns=120) as terminal:
                terminal.wait(60)
            THE_COMMANDS.check(bytes(terminal.written))
            return terminal.written.decode()

        said("sync")
        simulator.faults.set(*HOSTILE)
        said("sync")
        said("schedule", "pause", "--reason", HOSTILE_TEXT[0] + HOSTILE_TEXT[5] + HOSTILE_TEXT[2])
        simulator.faults.set("total-drop")
        assert "blocked" in said("sync")
        simulator.faults.set(*HOSTILE)
        for words in _COMMANDS:
            assert said(*words).strip(), words
        first = query(home.root, "SELECT id FROM products ORDER BY id LIMIT 1")[0]
        assert said("products", "show", str(first)).strip()
