"""`g2a-console doctor`: what is configured, reachable and writable."""

import argparse
import asyncio
import os
import shutil
import sys

from console.cli.checks import tell_checks
from console.clock import SystemClock
from console.home import Home
from console.operations.checks import Check, doubtful, fine
from console.operations.doctor.examination import examine
from console.settings import Settings

_COLUMNS, _LINES = 80, 24


def doctor(arguments: argparse.Namespace, home: Home, settings: Settings) -> int:
    """Look at everything, and tell what needs to be put right."""
    checks = asyncio.run(examine(settings, home, os.environ, SystemClock()))
    return tell_checks([*checks, *_keys(home), _terminal()], as_json=arguments.json)


def _keys(home: Home) -> list[Check]:
    """What is wrong in the file of moved keys, where there is one."""
    if not home.keys_file.exists():
        return []
    from console.tui.keys import read_keys  # noqa: PLC0415 - few have the file, and the screen's library is large

    problems = read_keys(home.keys_file).problems
    advice = "Correct it: the palette's Write keys.toml lists all names."
    return [doubtful("keys", each, advice) for each in problems] or [fine("keys", "keys.toml is in order")]


def _terminal() -> Check:
    """Whether the console could be shown here."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return fine("terminal", "none here: the console itself needs one, the commands do not")
    term = os.environ.get("TERM", "")
    columns, lines = shutil.get_terminal_size()
    encoding = sys.stdout.encoding.lower()
    said = f"{term or 'TERM is not set'}, {columns} by {lines}, {_colours(term)}, {encoding}"
    if term in ("", "dumb"):
        return doubtful("terminal", f"{said}: the console cannot be shown on it.", "Set TERM, to xterm-256color say.")
    if encoding.replace("-", "") != "utf8":
        return doubtful("terminal", f"{said}: names will be shown with signs missing.", "Set LANG to C.UTF-8.")
    if columns < _COLUMNS or lines < _LINES:
        return doubtful("terminal", f"{said}: it is small.", f"Make it at least {_COLUMNS} by {_LINES}.")
    return fine("terminal", said)


def _colours(term: str) -> str:
    if os.environ.get("NO_COLOR"):
        return "no colours (NO_COLOR)"
    if os.environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return "16 million colours"
    return "256 colours" if "256" in term else "16 colours"
