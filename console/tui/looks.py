"""What the operator can change about the looks while the console runs: the theme, the signs, the mouse."""

import os
from collections.abc import Sequence
from typing import Any

from textual.app import App
from textual.filter import ANSIToTruecolor, LineFilter, Monochrome, NoColor
from textual.widget import Widget

from console.preferences import PreferenceKeeper, Preferences
from console.tui import glyphs as glyph_sets
from console.tui.drawing.look import Look
from console.tui.drawing.words import LocalZone
from console.tui.glyphs import ASCII, UNICODE, Glyphs
from console.tui.terminal.ascii import AsciiFilter
from console.tui.terminal.colourless import ColourlessFilter
from console.tui.theme import COLOUR_SYSTEMS, COLOURLESS, PALETTES, Palette, palette_for
from console.tui.widgets.canvas import Canvas

_COLOURLESS_FILTER, _ASCII_FILTER = ColourlessFilter(), AsciiFilter()

_MOUSE_IS_OURS = "The console listens to the mouse again."
_BELL_RINGS = "The bell rings when a run ends while this terminal has not the focus."
_BELL_IS_SILENT = "The bell is silent."
_MOUSE_IS_THE_TERMINALS = "The mouse is the terminal's now, which selects text with it."


def no_color() -> bool:
    """Whether the environment asks for no colours: no-color.org."""
    return bool(os.environ.get("NO_COLOR"))


def glyphs_for(preferences: Preferences) -> Glyphs:
    """The signs that the operator chose; those that suit the terminal otherwise."""
    chosen = {"ascii": ASCII, "unicode": UNICODE}.get(preferences.signs or "")
    return chosen or glyph_sets.detect()


class Looks:
    """How the console looks, and how that is changed; what is chosen is remembered."""

    def __init__(
        self,
        app: App[Any],
        preferences: PreferenceKeeper,
        zone: LocalZone,
        glyphs: Glyphs | None,
        palette: Palette | None,
    ) -> None:
        self._app = app
        self._preferences = preferences
        self._color_system = app.console.color_system
        chosen = palette_for(self._color_system, preferences.current.theme, no_color=no_color())
        worn = chosen if chosen is COLOURLESS else palette or chosen
        self.look = Look(glyphs or glyphs_for(preferences.current), worn, zone)
        for each in (*PALETTES, COLOURLESS):
            app.register_theme(each.theme())
        app.no_color = self.look.palette is COLOURLESS
        app.theme = self.look.palette.name

    # -- colours ---------------------------------------------------------------------------------------------------

    @property
    def why_no_choice(self) -> str:
        """Why there is no theme to choose; empty where there is."""
        if no_color():
            return "NO_COLOR is set: nothing is coloured. Start without it to choose a theme."
        if self._color_system not in COLOUR_SYSTEMS:
            return "This terminal has too few colours for a theme: its own are used."
        return ""

    def show(self, palette: Palette) -> None:
        """Draw with this palette, for now."""
        if palette is not self.look.palette:
            self.look.palette = palette
            self._app.theme = palette.name
            self._app.call_later(self._repaint)

    def choose_theme(self) -> None:
        """Let the operator choose; what is gone to in the list is shown, and taken back when nothing is chosen."""
        if reason := self.why_no_choice:
            self._say(reason)
            return
        from console.tui.dialogs.choose import ChooseDialog  # noqa: PLC0415 - see LATER

        before = self.look.palette

        def chosen(place: int | None) -> None:
            if place is None:
                self.show(before)
            else:
                self.show(PALETTES[place])
                self._preferences.change(theme=PALETTES[place].name)

        names = [palette.words for palette in PALETTES]
        at = PALETTES.index(before)
        self._app.push_screen(ChooseDialog("Theme", names, at, lambda place: self.show(PALETTES[place])), chosen)

    # -- signs and mouse -------------------------------------------------------------------------------------------

    def switch_signs(self) -> None:
        """Draw with the other set of signs."""
        self.look.glyphs = UNICODE if self.look.glyphs.is_ascii else ASCII
        self._preferences.change(signs=self.look.glyphs.name)
        self._repaint()
        self._say("Everything is drawn in ASCII now." if self.look.glyphs.is_ascii else "All signs are drawn again.")

    def switch_mouse(self) -> bool:
        """Leave the mouse to the terminal, or listen to it again; returns whether we listen."""
        listens = not self._preferences.current.mouse
        self._preferences.change(mouse=listens)
        self._say(_MOUSE_IS_OURS if listens else _MOUSE_IS_THE_TERMINALS)
        return listens

    def switch_bell(self) -> None:
        """Ring when a run ends out of sight, or do not."""
        rings = not self._preferences.current.bell
        self._preferences.change(bell=rings)
        self._say(_BELL_RINGS if rings else _BELL_IS_SILENT)

    def _say(self, words: str) -> None:
        self._app.notify(words, markup=False)

    # -- what is sent ----------------------------------------------------------------------------------------------

    def filters(self, textuals: Sequence[LineFilter]) -> list[LineFilter]:
        """What every line passes on its way to the terminal: Textual's filters, and ours."""
        # Textual goes by whether NO_COLOR is there at all, and draws in shades of grey then.
        kept = [each for each in textuals if not isinstance(each, Monochrome | NoColor)]
        if self.look.palette is COLOURLESS:
            kept = [each for each in kept if not isinstance(each, ANSIToTruecolor)]
            kept.append(_COLOURLESS_FILTER)
        if self.look.glyphs.is_ascii:
            kept.append(_ASCII_FILTER)
        return kept

    def _repaint(self) -> None:
        """Draw everything anew, on every screen that is open. Textual brings its stylesheets up to date by itself."""
        with self._app.batch_update():
            for screen in self._app.screen_stack:
                for node in screen.walk_children(Widget, with_self=True):
                    if isinstance(node, Canvas):
                        node.dress()
                    else:
                        node.refresh()
