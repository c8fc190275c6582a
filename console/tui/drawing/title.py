"""The title of the terminal: how it stands in a few words, for whoever looks at something else."""

from datetime import datetime
from pathlib import PurePath

from console.text import clean
from console.tui.drawing.header import NAME, state_sign
from console.tui.drawing.look import Look
from console.tui.state.health import health
from console.tui.state.model import Model, settled
from console.tui.terminal.ascii import ascii_only

_HOME_LIMIT = 40


def title(model: Model, look: Look, now: datetime) -> str:
    """● 42 % · shop · g2a-console. What tells most comes first, because a tab shows only the beginning."""
    if model.snapshot is None and model.failure is None:
        return NAME
    word = health(model, now)
    told = f"{state_sign(word, look.glyphs).text} {_percent(model) or word}"
    home = clean(PurePath(model.snapshot.home).name, _HOME_LIMIT) if model.snapshot is not None else ""
    words = f" {look.glyphs.separator} ".join(part for part in (told, home, NAME) if part)
    return ascii_only(words) if look.glyphs.is_ascii else words


def _percent(model: Model) -> str | None:
    """How much of the active run is done, in whole percent; None where that is not known."""
    run = model.active_run
    if run is None or model.is_cancelling or not run.counts.pages_total:
        return None
    return f"{100 * settled(run.counts) // run.counts.pages_total} %"
