"""The header: which console this is, and where it is."""

from collections.abc import Sequence
from datetime import datetime

from rich.cells import cell_len

from console.tui.drawing.line import BLANK, Line, Span, clip, clip_start, spread, width
from console.tui.drawing.look import Look
from console.tui.drawing.words import short_path
from console.tui.glyphs import Glyphs
from console.tui.state.health import Health, health
from console.tui.state.model import Model
from console.tui.theme import Role

NAME = "g2a-console"
_SHORT_NAME = "g2a"

_SHORTEST = 9
"""Cells below which a clipped place says nothing any more."""


def draw(model: Model, look: Look, now: datetime, cells: int, *, with_state: bool) -> Line:
    """The header's line up to the clock. What does not fit goes, the least telling first.

    `with_state`: it says the one word too, because there is no line for it below.
    """
    ends = _ends(model, look, now, with_state=with_state)
    fitting = ((name, end) for name in (NAME, _SHORT_NAME) for end in ends if width(end) + len(name) + 2 <= cells)
    name, right = next(fitting, (_SHORT_NAME, ends[-1]))
    left: Line = (Span(f" {name}", Role.STRONG), *_places(model, look, cells - width(right) - len(name) - 3))
    return spread(left, right, cells, look.glyphs.ellipsis)


def _ends(model: Model, look: Look, now: datetime, *, with_state: bool) -> list[Line]:
    """The right end: whether this console runs the engine, and how it stands; in versions, the longest first."""
    word = health(model, now)
    sign = state_sign(word, look.glyphs)
    state: Line = (sign, Span(f" {word} ", sign.role)) if with_state else BLANK
    separator = Span(f"{look.glyphs.separator} ", Role.FAINT)
    if model.read_only is not None:
        mark = Span(f"{look.glyphs.blocked} read-only ", Role.WARNING)
        short: Line = () if word is Health.READ_ONLY else (Span(f"{look.glyphs.blocked} ", Role.WARNING),)
        return [(mark, separator, *state), (*short, *state)] if state else [(mark,)]
    if model.snapshot is None:
        return [state]
    mark = Span("embedded ", Role.MUTED)
    return [(mark, separator, *state), state] if state else [(mark,)]


def _places(model: Model, look: Look, room: int) -> list[Span]:
    """Home, API and database, with their names where there is room."""
    snapshot = model.snapshot
    if snapshot is None:
        return []
    home = short_path(snapshot.home)
    # A database in the home, as it is by default, needs no second telling of where that is.
    database = short_path(snapshot.database.removeprefix(f"{snapshot.home}/"))
    places = (("home", home), ("API", snapshot.api_host), ("database", database))
    if room >= sum(len(name) + cell_len(value) + 4 for name, value in places):
        return [part for name, value in places for part in (Span(f"   {name} ", Role.FAINT), Span(value, Role.MUTED))]
    values = _fit([value for _, value in places], room - 3, look.glyphs.ellipsis)
    spans: list[Span] = []
    for value in values:
        spans += [Span(f" {look.glyphs.separator} " if spans else "   ", Role.FAINT), Span(value, Role.MUTED)]
    return spans


def _fit(values: Sequence[str], room: int, ellipsis: str) -> list[str]:
    """Home, host and database in this room: the paths lose their beginnings, then the database goes, then the home."""
    home, host, database = values
    over = sum(cell_len(value) for value in values) + 6 - room
    if over <= 0:
        return [home, host, database]
    shorter = (room - cell_len(host) - 6) // 2
    if shorter >= _SHORTEST:
        long = max(shorter, room - cell_len(host) - 6 - min(cell_len(home), cell_len(database)))
        return [clip_start(home, long, ellipsis), host, clip_start(database, long, ellipsis)]
    if room - cell_len(host) - 3 >= _SHORTEST:
        return [clip_start(home, room - cell_len(host) - 3, ellipsis), host]
    return [clip(host, room, ellipsis)] if room >= _SHORTEST else []


def state_sign(word: Health, glyphs: Glyphs) -> Span:
    """The sign and the colour of the one word."""
    signs = {
        Health.STARTING: Span(glyphs.unknown, Role.MUTED),
        Health.EMPTY: Span(glyphs.unknown, Role.MUTED),
        Health.READ_ONLY: Span(glyphs.blocked, Role.WARNING),
        Health.HEALTHY: Span(glyphs.good, Role.GOOD),
        Health.RUNNING: Span(glyphs.running, Role.ACCENT),
        Health.CANCELLING: Span(glyphs.running, Role.WARNING),
        Health.PAUSED: Span(glyphs.paused, Role.WARNING),
        Health.FAILED: Span(glyphs.bad, Role.BAD),
        Health.ENGINE_LOST: Span(glyphs.bad, Role.BAD),
        Health.BLOCKED: Span(glyphs.blocked, Role.BAD),
    }
    return signs.get(word, Span(glyphs.warning, Role.WARNING))
