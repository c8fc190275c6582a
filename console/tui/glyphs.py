"""Every sign the console draws, once in Unicode and once in ASCII, for terminals that show nothing else.

Signs of state differ in shape as well as in colour. None of them has an emoji form, and each is one cell wide.
"""

import locale
import os

import msgspec

_TERMINALS_WITHOUT_UNICODE = ("linux", "vt", "dumb", "ansi", "cons")
"""Beginnings of TERM whose fonts lack most signs, whatever the locale says."""


class Glyphs(msgspec.Struct, frozen=True, kw_only=True):
    """A set of signs. The fields are named for what is said, not for how it looks."""

    name: str

    good: str
    running: str
    warning: str
    bad: str
    paused: str
    blocked: str
    unknown: str
    told: str

    page_pending: str
    page_waiting: str
    page_in_flight: str
    page_retrying: str
    page_done: str
    page_retried: str
    page_failed: str

    bar_full: str
    bar_head: str
    bar_empty: str
    levels: str

    ellipsis: str
    separator: str
    to: str
    none: str
    focus: str
    becomes: str
    times: str

    top_left: str
    top_right: str
    bottom_left: str
    bottom_right: str
    horizontal: str
    vertical: str

    @property
    def is_ascii(self) -> bool:
        """Whether everything on the screen has to be ASCII."""
        return self.name == "ascii"


UNICODE = Glyphs(
    name="unicode",
    good="✓",
    running="●",
    warning="▲",
    bad="✗",
    paused="‖",
    blocked="⊘",
    unknown="○",
    told="◇",
    page_pending="·",
    page_waiting="‖",
    page_in_flight="○",
    page_retrying="▲",
    page_done="■",
    page_retried="◆",
    page_failed="✗",
    bar_full="━",
    bar_head="╸",
    bar_empty="─",
    levels=" ▁▂▃▄▅▆▇█",
    ellipsis="…",
    separator="·",
    to="-",
    none="-",
    focus="▸",
    becomes="→",
    times="\N{MULTIPLICATION SIGN}",
    top_left="╭",
    top_right="╮",
    bottom_left="╰",
    bottom_right="╯",
    horizontal="─",
    vertical="│",
)

ASCII = Glyphs(
    name="ascii",
    good="+",
    running="*",
    warning="!",
    bad="x",
    paused="=",
    blocked="#",
    unknown="o",
    told="i",
    page_pending=".",
    page_waiting="=",
    page_in_flight="o",
    page_retrying="!",
    page_done="#",
    page_retried="%",
    page_failed="X",
    bar_full="=",
    bar_head=">",
    bar_empty="-",
    levels=" .#",
    ellipsis="~",
    separator="-",
    to="-",
    none="-",
    focus=">",
    becomes=">",
    times="x",
    top_left="+",
    top_right="+",
    bottom_left="+",
    bottom_right="+",
    horizontal="-",
    vertical="|",
)


def detect() -> Glyphs:
    """The set that this terminal can show, by its locale's encoding and its kind."""
    terminal = os.environ.get("TERM", "")
    encoding = locale.getencoding().lower().replace("-", "").replace("_", "")
    if terminal.startswith(_TERMINALS_WITHOUT_UNICODE) or encoding not in ("utf8", "utf16", "utf32", "gb18030"):
        return ASCII
    return UNICODE
