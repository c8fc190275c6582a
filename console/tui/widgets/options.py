"""The list of options in a dialog."""

from typing import Literal

from textual.widgets import OptionList


class Options(OptionList):
    """Textual's list, which can be paged through where it has no room as well."""

    def _move_page(self, direction: Literal[-1, 1]) -> None:
        """Go a page on, or back. Without room there are no lines to count one by, and Textual's own would fail."""
        if self.scrollable_content_region:
            super()._move_page(direction)
