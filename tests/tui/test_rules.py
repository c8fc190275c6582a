"""The stylesheet: its rules are parsed once, and anew where a colour has become another."""

from textual.css.stylesheet import CssSource

from console.tui.rules import Rules


class Counted(Rules):
    """Counts how often it parses."""

    times = 0

    def parse(self) -> None:
        """Once more."""
        self.times += 1
        super().parse()


def told(rules: Rules) -> list[str]:
    """Its rules as text."""
    return [rule.css for rule in rules.rules]


def test_what_is_parsed_is_not_parsed_again_for_the_same_colours() -> None:
    rules = Counted(variables={"line": "#111111"})
    rules.add_source("Label { color: $line; }")
    first = told(rules)
    rules.set_variables({"line": "#111111"})
    rules.reparse()
    assert told(rules) == first
    assert rules.times == 1


def test_another_colour_is_seen() -> None:
    rules = Rules(variables={"line": "#111111"})
    rules.add_source("Label { color: $line; }")
    before = told(rules)
    rules.set_variables({"line": "#222222"})
    rules.reparse()
    assert told(rules) != before
    assert "#222222" in told(rules)[0]


def test_a_screen_that_brings_rules_of_its_own_adds_them_to_the_others() -> None:
    rules = Rules(variables={"line": "#111111"})
    rules.add_source("Label { color: $line; }")
    before = told(rules)
    rules.source[("another", "")] = CssSource("Button { color: $line; }", is_defaults=False)
    rules.add_source("Input { color: $line; }", read_from=("third", ""))
    rules.reparse()
    assert told(rules)[:1] == before
    assert len(told(rules)) == 3
