"""The looks on a real pseudo-terminal: what is sent, byte by byte."""

import os
import re
from collections.abc import Callable
from pathlib import Path

from tests.tui.test_real_terminal import Terminal, terminal

__all__ = ["terminal"]

SGR = re.compile(rb"\x1b\[([0-9;:]*)m")
ALLOWED = {b"", b"0", b"1", b"4", b"7", b"22", b"24", b"27"}
"""Nothing, bold, underlined, reversed, and the end of each."""


def walk(console: Terminal) -> None:
    """Look at the screens and dialogs, and leave."""
    console.until(lambda: "running" in console.text, "the start")
    for keys, words in (
        (b"?", "Keys that work"),
        (b"e", "Every day at"),
        (b":", "Stop the running sync"),
        (b"c", "Keep running"),
        (b"h", "Esc back"),
        (b"b", "type words"),
    ):
        os.write(console.master, keys)
        console.until(lambda words=words: words in console.text, words)  # type: ignore[misc]
        os.write(console.master, b"\x1b")
        console.until(lambda words=words: words not in console.text, f"the end of {words}")  # type: ignore[misc]
    os.write(console.master, b"q")
    console.until(lambda: "A sync is running" in console.text, "the question")
    os.write(console.master, b"\t\r")
    console.until(console.has_ended, "the end")


def test_where_no_color_is_set_not_one_byte_of_colour_is_sent(terminal: Callable[..., Terminal]) -> None:
    console = terminal("running", environment={"NO_COLOR": "1"})
    walk(console)
    sent = {code for codes in SGR.findall(console.sent) for code in codes.split(b";")}
    assert sent <= ALLOWED
    assert b"7" in sent, "what has the focus is reversed"
    assert b"1" in sent


def test_the_mouse_is_given_to_the_terminal_and_taken_back_at_once_and_that_is_remembered(
    terminal: Callable[..., Terminal],
    tmp_path: Path,
) -> None:
    preferences = str(tmp_path / "console.json")
    console = terminal("idle", (80, 24), preferences)
    console.until(lambda: "healthy" in console.text, "the start")
    assert b"\x1b[?1003h" in console.sent
    for mode in (b"\x1b[?1003l", b"\x1b[?1003h", b"\x1b[?1003l"):
        console.sent = b""
        os.write(console.master, b":")
        console.until(lambda: "Sync now" in console.text, "the palette")
        os.write(console.master, b"mouse")
        console.until(lambda: "Mouse on or off" in console.text and "History" not in console.text, "what is found")
        os.write(console.master, b"\r")
        console.until(lambda mode=mode: mode in console.sent, repr(mode))  # type: ignore[misc]
        console.until(lambda: "Mouse on or off" not in console.text, "the end of the palette")
    os.write(console.master, b"q")
    console.until(console.has_ended, "the end")
    again = terminal("idle", (80, 24), preferences)
    again.until(lambda: "healthy" in again.text, "the next start")
    assert b"\x1b[?1003h" not in again.sent
    assert b"\x1b[?1000h" not in again.sent
    os.write(again.master, b"q")
    again.until(again.has_ended, "the end")
