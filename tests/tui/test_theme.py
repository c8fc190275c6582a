"""Themes: everything can be read in each, and each says the same with its colours."""

from typing import Any

import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from console.tui.terminal.colourless import ColourlessFilter
from console.tui.theme import CALM, COLOURLESS, CONTRAST, LIGHT, PALETTES, TERMINAL, Palette, Role, palette_for

MIXED = [palette for palette in PALETTES if palette.is_mixed]
DECORATION = {Role.LINE, Role.LINE_FOCUS, Role.CURSOR}
"""What nobody reads, and what has a ground of its own."""


def contrast(one: Color, other: Color) -> float:
    """WCAG's: from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: Color) -> float:
    parts = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized)
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def shade(palette: Palette, variable: str) -> Color:
    """A colour of the stylesheets as it comes out over the ground, such as $accent 25%."""
    value = palette.theme().variables[variable]
    name, _, percent = value.partition(" ")
    ground = Color.parse(palette.ground)
    return ground.blend(Color.parse(name), int(percent.rstrip("%")) / 100) if percent else Color.parse(name)


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast(Color.parse("#000000"), Color.parse("#ffffff")) == pytest.approx(21)
    assert contrast(Color.parse("#777777"), Color.parse("#ffffff")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("palette", MIXED, ids=lambda palette: palette.name)
@pytest.mark.parametrize("role", [role for role in Role if role not in DECORATION], ids=lambda role: role.name)
def test_every_role_can_be_read_on_its_ground(palette: Palette, role: Role) -> None:
    style = palette.style(role)
    assert style.color is not None
    assert style.bgcolor is not None
    faint, other = (4.5, 7.0) if palette is CONTRAST else (3.0, 4.5)
    measured = contrast(Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor))
    assert measured >= (faint if role is Role.FAINT else other), f"{measured:.2f}"


@pytest.mark.parametrize("palette", MIXED, ids=lambda palette: palette.name)
def test_with_256_colours_every_role_can_still_be_read_and_states_are_told_apart(palette: Palette) -> None:
    seen: dict[Role, str] = {}
    for role in (each for each in Role if each not in DECORATION):
        style = palette.style(role)
        assert style.color
        assert style.bgcolor
        text, ground = (
            Color(*each.downgrade(ColorSystem.EIGHT_BIT).get_truecolor()) for each in (style.color, style.bgcolor)
        )
        faint, other = (4.5, 7.0) if palette is CONTRAST else (3.0, 4.5)
        assert contrast(text, ground) >= (faint if role is Role.FAINT else other), role
        seen[role] = text.hex
    states = (Role.TEXT, Role.GOOD, Role.WARNING, Role.BAD, Role.ACCENT, Role.FAINT)
    assert len({seen[role] for role in states}) == len(states)


@pytest.mark.parametrize("palette", MIXED, ids=lambda palette: palette.name)
def test_what_lies_under_a_cursor_in_a_field_or_on_a_button_can_be_read(palette: Palette) -> None:
    least = 7.0 if palette is CONTRAST else 4.5
    raised, red = Color.parse(palette.raised), Color.parse(palette.red)
    for text, ground in (
        (shade(palette, "on-cursor"), shade(palette, "cursor")),
        (shade(palette, "on-field"), shade(palette, "field")),
        (shade(palette, "on-field"), shade(palette, "input-selection-background")),
        (shade(palette, "on-cursor"), red),
        (Color.parse(palette.muted), raised),
        (Color.parse(palette.bright), raised),
        (Color.parse(palette.text), raised),
    ):
        assert contrast(text, ground) >= least, (palette.name, text, ground)


def test_the_frame_that_has_the_focus_stands_out_from_the_others() -> None:
    for palette in MIXED:
        line, focused = Color.parse(palette.line), Color.parse(palette.accent)
        ground = Color.parse(palette.ground)
        assert contrast(focused, ground) >= 3
        assert contrast(focused, line) > 1.2, palette.name


@pytest.mark.parametrize("palette", [*PALETTES, COLOURLESS], ids=lambda palette: palette.name)
def test_what_matters_is_told_from_plain_text_in_every_theme(palette: Palette) -> None:
    assert palette.style(Role.CURSOR) != palette.style(Role.TEXT)
    assert palette.style(Role.KEY) != palette.style(Role.MUTED)
    assert palette.style(Role.BAD) != palette.style(Role.TEXT)


def test_the_terminals_own_theme_names_no_colour_of_ours() -> None:
    for role in Role:
        style = TERMINAL.style(role)
        for color in (style.color, style.bgcolor):
            assert color is None or color.triplet is None, role
            assert color is None or color.is_system_defined, role


@pytest.mark.parametrize(
    ("system", "chosen", "no_color", "expected"),
    [
        ("truecolor", None, False, CALM),
        ("256", None, False, CALM),
        ("standard", None, False, TERMINAL),
        ("truecolor", "light", False, LIGHT),
        ("256", "contrast", False, CONTRAST),
        ("truecolor", "terminal", False, TERMINAL),
        ("truecolor", "of a newer console", False, CALM),
        ("standard", "light", False, TERMINAL),
        ("truecolor", "light", True, COLOURLESS),
        (None, "light", False, COLOURLESS),
    ],
)
def test_the_theme_is_the_operators_where_the_terminal_can_show_it(
    system: str | None, chosen: str | None, no_color: bool, expected: Palette
) -> None:
    assert palette_for(system, chosen, no_color=no_color) is expected


def test_without_colours_what_lay_on_one_is_reversed_and_the_rest_keeps_its_attributes() -> None:
    def plain(style: Any) -> Style:
        (segment,) = ColourlessFilter().apply([Segment("x", style)], Color(0, 0, 0))
        assert segment.style is not None
        assert segment.style.color is None
        assert segment.style.bgcolor is None
        return segment.style

    assert plain(Style(color="red", bgcolor="blue")).reverse
    assert not plain(Style(color="red", bgcolor="blue", reverse=True)).reverse
    assert not plain(Style(color="red", bgcolor="default")).reverse
    assert plain(Style(bold=True, underline=True, bgcolor="default")).bold
    assert plain(Style(underline=True)).underline
    assert not plain(Style(dim=True)).dim
