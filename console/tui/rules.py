"""The stylesheet's rules, each parsed once."""

from textual.css.stylesheet import Stylesheet


class Rules(Stylesheet):
    """Parses what is new, and all of it only where a colour has become another.

    Textual's own parses everything again for the theme that the app begins with, and for every kind of screen that is
    opened for the first time: a fifth of what a start costs, and time that a key waits for.
    """

    def set_variables(self, variables: dict[str, str]) -> None:
        """Use these colours."""
        if variables != self._variables:
            super().set_variables(variables)
            self._require_parse = True

    def reparse(self) -> None:
        """Parse what has not been."""
        if self._require_parse:
            self.parse()
