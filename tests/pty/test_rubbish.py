"""A terminal that sends rubbish or changes its size all the time: nothing happens that nobody meant."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pty.scene import console, end_by
from tests.pty.terminal import Terminal

MEGABYTE = b"x" * 1_000_000


def _storm(terminal: Terminal) -> None:
    for number in range(300):
        terminal.resize(1 + number * 7 % 200, 1 + number * 3 % 60)
    terminal.resize(80, 24)


def _one_cell(terminal: Terminal) -> None:
    terminal.resize(1, 1)
    terminal.press("zz\t\t")
    terminal.resize(80, 24)


def _sent(data: bytes) -> Callable[[Terminal], None]:
    return lambda terminal: terminal.send(data)


RUBBISH = {
    "bytes that are no text": _sent(b"\xff\xfe\xc3\x28\x80 \xf0\x28 \xed\xa0\x80"),
    "sequences that mean nothing": _sent(b"\x1b[999;999;999;999z\x1b[<;;M\x1b]52;c;x\x07\x1bP1$r\x1b\\"),
    "sizes and places beyond all measure": _sent(
        b"\x1b[48;99999;99999;0;0t\x1b[48;0;0;9;9t\x1b[<0;99999;99999M\x1b[<35;-5;0M\x1b[99999;99999R"
    ),
    "replies to questions that nobody asked": _sent(b"\x1b[?2048;2$y\x1b[?2026;2$y\x1b[?1;2c\x1b[I\x1b[O"),
    "a pasted megabyte": _sent(b"\x1b[200~" + MEGABYTE + b"\x1b[201~"),
    "a megabyte of keys": _sent(MEGABYTE),
    "a flood of moves of the mouse": _sent(b"".join(b"\x1b[<35;%d;9M" % (1 + each % 80) for each in range(3_000))),
    "one cell": _one_cell,
    "a storm of sizes": _storm,
}


@pytest.mark.parametrize("what", RUBBISH)
def test_rubbish_does_nothing(tmp_path: Path, what: str) -> None:
    with console(tmp_path) as terminal:
        terminal.until("embedded")
        RUBBISH[what](terminal)
        terminal.press("\x1b")
        terminal.until("embedded")
        terminal.press_until("?", "Keys that work")
        end_by(terminal, signal.SIGTERM)
    log = (tmp_path / "logs" / "product_sync_scheduler.log").read_text()
    assert not {"CRITICAL", "ERROR"} & set(log.split()), log
