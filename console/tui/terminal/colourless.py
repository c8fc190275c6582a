"""For terminals that are sent no colours: what is bold, underlined or reversed stays so, and nothing else."""

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter


class ColourlessFilter(LineFilter):
    """Takes the colours away, the terminal's own and dim ones too. What lay on a coloured ground is reversed."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's interface
        """The same line without colours."""
        return [Segment(text, style and _colourless(style), control) for text, style, control in segments]


@lru_cache(1_024)
def _colourless(style: Style) -> Style:
    lies_on_colour = style.bgcolor is not None and not style.bgcolor.is_default
    return style.without_color + Style(dim=False, reverse=bool(style.reverse) != lies_on_colour)
