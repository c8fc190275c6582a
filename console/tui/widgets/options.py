"""The list of options in a dialog."""

from textual.widgets import OptionList


class Options(OptionList):
    """Textual's list, which can be paged through where it has no room as well."""

    def action_page_up(self) -> None:
        """Go up a page. Without room there are no lines to count one by, and Textual's own would fail."""
        if self.scrollable_content_region:
            super().action_page_up()

    def action_page_down(self) -> None:
        """Go down a page."""
        if self.scrollable_content_region:
            super().action_page_down()
