"""For terminals that show nothing but ASCII: every other character becomes one that they have."""

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_TABLE = str.maketrans(
    {
        **dict.fromkeys("╭╮╰╯┌┐└┘├┤┬┴┼", "+"),
        **dict.fromkeys("─━▔▁", "-"),
        **dict.fromkeys("│┃▌▐▎▊", "|"),
        **dict.fromkeys("▂▃▄▅▆▇█■", "#"),
        "…": "~",
        "·": "-",
        "•": "*",
        "⏎": "/",
        "\N{NO-BREAK SPACE}": " ",
    }
)


class AsciiFilter(LineFilter):
    """Replaces what is not ASCII, keeping its width."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's interface
        """The same line in ASCII."""
        return [
            segment if segment.control or segment.text.isascii() else Segment(ascii_only(segment.text), segment.style)
            for segment in segments
        ]


def ascii_only(text: str) -> str:
    """The text in ASCII, as wide as it was."""
    text = text.translate(_TABLE)
    return "".join(each if each.isascii() else "?" * cell_len(each) for each in text)
