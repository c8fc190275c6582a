"""Nothing is sent over a slow line for what nobody can see."""

import time
from pathlib import Path

import pytest

from tests.pty.scene import console
from tests.pty.terminal import Terminal

_SECONDS = 2.0


def _bytes_in_a_while(terminal: Terminal) -> int:
    """What is written while nothing happens; whatever was on its way is read before."""
    while terminal.pump(0.5):
        if not terminal.pump(0.3):
            break
    before, until = terminal.bytes_read, time.monotonic() + _SECONDS
    while (left := until - time.monotonic()) > 0:
        terminal.pump(left)
    return terminal.bytes_read - before


@pytest.mark.parametrize(
    ("keys", "shown", "most"),
    [("h", "Run history", 300), ("!", "Nothing has been said", 300), ("s", "Start the sync", 800)],
)
def test_what_goes_on_below_repaints_nothing_of_what_is_on_top(
    tmp_path: Path, keys: str, shown: str, most: int
) -> None:
    with console(tmp_path) as terminal:
        terminal.until("embedded")
        terminal.press(keys)
        terminal.until(shown)
        assert _bytes_in_a_while(terminal) <= most * _SECONDS
