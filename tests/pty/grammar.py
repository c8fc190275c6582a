"""The language that the program speaks to a terminal: every sequence that is ours, and why. All else is a fault."""

import base64
import binascii
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

CONTEXT = 60
"""Bytes shown on either side of what does not belong."""

_MODES = {
    "1049": "the alternate screen",
    "25": "the cursor",
    "7": "wrapping at the right edge",
    "1000": "the mouse: its buttons",
    "1003": "the mouse: its moves",
    "1015": "the mouse: how rxvt tells of it",
    "1006": "the mouse: how everybody else does",
    "1016": "the mouse: in pixels",
    "1004": "whether the window has the focus",
    "2004": "pasted text comes in brackets",
    "2026": "a picture is drawn at once",
    "2048": "sizes are told by sequence",
}
"""The modes that are set and reset, each as a whole sequence of its own."""

_TEXT_ENDS = rb"(?:\x07|\x1b\\)"

SCREEN: Mapping[str, bytes] = {
    **{f"{name} ({number})": rb"\x1b\[\?%b[hl]" % number.encode() for number, name in _MODES.items()},
    "colour and style": rb"\x1b\[[0-9;]{0,60}m",
    "go to a cell": rb"\x1b\[[0-9]{1,3};[0-9]{1,4}H",
    "go to the first cell": rb"\x1b\[H",
    "can a picture be drawn at once?": rb"\x1b\[\?2026\$p",
    "can sizes be told by sequence?": rb"\x1b\[\?2048\$p",
    "keys are told apart, as kitty does": rb"\x1b\[>25u",
    "keys are told as before": rb"\x1b\[<u",
    "the form of the mouse": rb"\x1b\]22;[a-z-]{1,20}\x07",
    "end what was cut off": rb"\x18\x1b\[0m",
    "keep the window's title": rb"\x1b\[22;0t",
    "give the window its title back": rb"\x1b\[23;0t",
    "a new line": rb"\r?\n",
    "back to the first column": rb"\r",
    "the bell": rb"\x07",
}
"""What the console on a terminal says."""

COMMANDS: Mapping[str, bytes] = {
    "colour and style": rb"\x1b\[[0-9;]{0,60}m",
    "the cursor": rb"\x1b\[\?25[hl]",
    "delete the line of progress": rb"\x1b\[2K",
    "up by a line": rb"\x1b\[[0-9]{0,2}A",
    "a new line": rb"\r?\n",
    "back to the first column": rb"\r",
}
"""What a command says to a terminal: text, and its line of progress."""

_WITH_TEXT: Mapping[str, bytes] = {
    "the title of the window": rb"\x1b\]2;(?P<title>[^\x00-\x1f\x7f]{0,500})" + _TEXT_ENDS,
    "copy": rb"\x1b\]52;c;(?P<copied>[A-Za-z0-9+/]*={0,2})" + _TEXT_ENDS,
}

_FLOOD = 8
"""Marks on one letter that no language needs."""


class Foreign(AssertionError):
    """The program wrote something that is not of its language."""


@dataclass(frozen=True)
class Grammar:
    """A language: its sequences, and whether it has a title and a clipboard."""

    sequences: Mapping[str, bytes]
    has_texts: bool = False

    def _pattern(self) -> re.Pattern[bytes]:
        known: list[bytes] = [*self.sequences.values(), *(_WITH_TEXT.values() if self.has_texts else ())]
        return re.compile(b"|".join(known) + rb"|(?P<text>[^\x00-\x1f\x7f]+)")

    def check(self, said: bytes) -> None:
        """Read all that was said.

        Raises:
            Foreign: a byte of it belongs to none of our sequences and to no harmless text.
        """
        pattern, at = self._pattern(), 0
        while at < len(said):
            match = pattern.match(said, at)
            if match is None:
                raise Foreign(_around(said, at, "no sequence of ours"))
            found = match.groupdict()
            harm = _harm_of(found.get("text")) or _harm_of(found.get("title")) or _harm_of_copied(found.get("copied"))
            if harm:
                raise Foreign(_around(said, at, harm))
            at = match.end()


THE_SCREEN = Grammar(SCREEN, has_texts=True)
THE_COMMANDS = Grammar(COMMANDS)


def _around(said: bytes, at: int, why: str) -> str:
    return f"{why} at byte {at}: {said[max(at - CONTEXT, 0) : at]!r} >>> {said[at : at + CONTEXT]!r}"


def _harm_of(encoded: bytes | None) -> str:
    """What is harmful in a text, in one word or two; nothing where nothing is."""
    if not encoded:
        return ""
    try:
        text = encoded.decode()
    except UnicodeDecodeError as error:
        return f"bytes that are no UTF-8 ({error.reason})"
    marks = 0
    for letter in text:
        category = unicodedata.category(letter)
        if category in ("Cc", "Cs", "Zl", "Zp") or (category == "Cf" and letter != "\u200d"):
            return f"the control or format character U+{ord(letter):04X}"
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > _FLOOD:
            return "a flood of marks on one letter"
    return ""


def _harm_of_copied(encoded: bytes | None) -> str:
    if encoded is None:
        return ""
    try:
        # what is copied keeps its lines: a record of the log has several
        return _harm_of(base64.b64decode(encoded, validate=True).replace(b"\n", b" "))
    except binascii.Error:
        return "a copy that is no base64"
