"""The smallest app that Textual can show: what the console's first paint and its keys are measured by.

python -m tests.benchmarks.empty_app
"""

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

SHOWN = "nothing here"
MARK = "▸"


class EmptyApp(App[None]):
    """One line of text, to which Tab gives a mark that it takes away with the next."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "turn", priority=True)]

    def compose(self) -> ComposeResult:
        """The line."""
        yield Static(SHOWN)

    def action_turn(self) -> None:
        """Draw the line anew, the mark at another place."""
        line = self.query_one(Static)
        line.update(f"{MARK} {SHOWN}" if not str(line.content).startswith(MARK) else f" {MARK} {SHOWN}")


if __name__ == "__main__":
    EmptyApp().run()
