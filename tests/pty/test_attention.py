"""What reaches an operator who looks at something else: the title of the terminal, and the bell."""

from pathlib import Path

from tests.pty.scene import ENVIRONMENT, console, start_sync
from tests.pty.terminal import Terminal

_LOOKED_AWAY = "\x1b[O"
_LOOKED_AGAIN = "\x1b[I"
_BELL = b"\x07"


def _until_title(terminal: Terminal, wanted: str) -> None:
    for _ in range(300):
        if wanted in terminal.screen.title:
            return
        terminal.pump(0.1)
    raise AssertionError(f"the title was {terminal.screen.title!r}, never {wanted!r}")


def test_the_title_tells_how_it_stands_and_the_former_one_comes_back(tmp_path: Path) -> None:
    with console(tmp_path / "shop", ("slow=5@12",)) as terminal:
        _until_title(terminal, "○ empty · shop · g2a-console")
        start_sync(terminal)
        _until_title(terminal, "● 95 % · shop")
        _until_title(terminal, "✓ healthy · shop")
        terminal.press("q")
        assert terminal.wait(10) == 0
        assert terminal.last_bytes.count(b"\x1b[23;0t") == 1
        assert terminal.last_bytes.rfind(b"\x1b[23;0t") > terminal.last_bytes.rfind(b"\x1b]2;")


def test_it_rings_once_when_a_run_ends_and_nobody_looks(tmp_path: Path) -> None:
    with console(tmp_path, ("slow=2@12",)) as terminal:
        start_sync(terminal)
        terminal.until("19/20")
        terminal.press(_LOOKED_AWAY)
        terminal.until("succeeded")
        terminal.until_raw(_BELL)
        terminal.pump(0.5)
        assert terminal.last_bytes.count(_BELL) == 1


def test_it_does_not_ring_while_somebody_looks(tmp_path: Path) -> None:
    with console(tmp_path, ("slow=2@12",)) as terminal:
        start_sync(terminal)
        terminal.until("19/20")
        terminal.press(_LOOKED_AWAY + _LOOKED_AGAIN)
        terminal.until("succeeded")
        _until_title(terminal, "healthy")
        assert _BELL not in terminal.last_bytes


def test_a_terminal_without_a_title_is_told_none(tmp_path: Path) -> None:
    with Terminal(["--home", str(tmp_path), "demo"], {**ENVIRONMENT, "TERM": "linux"}) as terminal:
        terminal.until_raw(b"\x1b[?1049h")
        terminal.until("embedded")
        terminal.press("q")
        assert terminal.wait(10) == 0
        assert "g2a-console" not in terminal.screen.title
        assert b"\x1b]2;" not in terminal.last_bytes
        assert b"\x1b[23;0t" not in terminal.last_bytes
