"""The scan of what is written to a terminal finds whatever is not ours, wherever it stands."""

import base64

import pytest

from console.simulator.faults.products import HOSTILE_TEXT
from console.text import clean
from tests.pty.grammar import THE_COMMANDS, THE_SCREEN, Foreign

PICTURE = (
    b"\x1b[?1049h\x1b[?25l\x1b[?2026h\x1b[1;1H\x1b[0;38;2;1;2;3;48;2;4;5;6m Ready \x1b[0m\r\n\xe2\x9c\x93\x1b[?2026l"
)
FOREIGN = {
    "a title that is not the window's": b"\x1b]0;x\x07",
    "a link": b"\x1b]8;;http://evil.invalid\x1b\\",
    "a copy that is no base64": b"\x1b]52;c;a\x07",
    "a copy into another clipboard": b"\x1b]52;p;aGk=\x07",
    "a copied escape": b"\x1b]52;c;" + base64.b64encode(b"\x1b[2J") + b"\x07",
    "a question for the clipboard": b"\x1b]52;c;?\x07",
    "a title with an override": "\x1b]2;\u202egnp\x07".encode(),
    "a title that does not end": b"\x1b]2;x",
    "a title with an escape": b"\x1b]2;\x1b[2Jx\x07",
    "a device control string": b"\x1bP1$qm\x1b\\",
    "an application's command": b"\x1b_x\x1b\\",
    "a reset": b"\x1bc",
    "another alphabet": b"\x1b(0",
    "clear the screen": b"\x1b[2J",
    "where is the cursor?": b"\x1b[6n",
    "what is the title?": b"\x1b[21t",
    "another mode": b"\x1b[?47h",
    "two modes at once": b"\x1b[?25;1049h",
    "scroll": b"\x1b[5S",
    "a lone escape": b"\x1b",
    "a C1 control": "\x9b2J".encode(),
    "a C1 byte that is no text": b"\x9b2J",
    "a backspace": b"\x08",
    "a null": b"\x00",
    "a tab": b"\t",
    "a delete": b"\x7f",
    "shift out": b"\x0e",
    "cancel": b"\x18",
    "an override": "\u202e".encode(),
    "an isolate": "\u2066".encode(),
    "a mark of direction": "\u200f".encode(),
    "a space without width": "\u200b".encode(),
    "a byte order mark": "\ufeff".encode(),
    "a separator of lines": "\u2028".encode(),
    "a tag": "\U000e0041".encode(),
    "a flood of marks": ("e" + "\u0301" * 30).encode(),
    "half a character": b"\xf0\x9f\x91",
}


@pytest.mark.parametrize("what", FOREIGN)
@pytest.mark.parametrize("place", ["before", "within", "after"])
def test_what_is_not_ours_is_found(what: str, place: str) -> None:
    middle = PICTURE.index(b"Ready") + 2
    at = {"before": 0, "within": middle, "after": len(PICTURE)}[place]
    with pytest.raises(Foreign):
        THE_SCREEN.check(PICTURE[:at] + FOREIGN[what] + PICTURE[at:])


@pytest.mark.parametrize("what", FOREIGN)
def test_no_command_may_say_it_either(what: str) -> None:
    with pytest.raises(Foreign):
        THE_COMMANDS.check(b"run 1\n" + FOREIGN[what] + b"run 2\n")


_HARMLESS = (8, 9)
"""Emoji and markup: dangerous to those who read them, not to the terminal."""


@pytest.mark.parametrize("number", range(len(HOSTILE_TEXT)))
def test_hostile_text_is_found_and_cleaned_it_is_harmless(number: int) -> None:
    text = HOSTILE_TEXT[number]
    if number not in _HARMLESS:
        with pytest.raises(Foreign):
            THE_SCREEN.check(text.encode())
    THE_SCREEN.check(clean(text).encode())


@pytest.mark.parametrize(
    "ours",
    [
        b"\x1b]2;g2a-console: running 48 %\x07",
        b"\x1b]52;c;" + base64.b64encode(b"10000000700000") + b"\x07",
        b"\x07",
        b"\x1b[22;0t\x1b[23;0t",
        b"\x1b[?2026$p\x1b[>25u\x1b[<u",
        "👩‍👩‍👧‍👦 שלום".encode(),
    ],
)
def test_what_is_ours_passes(ours: bytes) -> None:
    THE_SCREEN.check(PICTURE + ours + PICTURE)


def test_a_command_has_no_title_no_bell_and_no_other_screen() -> None:
    THE_COMMANDS.check(b"\x1b[?25l\r\x1b[2K\x1b[32msyncing\x1b[0m\x1b[?25h\n")
    for said in (b"\x1b]2;x\x07", b"\x07", b"\x1b[?1049h", b"\x1b[1;1H"):
        with pytest.raises(Foreign):
            THE_COMMANDS.check(said)
