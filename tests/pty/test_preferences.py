"""What an operator prefers, in a real terminal: it is there at the next start of the program."""

import json
import stat
from pathlib import Path

from console.tui.theme import CALM, LIGHT
from tests.pty.terminal import Terminal

NOWHERE = {"G2A_BASE_URL": "http://127.0.0.1:9", "G2A_CLIENT_ID": "id", "G2A_CLIENT_SECRET": "x" * 20}


def ground(terminal: Terminal) -> str:
    """The colour under the first cell."""
    return f"#{terminal.screen.buffer[0][0].bg}"


def test_a_theme_that_was_chosen_is_drawn_from_the_first_picture_of_the_next_start(
    tmp_path: Path, terminal_environment: dict[str, str]
) -> None:
    environment = {**terminal_environment, **NOWHERE}
    with Terminal(["--home", str(tmp_path)], environment) as terminal:
        terminal.until("embedded")
        assert ground(terminal) == CALM.ground
        terminal.press("T")
        terminal.until("high contrast")
        terminal.press("2")
        terminal.until_gone("high contrast")
        terminal.press("q")
        assert terminal.wait(10) == 0
    kept = tmp_path / "console.json"
    assert json.loads(kept.read_text()) == {"version": 1, "theme": "light"}
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    with Terminal(["--home", str(tmp_path)], environment) as terminal:
        terminal.until("starting")
        assert ground(terminal) == LIGHT.ground
        terminal.until("embedded")
        terminal.press("q")
        assert terminal.wait(10) == 0


def test_moved_keys_work_from_the_start_and_a_wrong_entry_is_in_the_log(
    tmp_path: Path, terminal_environment: dict[str, str]
) -> None:
    (tmp_path / "keys.toml").write_text('[main]\nleave = "X"\nsync_nw = "S"\n')
    with Terminal(["--home", str(tmp_path)], {**terminal_environment, **NOWHERE}) as terminal:
        terminal.until("embedded")
        terminal.until("there is no such action")
        terminal.until("X quit")
        terminal.press("qX")
        assert terminal.wait(10) == 0
    log = (tmp_path / "logs" / "product_sync_scheduler.log").read_text()
    assert "WARNING - keys.toml: [main] sync_nw: there is no such action." in log
