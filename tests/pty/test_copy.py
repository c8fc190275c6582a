"""Copying over SSH: the record goes to the operator's own clipboard, by one sequence that is whole and harmless."""

import base64
import re
from pathlib import Path

from tests.pty.terminal import Terminal

_COPIED = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


def test_a_record_of_the_log_is_copied_by_one_whole_sequence(
    tmp_path: Path, terminal_environment: dict[str, str]
) -> None:
    with Terminal(["--home", str(tmp_path), "demo"], terminal_environment) as terminal:
        terminal.until("Scheduler started")
        terminal.press("\t")
        terminal.until("▸ Log")
        terminal.press("y")
        terminal.until_raw(b"\x07")
        copied = _COPIED.search(terminal.last_bytes)
        assert copied
        text = base64.b64decode(copied[1]).decode()
        log = (tmp_path / "demo" / "logs" / "product_sync_scheduler.log").read_text()
        assert text in log.splitlines()
        terminal.press("q")
        assert terminal.wait(10) == 0
