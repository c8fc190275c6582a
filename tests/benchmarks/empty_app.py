"""The smallest app that Textual can show: what the first paint of the console is measured by.

python -m tests.benchmarks.empty_app
"""

from textual.app import App, ComposeResult
from textual.widgets import Static

SHOWN = "nothing here"


class EmptyApp(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        """The line."""
        yield Static(SHOWN)


if __name__ == "__main__":
    EmptyApp().run()
